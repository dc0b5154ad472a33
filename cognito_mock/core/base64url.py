"""base64url without padding (RFC 7515 §2), strict when decoding."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def base64url(data: bytes) -> str:
    """Encode without padding (COG-TOK-007)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Decode; raise ValueError for padding, foreign characters or an impossible length."""
    # The standard library would silently skip what is not in the alphabet.
    if _ALPHABET.fullmatch(text) is None or len(text) % 4 == 1:
        raise ValueError("not base64url")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
