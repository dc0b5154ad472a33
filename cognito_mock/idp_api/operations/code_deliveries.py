"""Where a code went, as the operations tell it (COG-API-JSON-009)."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.confirmation_codes import CodeDelivery


def delivery_details(delivery: CodeDelivery) -> JsonObject:
    """Return CodeDeliveryDetails."""
    return {
        "Destination": delivery.destination,
        "DeliveryMedium": delivery.medium,
        "AttributeName": delivery.attribute,
    }
