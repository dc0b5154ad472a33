"""Linking identities of external providers to users, and unlinking (COG-API-RES-006)."""

import json
from dataclasses import dataclass, replace

from cognito_mock.core.errors import (
    AliasExistsException,
    InvalidParameterException,
    LimitExceededException,
    UserNotFoundException,
)
from cognito_mock.core.identity_providers import IdentityProvider, LinkedIdentity
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.identity_providers import require_provider
from cognito_mock.flows.lookups import find_user, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.flows.users import revoke_sessions
from cognito_mock.stores.base import Transaction

_OWN = "cognito"
_MOST = 5
SUBJECT = "Cognito_Subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderUser:
    """ProviderUserIdentifierType: somebody as a provider knows them."""

    provider: str
    attribute: str = SUBJECT
    value: str


def link_identity(
    services: Services, *, pool_id: str, destination: ProviderUser, source: ProviderUser
) -> User:
    """AdminLinkProviderForUser: ``source`` signs in as ``destination`` from now on."""
    now = services.clock.now()
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        require_provider(tx, pool_id, source.provider)
        user = _user(tx, pool, destination)
        if user is None:
            raise UserNotFoundException("User does not exist.")
        if _user(tx, pool, source) is not None:
            raise InvalidParameterException(
                "Merging is not currently supported, provide a SourceUser that has not been"
                " signed up in order to link"
            )
        former = tx.get(LinkedIdentity, pool_id, source.provider, source.attribute, source.value)
        if former is not None and former.username == user.username:
            # Here and below the service's texts are not known.
            raise InvalidParameterException("SourceUser is already linked to DestinationUser")
        if former is not None:
            raise AliasExistsException("SourceUser is already linked to another user.")
        if len(tx.find(LinkedIdentity, "user", pool_id, user.username)) >= _MOST:
            raise LimitExceededException(f"A user has at most {_MOST} linked identities.")
        tx.put(
            LinkedIdentity(
                pool_id=pool_id,
                provider=source.provider,
                attribute=source.attribute,
                value=source.value,
                username=user.username,
                created_at=now,
            )
        )
        user = _with_identities(tx, user, now)
        tx.put(user)
    return user


def disable_identity(services: Services, *, pool_id: str, identity: ProviderUser) -> None:
    """AdminDisableProviderForUser: unlink, or disable the user who came from the provider."""
    if identity.provider.lower() == _OWN:
        raise InvalidParameterException("A user of the user pool itself cannot be disabled here.")
    now = services.clock.now()
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        key = (pool_id, identity.provider, identity.attribute, identity.value)
        link = tx.get(LinkedIdentity, *key)
        if link is not None:
            tx.delete(LinkedIdentity, *key)
            linked = tx.get(User, pool_id, link.username)
            if linked is not None:
                tx.put(_with_identities(tx, linked, now))
            return
        user = _user(tx, pool, identity)
        if user is None:
            raise UserNotFoundException("User does not exist.")
        tx.put(replace(user, enabled=False, modified_at=now))
        revoke_sessions(tx, user)


def _user(tx: Transaction, pool: UserPool, identity: ProviderUser) -> User | None:
    """Return the pool's own user, or the one whom a first sign-in with the provider made."""
    if identity.provider.lower() == _OWN:
        return find_user(tx, pool, identity.value)
    return find_user(tx, pool, f"{identity.provider}_{identity.value}")


def _with_identities(tx: Transaction, user: User, now: float) -> User:
    """Return the user with ``identities`` as the attribute shows them (COG-API-ATTR-012)."""
    links = tx.find(LinkedIdentity, "user", user.pool_id, user.username)
    shown = []
    for link in sorted(links, key=lambda link: link.created_at):
        provider = tx.get(IdentityProvider, user.pool_id, link.provider)
        kind = link.provider if provider is None else provider.type
        shown.append(
            {
                "userId": link.value,
                "providerName": link.provider,
                "providerType": kind,
                "issuer": None,
                "primary": False,
                "dateCreated": int(link.created_at * 1000),
            }
        )
    attributes = {name: value for name, value in user.attributes.items() if name != "identities"}
    if shown:
        attributes["identities"] = json.dumps(shown, separators=(",", ":"))
    return replace(user, attributes=attributes, modified_at=now)
