"""From an operation's output to a response body, and from an error to its response.

COG-API-WIRE-003...006 and -013...016.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cognito_mock.core.errors import CognitoError, InternalErrorException
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.idp_api.errors import RequestEntityTooLargeException
from cognito_mock.service_model import ListShape, MapShape, Shape, StructureShape

CONTENT_TYPE = "application/x-amz-json-1.1"
_STATUS: dict[type[CognitoError], int] = {
    InternalErrorException: 500,
    RequestEntityTooLargeException: 413,
}
# Clients limit the size of headers; the body has the whole message.
_HEADER_MESSAGE = 1024
# Where the order on the wire is not the model's (COG-API-AUTH-005).
_ORDER = {
    "InitiateAuthResponse": ("AuthenticationResult",),
    "RespondToAuthChallengeResponse": ("AuthenticationResult",),
    "AdminInitiateAuthResponse": ("AuthenticationResult",),
    "AdminRespondToAuthChallengeResponse": ("AuthenticationResult",),
    "AuthenticationResultType": (
        "AccessToken",
        "ExpiresIn",
        "IdToken",
        "NewDeviceMetadata",
        "RefreshToken",
        "TokenType",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WireResponse:
    """An HTTP response without the headers that all have."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def render_output(shape: StructureShape | None, output: JsonObject) -> WireResponse:
    """Return the success; an operation without output shape has an empty body."""
    if shape is None:
        return WireResponse(headers={"Content-Type": CONTENT_TYPE})
    return WireResponse(
        body=_encode(_writer(shape)(output)), headers={"Content-Type": CONTENT_TYPE}
    )


def render_error(error: CognitoError) -> WireResponse:
    """Return the error under its class's name."""
    name = type(error).__name__
    document = {"__type": name}
    headers = {"Content-Type": CONTENT_TYPE, "x-amzn-ErrorType": f"{name}:"}
    if error.message:
        document["message"] = error.message
        headers["x-amzn-ErrorMessage"] = _header_text(error.message)
    return WireResponse(
        status=_STATUS.get(type(error), 400), body=_encode(document), headers=headers
    )


def _encode(document: JsonValue) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _header_text(message: str) -> str:
    """Keep what a header may hold (RFC 9110 §5.5)."""
    kept = "".join(c if " " <= c <= "~" else " " if c.isspace() else "?" for c in message)
    return kept[:_HEADER_MESSAGE].strip()


@cache
def _writer(shape: Shape) -> Callable[[Any], JsonValue]:
    """Return what puts a value of ``shape`` in the form that goes on the wire.

    The model never changes, so its shapes are looked at once.
    """
    if isinstance(shape, StructureShape):
        return _same if shape.metadata.get("document") else _structure_writer(shape)
    if isinstance(shape, ListShape):
        member = _writer(shape.member)
        return lambda value: [member(item) for item in value]
    if isinstance(shape, MapShape):
        of_value = _writer(shape.value)
        return lambda value: {key: of_value(item) for key, item in value.items()}
    return _timestamp if shape.type_name == "timestamp" else _same


def _structure_writer(shape: StructureShape) -> Callable[[JsonObject], JsonValue]:
    names = dict.fromkeys((*_ORDER.get(shape.name, ()), *shape.members))
    writers = [(name, _writer(shape.members[name])) for name in names]

    def write(value: JsonObject) -> JsonValue:
        return {
            name: writer(value[name]) for name, writer in writers if value.get(name) is not None
        }

    return write


def _timestamp(value: float) -> JsonValue:
    return round(float(value), 3)


def _same(value: JsonValue) -> JsonValue:
    return value
