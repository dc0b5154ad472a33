"""Devices that users sign in with (spec section 3.5)."""

from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.ids import Entropy, new_uuid, random_text
from cognito_mock.core.records import Table

_GROUP_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# The last second of the year 9999: a confirmed device does not expire.
NEVER = 253402300799.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device whose key was given out. Times are epoch seconds.

    ``verifier`` and ``salt`` (base64) are there once it is confirmed; what is never confirmed
    expires.
    """

    TABLE: ClassVar[Table] = Table(
        "device", key=("pool_id", "username", "key"), expires="expires_at"
    )

    pool_id: str
    username: str
    key: str
    group_key: str
    confirmed: bool = False
    remembered: bool = False
    verifier: str = ""
    salt: str = ""
    name: str | None = None
    last_ip: str
    created_at: float
    modified_at: float
    authenticated_at: float
    expires_at: float


def new_device_key(entropy: Entropy, region: str) -> str:
    """COG-API-WIRE-037."""
    return f"{region}_{new_uuid(entropy)}"


def new_group_key(entropy: Entropy) -> str:
    """COG-API-WIRE-037."""
    return f"-{random_text(entropy, _GROUP_KEY, 8)}"
