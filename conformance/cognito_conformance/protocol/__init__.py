"""CVAP version 1: one JSON object a line, strictly request then response."""

from cognito_conformance.protocol.messages import (
    CAPABILITIES,
    PROTOCOL_VERSION,
    config_from_wire,
    config_to_wire,
    implementation_from_wire,
    implementation_to_wire,
)
from cognito_conformance.protocol.schema import SchemaViolation, check_request, check_response

__all__ = [
    "CAPABILITIES",
    "PROTOCOL_VERSION",
    "SchemaViolation",
    "check_request",
    "check_response",
    "config_from_wire",
    "config_to_wire",
    "implementation_from_wire",
    "implementation_to_wire",
]
