"""Parse a JSON object that has one meaning only (RFC 8259, RFC 7515 §4, RFC 7519 §4).

Not accepted: another encoding than UTF-8, a byte order mark, a member named twice, NaN and
Infinity, numbers that overflow, lone surrogates, nesting deeper than the interpreter's stack.

To see duplicates while parsing takes half as long again, and most tokens need not: the members are
counted afterwards. Between n members there are n - 1 commas, and behind the name of each a colon,
and these are in the text whatever becomes of a member. What is made of an object that names one
twice has fewer. So if the text has no more commas than the members that came of it need, or (where
there is no space before any colon) as many ``":`` as there are members, then none was named twice.
If it has more, then that may be for a list, or for a string; in doubt, the text is parsed again.
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
        value: JsonObject
        if text.rfind("{") == 0:  # one object, and none in it
            value, end = _scan(text, 0)
            if text.count(",") != len(value) - 1 and not _is_one_colon_each(text, len(value)):
                _scan_seeing_duplicates(text, 0)
        else:
            value, end = _scan_seeing_duplicates(text, 0)
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


def _is_one_colon_each(text: str, members: int) -> bool:
    """Tell whether there is no other ``":`` in a text without objects in its object."""
    if " :" in text or "\t" in text or "\n" in text or "\r" in text:
        return False
    return text.count('":') == members


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
