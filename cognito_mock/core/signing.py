"""RS256 over the pool's keys. Loaded keys are cached by kid and PEM; nothing else is remembered."""

from collections import OrderedDict
from threading import Lock
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_mock.core.base64url import base64url
from cognito_mock.core.pools import SigningKey

_CACHED_KEYS = 256
_PADDING = padding.PKCS1v15()
_HASH = hashes.SHA256()
# A key and the signing input that it is to sign.
Unsigned = tuple[SigningKey, bytes]


class Signer(Protocol):
    """Signs a JWS signing input."""

    def sign(self, key: SigningKey, signing_input: bytes) -> bytes:
        """Return the RSASSA-PKCS1-v1_5 SHA-256 signature (RFC 7518 §3.3)."""

    def sign_both(self, first: Unsigned, second: Unsigned) -> tuple[bytes, bytes]:
        """Return two signatures, which may be made at the same time."""

    def verify(self, key: SigningKey, signing_input: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` is the key's over ``signing_input``."""

    def public_jwk(self, key: SigningKey) -> dict[str, str]:
        """Return the JWK in the service's member order: alg, e, kid, kty, n, use (COG-JWK-004)."""


class RsaSigner:
    """Signs with keys from their PEM text.

    They are the store's own, made here or checked when a snapshot was read. Checking the primes
    again would cost as much as a hundred signatures.
    """

    def __init__(self) -> None:
        self._loaded: OrderedDict[SigningKey, rsa.RSAPrivateKey] = OrderedDict()
        self._lock = Lock()

    def sign(self, key: SigningKey, signing_input: bytes) -> bytes:
        """Return the RSASSA-PKCS1-v1_5 SHA-256 signature (RFC 7518 §3.3)."""
        return self._private_key(key).sign(signing_input, _PADDING, _HASH)

    def sign_both(self, first: Unsigned, second: Unsigned) -> tuple[bytes, bytes]:
        """Return two signatures, one made after the other."""
        return self.sign(*first), self.sign(*second)

    def verify(self, key: SigningKey, signing_input: bytes, signature: bytes) -> bool:
        """Tell whether ``signature`` is the key's over ``signing_input``."""
        try:
            self._private_key(key).public_key().verify(signature, signing_input, _PADDING, _HASH)
        except InvalidSignature:
            return False
        return True

    def public_jwk(self, key: SigningKey) -> dict[str, str]:
        """Return the JWK in the service's member order (COG-JWK-004, -006)."""
        numbers = self._private_key(key).public_key().public_numbers()
        return {
            "alg": "RS256",
            "e": base64url(_big_endian(numbers.e)),
            "kid": key.kid,
            "kty": "RSA",
            "n": base64url(_big_endian(numbers.n)),
            "use": "sig",
        }

    def _private_key(self, key: SigningKey) -> rsa.RSAPrivateKey:
        # The PEM is part of the cache's key: two keys may be given the same kid on purpose.
        with self._lock:
            loaded = self._loaded.get(key)
            if loaded is not None:
                self._loaded.move_to_end(key)
                return loaded
        loaded = _load(key.pem, checked=True)
        with self._lock:
            self._loaded[key] = loaded
            if len(self._loaded) > _CACHED_KEYS:
                self._loaded.popitem(last=False)
        return loaded


def load_private_key(pem: str) -> rsa.RSAPrivateKey:
    """Load and check an unencrypted RSA private key; raise ValueError for anything else."""
    return _load(pem, checked=False)


def _load(pem: str, *, checked: bool) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(
        pem.encode("ascii"), password=None, unsafe_skip_rsa_key_validation=checked
    )
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA private key")  # noqa: TRY004  (the text is wrong, not a type)
    return key


def _big_endian(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
