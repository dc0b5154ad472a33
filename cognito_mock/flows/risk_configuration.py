"""Threat protection's settings, which this mock keeps and does not act on (COG-API-RES-009)."""

from cognito_mock.core.errors import UserPoolAddOnNotEnabledException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.core.pools import UserPool
from cognito_mock.flows.members import section
from cognito_mock.flows.pool_documents import check_place, find_document, put_document
from cognito_mock.flows.services import Services

_KIND = DocumentKind.RISK
_PARTS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)


def set_risk_configuration(
    services: Services, *, pool_id: str, client_id: str = ALL_CLIENTS, request: JsonObject
) -> PoolDocument:
    """Replace the whole configuration of the pool or client."""
    content = {name: request[name] for name in _PARTS if name in request}
    with services.store.transaction() as tx:
        _check_add_on(check_place(tx, pool_id, client_id))
        return put_document(
            tx, services, pool_id=pool_id, client_id=client_id, kind=_KIND, content=content
        )


def describe_risk_configuration(
    services: Services, *, pool_id: str, client_id: str = ALL_CLIENTS
) -> PoolDocument | None:
    """Return what applies to the client, its own or the pool's."""
    with services.store.read() as tx:
        _check_add_on(check_place(tx, pool_id, client_id))
        return find_document(tx, pool_id=pool_id, client_id=client_id, kind=_KIND)


def _check_add_on(pool: UserPool) -> None:
    mode = section(pool.settings, "UserPoolAddOns").get("AdvancedSecurityMode")
    if mode not in ("AUDIT", "ENFORCED"):
        # The service's text is not known.
        raise UserPoolAddOnNotEnabledException(
            f"Threat protection is not enabled for user pool {pool.id}."
        )
