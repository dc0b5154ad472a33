"""base64url, JSON and numbers, read strictly: the reference's own, shared with nobody."""

import base64
import json
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from cognito_conformance.model import Rejected

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_REMEMBERED_LENGTH: Final = 4096


def decode_segment(segment: str) -> bytes:
    """Decode base64url that is spelt the one right way (RFC 7515 §2, RFC 4648 §3.5)."""
    return _remembered(segment) if len(segment) <= _REMEMBERED_LENGTH else _decode(segment)


def _decode(segment: str) -> bytes:
    if not _ALPHABET.fullmatch(segment) or len(segment) % 4 == 1:
        raise Rejected("malformed", "a segment is not base64url")
    octets = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() != segment:
        raise Rejected("malformed", "a segment has unused bits set")
    return octets


# Each of two hundred flawed verifiers is shown the same tokens.
_remembered: Final = lru_cache(maxsize=8192)(_decode)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members. Raises ValueError where one occurs twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def no_constant(name: str) -> Any:
    """Refuse NaN and Infinity (RFC 8259 §6)."""
    raise ValueError(f"{name} is no JSON")


def finite(text: str) -> float:
    """Read a fraction. Raises ValueError where it overflows."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number


def parse_json(
    octets: bytes,
    *,
    members: Callable[[list[tuple[str, Any]]], dict[str, Any]] = unique,
    constant: Callable[[str], Any] = no_constant,
    fraction: Callable[[str], float] = finite,
) -> Any:
    """Parse strict UTF-8 JSON: no byte order mark, no NaN, no member twice, no endless depth."""
    try:
        return json.loads(
            octets.decode("utf-8"),
            object_pairs_hook=members,
            parse_constant=constant,
            parse_float=fraction,
        )
    except (ValueError, RecursionError) as error:
        raise Rejected("malformed", "a segment is not JSON") from error


def is_number(value: object) -> bool:
    """Tell whether a JSON value is a number: a Python bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
