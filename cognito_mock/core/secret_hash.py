"""SECRET_HASH, and comparing secrets (COG-API-SECRET-001)."""

import hashlib
import hmac
from base64 import b64encode

from cognito_mock.core.clients import AppClient


def secret_hash(secret: str, username: str, client_id: str) -> str:
    """Return Base64(HMAC-SHA256(secret, username + client id))."""
    message = utf8(username + client_id)
    return b64encode(hmac.digest(utf8(secret), message, hashlib.sha256)).decode("ascii")


def secret_hash_matches(client: AppClient, username: str, given: str) -> bool:
    """Tell whether ``given`` was made with any of the client's secrets (COG-API-SECRET-005)."""
    matches = [
        same_text(secret_hash(secret.value, username, client.id), given)
        for secret in client.secrets
    ]
    return any(matches)


def secret_matches(client: AppClient, given: str) -> bool:
    """Tell whether ``given`` is any of the client's secrets (COG-TKE-006)."""
    matches = [same_text(secret.value, given) for secret in client.secrets]
    return any(matches)


def same_text(expected: str, given: str) -> bool:
    """Compare without telling by the time taken where the texts differ."""
    return hmac.compare_digest(utf8(expected), utf8(given))


def utf8(text: str) -> bytes:
    """Encode any text; JSON can carry lone surrogates, and a wrong secret must not be a crash."""
    return text.encode("utf-8", "surrogatepass")


def digest_of(secret: str) -> str:
    """Return how a random secret that a client holds is known to the store: SHA-256 in hex."""
    return hashlib.sha256(utf8(secret)).hexdigest()
