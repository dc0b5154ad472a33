"""Making signing keys, and publishing them."""

from base64 import b64encode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cognito_mock.core.ids import Entropy
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import PoolKeys, SigningKey
from cognito_mock.core.signing import Signer


def new_signing_key(entropy: Entropy) -> SigningKey:
    """Make an RSA-2048 key (COG-TOK-002). ``entropy`` gives the kid; OpenSSL draws its own primes.

    The kid is standard base64 of 32 bytes, not base64url (COG-TOK-003).
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SigningKey(kid=b64encode(entropy.token_bytes(32)).decode(), pem=pem.decode())


def jwks_document(pool_keys: PoolKeys, signer: Signer) -> JsonObject:
    """Return what ``/.well-known/jwks.json`` serves (COG-JWK-003)."""
    return {"keys": [signer.public_jwk(key) for key in pool_keys.published]}
