"""Decode base64url as RFC 7515 §2 writes it: no padding, one spelling for each value."""

import binascii

_PADDING = ("", "", "==", "=")
# RFC 4648 §3.5: the last character's unused bits are zero, or else a token has several spellings
# and slips past a denylist of token texts. # conformance: compact/unused-bits
_LAST = ("", "", "AQgw", "AEIMQUYcgkosw048")


def decode(segment: str) -> bytes:
    """Return the octets that ``segment`` spells.

    Raises:
        ValueError: It is not the canonical base64url of anything.

    """
    remainder = len(segment) & 3
    if remainder and segment[-1] not in _LAST[remainder]:
        raise ValueError("not canonical base64url")
    # conformance: compact/standard-alphabet, compact/padded
    if "+" in segment or "/" in segment or "=" in segment:
        raise ValueError("not the alphabet of base64url")
    standard = segment.replace("-", "+").replace("_", "/") + _PADDING[remainder]
    # It refuses all other characters. # conformance: compact/illegal-character
    return binascii.a2b_base64(standard, strict_mode=True)
