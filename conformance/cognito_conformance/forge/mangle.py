"""What is done to the finished string: cut, glued, re-spelt."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from cognito_conformance.forge.encoding import b64url, b64url_decode
from cognito_conformance.forge.errors import RecipeError

SEGMENTS: Final = ("header", "payload", "signature")
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def mangle(token: str, step: str) -> str:
    """Apply one step: ``name`` or ``name:argument``, e.g. ``insert:signature:!``."""
    name, _, argument = step.partition(":")
    if name not in MANGLES:
        raise RecipeError(f"unknown mangle {name!r}; known: {', '.join(sorted(MANGLES))}")
    changed = MANGLES[name](token, argument)
    if changed == token:
        raise RecipeError(f"mangle {step!r} left the token as it was")
    return changed


def _segment(token: str, argument: str, change: Callable[[str, str], str]) -> str:
    which, _, rest = argument.partition(":")
    if which not in SEGMENTS:
        raise RecipeError(f"{which!r} is not one of {', '.join(SEGMENTS)}")
    parts = token.split(".")
    index = SEGMENTS.index(which)
    parts[index] = change(parts[index], rest)
    return ".".join(parts)


def _insert(segment: str, text: str) -> str:
    middle = len(segment) // 2
    return segment[:middle] + text + segment[middle:]


def _flip(segment: str, bit: str) -> str:
    octets = bytearray(b64url_decode(segment))
    number = int(bit) % (8 * len(octets))
    octets[number // 8] ^= 0x80 >> number % 8
    return b64url(bytes(octets))


def _unused_bits(segment: str, _: str) -> str:
    # RFC 4648 §3.5: 256 octets leave four unused bits in the last character.
    if len(segment) % 4 in (0, 1):
        raise RecipeError("this segment has no unused bits")
    return segment[:-1] + ALPHABET[ALPHABET.index(segment[-1]) | 1]


def _json_serialization(token: str, _: str) -> str:
    protected, payload, signature = token.split(".")
    # RFC 7515 §7.2.2, the flattened form.
    return json.dumps({"payload": payload, "protected": protected, "signature": signature})


MANGLES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "drop-signature": lambda token, _: token.rpartition(".")[0],
    "only": lambda token, argument: token.split(".")[SEGMENTS.index(argument)],
    "empty": lambda token, argument: _segment(token, argument, lambda *_: ""),
    "append-part": lambda token, argument: f"{token}.{argument}",
    "prefix": lambda token, argument: argument + token,
    "suffix": lambda token, argument: token + argument,
    "insert": lambda token, argument: _segment(token, argument, _insert),
    "pad": lambda token, argument: _segment(
        token, argument, lambda segment, _: segment + "=" * (-len(segment) % 4)
    ),
    "flip": lambda token, argument: _segment(token, argument, _flip),
    "unused-bits": lambda token, argument: _segment(token, argument, _unused_bits),
    "standard-alphabet": lambda token, argument: _segment(
        token, argument, lambda segment, _: segment.replace("-", "+").replace("_", "/")
    ),
    "json-serialization": _json_serialization,
    "split-dot": lambda token, argument: token.replace(".", argument),
}
