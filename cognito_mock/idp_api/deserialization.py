"""From a request body to an operation's input: JSON types against the model's shapes.

Members that the model does not know and members that are null disappear (COG-API-WIRE-005). A wrong
type is a SerializationException, before any constraint is looked at (COG-API-WIRE-008, -020).
"""

import json
from base64 import b64decode
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NoReturn, cast

from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.idp_api.errors import SerializationException
from cognito_mock.service_model import ListShape, MapShape, Shape, StructureShape

_INTEGER_BOUND = {"integer": 2**31, "long": 2**63}
_READABLE = {
    "string": "a String",
    "blob": "a ByteBuffer",
    "boolean": "Boolean",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "timestamp": "a Date",
}


def read_body(shape: StructureShape | None, body: bytes) -> JsonObject:
    """Return the members of ``shape`` that ``body`` has."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise SerializationException("") from error
    if not isinstance(document, dict):
        raise SerializationException("Unexpected value type in payload")
    return cast("JsonObject", _reader(shape)(document)) if shape is not None else {}


def _refuse_constant(name: str) -> NoReturn:
    # RFC 8259 §6: "Numeric values that cannot be represented in the grammar" such as NaN.
    raise ValueError(name)


@cache
def _reader(shape: Shape) -> Callable[[Any], JsonValue]:
    """Return what reads a value of ``shape``. The model never changes: it is looked at once."""
    if isinstance(shape, StructureShape):
        return _document_reader(shape) if shape.metadata.get("document") else _members_reader(shape)
    if isinstance(shape, ListShape):
        return _list_reader(shape)
    if isinstance(shape, MapShape):
        return _map_reader(shape)
    if shape.type_name == "string":
        return partial(_text, shape)
    if shape.type_name == "blob":
        return partial(_blob, shape)
    return partial(_scalar, shape)


def _document_reader(shape: StructureShape) -> Callable[[Any], JsonValue]:
    def read(value: Any) -> JsonValue:
        return cast("JsonObject", value) if isinstance(value, dict) else _refuse(shape, value)

    return read


def _members_reader(shape: StructureShape) -> Callable[[Any], JsonValue]:
    readers = [(name, _reader(member)) for name, member in shape.members.items()]

    def read(value: Any) -> JsonValue:
        if not isinstance(value, dict):
            _refuse(shape, value)
        return {
            name: reader(value[name]) for name, reader in readers if value.get(name) is not None
        }

    return read


def _list_reader(shape: ListShape) -> Callable[[Any], JsonValue]:
    reader = _reader(shape.member)

    def read(value: Any) -> JsonValue:
        if not isinstance(value, list):
            _refuse(shape, value)
        return [reader(item) for item in value if item is not None]

    return read


def _map_reader(shape: MapShape) -> Callable[[Any], JsonValue]:
    reader = _reader(shape.value)

    def read(value: Any) -> JsonValue:
        if not isinstance(value, dict):
            _refuse(shape, value)
        return {
            _text(shape.key, key): reader(item) for key, item in value.items() if item is not None
        }

    return read


def _scalar(shape: Shape, value: Any) -> JsonValue:
    kind = shape.type_name
    if kind == "boolean":
        return value if isinstance(value, bool) else _refuse(shape, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(shape, value)
    if kind in _INTEGER_BOUND:
        bound = _INTEGER_BOUND[kind]
        if not isinstance(value, int) or not -bound <= value < bound:
            _refuse(shape, value)
    return cast("int | float", value)


def _text(shape: Shape, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(shape, value)
    try:
        # JSON can spell half of a surrogate pair; that is no text and could not be stored or sent.
        value.encode()
    except UnicodeEncodeError as error:
        raise SerializationException("") from error
    return value


def _blob(shape: Shape, value: Any) -> str:
    """Keep the base64 (COG-API-WIRE-007), now known to be some."""
    written = _text(shape, value)
    try:
        b64decode(written, validate=True)
    except ValueError as error:
        raise SerializationException("") from error
    return written


def _refuse(shape: Shape, value: Any) -> NoReturn:
    if isinstance(value, dict):
        raise SerializationException("Start of structure or map found where not expected.")
    if isinstance(value, list):
        raise SerializationException("Start of list found where not expected")
    if shape.type_name in ("structure", "map", "list"):
        raise SerializationException("Unexpected value type in payload")
    token = {bool: "TRUE_VALUE" if value else "FALSE_VALUE", str: "STRING_VALUE"}.get(
        type(value), "NUMBER_VALUE"
    )
    raise SerializationException(f"{token} can not be converted to {_READABLE[shape.type_name]}")
