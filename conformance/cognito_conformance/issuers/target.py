"""The issuer under judgement: where it is, and whom it knows."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

#: What every issuer is asked about unless its user says that it lacks it (``--without``).
FEATURES: Final = ("jwks", "discovery", "api", "signin.password", "signin.srp", "refresh", "oauth")

#: What depends on what the user can give: a client with a secret, administrative calls.
CIRCUMSTANCES: Final = ("secret", "provision")


class UnusableTarget(ValueError):  # noqa: N818  (it describes the arguments)
    """An issuer that cannot be judged as it was named; the text is for the command's user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An app client."""

    id: str
    secret: str | None = field(default=None, repr=False)

    def secret_hash(self, username: str) -> str | None:
        """Return SECRET_HASH for ``username``, or None without a secret (COG-API-SECRET-001)."""
        if self.secret is None:
            return None
        message = (username + self.id).encode()
        return base64.b64encode(hmac.digest(self.secret.encode(), message, hashlib.sha256)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who can sign in."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Everything that is known about the issuer before the first question."""

    endpoint: str
    user_pool_id: str
    client: Client
    user: User
    #: Where the OAuth endpoints and the pages are.
    domain: str
    redirect_uri: str
    logout_uri: str = ""
    scope: str = "openid email"
    #: A client of the same pool that has a secret, if there is one.
    confidential: Client | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not appear in a report."""
        known = (self.user.password, self.client.secret)
        own = (*known, self.confidential.secret if self.confidential else None)
        return tuple(each for each in own if each)

    @property
    def pool_url(self) -> str:
        """Return the address below which keys and discovery are found."""
        return f"{self.endpoint}/{self.user_pool_id}"

    @property
    def region(self) -> str:
        """Return the region in the pool's id (COG-API-WIRE-031)."""
        return self.user_pool_id.partition("_")[0]


def base_address(text: str) -> str:
    """Return an address without its trailing slash. Raises `UnusableTarget`."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise UnusableTarget(f"{text!r} is not an address such as http://127.0.0.1:9229")
    return text.rstrip("/")
