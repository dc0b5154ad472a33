"""Finding pools, clients and users, and refusing in the service's words when they are not there."""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    NotAuthorizedException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from cognito_mock.core.pools import UserPool
from cognito_mock.core.secret_hash import secret_hash_matches
from cognito_mock.core.users import User
from cognito_mock.stores.base import Transaction


def get_pool(tx: Transaction, pool_id: str) -> UserPool:
    """Return the pool (COG-API-POOL-001)."""
    pool = tx.get(UserPool, pool_id)
    if pool is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return pool


def get_client(tx: Transaction, client_id: str, pool_id: str | None = None) -> AppClient:
    """Return the client; a client of another pool is as good as none (COG-API-AUTH-014)."""
    client = tx.get(AppClient, client_id)
    if client is None or pool_id not in (None, client.pool_id):
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return client


def find_user(tx: Transaction, pool: UserPool, name: str) -> User | None:
    """Return the user whom ``name`` means: by username, then ``sub``, then alias.

    (COG-API-AUTH-012, COG-API-NAME-002, -005, -009).
    """
    user = tx.get(User, pool.id, canonical_username(pool, name))
    if user is not None:
        return user
    by_sub = tx.find(User, "sub", pool.id, name)
    if by_sub:
        return by_sub[0]
    owners = [user for alias in sign_in_aliases(pool) for user in holders(tx, pool, alias, name)]
    return owners[0] if owners else None


def get_user(tx: Transaction, pool: UserPool, name: str) -> User:
    """Return the user whom ``name`` means, as `find_user` understands it."""
    user = find_user(tx, pool, name)
    if user is None:
        raise UserNotFoundException("User does not exist.")
    return user


def holders(tx: Transaction, pool: UserPool, alias: str, value: str) -> list[User]:
    """Return the users for whom ``value`` is active as an ``alias`` attribute.

    Usernames are unique even when unverified (COG-API-NAME-002); an e-mail or phone alias counts
    only while it is verified (COG-API-NAME-005).
    """
    as_username = alias in pool.username_attributes
    return [
        user
        for user in tx.find(User, alias, pool.id, value.lower())
        if (not pool.case_sensitive or user.attributes[alias] == value)
        and (
            as_username
            or alias == "preferred_username"
            or user.attributes.get(f"{alias}_verified") == "true"
        )
    ]


def sign_in_aliases(pool: UserPool) -> tuple[str, ...]:
    """Return the attributes that can stand for the username in this pool."""
    return pool.username_attributes or pool.alias_attributes


def canonical_username(pool: UserPool, name: str) -> str:
    """Fold the case where the pool does (COG-API-NAME-009)."""
    return name if pool.case_sensitive else name.lower()


def check_secret_hash(client: AppClient, username: str, secret_hash: str | None) -> None:
    """Refuse a missing or wrong hash (COG-API-SECRET-003), or one that proves nothing (-004)."""
    if client.secrets and not secret_hash:
        raise NotAuthorizedException(
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    if secret_hash and not secret_hash_matches(client, username, secret_hash):
        raise NotAuthorizedException(f"Unable to verify secret hash for client {client.id}")
