"""User pools: create, describe, list, update, delete."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from cognito_mock.core.branding import ManagedLoginBranding, Terms
from cognito_mock.core.clients import AppClient
from cognito_mock.core.devices import Device
from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.grants import ConfirmationCode, Message, RefreshGrant
from cognito_mock.core.identity_providers import IdentityProvider, LinkedIdentity
from cognito_mock.core.ids import new_pool_id
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pool_documents import PoolDocument
from cognito_mock.core.pools import PoolDomain, PoolKeys, UserPool
from cognito_mock.core.records import Record, key_of
from cognito_mock.core.resource_servers import ResourceServer
from cognito_mock.core.users import Group, Membership, User
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import text
from cognito_mock.flows.mfa_factors import has_factor_without_sms
from cognito_mock.flows.mfa_pool import KEPT_SETTINGS
from cognito_mock.flows.pool_schema import extended_schema, schema_attributes
from cognito_mock.flows.pool_settings import pool_settings
from cognito_mock.flows.services import Services

# COG-API-POOL-002: what UpdateUserPool cannot change.
_FIXED = (
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    *KEPT_SETTINGS,
)
_INDEXED_BY_POOL: tuple[type[Record], ...] = (AppClient, Message)
_KEYED_BY_POOL: tuple[type[Record], ...] = (
    User,
    Group,
    Membership,
    ConfirmationCode,
    Device,
    IdentityProvider,
    LinkedIdentity,
    ManagedLoginBranding,
    PoolDocument,
    ResourceServer,
    Terms,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDescription:
    """A pool with what other records tell about it."""

    pool: UserPool
    users: int = 0
    domains: tuple[PoolDomain, ...] = ()


def create_user_pool(
    services: Services, *, region: str, request: JsonObject, pool_id: str | None = None
) -> UserPool:
    """Create a pool with two signing keys; ``pool_id`` pins the id."""
    settings = {**pool_settings(request), "SchemaAttributes": schema_attributes(request)}
    now = services.clock.now()
    pool = UserPool(
        id=pool_id or new_pool_id(services.entropy, region),
        name=text(request, "PoolName"),
        settings=settings,
        created_at=now,
        modified_at=now,
    )
    # COG-TOK-005: id and access tokens have a key each. Making them is slow, so before the store.
    keys = PoolKeys(
        pool_id=pool.id, id_key=services.keys.new_key(), access_key=services.keys.new_key()
    )
    with services.store.transaction() as tx:
        if tx.get(UserPool, pool.id) is not None:
            raise InvalidParameterException(f"User pool {pool.id} already exists.")
        tx.put(pool)
        tx.put(keys)
    return pool


def describe_user_pool(services: Services, *, pool_id: str) -> PoolDescription:
    """Return the pool, the number of its users and its domains (COG-API-POOL-012)."""
    with services.store.read() as tx:
        return PoolDescription(
            pool=get_pool(tx, pool_id),
            users=len(tx.scan(User, pool_id)),
            domains=tuple(tx.find(PoolDomain, "pool", pool_id)),
        )


def list_user_pools(
    services: Services, *, limit: int, after: str | None = None
) -> Sequence[UserPool]:
    """Return at most ``limit`` pools whose ids follow ``after``."""
    with services.store.read() as tx:
        return tx.scan(UserPool, after=(after,) if after else None, limit=limit)


def check_attribute_names(services: Services, *, pool_id: str, names: Collection[str]) -> None:
    """Refuse names that the pool's schema does not have (COG-API-LIST-003)."""
    with services.store.read() as tx:
        pool = get_pool(tx, pool_id)
    if not set(names) <= {attribute.get("Name") for attribute in pool.schema_attributes}:
        raise InvalidParameterException("One or more requested attributes do not exist.")


def update_user_pool(services: Services, *, pool_id: str, request: JsonObject) -> None:
    """Replace the settings; members that are not sent go back to defaults (COG-API-POOL-002)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        settings = pool_settings(
            request,
            factor_without_sms=has_factor_without_sms(pool),
            former_tier=text(pool.settings, "UserPoolTier"),
        )
        fixed = {name: pool.settings[name] for name in _FIXED if name in pool.settings}
        tx.put(
            replace(
                pool,
                name=text(request, "PoolName") or pool.name,
                settings={**settings, **fixed},
                modified_at=services.clock.now(),
            )
        )


def add_custom_attributes(services: Services, *, pool_id: str, request: JsonObject) -> None:
    """Extend the schema; what is in it stays (COG-API-ATTR-003)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        schema = extended_schema(pool.schema_attributes, request)
        tx.put(
            replace(
                pool,
                settings={**pool.settings, "SchemaAttributes": schema},
                modified_at=services.clock.now(),
            )
        )


def delete_user_pool(services: Services, *, pool_id: str) -> None:
    """Delete the pool and all that is in it (COG-API-POOL-003)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        if pool.settings.get("DeletionProtection") == "ACTIVE":
            raise InvalidParameterException(
                "The user pool cannot be deleted because deletion protection is activated."
                " Deletion protection must be inactivated first."
            )
        if tx.find(PoolDomain, "pool", pool_id):
            raise InvalidParameterException(
                "User pool cannot be deleted."
                " It has a domain configured that should be deleted first."
            )
        for user in tx.scan(User, pool_id):
            for grant in tx.find(RefreshGrant, "user", pool_id, user.username):
                tx.delete(RefreshGrant, *key_of(grant))
        for kind in _INDEXED_BY_POOL:
            for record in tx.find(kind, "pool", pool_id):
                tx.delete(kind, *key_of(record))
        for kind in _KEYED_BY_POOL:
            for record in tx.scan(kind, pool_id):
                tx.delete(kind, *key_of(record))
        tx.delete(PoolKeys, pool_id)
        tx.delete(UserPool, pool_id)
