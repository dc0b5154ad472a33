"""App clients: create, describe, list, update, delete."""

from collections.abc import Sequence
from dataclasses import replace

from cognito_mock.core.branding import ManagedLoginBranding, Terms
from cognito_mock.core.clients import AppClient, ClientSecret
from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.identity_providers import IdentityProvider
from cognito_mock.core.ids import new_client_id, new_client_secret
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import UserPool
from cognito_mock.core.records import key_of
from cognito_mock.core.resource_servers import ResourceServer
from cognito_mock.flows.client_settings import client_settings
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.members import flag, optional_text, text
from cognito_mock.flows.pool_documents import delete_documents
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction


def create_user_pool_client(
    services: Services,
    *,
    pool_id: str,
    request: JsonObject,
    client_id: str | None = None,
    client_secret: str | None = None,
) -> AppClient:
    """Create a client; ``client_id`` and ``client_secret`` pin what is otherwise generated."""
    now = services.clock.now()
    identifier = client_id or new_client_id(services.entropy)
    # COG-API-CLI-010: a caller may bring its own secret.
    secret = client_secret or optional_text(request, "ClientSecret")
    if secret is None and flag(request, "GenerateSecret"):
        secret = new_client_secret(services.entropy)
    # COG-API-WIRE-034
    first = ClientSecret(id=f"{identifier}--{int(now)}", value=secret or "", created_at=now)
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        if tx.get(AppClient, identifier) is not None:
            raise InvalidParameterException(f"User pool client {identifier} already exists.")
        client = AppClient(
            id=identifier,
            pool_id=pool_id,
            name=text(request, "ClientName"),
            secrets=(first,) if secret else (),
            settings=client_settings(
                request,
                pool=pool,
                has_secret=bool(secret),
                custom_scopes=_custom_scopes(tx, pool),
                providers=_providers(tx, pool),
            ),
            created_at=now,
            modified_at=now,
        )
        tx.put(client)
    return client


def describe_user_pool_client(services: Services, *, pool_id: str, client_id: str) -> AppClient:
    """Return the client."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        return get_client(tx, client_id, pool_id)


def list_user_pool_clients(
    services: Services, *, pool_id: str, limit: int, after: str | None = None
) -> Sequence[AppClient]:
    """Return at most ``limit`` clients of the pool whose ids follow ``after``."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        clients = tx.find(AppClient, "pool", pool_id)
    return [client for client in clients if after is None or client.id > after][:limit]


def update_user_pool_client(
    services: Services, *, pool_id: str, client_id: str, request: JsonObject
) -> AppClient:
    """Replace the settings; only name and secrets stay when not sent (COG-API-CLI-007)."""
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        former = get_client(tx, client_id, pool_id)
        client = replace(
            former,
            name=text(request, "ClientName") or former.name,
            settings=client_settings(
                request,
                pool=pool,
                has_secret=bool(former.secrets),
                custom_scopes=_custom_scopes(tx, pool),
                providers=_providers(tx, pool),
                activity="updating",
            ),
            modified_at=services.clock.now(),
        )
        tx.put(client)
    return client


def delete_user_pool_client(services: Services, *, pool_id: str, client_id: str) -> None:
    """Delete the client; its tokens are of no use afterwards (COG-API-CLI-012)."""
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        delete_documents(tx, pool_id, client_id)
        for kind in (ManagedLoginBranding, Terms):
            for record in tx.find(kind, "client", pool_id, client_id):
                tx.delete(kind, *key_of(record))
        tx.delete(AppClient, client_id)


def _custom_scopes(tx: Transaction, pool: UserPool) -> set[str]:
    servers = tx.scan(ResourceServer, pool.id)
    return {name for server in servers for name in server.scope_names}


def _providers(tx: Transaction, pool: UserPool) -> set[str]:
    return {provider.name for provider in tx.scan(IdentityProvider, pool.id)}
