"""What the reference remembers: pools, clients, accounts, logins; and how it says no."""

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

Members = dict[str, Any]


class Refusal(Exception):  # noqa: N818  (an answer of the API)
    """An error of the API: its type and message."""

    def __init__(self, type_: str, message: str = "") -> None:
        super().__init__(message)
        self.type = type_
        self.message = message


class Denial(Exception):  # noqa: N818  (an answer of the token endpoint)
    """An error of the OAuth endpoints."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class Instead(Exception):  # noqa: N818  (an answer, ahead of time)
    """Another answer than the one under way."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__("another answer")
        self.response = response


@dataclass(slots=True, kw_only=True, eq=False)
class AppClient:
    """An app client."""

    id: str
    secret: str | None
    flows: tuple[str, ...]
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(slots=True, kw_only=True, eq=False)
class Account:
    """A user."""

    username: str
    password: str
    email: str
    sub: str = field(default_factory=lambda: str(uuid.uuid4()))
    salt: int = field(default_factory=lambda: secrets.randbits(128))
    status: str = "CONFIRMED"
    enabled: bool = True


@dataclass(slots=True, kw_only=True, eq=False)
class Pool:
    """A user pool; ``number`` says which keys are its own."""

    id: str
    number: int
    clients: dict[str, AppClient] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Login:
    """One sign-in and everything that came of it."""

    pool: Pool
    client: AppClient
    account: Account
    auth_time: int
    scope: str
    nonce: str | None = None
    #: True for the pages, False for the API.
    hosted: bool = False
    origin_jti: str = field(default_factory=lambda: str(uuid.uuid4()))
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    refresh_token: str = ""
    alive: bool = True


@dataclass(slots=True, kw_only=True, eq=False)
class Pending:
    """A challenge that waits for its answer."""

    name: str
    client: AppClient
    account: Account | None
    secret_block: bytes = b""
    private: int = 0
    public: int = 0
    client_public: int = 0
    user_id: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Code:
    """An authorization code."""

    login: Login
    redirect_uri: str
    challenge: str
