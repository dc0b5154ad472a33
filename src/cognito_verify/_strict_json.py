"""Parse a JSON object that has one meaning only (RFC 8259, RFC 7515 §4, RFC 7519 §4).

Not accepted: another encoding than UTF-8, a byte order mark, a member named twice, NaN and
Infinity, numbers that overflow, lone surrogates, nesting deeper than `MAX_DEPTH`.
"""

import json
import math
import re
from typing import NoReturn, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, JsonValue]

#: Far more than any Cognito token has, far less than an interpreter's stack.
MAX_DEPTH = 32


class NotStrictJson(ValueError):  # noqa: N818  (named after what was found)
    """The text is not an object in strict JSON."""


def parse_object(raw: bytes) -> JsonObject:
    """Return the object that ``raw`` spells.

    Raises:
        NotStrictJson: It does not, or not unambiguously.

    """
    # conformance: dos/deep-nesting - the depth is known before anything recurses
    if not _is_flat(raw) and _depth(raw) > MAX_DEPTH:
        raise NotStrictJson("nested too deeply")
    try:
        # conformance: payload/invalid-utf8, payload/utf16; a byte order mark starts no value
        text = raw.decode().strip(" \t\n\r")
        value, end = _DECODE(text)
    except (ValueError, OverflowError) as error:  # includes both Unicode errors
        raise NotStrictJson("not strict JSON") from error
    if end != len(text):
        raise NotStrictJson("something follows the JSON value")
    if type(value) is not dict:  # conformance: payload/array, payload/string, header/not-object
        raise NotStrictJson("not a JSON object")
    if "\\" in text and "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


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


_DECODE = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite
).raw_decode

# Matches wherever it starts, also without a closing quote: linear time on any input.
_STRING = re.compile(rb'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
_NOT_BRACKET = bytes(sorted(set(range(256)) - set(b"[]{}")))


def _is_flat(raw: bytes) -> bool:
    """Tell, at the least cost, that this is like most tokens: one object with one list or none."""
    return raw.find(b"{", 1) < 0 and raw.find(b"[") == raw.rfind(b"[")


def _depth(raw: bytes) -> int:
    """Return how deep the brackets outside of strings nest."""
    depth = deepest = 0
    for bracket in _STRING.sub(b"", raw).translate(None, _NOT_BRACKET):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _refuse_lone_surrogates(value: JsonObject) -> None:
    r"""Refuse ``"\ud800"``: it is no character, and cannot be written anywhere (RFC 8259 §8.2)."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotStrictJson("a lone surrogate") from error
