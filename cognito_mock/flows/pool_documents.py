"""Reading and replacing a pool's documents."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction


def check_place(tx: Transaction, pool_id: str, client_id: str) -> UserPool:
    """Return the pool; refuse a client that it does not have."""
    pool = get_pool(tx, pool_id)
    if client_id != ALL_CLIENTS:
        get_client(tx, client_id, pool_id)
    return pool


def put_document(
    tx: Transaction,
    services: Services,
    *,
    pool_id: str,
    client_id: str = ALL_CLIENTS,
    kind: DocumentKind,
    content: JsonObject,
) -> PoolDocument:
    """Replace the document."""
    now = services.clock.now()
    former = tx.get(PoolDocument, pool_id, client_id, kind)
    document = PoolDocument(
        pool_id=pool_id,
        client_id=client_id,
        kind=kind,
        content=content,
        created_at=now if former is None else former.created_at,
        modified_at=now,
    )
    tx.put(document)
    return document


def find_document(
    tx: Transaction, *, pool_id: str, client_id: str = ALL_CLIENTS, kind: DocumentKind
) -> PoolDocument | None:
    """Return the client's own document, or the one of the whole pool."""
    own = tx.get(PoolDocument, pool_id, client_id, kind)
    return own or tx.get(PoolDocument, pool_id, ALL_CLIENTS, kind)


def delete_documents(tx: Transaction, pool_id: str, client_id: str) -> None:
    """Delete what hangs on a client."""
    for document in tx.scan(PoolDocument, pool_id, client_id):
        tx.delete(PoolDocument, pool_id, client_id, document.kind)
