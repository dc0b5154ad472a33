"""User pools, their domains and their signing keys."""

from dataclasses import dataclass
from typing import ClassVar

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.passwords import PasswordPolicy
from cognito_mock.core.records import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool:
    """A user pool. ``settings`` is the document that DescribeUserPool echoes, defaults filled in.

    Times are epoch seconds. Typed properties read what behaviour depends on, so there is one truth.
    """

    TABLE: ClassVar[Table] = Table("user_pool", key=("id",))

    id: str
    name: str
    settings: JsonObject
    created_at: float
    modified_at: float

    @property
    def region(self) -> str:
        """The part of the id before the underscore (COG-API-WIRE-031)."""
        return self.id.partition("_")[0]

    @property
    def short_name(self) -> str:
        """The part of the id after the underscore: SRP's pool name (COG-API-SRP-005)."""
        return self.id.partition("_")[2]

    @property
    def password_policy(self) -> PasswordPolicy:
        """The policy for new passwords."""
        policies = self.settings.get("Policies")
        document = policies.get("PasswordPolicy") if isinstance(policies, dict) else None
        return PasswordPolicy.from_settings(document if isinstance(document, dict) else {})

    @property
    def username_attributes(self) -> tuple[str, ...]:
        """``email`` and/or ``phone_number`` when these are the usernames (COG-API-NAME-002)."""
        return self._strings("UsernameAttributes")

    @property
    def alias_attributes(self) -> tuple[str, ...]:
        """Attributes that can stand for the username once verified (COG-API-NAME-005)."""
        return self._strings("AliasAttributes")

    @property
    def auto_verified_attributes(self) -> tuple[str, ...]:
        """Attributes to which a code is sent at sign-up (COG-API-SIGNUP-002)."""
        return self._strings("AutoVerifiedAttributes")

    @property
    def case_sensitive(self) -> bool:
        """Whether usernames keep their case; true when not configured (COG-API-NAME-009)."""
        config = self.settings.get("UsernameConfiguration")
        return not isinstance(config, dict) or config.get("CaseSensitive", True) is not False

    @property
    def admin_create_only(self) -> bool:
        """Whether self-service sign-up is closed (COG-API-SIGNUP-003)."""
        config = self.settings.get("AdminCreateUserConfig")
        return isinstance(config, dict) and config.get("AllowAdminCreateUserOnly") is True

    @property
    def updated_issuer(self) -> bool:
        """Whether it has opted into the issuer of many Regions (COG-TOK-009, COG-DIS-020)."""
        config = self.settings.get("IssuerConfiguration")
        return isinstance(config, dict) and config.get("Type") == "UPDATED"

    @property
    def tracks_devices(self) -> bool:
        """Whether devices can be remembered (COG-API-DEV-008)."""
        return bool(self.settings.get("DeviceConfiguration"))

    @property
    def schema_attributes(self) -> tuple[JsonObject, ...]:
        """The schema, standard attributes first, as DescribeUserPool lists it."""
        value = self.settings.get("SchemaAttributes")
        return tuple(a for a in value if isinstance(a, dict)) if isinstance(value, list) else ()

    def _strings(self, name: str) -> tuple[str, ...]:
        value = self.settings.get(name)
        return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDomain:
    """A pool's prefix (``demo``) or custom (``auth.example.com``) domain (COG-HOST-001, -003)."""

    TABLE: ClassVar[Table] = Table("domain", key=("domain",), indexes={"pool": ("pool_id",)})

    domain: str
    pool_id: str
    custom: bool = False
    managed_login_version: int = 1
    settings: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One RSA-2048 key. ``kid`` is standard base64 of 32 bytes (COG-TOK-003); ``pem`` is PKCS#8."""

    kid: str
    pem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolKeys:
    """A pool's keys: which signs what, and which are published (COG-TOK-005, COG-JWK-003, -008)."""

    TABLE: ClassVar[Table] = Table("pool_keys", key=("pool_id",))

    pool_id: str
    id_key: SigningKey
    access_key: SigningKey
    retired: tuple[SigningKey, ...] = ()

    @property
    def published(self) -> tuple[SigningKey, ...]:
        """What the JWKS lists."""
        return (self.id_key, self.access_key, *self.retired)
