"""The reference's keys: made once a process, by number."""

import base64
import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_conformance.forge.encoding import b64url_uint

BITS = 2048


@lru_cache(maxsize=16)
def key(number: int, bits: int = BITS) -> rsa.RSAPrivateKey:
    """Return the key with this number, the same one every time."""
    del number
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


def kid(number: int) -> str:
    """Return what it is called: base64 of 32 bytes (COG-TOK-003)."""
    return base64.b64encode(hashlib.sha256(f"key {number}".encode()).digest()).decode()


def jwk(number: int, bits: int = BITS) -> dict[str, str]:
    """Return it as it is published (COG-JWK-004)."""
    numbers = key(number, bits).public_key().public_numbers()
    return {
        "alg": "RS256",
        "e": b64url_uint(numbers.e),
        "kid": kid(number),
        "kty": "RSA",
        "n": b64url_uint(numbers.n),
        "use": "sig",
    }


def sign(number: int, signing_input: str, bits: int = BITS) -> bytes:
    """Sign with RS256."""
    return key(number, bits).sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256())
