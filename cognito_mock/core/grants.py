"""What the pool remembers between two requests: challenges, codes, sessions, refresh tokens.

Secrets that a client holds are stored as SHA-256 digests (hex), never as themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.records import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeSession:
    """An unanswered challenge, bound to pool, client, user and name (COG-API-AUTH-008, -009).

    ``state`` is what only the server knows about it (for SRP: b, B, A, secret block; as text).
    ``username`` is the canonical one; for a simulated unknown user ``real`` is false.
    A session that was used stays, marked, so that reuse gets its own message until it expires.
    """

    TABLE: ClassVar[Table] = Table("challenge_session", key=("digest",), expires="expires_at")

    digest: str
    pool_id: str
    client_id: str
    username: str
    challenge: str
    state: Mapping[str, str]
    real: bool = True
    used: bool = False
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationCode:
    """A code sent to a user for one purpose.

    Purposes are ``sign_up``, ``forgot_password``, ``attribute:email`` ...
    A new code replaces the former (COG-API-SIGNUP-008). ``new_value`` is what the attribute gets
    with the verification, where the pool keeps the former value until then (COG-API-ATTRV-002).
    """

    TABLE: ClassVar[Table] = Table(
        "confirmation_code", key=("pool_id", "username", "purpose"), expires="expires_at"
    )

    pool_id: str
    username: str
    purpose: str
    code: str
    attribute: str
    new_value: str | None = None
    failures: int = 0
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """A code from authorize: 5 minutes, once, bound to its request (COG-AUT-061..063)."""

    TABLE: ClassVar[Table] = Table("authorization_code", key=("digest",), expires="expires_at")

    digest: str
    pool_id: str
    client_id: str
    username: str
    sub: str
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str | None = None
    nonce: str | None = None
    resource: str | None = None
    auth_time: int
    used: bool = False
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """The ``cognito`` cookie of the pool's domain: one hour, never extended (COG-COO-002, -003).

    ``sub`` keeps it from passing to a later user of the same name.
    """

    TABLE: ClassVar[Table] = Table("browser_session", key=("digest",), expires="expires_at")

    digest: str
    pool_id: str
    username: str
    sub: str
    auth_time: int
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshGrant:
    """What a refresh token stands for (COG-TOK-016, -093). ``scopes`` None means an API sign-in.

    ``sub`` keeps it from passing to a later user of the same name. ``resource`` is the access
    tokens' ``aud`` (COG-TKE-043), ``device_key`` the confirmed device of an API sign-in.
    ``rotated_at`` is when a rotating client first used it.
    """

    TABLE: ClassVar[Table] = Table(
        "refresh_grant",
        key=("digest",),
        indexes={"user": ("pool_id", "username"), "origin": ("pool_id", "origin_jti")},
        expires="expires_at",
    )

    digest: str
    pool_id: str
    client_id: str
    username: str
    sub: str
    origin_jti: str
    event_id: str | None
    scopes: tuple[str, ...] | None
    resource: str | None = None
    device_key: str | None = None
    auth_time: int
    issued_at: float
    expires_at: float
    rotated_at: float | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A code, link or invitation that was "sent"; ``sequence`` sorts by time."""

    TABLE: ClassVar[Table] = Table("message", key=("sequence",), indexes={"pool": ("pool_id",)})

    sequence: str
    id: str
    pool_id: str
    username: str
    medium: str
    recipient: str
    trigger_source: str
    subject: str
    body: str
    code: str | None = None
    link: str | None = None
    sent_at: float
