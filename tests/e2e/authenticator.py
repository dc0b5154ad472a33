"""An authenticator app: RFC 6238 with its defaults (SHA-1, 30 seconds, 6 digits)."""

import base64
import hashlib
import hmac
import struct
import time

STEP = 30


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code of now, or of ``steps`` later.

    No code works twice (COG-API-MFA-008) and one step of skew is tolerated (COG-API-MFA-010), so
    the next step's code is what a second use within 30 seconds takes.
    """
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // STEP + steps)
    digest = hmac.digest(key, counter, hashlib.sha1)
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 0x0F)
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"


def wrong_code(secret: str) -> str:
    """Return six digits that no step around now has."""
    taken = {code_of(secret, steps=steps) for steps in range(-3, 4)}
    return next(code for code in ("000000", *map(str, range(111111, 111120))) if code not in taken)
