"""What clients' pages show beside the forms: managed login styles and terms documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.records import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedLoginBranding:
    """A client's style; ``settings`` is None with the service's own. Times are epoch seconds."""

    TABLE: ClassVar[Table] = Table(
        "managed_login_branding",
        key=("pool_id", "id"),
        indexes={"client": ("pool_id", "client_id")},
    )

    pool_id: str
    id: str
    client_id: str
    settings: JsonObject | None
    assets: tuple[JsonObject, ...] = ()
    created_at: float
    modified_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A client's terms of use or privacy policy: links by language (COG-API-RES-008)."""

    TABLE: ClassVar[Table] = Table(
        "terms", key=("pool_id", "id"), indexes={"client": ("pool_id", "client_id")}
    )

    pool_id: str
    id: str
    client_id: str
    name: str
    source: str
    enforcement: str
    links: Mapping[str, str]
    created_at: float
    modified_at: float
