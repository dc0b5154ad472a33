"""Decode base64url as RFC 7515 §2 writes it: no padding, one spelling for each value."""

from binascii import a2b_base64

# By the length modulo 4: what may be last, and the padding that was left out. RFC 4648 §3.5: the
# unused bits are zero, or else a token has several spellings and slips past a denylist of token
# texts. # conformance: compact/unused-bits
_ENDINGS = (
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", ""),
    ("", ""),
    ("AQgw", "=="),
    ("AEIMQUYcgkosw048", "="),
)


def decode(segment: str) -> bytes:
    """Return the octets that ``segment`` spells.

    Raises:
        ValueError: It is not the canonical base64url of anything.

    """
    last, padding = _ENDINGS[len(segment) & 3]
    # conformance: compact/padded
    if segment[-1:] not in last:
        raise ValueError("not canonical base64url")
    # conformance: compact/standard-alphabet
    if "+" in segment or "/" in segment:
        raise ValueError("not the alphabet of base64url")
    standard = segment.replace("-", "+").replace("_", "/") + padding
    # It refuses all other characters, and padding before the end.
    # conformance: compact/illegal-character
    return a2b_base64(standard, strict_mode=True)
