"""Configuration that a pool only keeps and gives back: one record for all kinds of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.records import Table

# As the API names all clients of a pool together.
ALL_CLIENTS = "ALL"


class DocumentKind(StrEnum):
    """What a document configures."""

    UI_CUSTOMIZATION = "UICustomization"
    RISK = "RiskConfiguration"
    LOG_DELIVERY = "LogDeliveryConfiguration"
    POOL_SESSIONS = "UserPoolSessionConfiguration"
    CLIENT_SESSIONS = "UserPoolClientSessionConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDocument:
    """One document of a pool, or of one of its clients. Times are epoch seconds."""

    TABLE: ClassVar[Table] = Table("pool_document", key=("pool_id", "client_id", "kind"))

    pool_id: str
    client_id: str = ALL_CLIENTS
    kind: DocumentKind
    content: JsonObject
    created_at: float
    modified_at: float
