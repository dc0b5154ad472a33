"""The model's constraints on an input, reported as the service does: all of them in one message.

COG-API-WIRE-017, -018, -019. Messages for the members of lists and maps follow the common form of
AWS's JSON services, which name the list and, for structures in it, the position.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.idp_api.corrections import CORRECTIONS, MEMBER_NAMES, Correction
from cognito_mock.idp_api.patterns import matcher
from cognito_mock.service_model import ListShape, MapShape, Shape, StructureShape

# One request can break a rule once per few bytes; the answer must not grow with that.
_MOST = 100
_LEADING_CAPITALS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+\Z|[A-Z]")
_NONE = Correction()
_Rule = tuple[str, Callable[[Any], bool]]
_Rules = Sequence[_Rule]
_NUMBERS = frozenset({"integer", "long", "float", "double"})


def check_constraints(shape: StructureShape | None, document: JsonObject) -> None:
    """Raise InvalidParameterException when ``document`` breaks a constraint of ``shape``."""
    if shape is None:
        return
    found = list(islice(_structure(shape, document, path="", hidden=False), _MOST))
    if found:
        plural = "" if len(found) == 1 else "s"
        raise InvalidParameterException(
            f"{len(found)} validation error{plural} detected: {'; '.join(found)}"
        )


def _structure(
    shape: StructureShape, document: JsonObject, *, path: str, hidden: bool
) -> Iterator[str]:
    if shape.metadata.get("document"):
        return
    hidden = hidden or bool(shape.metadata.get("sensitive"))
    for name, member, written, rules, required in _members(shape):
        if name in document:
            yield from _value(
                member, document[name], path=path + written, hidden=hidden, rules=rules
            )
        elif required:
            shown = "Value" if hidden or member.metadata.get("sensitive") else "Value null"
            yield (
                f"{shown} at '{path}{written}' failed to satisfy constraint:"
                " Member must not be null"
            )


@cache
def _members(shape: StructureShape) -> list[tuple[str, Shape, str, _Rules, bool]]:
    """Return of each member: name, shape, name in messages, rules, whether it must be there.

    The model never changes, so what follows from it is worked out once.
    """
    found = []
    for name, member in shape.members.items():
        correction = CORRECTIONS.get((shape.name, name), _NONE)
        required = correction.required or name in shape.required_members
        found.append((name, member, _member_name(name), _rules(member, correction), required))
    return found


def _value(
    shape: Shape, value: JsonValue, *, path: str, hidden: bool, rules: _Rules = ()
) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        yield from _structure(shape, value, path=f"{path}.", hidden=hidden)
        return
    hidden = hidden or bool(shape.metadata.get("sensitive"))
    for rule, holds in rules:
        if not holds(value):
            yield _item(value, path, rule, hidden=hidden)
    if isinstance(shape, ListShape) and isinstance(value, list):
        yield from _list(shape, value, path=path, hidden=hidden)
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from _map(shape, value, path=path, hidden=hidden)


def _list(shape: ListShape, value: list[JsonValue], *, path: str, hidden: bool) -> Iterator[str]:
    member = shape.member
    if isinstance(member, StructureShape):
        for position, item in enumerate(value, start=1):
            at = f"{path}.{position}.member"
            yield from _value(member, item, path=at, hidden=hidden)
    elif broken := _broken_by_any(member, value):
        hide = hidden or bool(member.metadata.get("sensitive"))
        yield _item(value, path, f"Member must satisfy constraint: [{broken}]", hidden=hide)


def _map(shape: MapShape, value: JsonObject, *, path: str, hidden: bool) -> Iterator[str]:
    hide = hidden or bool(
        shape.key.metadata.get("sensitive") or shape.value.metadata.get("sensitive")
    )
    if broken := _broken_by_any(shape.key, list(value)):
        yield _item(value, path, f"Map keys must satisfy constraint: [{broken}]", hidden=hide)
    if isinstance(shape.value, StructureShape):
        for key, item in value.items():
            at = f"{path}.{key}.member"
            yield from _value(shape.value, item, path=at, hidden=hidden)
    elif broken := _broken_by_any(shape.value, list(value.values())):
        yield _item(value, path, f"Map value must satisfy constraint: [{broken}]", hidden=hide)


def _broken_by_any(shape: Shape, values: Sequence[JsonValue]) -> str:
    """Return all rules of ``shape`` when one of ``values`` breaks one, else an empty text."""
    rules = _rules(shape)
    for value in values:
        if not all(holds(value) for _, holds in rules):
            return ", ".join(rule for rule, _ in rules)
    return ""


@cache
def _rules(shape: Shape, correction: Correction = _NONE) -> _Rules:
    """Return the rules for a member's own value, each with what tells whether a value keeps it."""
    limits = shape.metadata
    minimum = limits.get("min") if correction.minimum is None else correction.minimum
    maximum = limits.get("max")
    number = shape.type_name in _NUMBERS
    word = "value" if number else "length"
    size: Callable[[Any], Any] = _same if number else len
    if shape.type_name == "blob":
        size = _decoded_size
    rules: list[_Rule] = []
    if minimum is not None:
        text = f"Member must have {word} greater than or equal to {minimum}"
        rules.append((text, lambda value: size(value) >= minimum))
    if maximum is not None:
        text = f"Member must have {word} less than or equal to {maximum}"
        rules.append((text, lambda value: size(value) <= maximum))
    if shape.type_name != "string":
        return rules
    own = limits.get("pattern")
    patterns = correction.patterns if correction.patterns is not None else (own,) if own else ()
    for pattern in patterns:
        text = f"Member must satisfy regular expression pattern: {pattern}"
        rules.append((text, matcher(pattern)))
    if enum := limits.get("enum"):
        text = f"Member must satisfy enum value set: [{', '.join(enum)}]"
        rules.append((text, frozenset(enum).__contains__))
    return rules


def _same(value: Any) -> Any:
    return value


def _decoded_size(written: str) -> int:
    """Return how many bytes the base64 stands for: they are what is limited."""
    return len(written) // 4 * 3 - written.count("=")


def _item(value: JsonValue, path: str, rule: str, *, hidden: bool) -> str:
    shown = "Value" if hidden else f"Value '{_java_text(value)}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {rule}"


def _java_text(value: JsonValue) -> str:
    """Write ``value`` as Java's toString does, which the service's messages show."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}={_java_text(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_java_text(item) for item in value)}]"
    return str(value)


def _member_name(name: str) -> str:
    renamed = MEMBER_NAMES.get(name)
    return renamed or _LEADING_CAPITALS.sub(lambda found: found.group().lower(), name, count=1)
