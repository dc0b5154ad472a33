"""External identity providers of a pool, and the identities that are linked to its users."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.records import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """A provider (COG-API-RES-004). Times are epoch seconds."""

    TABLE: ClassVar[Table] = Table("identity_provider", key=("pool_id", "name"))

    pool_id: str
    name: str
    type: str
    details: Mapping[str, str]
    attribute_mapping: Mapping[str, str]
    identifiers: tuple[str, ...] = ()
    acr_mapping: Mapping[str, str] | None = None
    created_at: float
    modified_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIdentity:
    """Somebody at a provider who signs in as a user of the pool (COG-API-RES-006).

    ``attribute`` is what the provider says of them that has to be ``value``; its usual name
    ``Cognito_Subject`` stands for their subject.
    """

    TABLE: ClassVar[Table] = Table(
        "linked_identity",
        key=("pool_id", "provider", "attribute", "value"),
        indexes={"user": ("pool_id", "username")},
    )

    pool_id: str
    provider: str
    attribute: str
    value: str
    username: str
    created_at: float
