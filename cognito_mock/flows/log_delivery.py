"""Where a pool's logs would go; this mock keeps the setting only (COG-API-RES-009)."""

from cognito_mock.core.errors import FeatureUnavailableInTierException, InvalidParameterException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pool_documents import ALL_CLIENTS, DocumentKind, PoolDocument
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import sections
from cognito_mock.flows.pool_documents import put_document
from cognito_mock.flows.services import Services

_KIND = DocumentKind.LOG_DELIVERY
_LEVEL = {"userNotification": "ERROR", "userAuthEvents": "INFO"}


def set_log_delivery_configuration(
    services: Services, *, pool_id: str, request: JsonObject
) -> PoolDocument:
    """Replace all destinations."""
    configurations = sections(request, "LogConfigurations")
    sources = [str(configuration.get("EventSource")) for configuration in configurations]
    if len(set(sources)) < len(sources) or any(
        configuration.get("LogLevel") != _LEVEL[source]
        for configuration, source in zip(configurations, sources, strict=True)
    ):
        # The service's text is not known.
        raise InvalidParameterException(
            "Each event source is configured once: userNotification with log level ERROR,"
            " userAuthEvents with log level INFO."
        )
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        tier = pool.settings.get("UserPoolTier")
        if "userAuthEvents" in sources and tier != "PLUS":
            # COG-API-MSG-003
            raise FeatureUnavailableInTierException(
                f"The following feature is not available for the {tier} pricing tier"
                " configured: Log Streaming"
            )
        return put_document(
            tx,
            services,
            pool_id=pool_id,
            kind=_KIND,
            content={"LogConfigurations": configurations},
        )


def get_log_delivery_configuration(services: Services, *, pool_id: str) -> PoolDocument | None:
    """Return the configuration, None when there never was one."""
    with services.store.read() as tx:
        get_pool(tx, pool_id)
        return tx.get(PoolDocument, pool_id, ALL_CLIENTS, _KIND)
