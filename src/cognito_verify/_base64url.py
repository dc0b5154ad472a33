"""Decode base64url as RFC 7515 §2 writes it: no padding, one spelling for each value."""

import binascii

# The padding, and the two characters of the other alphabet, become characters that no decoder
# takes; so one strict decoding checks the alphabet as well.
# conformance: compact/standard-alphabet, compact/padded, compact/illegal-character
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_PADDING = (b"", b"", b"==", b"=")
# RFC 4648 §3.5: the last character's unused bits are zero, or else a token has several spellings
# and slips past a denylist of token texts. # conformance: compact/unused-bits
_LAST = (frozenset[int](), frozenset[int](), frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))


def decode(segment: bytes) -> bytes:
    """Return the octets that ``segment`` spells.

    Raises:
        ValueError: It is not the canonical base64url of anything.

    """
    remainder = len(segment) & 3
    if remainder and segment[-1] not in _LAST[remainder]:
        raise ValueError("not canonical base64url")
    standard = segment.translate(_TO_STANDARD) + _PADDING[remainder]
    return binascii.a2b_base64(standard, strict_mode=True)
