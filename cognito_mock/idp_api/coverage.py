"""Which operations of the service model have behaviour."""

from cognito_mock.idp_api.operations import OPERATIONS
from cognito_mock.service_model import operation_names


def coverage() -> list[dict[str, str]]:
    """Return every operation with ``implemented``, or ``stub`` and the reason, by name."""
    return [
        {"operation": name, "status": "implemented"}
        if name in OPERATIONS
        else {
            "operation": name,
            "status": "stub",
            "reason": "answers UnsupportedOperationException: no behaviour yet",
        }
        for name in sorted(operation_names())
    ]
