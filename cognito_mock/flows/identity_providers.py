"""External identity providers: create, describe, list, update, delete (spec section 7.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cognito_mock.core.errors import (
    DuplicateProviderException,
    InvalidParameterException,
    ResourceNotFoundException,
)
from cognito_mock.core.identity_providers import IdentityProvider
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import string_map, strings, text
from cognito_mock.flows.pool_schema import with_identities
from cognito_mock.flows.provider_details import check_details, complete_details
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")
_OWN = "COGNITO"


def create_identity_provider(
    services: Services, *, pool_id: str, request: JsonObject
) -> IdentityProvider:
    """Add a provider; with the first one the schema gets ``identities`` (COG-API-ATTR-002)."""
    name, kind = text(request, "ProviderName"), text(request, "ProviderType")
    _check_name(name, kind)
    details = string_map(request, "ProviderDetails")
    check_details(kind, details)
    now = services.clock.now()
    mapping = string_map(request, "AttributeMapping")
    provider = IdentityProvider(
        pool_id=pool_id,
        name=name,
        type=kind,
        details=complete_details(kind, details),
        # COG-API-RES-005
        attribute_mapping=mapping or ({} if kind == "SAML" else {"username": "sub"}),
        identifiers=tuple(strings(request, "IdpIdentifiers")),
        acr_mapping=_acr_mapping(request),
        created_at=now,
        modified_at=now,
    )
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        if tx.get(IdentityProvider, pool_id, name) is not None:
            # Here and below the service's texts are not known.
            raise DuplicateProviderException(f"A provider with the name {name} already exists.")
        _check_identifiers(tx, provider)
        tx.put(provider)
        schema = with_identities(pool.schema_attributes)
        tx.put(replace(pool, settings={**pool.settings, "SchemaAttributes": schema}))
    return provider


def describe_identity_provider(services: Services, *, pool_id: str, name: str) -> IdentityProvider:
    """Return the provider."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        return require_provider(tx, pool_id, name)


def identity_provider_of(services: Services, *, pool_id: str, identifier: str) -> IdentityProvider:
    """Return the provider with ``identifier`` among its IdpIdentifiers."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        providers = tx.scan(IdentityProvider, pool_id)
    for provider in providers:
        if identifier in provider.identifiers:
            return provider
    raise ResourceNotFoundException(f"Identity provider with identifier {identifier} not found.")


def list_identity_providers(
    services: Services, *, pool_id: str, limit: int, after: str | None = None
) -> Sequence[IdentityProvider]:
    """Return at most ``limit`` providers whose names follow ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        last = (pool_id, after) if after else None
        return tx.scan(IdentityProvider, pool_id, after=last, limit=limit)


def update_identity_provider(
    services: Services, *, pool_id: str, name: str, request: JsonObject
) -> IdentityProvider:
    """Replace the members that are given (COG-API-OP-UpdateIdentityProvider)."""
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        former = require_provider(tx, pool_id, name)
        details: Mapping[str, str] = former.details
        if "ProviderDetails" in request:
            given = string_map(request, "ProviderDetails")
            check_details(former.type, given)
            details = complete_details(former.type, given)
        provider = replace(
            former,
            details=details,
            attribute_mapping=string_map(request, "AttributeMapping")
            if "AttributeMapping" in request
            else former.attribute_mapping,
            identifiers=tuple(strings(request, "IdpIdentifiers"))
            if "IdpIdentifiers" in request
            else former.identifiers,
            acr_mapping=_acr_mapping(request) or former.acr_mapping,
            modified_at=services.clock.now(),
        )
        _check_identifiers(tx, provider)
        tx.put(provider)
    return provider


def delete_identity_provider(services: Services, *, pool_id: str, name: str) -> None:
    """Delete the provider; clients keep its name, which then means nothing."""
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        require_provider(tx, pool_id, name)
        tx.delete(IdentityProvider, pool_id, name)


def require_provider(tx: Transaction, pool_id: str, name: str) -> IdentityProvider:
    """Return the provider (COG-API-RES-005)."""
    provider = tx.get(IdentityProvider, pool_id, name)
    if provider is None:
        raise ResourceNotFoundException(f"Identity provider {name} does not exist.")
    return provider


def _check_name(name: str, kind: str) -> None:
    """COG-API-RES-005, COG-API-MSG-018: social providers are named after themselves."""
    if name.upper() == _OWN or (name != kind and (kind in _SOCIAL or name in _SOCIAL)):
        raise InvalidParameterException(f"Provider {name} cannot be of type {kind}.")


def _check_identifiers(tx: Transaction, provider: IdentityProvider) -> None:
    for other in tx.scan(IdentityProvider, provider.pool_id):
        taken = set(other.identifiers) & set(provider.identifiers)
        if taken and other.name != provider.name:
            raise InvalidParameterException(
                f"{min(taken)} is an identifier of identity provider {other.name}."
            )


def _acr_mapping(request: JsonObject) -> Mapping[str, str] | None:
    return string_map(request, "AcrMapping") or None
