"""Links from the start page to the Hosted UI, and the proof that an answer belongs to one of them.

The browser keeps one secret in a cookie. ``state`` and ``nonce`` are random per link and sealed
with it, so nothing is stored here, several tabs may sign in, and a callback address that somebody
else made up is refused (RFC 6749 §10.12, OpenID Connect Core §3.1.2.1).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from cognito_mock.core.ids import Entropy

COOKIE = "cognito-mock-browser"
CALLBACK_PATH = "/_mock/callback"
_SECRET = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BrowserSecret:
    """What one browser's cookie holds: 32 random bytes as hex."""

    value: str

    def seal(self, purpose: str, text: str) -> str:
        """Return a text that only this browser's secret gives for ``purpose`` and ``text``."""
        message = f"{purpose}\0{text}".encode()
        digest = hmac.digest(self.value.encode(), message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def browser_secret(cookie: str | None, entropy: Entropy) -> BrowserSecret:
    """Return the browser's secret, a new one if the cookie holds none."""
    if cookie is not None and _SECRET.fullmatch(cookie):
        return BrowserSecret(cookie)
    return BrowserSecret(entropy.token_bytes(32).hex())


def authorize_link(
    secret: BrowserSecret,
    entropy: Entropy,
    *,
    base: str,
    client_id: str,
    redirect_uri: str,
    scopes: tuple[str, ...],
) -> str:
    """Return an authorize address for the code flow (COG-AUT-002)."""
    handle = f"{client_id}.{entropy.token_bytes(16).hex()}"
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": f"{handle}.{secret.seal('state', handle)}",
        "nonce": secret.seal("nonce", handle),
    }
    return f"{base}/oauth2/authorize?{urlencode(query)}"


def sign_out_link(client_id: str, home: str) -> str:
    """Return a logout address that comes back to ``home``, which ends in a slash (COG-LOG-002)."""
    return f"{home}logout?{urlencode({'client_id': client_id, 'logout_uri': home})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAnswer:
    """What a good ``state`` says about the answer that carries it."""

    client_id: str
    nonce: str


def open_state(secret: BrowserSecret, state: str) -> ExpectedAnswer | None:
    """Return what ``state`` stands for, or None when this browser's links did not carry it."""
    handle, _, seal = state.rpartition(".")
    if not hmac.compare_digest(seal.encode(), secret.seal("state", handle).encode()):
        return None
    return ExpectedAnswer(client_id=handle.partition(".")[0], nonce=secret.seal("nonce", handle))
