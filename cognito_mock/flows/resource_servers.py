"""Resource servers: create, describe, list, update, delete."""

from collections.abc import Sequence
from dataclasses import replace

from cognito_mock.core.errors import InvalidParameterException, ResourceNotFoundException
from cognito_mock.core.resource_servers import ResourceServer, Scope
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction


def create_resource_server(
    services: Services, *, pool_id: str, identifier: str, name: str, scopes: Sequence[Scope] = ()
) -> ResourceServer:
    """Create a resource server; its identifier is unique in the pool (COG-API-RES-003)."""
    server = ResourceServer(
        pool_id=pool_id, identifier=identifier, name=name, scopes=_distinct(scopes)
    )
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        if tx.get(ResourceServer, pool_id, identifier) is not None:
            raise InvalidParameterException(f"{identifier} already exists in user pool {pool_id}.")
        tx.put(server)
    return server


def describe_resource_server(
    services: Services, *, pool_id: str, identifier: str
) -> ResourceServer:
    """Return the resource server."""
    with services.store.read() as tx:
        return _require_server(tx, pool_id, identifier)


def list_resource_servers(
    services: Services, *, pool_id: str, limit: int, after: str | None = None
) -> Sequence[ResourceServer]:
    """Return at most ``limit`` resource servers of the pool whose identifiers follow ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        last = (pool_id, after) if after else None
        return tx.scan(ResourceServer, pool_id, after=last, limit=limit)


def update_resource_server(
    services: Services, *, pool_id: str, identifier: str, name: str, scopes: Sequence[Scope] = ()
) -> ResourceServer:
    """Replace name and scopes (COG-API-RES-003)."""
    with services.store.transaction() as tx:
        former = _require_server(tx, pool_id, identifier)
        server = replace(former, name=name, scopes=_distinct(scopes))
        tx.put(server)
    return server


def delete_resource_server(services: Services, *, pool_id: str, identifier: str) -> None:
    """Delete it; clients keep the names of its scopes, which then mean nothing (COG-SCO-011)."""
    with services.store.transaction() as tx:
        _require_server(tx, pool_id, identifier)
        tx.delete(ResourceServer, pool_id, identifier)


def _require_server(tx: Transaction, pool_id: str, identifier: str) -> ResourceServer:
    get_pool(tx, pool_id)
    server = tx.get(ResourceServer, pool_id, identifier)
    if server is None:
        raise ResourceNotFoundException(f"Resource server {identifier} does not exist.")
    return server


def _distinct(scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    return tuple({scope.name: scope for scope in scopes}.values())
