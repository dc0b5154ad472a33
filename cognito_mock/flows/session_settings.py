"""How long sessions last and how many there may be, as settings that are kept (COG-API-SESS-001).

This mock tracks no user sessions; what is set here is given back and not acted on.
"""

from cognito_mock.core.errors import FeatureUnavailableInTierException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.members import section
from cognito_mock.flows.pool_documents import put_document
from cognito_mock.flows.services import Services

_POOL_DEFAULT: JsonObject = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
_CLIENT_DEFAULT: JsonObject = {"SSOSession": {"MaxValidityMinutes": 60}}


def set_pool_sessions(services: Services, *, pool_id: str, request: JsonObject) -> JsonObject:
    """SetUserPoolSessionConfiguration: replace everything (COG-API-SESS-002)."""
    content: JsonObject = {
        "UserSessionTracking": request.get("UserSessionTracking"),
        "TokenSession": section(request, "TokenSession"),
    }
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        if pool.settings.get("UserPoolTier") == "LITE":
            # Worded as in COG-API-MSG-003; the feature's own name is not known.
            raise FeatureUnavailableInTierException(
                "The following feature is not available for the LITE pricing tier configured:"
                " User Sessions"
            )
        kind = DocumentKind.POOL_SESSIONS
        put_document(tx, services, pool_id=pool_id, kind=kind, content=content)
    return content


def pool_sessions(services: Services, *, pool_id: str) -> JsonObject:
    """GetUserPoolSessionConfiguration."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        found = tx.get(PoolDocument, pool_id, ALL_CLIENTS, DocumentKind.POOL_SESSIONS)
    return _POOL_DEFAULT if found is None else found.content


def set_client_sessions(
    services: Services, *, pool_id: str, client_id: str, request: JsonObject
) -> JsonObject:
    """SetUserPoolClientSessionConfiguration: replace everything."""
    content: JsonObject = {"SSOSession": section(request, "SSOSession")}
    with services.store.transaction() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        put_document(
            tx,
            services,
            pool_id=pool_id,
            client_id=client_id,
            kind=DocumentKind.CLIENT_SESSIONS,
            content=content,
        )
    return content


def client_sessions(services: Services, *, pool_id: str, client_id: str) -> JsonObject:
    """GetUserPoolClientSessionConfiguration."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        get_client(tx, client_id, pool_id)
        found = tx.get(PoolDocument, pool_id, client_id, DocumentKind.CLIENT_SESSIONS)
    return _CLIENT_DEFAULT if found is None else found.content
