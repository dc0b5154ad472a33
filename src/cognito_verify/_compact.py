"""Read a compact JWS (RFC 7515 §7.1) as far as it can be read without a key.

Decides: three canonical segments of strict JSON, RS256, no extensions, a key id. Nothing that this
module returns may be believed yet; embedded keys and their addresses (``jwk``, ``jku``, ``x5c``,
``x5u``) are never even looked at.
# conformance: header/jwk-embedded, header/jku-attacker, header/x5u-attacker, header/x5c-attacker
"""

from functools import lru_cache
from typing import NamedTuple

from cognito_verify._base64url import decode
from cognito_verify._strict_json import JsonObject, NotStrictJson, parse_object
from cognito_verify.errors import AlgorithmRefused, HeaderRefused, MalformedToken, UnknownKey

#: No HTTP server takes a header this long; Cognito's tokens have 1-4 KiB.
MAX_TOKEN_LENGTH = 64 * 1024
MAX_HEADER_LENGTH = 8 * 1024


class Untrusted(NamedTuple):
    """A well-formed token that anybody may have written. Made by `parse_compact` alone.

    A named tuple, like all stages: building a frozen dataclass takes four times as long, and
    importing the module that makes them is most of this library's own import time.
    """

    kid: str
    claims: JsonObject
    signing_input: bytes
    signature: bytes


def parse_compact(token: str) -> Untrusted:
    """Take ``token`` apart.

    Raises:
        MalformedToken: It is no compact JWS of strict JSON.
        HeaderRefused: It asks for an extension.
        AlgorithmRefused: It is not for RS256.
        UnknownKey: It names no key.

    """
    if not isinstance(token, str):
        raise MalformedToken("a token is text")
    if len(token) > MAX_TOKEN_LENGTH:  # conformance: dos/large-payload, dos/many-dots
        raise MalformedToken(f"a token has at most {MAX_TOKEN_LENGTH} characters")
    if not token.isascii():
        raise MalformedToken("a token is ASCII")
    # conformance: compact/one-part, compact/two-parts, compact/four-parts, compact/jwe-five-parts
    signed_text, _, encoded_signature = token.rpartition(".")
    encoded_header, _, encoded_payload = signed_text.partition(".")
    if not encoded_payload or "." in encoded_payload:
        raise MalformedToken("a token has three parts")
    kid = _read_header(encoded_header)
    try:
        # Before any key is looked for. # conformance: rotation/no-fetch-before-shape
        claims = parse_object(decode(encoded_payload))
    except NotStrictJson as error:
        raise MalformedToken(f"the payload is not acceptable: {error}") from None
    except ValueError:
        raise MalformedToken("the payload is not base64url") from None
    try:
        signature = decode(encoded_signature)
    except ValueError:
        raise MalformedToken("the signature is not base64url") from None
    if not signature:  # conformance: compact/empty-signature
        raise MalformedToken("the signature is empty")
    # As a named tuple's own constructor does, without a Python function in between.
    return tuple.__new__(Untrusted, (kid, claims, signed_text.encode(), signature))


# Reading a header is a pure function, and a pool has two headers, one for each key (COG-TOK-005).
@lru_cache(maxsize=32)
def _read_header(encoded: str) -> str:
    """Return the key id of an acceptable header; refuse all others."""
    if len(encoded) > MAX_HEADER_LENGTH:  # conformance: kid/injection
        raise MalformedToken(f"a header has at most {MAX_HEADER_LENGTH} characters")
    try:
        header = parse_object(decode(encoded))
    except NotStrictJson as error:
        raise MalformedToken(f"the header is not acceptable: {error}") from None
    except ValueError:
        raise MalformedToken("the header is not base64url") from None
    # RFC 7515 §4.1.11: all listed extensions must be understood, and none is; an empty or
    # malformed list is an error too. # conformance: header/crit-*
    if "crit" in header:
        raise HeaderRefused(member="crit")
    # RFC 7797 §6: an unencoded payload must be listed in crit. # conformance: header/crit-b64
    if header.get("b64", True) is not True:
        raise HeaderRefused(member="b64")
    # RFC 8725 §3.1: the algorithm is the verifier's choice. # conformance: alg/*
    if header.get("alg") != "RS256":
        raise AlgorithmRefused(algorithm=header.get("alg"))
    kid = header.get("kid")
    # Never "the only key there is".
    # conformance: kid/missing, kid/missing-single, kid/not-a-string, kid/empty
    if not isinstance(kid, str) or not kid:
        raise UnknownKey(kid=kid, why="is no key id")
    return kid
