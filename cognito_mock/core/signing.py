"""RS256 over the pool's keys. Loaded keys are cached by kid; nothing else is remembered."""

from typing import Protocol

from cognito_mock.core.pools import SigningKey


class Signer(Protocol):
    """Signs a JWS signing input."""

    def sign(self, key: SigningKey, signing_input: bytes) -> bytes:
        """Return the RSASSA-PKCS1-v1_5 SHA-256 signature (RFC 7518 §3.3)."""

    def public_jwk(self, key: SigningKey) -> dict[str, str]:
        """Return the JWK in the service's member order: alg, e, kid, kty, n, use (COG-JWK-004)."""
