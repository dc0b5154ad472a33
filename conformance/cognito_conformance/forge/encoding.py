"""base64url and compact JSON, as RFC 7515 §2 has them."""

import base64
import json
from typing import Any


def b64url(data: bytes) -> str:
    """Encode without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_decode(text: str) -> bytes:
    """Decode with the padding restored."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64url_uint(number: int) -> str:
    """Encode a big-endian integer in the fewest octets (RFC 7518 §2, Base64urlUInt)."""
    return b64url(number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big"))


def compact_json(value: Any) -> str:
    """Serialise without blanks, non-ASCII text as itself."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
