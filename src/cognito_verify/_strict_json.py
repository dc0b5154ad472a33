"""Parse a JSON object that has one meaning only (RFC 8259, RFC 7515 §4, RFC 7519 §4).

Not accepted: another encoding than UTF-8, a byte order mark, a member named twice, NaN and
Infinity, numbers that overflow, lone surrogates, nesting deeper than the interpreter's stack.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]


class NotStrictJson(ValueError):  # noqa: N818  (named after what was found)
    """The text is not an object in strict JSON."""


def parse_object(raw: bytes) -> JsonObject:
    """Return the object that ``raw`` spells.

    Raises:
        NotStrictJson: It does not, or not unambiguously.

    """
    try:
        # A byte order mark starts no value.
        # conformance: payload/invalid-utf8, payload/utf16, payload/bom
        text = raw.decode().strip(" \t\n\r")
        value, end = _scan(text, 0)
        if type(value) is dict and text.count(",") != len(value) - 1:
            _look_for_duplicates(text, value)
    except (ValueError, OverflowError, StopIteration) as error:  # includes both Unicode errors
        raise NotStrictJson("not strict JSON") from error
    except RecursionError as error:  # conformance: dos/deep-nesting
        raise NotStrictJson("nested too deeply") from error
    if end != len(text):
        raise NotStrictJson("something follows the JSON value")
    if type(value) is not dict:  # conformance: payload/array, payload/string, header/not-object
        raise NotStrictJson("not a JSON object")
    if _HAS_ESCAPES(text):
        _refuse_lone_surrogates(value)
    return value


def _look_for_duplicates(text: str, value: JsonObject) -> None:
    """Refuse the text if any object in it names a member twice.

    Seeing that while parsing takes half as long again, and most tokens need not. An object or a
    list of n things has n - 1 commas between them, and these are in the text whatever becomes of
    it; but what is made of an object that names a member twice has fewer members, and so needs
    fewer commas. If the text has no more commas than its value needs, then there is no duplicate.
    (If it has only those that the members of the value itself need, this is not even called.)
    If it has more, then there is one, or there is a comma in a string: look at each member.
    """
    if text.count(",") != commas_within(value):
        _scan_seeing_duplicates(text, 0)


def commas_within(value: JsonObject) -> int:
    """Return how many commas it takes to write ``value``, not counting those in strings."""
    commas = 0
    containers: list[JsonObject | list[JsonValue]] = [value]
    for container in containers:  # and what is in them, as it is found
        commas += max(len(container) - 1, 0)
        things = container.values() if isinstance(container, dict) else container
        containers += [thing for thing in things if isinstance(thing, dict | list)]
    return commas


def copy_of(value: JsonValue) -> JsonValue:
    """Return an equal value that shares nothing with this one."""
    # As deep as `parse_object` can go, which a recursive function could not.
    copied: JsonValue = json.loads(json.dumps(value))
    return copied


def _unique(members: list[tuple[str, JsonValue]]) -> JsonObject:
    """Build an object, refusing duplicates.

    # conformance: payload/duplicate-member, header/duplicate-alg
    """
    value = dict(members)
    if len(value) != len(members):
        raise NotStrictJson("a member is named twice")
    return value


def _refuse_constant(name: str) -> NoReturn:
    """Refuse what is not JSON at all. # conformance: payload/nan."""
    raise NotStrictJson(f"{name} is not JSON")


def _finite(literal: str) -> float:
    """Refuse what would become infinity: a token that never expires. # conformance: time/exp/huge.

    RFC 8259 §6 allows an implementation to limit the range.
    """
    value = float(literal)
    if math.isinf(value):
        raise NotStrictJson("a number is out of range")
    return value


def _scanner(**hooks: Any) -> Callable[[str, int], tuple[Any, int]]:
    """Return what reads one value at a place in a text; raises StopIteration if there is none.

    Not `JSONDecoder.decode`, which matches white space with two regular expressions.
    """
    decoder: Any = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, **hooks)
    scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once
    return scan


_scan = _scanner()
_scan_seeing_duplicates = _scanner(object_pairs_hook=_unique)

# Twice as fast as ``in``; and other backslashes are common, for some spell ``/`` as ``\/``.
_HAS_ESCAPES = re.compile(r"\\u").search


def _refuse_lone_surrogates(value: JsonObject) -> None:
    r"""Refuse ``"\ud800"``: it is no character, and cannot be written anywhere (RFC 8259 §8.2).

    # conformance: payload/lone-surrogate
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise NotStrictJson("a lone surrogate, or too deep to tell") from error
