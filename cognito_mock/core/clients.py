"""App clients and their settings, with the service's defaults where a setting is absent."""

from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.records import Table

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """One of at most two active secrets (COG-TKE-006). ``created_at`` is epoch seconds."""

    id: str
    value: str
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AppClient:
    """An app client.

    ``settings`` is what DescribeUserPoolClient echoes, without ids, secret and dates.
    """

    TABLE: ClassVar[Table] = Table("app_client", key=("id",), indexes={"pool": ("pool_id",)})

    id: str
    pool_id: str
    name: str
    secrets: tuple[ClientSecret, ...] = ()
    settings: JsonObject
    created_at: float
    modified_at: float

    @property
    def auth_flows(self) -> frozenset[str] | None:
        """``ExplicitAuthFlows``, or None when the list was never given (COG-API-AUTH-013)."""
        value = self.settings.get("ExplicitAuthFlows")
        return frozenset(str(v) for v in value) if isinstance(value, list) else None

    @property
    def callback_urls(self) -> tuple[str, ...]:
        """Registered redirect URIs, compared as exact strings (COG-AUT-009)."""
        return self._strings("CallbackURLs")

    @property
    def logout_urls(self) -> tuple[str, ...]:
        """Registered sign-out URLs (COG-LOG-002)."""
        return self._strings("LogoutURLs")

    @property
    def default_redirect_uri(self) -> str | None:
        """Used when authorize has no redirect_uri (COG-AUT-006)."""
        value = self.settings.get("DefaultRedirectURI")
        return value if isinstance(value, str) else None

    @property
    def oauth_flows(self) -> frozenset[str]:
        """``code``, ``implicit``, ``client_credentials``; empty unless OAuth is switched on."""
        if self.settings.get("AllowedOAuthFlowsUserPoolClient") is not True:
            return frozenset()
        return frozenset(self._strings("AllowedOAuthFlows"))

    @property
    def oauth_scopes(self) -> tuple[str, ...]:
        """``AllowedOAuthScopes``."""
        return self._strings("AllowedOAuthScopes")

    @property
    def identity_providers(self) -> tuple[str, ...]:
        """``SupportedIdentityProviders``; ``COGNITO`` is the pool's own directory."""
        return self._strings("SupportedIdentityProviders")

    @property
    def read_attributes(self) -> frozenset[str] | None:
        """Readable attribute names, or None for the default set (COG-TOK-046)."""
        value = self.settings.get("ReadAttributes")
        return frozenset(str(v) for v in value) if isinstance(value, list) else None

    @property
    def write_attributes(self) -> frozenset[str] | None:
        """Writable attribute names, or None for the default set (COG-API-SIGNUP-006)."""
        value = self.settings.get("WriteAttributes")
        return frozenset(str(v) for v in value) if isinstance(value, list) else None

    @property
    def prevents_user_existence_errors(self) -> bool:
        """LEGACY when omitted (COG-API-EXIST-002)."""
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    @property
    def token_revocation(self) -> bool:
        """On by default for new clients (COG-TOK-017)."""
        return self.settings.get("EnableTokenRevocation", True) is True

    @property
    def refresh_token_rotation(self) -> bool:
        """Whether each refresh gives a new refresh token (COG-API-REFRESH-003)."""
        return self._rotation.get("Feature") == "ENABLED"

    @property
    def rotation_grace_seconds(self) -> int:
        """How long a rotated refresh token stays good (COG-API-CLI-009)."""
        value = self._rotation.get("RetryGracePeriodSeconds")
        return value if isinstance(value, int) else 0

    @property
    def tracks_token_origin(self) -> bool:
        """Whether tokens carry ``origin_jti`` (COG-TOK-017)."""
        return self.token_revocation or self.refresh_token_rotation

    @property
    def access_token_seconds(self) -> int:
        """Validity of access tokens in seconds (COG-TOK-100, -105)."""
        return self._validity("AccessToken", default=3600, unit="hours")

    @property
    def id_token_seconds(self) -> int:
        """Validity of id tokens in seconds."""
        return self._validity("IdToken", default=3600, unit="hours")

    @property
    def refresh_token_seconds(self) -> int:
        """Validity of refresh tokens in seconds; 0 means the 30-day default (COG-TOK-101, -106)."""
        return self._validity("RefreshToken", default=30 * 86400, unit="days")

    @property
    def auth_session_seconds(self) -> int:
        """Lifetime of challenge sessions in seconds (COG-API-AUTH-008)."""
        value = self.settings.get("AuthSessionValidity")
        return 60 * value if isinstance(value, int) else 180

    @property
    def _rotation(self) -> JsonObject:
        value = self.settings.get("RefreshTokenRotation")
        return value if isinstance(value, dict) else {}

    def _validity(self, token: str, *, default: int, unit: str) -> int:
        value = self.settings.get(f"{token}Validity")
        if not isinstance(value, int) or value == 0:
            return default
        units = self.settings.get("TokenValidityUnits")
        named = units.get(token, unit) if isinstance(units, dict) else unit
        return value * _UNIT_SECONDS[str(named)]

    def _strings(self, name: str) -> tuple[str, ...]:
        value = self.settings.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else ()
