"""Managed login styles: create, describe, update, delete (COG-API-RES-007)."""

import json
from dataclasses import replace

from cognito_mock.core.branding import ManagedLoginBranding
from cognito_mock.core.errors import (
    InvalidParameterException,
    LimitExceededException,
    ManagedLoginBrandingExistsException,
    ResourceNotFoundException,
)
from cognito_mock.core.ids import new_uuid
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.members import flag, section, sections, text
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

_MOST = 20


def create_managed_login_branding(
    services: Services, *, pool_id: str, request: JsonObject
) -> ManagedLoginBranding:
    """Give a client its style: the service's own, or settings."""
    provided = flag(request, "UseCognitoProvidedValues")
    if provided == ("Settings" in request):
        raise _not_both()
    client_id = text(request, "ClientId")
    now = services.clock.now()
    branding = ManagedLoginBranding(
        pool_id=pool_id,
        id=new_uuid(services.entropy),
        client_id=client_id,
        settings=None if provided else _settings(request),
        assets=tuple(sections(request, "Assets")),
        created_at=now,
        modified_at=now,
    )
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        if tx.find(ManagedLoginBranding, "client", pool_id, client_id):
            # Here and below the service's texts are not known.
            raise ManagedLoginBrandingExistsException("The client has a branding style already.")
        if len(tx.scan(ManagedLoginBranding, pool_id)) >= _MOST:
            raise LimitExceededException(f"A user pool has at most {_MOST} branding styles.")
        tx.put(branding)
    return branding


def describe_managed_login_branding(
    services: Services, *, pool_id: str, branding_id: str
) -> ManagedLoginBranding:
    """Return the style."""
    with services.store.read() as tx:
        return _require(tx, pool_id, branding_id)


def managed_login_branding_of(
    services: Services, *, pool_id: str, client_id: str
) -> ManagedLoginBranding:
    """Return the client's style."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        found = tx.find(ManagedLoginBranding, "client", pool_id, client_id)
    if not found:
        raise ResourceNotFoundException("Managed login branding does not exist.")
    return found[0]


def update_managed_login_branding(
    services: Services, *, pool_id: str, branding_id: str, request: JsonObject
) -> ManagedLoginBranding:
    """Replace the members that are given."""
    provided = flag(request, "UseCognitoProvidedValues")
    if provided and "Settings" in request:
        raise _not_both()
    with services.store.transaction() as tx:
        former = _require(tx, pool_id, branding_id)
        settings = former.settings
        if provided:
            settings = None
        elif "Settings" in request:
            settings = _settings(request)
        assets = former.assets
        if "Assets" in request:
            assets = tuple(sections(request, "Assets"))
        branding = replace(
            former, settings=settings, assets=assets, modified_at=services.clock.now()
        )
        tx.put(branding)
    return branding


def delete_managed_login_branding(services: Services, *, pool_id: str, branding_id: str) -> None:
    """Delete the style."""
    with services.store.transaction() as tx:
        _require(tx, pool_id, branding_id)
        tx.delete(ManagedLoginBranding, pool_id, branding_id)


def _require(tx: Transaction, pool_id: str, branding_id: str) -> ManagedLoginBranding:
    get_pool(tx, pool_id)
    branding = tx.get(ManagedLoginBranding, pool_id, branding_id)
    if branding is None:
        raise ResourceNotFoundException("Managed login branding does not exist.")
    return branding


def _settings(request: JsonObject) -> JsonObject:
    settings = section(request, "Settings")
    try:
        # What was read can hold what cannot be written: 1e999, half a surrogate pair, great depth.
        json.dumps(settings, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidParameterException("Settings is not a JSON document.") from error
    return settings


def _not_both() -> InvalidParameterException:
    # COG-API-MSG-019
    return InvalidParameterException(
        "useCognitoProvidedValues or settings should be specified (but not both)"
    )
