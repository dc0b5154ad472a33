"""Resource servers: the custom scopes of a pool."""

from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.records import Table

# COG-SCO-001: the scopes that belong to no resource server.
RESERVED_SCOPES = frozenset(
    {"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One scope of a resource server."""

    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceServer:
    """An API that access tokens are for; it names scopes (COG-SCO-002)."""

    TABLE: ClassVar[Table] = Table("resource_server", key=("pool_id", "identifier"))

    pool_id: str
    identifier: str
    name: str
    scopes: tuple[Scope, ...] = ()

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The full names, ``identifier/scope``."""
        return tuple(f"{self.identifier}/{scope.name}" for scope in self.scopes)
