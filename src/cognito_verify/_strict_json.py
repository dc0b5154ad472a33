"""Parse a JSON object that has one meaning only (RFC 8259, RFC 7515 §4, RFC 7519 §4).

Not accepted: another encoding than UTF-8, a byte order mark, a member named twice, NaN and
Infinity, numbers that overflow, lone surrogates, nesting deeper than the interpreter's stack.
"""

import json
import math
import re
from typing import NoReturn, TypeAlias

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
        value, end = _DECODE(text)
    except (ValueError, OverflowError) as error:  # includes both Unicode errors
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


# Not `decode`, which matches white space with two regular expressions.
_DECODE = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite
).raw_decode


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
