"""The shipped JSON schema, and as much of a validator as it needs, with places in its errors."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from cognito_mock.blueprint.yaml_file import Located, Where
from cognito_mock.core.json_types import JsonValue

SCHEMA_FILE = Path(__file__).with_name("blueprint.schema.json")
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "object": (dict, "a mapping"),
    "array": (list, "a list"),
    "string": (str, "a text"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
}


@cache
def schema() -> dict[str, Any]:
    """Return the schema."""
    document: dict[str, Any] = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return document


def check(located: Located) -> None:
    """Raise `BlueprintError` for the first value that the schema does not allow."""
    _check(located, schema(), located.document, ())


def _check(located: Located, rule: dict[str, Any], value: JsonValue, where: Where) -> None:
    if "$ref" in rule:
        rule = {**schema()["$defs"][rule["$ref"].rpartition("/")[2]], **rule}
    name = _name(where)
    if "enum" in rule and value not in rule["enum"]:
        expected = " or ".join(str(choice) for choice in rule["enum"])
        raise located.error(where, f"{name}: expected {expected}, not {_shown(value)}")
    if "type" in rule:
        kind, expected = _TYPES[rule["type"]]
        # A number where a text is expected is a text that was not quoted, such as a phone number.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            hint = '; put it in quotes: "..."' if kind is str and _is_plain(value) else ""
            raise located.error(where, f"{name}: expected {expected}, not {_shown(value)}{hint}")
    if isinstance(value, str):
        _check_text(located, rule, value, where)
    elif isinstance(value, dict):
        _check_members(located, rule, value, where)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(located, rule.get("items", {}), item, (*where, index))


def _check_text(located: Located, rule: dict[str, Any], value: str, where: Where) -> None:
    if len(value) < rule.get("minLength", 0):
        raise located.error(where, f"{_name(where)}: expected a text that is not empty")
    pattern = rule.get("pattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        raise located.error(where, f"{_name(where)}: expected a text of the form {pattern}")


def _check_members(
    located: Located, rule: dict[str, Any], value: dict[str, JsonValue], where: Where
) -> None:
    known = rule.get("properties", {})
    others = rule.get("additionalProperties", {})
    for member, inner in value.items():
        if member not in known and others is False:
            expected = ", ".join(known)
            raise located.error(
                (*where, member), f"{_name(where)}: {member!r} is not one of: {expected}"
            )
        _check(located, known.get(member, others), inner, (*where, member))
    for member in rule.get("required", ()):
        if member not in value:
            raise located.error(where, f"{_name(where)}: expected {member!r}")


def _name(where: Where) -> str:
    """``pools[0].clients[1].id``, as people write it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return text.removeprefix(".") or "the file"


def _is_plain(value: JsonValue) -> bool:
    return isinstance(value, int | float)


def _shown(value: JsonValue) -> str:
    """Return what the value is; texts may be passwords and are not repeated."""
    if value is None:
        return "nothing"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return next((label for kind, label in _TYPES.values() if isinstance(value, kind)), "this")
