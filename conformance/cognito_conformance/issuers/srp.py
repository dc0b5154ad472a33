"""The client's side of USER_SRP_AUTH (COG-API-SRP-001 to 009): pure arithmetic.

Shares nothing with any issuer, so that both sides cannot be wrong in the same way.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

# RFC 3526 §4: the 3072-bit group.
N: Final = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G: Final = 2
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
)  # fmt: skip


class UnusableChallenge(ValueError):  # noqa: N818  (it describes the answer)
    """Challenge parameters with which nobody could go on."""


def padded(number: int) -> bytes:
    """Return big-endian octets whose first bit is 0 (COG-API-SRP-002)."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(*parts: bytes) -> int:
    """Return SHA-256 over the parts, as a number."""
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K: Final = digest(padded(N), padded(G))


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the server sent: COG-API-SRP-010."""

    salt: int
    public: int
    secret_block: bytes
    user_id: str

    @classmethod
    def read(cls, parameters: Mapping[str, object]) -> Self:
        """Read ChallengeParameters. Raises `UnusableChallenge`."""
        try:
            return cls(
                salt=int(str(parameters["SALT"]), 16),
                public=int(str(parameters["SRP_B"]), 16),
                secret_block=base64.b64decode(str(parameters["SECRET_BLOCK"]), validate=True),
                user_id=str(parameters["USER_ID_FOR_SRP"]),
            )
        except KeyError as error:
            raise UnusableChallenge(f"the challenge has no {error}") from error
        except (ValueError, binascii.Error) as error:
            raise UnusableChallenge("a parameter of the challenge cannot be decoded") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SrpClient:
    """One attempt to sign in: a secret number and what is made of it."""

    secret: int

    @classmethod
    def create(cls) -> Self:
        """Draw the secret number: RFC 5054 §3.1 asks for 256 bits."""
        return cls(secret=secrets.randbits(256))

    @property
    def public(self) -> int:
        """The number A, which is sent as hex."""
        return pow(G, self.secret, N)

    def proof(self, challenge: Challenge, *, pool: str, password: str, timestamp: str) -> str:
        """Return PASSWORD_CLAIM_SIGNATURE; ``pool`` is the part of the pool's id after ``_``."""
        identity = f"{pool}{challenge.user_id}:{password}".encode()
        x = digest(padded(challenge.salt), hashlib.sha256(identity).digest())
        u = digest(padded(self.public), padded(challenge.public))
        shared = pow(challenge.public - K * pow(G, x, N), self.secret + u * x, N)
        return signature(challenge, shared, u, pool=pool, timestamp=timestamp)


def signature(challenge: Challenge, shared: int, u: int, *, pool: str, timestamp: str) -> str:
    """Sign a challenge with the key that follows from the shared number (COG-API-SRP-007, 008)."""
    extracted = hmac.digest(padded(u), padded(shared), hashlib.sha256)
    key = hmac.digest(extracted, b"Caldera Derived Key\x01", hashlib.sha256)[:16]
    message = (
        pool.encode() + challenge.user_id.encode() + challenge.secret_block + timestamp.encode()
    )
    return base64.b64encode(hmac.digest(key, message, hashlib.sha256)).decode()


def timestamp_of(now: float) -> str:
    """Return TIMESTAMP for ``now`` (epoch seconds): English, whatever the locale."""
    at = dt.datetime.fromtimestamp(now, tz=dt.UTC)
    return (
        f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day} "
        f"{at.hour:02}:{at.minute:02}:{at.second:02} UTC {at.year}"
    )
