"""Time-based one-time passwords: RFC 6238 with SHA-1, 30 seconds, 6 digits (COG-API-MFA-010)."""

import hashlib
import hmac
from base64 import b32decode, b32encode

from cognito_mock.core.ids import Entropy
from cognito_mock.core.secret_hash import same_text

STEP_SECONDS = 30
_MODULUS = 10**6
# 256 bits make the 52 characters of COG-API-MFA-009; RFC 4226 §4 asks for 160 at most.
_SECRET_BYTES = 32
# COG-API-MFA-010, RFC 6238 §5.2: the step before and the one after are taken too.
_TOLERATED_STEPS = 1


def new_totp_secret(entropy: Entropy) -> str:
    """Return a secret as authenticator apps take it: base32 without padding."""
    return b32encode(entropy.token_bytes(_SECRET_BYTES)).decode("ascii").rstrip("=")


def step_at(now: float) -> int:
    """Return the number of the time step (RFC 6238 §4.2)."""
    return int(now // STEP_SECONDS)


def totp_code(secret: str, step: int) -> str:
    """Return the code of a time step (RFC 4226 §5.3)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % _MODULUS:06}"


def matching_steps(secret: str, given: str, *, now: float) -> list[int]:
    """Return the steps around ``now`` whose code is ``given``."""
    here = step_at(now)
    around = range(max(here - _TOLERATED_STEPS, 0), here + _TOLERATED_STEPS + 1)
    return [step for step in around if same_text(totp_code(secret, step), given)]


def unused_step(steps: list[int], *, last_used: int, now: float) -> int | None:
    """Return a step that is later than the last used one: a code is good once (RFC 6238 §5.2).

    A used step that lies in the future tells of a clock that was put back; it binds nobody.
    """
    if last_used > step_at(now) + _TOLERATED_STEPS:
        last_used = -1
    return next((step for step in steps if step > last_used), None)
