"""Members of AWS requests in a blueprint, held against the service model that botocore carries.

The flows take what the API's protocol has checked; a file's settings are checked here: names of
members, types, closed sets of values, and what must be there. Rules between members are theirs.
"""

from difflib import get_close_matches
from typing import Any

from cognito_mock.blueprint.yaml_file import Located, Where
from cognito_mock.core.json_types import JsonValue
from cognito_mock.service_model import ListShape, MapShape, Shape, StructureShape, operation_model

# What the blueprint says in members of its own.
_ELSEWHERE = {
    "CreateUserPool": ("PoolName",),
    "CreateUserPoolClient": ("UserPoolId", "ClientName", "ClientSecret"),
    "SetUserPoolMfaConfig": ("UserPoolId",),
}
_PLAIN: dict[str, tuple[type | tuple[type, ...], str]] = {
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "long": (int, "a whole number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
}


def check_requests(located: Located) -> None:
    """Raise `BlueprintError` for the first setting that no request could have."""
    document: Any = located.document
    for index, pool in enumerate(document["pools"]):
        where = ("pools", index)
        _check_request(located, "CreateUserPool", pool.get("settings"), (*where, "settings"))
        _check_request(located, "SetUserPoolMfaConfig", pool.get("mfa"), (*where, "mfa"))
        for number, client in enumerate(pool.get("clients", ())):
            place = (*where, "clients", number, "settings")
            _check_request(located, "CreateUserPoolClient", client.get("settings"), place)


def request_shape(operation: str) -> StructureShape:
    """Return the shape of an operation's input, which is known to have one."""
    shape = operation_model(operation).input_shape
    assert shape is not None  # noqa: S101  (of the operations named here each has members)
    return shape


def _check_request(located: Located, operation: str, given: JsonValue, where: Where) -> None:
    if not isinstance(given, dict):
        return
    known = [n for n in request_shape(operation).members if n not in _ELSEWHERE[operation]]
    for name, value in given.items():
        place = (*where, name)
        if name not in known:
            raise located.error(
                place, f"{name}: {operation} has no such member{_hint(name, known)}"
            )
        _check(located, request_shape(operation).members[name], value, place)


def _check(located: Located, shape: Shape, value: JsonValue, where: Where) -> None:
    if isinstance(shape, StructureShape):
        _check_structure(located, shape, value, where)
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise _mistaken(located, where, "a list", value)
        for index, item in enumerate(value):
            _check(located, shape.member, item, (*where, index))
    elif isinstance(shape, MapShape):
        if not isinstance(value, dict):
            raise _mistaken(located, where, "a mapping", value)
        for name, item in value.items():
            _check(located, shape.value, item, (*where, name))
    elif shape.type_name in _PLAIN:
        kind, expected = _PLAIN[shape.type_name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _mistaken(located, where, expected, value)
    else:
        _check_text(located, shape, value, where)


def _check_structure(
    located: Located, shape: StructureShape, value: JsonValue, where: Where
) -> None:
    if not isinstance(value, dict):
        raise _mistaken(located, where, "a mapping", value)
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None:
            hint = _hint(name, list(shape.members))
            raise located.error((*where, name), f"{name}: {where[-1]} has no such member{hint}")
        _check(located, member, item, (*where, name))
    for name in shape.members:
        if name in shape.required_members and name not in value:
            raise located.error(where, f"{where[-1]}: expected {name!r}")


def _check_text(located: Located, shape: Shape, value: JsonValue, where: Where) -> None:
    if not isinstance(value, str):
        raise _mistaken(located, where, "a text", value)
    choices = shape.metadata.get("enum")
    if choices and value not in choices:
        expected = " or ".join(choices) if len(choices) < 8 else "one of AWS's"  # noqa: PLR2004
        raise located.error(where, f"{_name(where)}: expected {expected}")


def _mistaken(located: Located, where: Where, expected: str, value: JsonValue) -> Exception:
    kinds = {dict: "a mapping", list: "a list", str: "a text", type(None): "nothing"}
    found = kinds.get(type(value), "true or false" if isinstance(value, bool) else "a number")
    hint = '; put it in quotes: "..."' if expected == "a text" and found == "a number" else ""
    return located.error(where, f"{_name(where)}: expected {expected}, not {found}{hint}")


def _name(where: Where) -> str:
    last = where[-1]
    return f"{where[-2]}[{last}]" if isinstance(last, int) else last


def _hint(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
