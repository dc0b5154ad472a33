"""Check messages against the JSON schemas in ``v1/``, one schema per command and direction."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match


class SchemaViolation(ValueError):  # noqa: N818  (what it is)
    """A message that the protocol does not have."""


@cache
def schema(name: str) -> dict[str, Any]:
    """Return the shipped schema called ``name``, for example ``verify.response``."""
    text = files("cognito_conformance.protocol").joinpath(f"v1/{name}.schema.json").read_text()
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def _validator(name: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name))


def check_request(command: str, message: Any) -> None:
    """Raise `SchemaViolation` unless ``message`` is a request called ``command``."""
    _check(f"{command}.request", message)


def check_response(command: str, message: Any) -> None:
    """Raise `SchemaViolation` unless ``message`` answers ``command``."""
    _check(f"{command}.response", message)


#: Of the verify messages, which are flat: what their schemas look at beyond the type.
_BY_VALUE: Final = frozenset({"cmd", "verdict", "reason"})
_FLAT: Final = frozenset({"verify.request", "verify.response"})
_admitted: set[tuple[object, ...]] = set()


def _check(name: str, message: Any) -> None:
    # Thousands of verify messages a second look alike; each look is validated once. Sound because
    # these two schemas constrain nothing but names, types, and the members compared by value.
    look = _look(name, message) if name in _FLAT and isinstance(message, dict) else None
    if look is not None and look in _admitted:
        return
    validator = _validator(name)
    if not validator.is_valid(message):
        error = best_match(validator.iter_errors(message))
        where = "/".join(str(step) for step in error.absolute_path) or "the message"
        raise SchemaViolation(f"{name}: {where}: {error.message[:200]}")
    if look is not None:
        _admitted.add(look)


def _look(name: str, message: dict[str, Any]) -> tuple[object, ...] | None:
    number = message.get("id")
    if type(number) is not int or number < 1:
        return None
    look: list[object] = [name]
    for member, value in message.items():
        if member not in _BY_VALUE:
            look += (member, type(value))
        elif isinstance(value, str):
            look += (member, value)
        else:
            return None
    return tuple(look)
