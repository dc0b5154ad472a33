"""Password policy, and what is kept of a password."""

from dataclasses import dataclass
from typing import Self

from cognito_mock.core.json_types import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """COG-API-POLICY-001."""

    minimum_length: int = 8
    require_uppercase: bool = True
    require_lowercase: bool = True
    require_numbers: bool = True
    require_symbols: bool = True
    temporary_validity_days: int = 7

    @classmethod
    def from_settings(cls, document: JsonObject) -> Self:
        """Read ``Policies.PasswordPolicy``; when it is given, absent booleans are false."""
        if not document:
            return cls()
        length = document.get("MinimumLength", 8)
        days = document.get("TemporaryPasswordValidityDays", 7)
        return cls(
            minimum_length=length if isinstance(length, int) else 8,
            require_uppercase=document.get("RequireUppercase", False) is True,
            require_lowercase=document.get("RequireLowercase", False) is True,
            require_numbers=document.get("RequireNumbers", False) is True,
            require_symbols=document.get("RequireSymbols", False) is True,
            temporary_validity_days=days if isinstance(days, int) else 7,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassword:
    """What a pool keeps of a password: a salted digest, and SRP's salt and verifier (hex).

    ``temporary_until`` is the epoch second at which a temporary password ends, None for a
    permanent one.
    """

    salt: str
    digest: str
    srp_salt: str
    srp_verifier: str
    temporary_until: float | None = None
