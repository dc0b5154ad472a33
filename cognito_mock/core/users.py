"""Users, groups and memberships."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from cognito_mock.core.passwords import FormerPassword, StoredPassword
from cognito_mock.core.records import Table


class UserStatus(StrEnum):
    """COG-API-STATUS-001."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"
    RESET_REQUIRED = "RESET_REQUIRED"
    FORCE_CHANGE_PASSWORD = "FORCE_CHANGE_PASSWORD"  # noqa: S105  (a status)
    EXTERNAL_PROVIDER = "EXTERNAL_PROVIDER"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user. ``username`` is canonical; ``attributes`` are in stored order, without ``sub``.

    The indexes fold case, so that pools which ignore it find by any spelling; where case matters,
    the finder compares the attribute itself.

    ``former_passwords`` are kept, latest first, where the pool has a password history.

    Times are epoch seconds. ``failed_sign_ins`` and ``last_failure_at`` drive the lock-out;
    ``failed_codes`` and ``last_code_failure_at`` that of the second factor.

    ``totp_secret`` is a verified software token, ``totp_pending`` one that is being set up, and
    ``totp_last_step`` the latest time step whose code was used. ``mfa_factors`` are the active
    factors by challenge name; ``legacy_sms`` tells of one that was set by SetUserSettings.
    """

    TABLE: ClassVar[Table] = Table(
        "user",
        key=("pool_id", "username"),
        indexes={
            "sub": ("pool_id", "sub"),
            "email": ("pool_id", "folded_email"),
            "phone_number": ("pool_id", "phone_number"),
            "preferred_username": ("pool_id", "folded_preferred_username"),
        },
    )

    pool_id: str
    username: str
    sub: str
    status: UserStatus
    enabled: bool = True
    attributes: Mapping[str, str]
    password: StoredPassword | None = None
    former_passwords: tuple[FormerPassword, ...] = ()
    created_at: float
    modified_at: float
    failed_sign_ins: int = 0
    last_failure_at: float = 0.0
    failed_codes: int = 0
    last_code_failure_at: float = 0.0
    totp_secret: str | None = None
    totp_pending: str | None = None
    totp_name: str = ""
    totp_last_step: int = -1
    mfa_factors: tuple[str, ...] = ()
    mfa_preference: str | None = None
    legacy_sms: bool = False

    @property
    def email(self) -> str | None:
        """The e-mail attribute."""
        return self.attributes.get("email")

    @property
    def phone_number(self) -> str | None:
        """The phone number attribute."""
        return self.attributes.get("phone_number")

    @property
    def folded_email(self) -> str | None:
        """The e-mail attribute in lower case."""
        return _folded(self.attributes.get("email"))

    @property
    def folded_preferred_username(self) -> str | None:
        """The preferred_username attribute in lower case."""
        return _folded(self.attributes.get("preferred_username"))


def _folded(value: str | None) -> str | None:
    return None if value is None else value.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group; a lower ``precedence`` wins, None is last (COG-TOK-034)."""

    TABLE: ClassVar[Table] = Table("group", key=("pool_id", "name"))

    pool_id: str
    name: str
    description: str | None = None
    role_arn: str | None = None
    precedence: int | None = None
    created_at: float
    modified_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A user's place in a group."""

    TABLE: ClassVar[Table] = Table(
        "membership",
        key=("pool_id", "username", "group"),
        indexes={"group": ("pool_id", "group")},
    )

    pool_id: str
    username: str
    group: str
