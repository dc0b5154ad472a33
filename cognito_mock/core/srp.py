"""The server's side of Secure Remote Password as Cognito speaks it (COG-API-SRP-001 ... -013).

Names are those of RFC 5054 (N, g, k, A, B, u, S, v, x), so they keep their case here.
"""
# ruff: noqa: N803, N806  (names from the RFC)

import hashlib
import hmac
from base64 import b64encode
from dataclasses import dataclass

from cognito_mock.core.fixed_base import power
from cognito_mock.core.secret_hash import utf8

# RFC 3526 §4, the 3072-bit MODP group (COG-API-SRP-001).
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
K = int("538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6", 16)  # COG-API-SRP-003

_HEX_DIGITS_OF_N = 768
_INFO = b"Caldera Derived Key\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The server's half of one exchange: its secret ``b`` and its public ``B``."""

    b: int
    B: int


def pad_hex(number: int) -> bytes:
    """Return the bytes of a two's-complement positive number (COG-API-SRP-002)."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"\0"


def parse_public_value(text: str) -> int | None:
    """Read a client's A; None for what is not plain hex or is 0 modulo N (COG-API-SRP-004)."""
    if not 0 < len(text) <= _HEX_DIGITS_OF_N or set(text) - set("0123456789abcdefABCDEF"):
        return None
    A = int(text, 16)
    # RFC 5054 §2.5.4: with A = 0 the shared secret would be known to anybody.
    return A if A % N else None


def make_verifier(pool_name: str, user_id: str, password: str, salt: str) -> str:
    """Return v = g^x in hex. ``salt`` is hex (COG-API-SRP-005)."""
    inner = hashlib.sha256(utf8(f"{pool_name}{user_id}:{password}")).digest()
    x = hashlib.sha256(pad_hex(int(salt, 16)) + inner).digest()
    return f"{power(G, int.from_bytes(x, 'big'), N):x}"


def begin_exchange(verifier: str, random: bytes) -> Exchange:
    """Return b and B = k·v + g^b (COG-API-SRP-006).

    RFC 5054 §2.6.1 asks for at least 256 bits of b; more would only cost time.
    """
    b = int.from_bytes(random, "big")
    return Exchange(b=b, B=(K * int(verifier, 16) + power(G, b, N)) % N)


def session_key(exchange: Exchange, A: int, verifier: str) -> bytes:
    """Return the 16-byte key that both sides share (COG-API-SRP-006, -007)."""
    u = hashlib.sha256(pad_hex(A) + pad_hex(exchange.B)).digest()
    u_number = int.from_bytes(u, "big")
    S = pow(A * pow(int(verifier, 16), u_number, N), exchange.b, N)
    prk = hmac.digest(pad_hex(u_number), pad_hex(S), hashlib.sha256)
    return hmac.digest(prk, _INFO, hashlib.sha256)[:16]


def claim_signature(
    key: bytes, *, pool_name: str, user_id: str, secret_block: bytes, timestamp: str
) -> str:
    """Return the PASSWORD_CLAIM_SIGNATURE that a right password leads to (COG-API-SRP-008)."""
    message = utf8(pool_name + user_id) + secret_block + utf8(timestamp)
    return b64encode(hmac.digest(key, message, hashlib.sha256)).decode("ascii")


def simulated_verifier(seed: bytes) -> str:
    """Return a stable number that no password leads to, at the price of a hash."""
    return f"{int.from_bytes(hashlib.shake_256(seed).digest(384), 'big') % N:x}"
