"""Records as JSON objects and back, by the types of their fields.

Reading trusts nothing: a member that is missing, unknown or of another type is a `RecordError` that
says where. So a document from outside gives whole records or none.
"""

import math
import pkgutil
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.records import Record, Table

R = TypeVar("R")


class RecordError(ValueError):
    """A document is no record; the text says where and why, without repeating values."""


@cache
def record_kinds() -> tuple[type[Record], ...]:
    """Return every kind of record that this package defines, by the names of their tables."""
    package = __name__.rpartition(".")[0]
    # Read from the folder: a kind that somebody forgot to list would be lost in silence.
    modules = [
        import_module(f"{package}.{found.name}")
        for found in pkgutil.iter_modules([str(Path(__file__).parent)])
    ]
    kinds: dict[str, type[Record]] = {
        value.TABLE.name: value  # type: ignore[attr-defined]  # the condition looks
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and isinstance(getattr(value, "TABLE", None), Table)
    }
    return tuple(kinds[name] for name in sorted(kinds))


def to_document(record: Any) -> dict[str, JsonValue]:
    """Return the record, a dataclass, as a JSON object with all its fields."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def from_document(kind: type[R], document: JsonValue, where: str) -> R:
    """Return the record that ``document`` describes; fields with a default may be absent."""
    if not isinstance(document, dict):
        raise RecordError(f"{where} must be an object")
    members = fields(cast("Any", kind))
    unknown = sorted(set(document) - {field.name for field in members})
    if unknown:
        raise RecordError(f"{where} has an unknown member {unknown[0][:64]!r}")
    values = {}
    for field in members:
        if field.name in document:
            here = f"{where}.{field.name}"
            values[field.name] = _typed(field.type, document[field.name], here)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise RecordError(f"{where}.{field.name} is missing")
    return kind(**values)


def _plain(value: Any) -> JsonValue:
    if is_dataclass(value):
        return to_document(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return cast("JsonValue", value)


def _typed(hint: Any, value: JsonValue, where: str) -> Any:
    if hint == JsonObject:  # compared, not taken apart: the alias names itself in quotes
        if not isinstance(value, dict):
            raise RecordError(f"{where} must be an object")
        return _finite(value, where)
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(hint), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise RecordError(f"{where} must be a list")
        item = get_args(hint)[0]
        return tuple(_typed(item, member, f"{where}[{i}]") for i, member in enumerate(value))
    if origin is Mapping:
        if not isinstance(value, dict):
            raise RecordError(f"{where} must be an object")
        item = get_args(hint)[1]
        return {name: _typed(item, member, f"{where}.{name}") for name, member in value.items()}
    if is_dataclass(hint):
        return from_document(cast("type[Any]", hint), value, where)
    return _scalar(hint, value, where)


def _one_of(choices: tuple[Any, ...], value: JsonValue, where: str) -> Any:
    if value is None and types.NoneType in choices:
        return None
    (hint,) = (choice for choice in choices if choice is not types.NoneType)
    return _typed(hint, value, where)


def _scalar(hint: Any, value: JsonValue, where: str) -> Any:
    if issubclass(hint, StrEnum):
        if not isinstance(value, str) or value not in list(hint):
            raise RecordError(f"{where} must be one of {', '.join(hint)}")
        return hint(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = _as_float(value, where)
    if type(value) is not hint:
        raise RecordError(f"{where} must be {_NAMES[hint]}")
    return _finite(value, where)


def _as_float(value: int, where: str) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise RecordError(f"{where} is out of range") from error


def _finite(value: JsonValue, where: str) -> JsonValue:
    """Refuse numbers that JSON can spell but not give back (``1e999``)."""
    if isinstance(value, float) and not math.isfinite(value):
        raise RecordError(f"{where} is out of range")
    if isinstance(value, dict):
        for name, member in value.items():
            _finite(member, f"{where}.{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _finite(member, f"{where}[{index}]")
    return value


_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
