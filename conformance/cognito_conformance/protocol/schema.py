"""Check messages against the JSON schemas in ``v1/``, one schema per command and direction."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

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


def _check(name: str, message: Any) -> None:
    validator = _validator(name)
    if validator.is_valid(message):
        return
    error = best_match(validator.iter_errors(message))
    where = "/".join(str(step) for step in error.absolute_path) or "the message"
    raise SchemaViolation(f"{name}: {where}: {error.message[:200]}")
