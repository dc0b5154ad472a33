# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in checking exp, nbf and iat."""

from collections.abc import Mapping
from typing import Any

from cognito_conformance.model import Rejected
from cognito_conformance.saboteurs.encoding import is_number
from cognito_conformance.saboteurs.reference import Reference


class ExpOffByOne(Reference):
    """Accepts in the second of exp."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        return bool(now > expiry + self.config.leeway_s)


class ExpIgnored(Reference):
    """Never looks at the clock."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        del expiry, now
        return False


class ExpiresEarly(Reference):
    """Adds a safety margin of its own."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        return super().is_expired(expiry, now + 5)


class TenMinutesOfGrace(Reference):
    """Has a large leeway of its own."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        return super().is_expired(expiry, now - 600)


class LeewayIgnored(Reference):
    """Never looks at the configured leeway."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        return bool(now >= expiry)


class NegativeExpIsNever(Reference):
    """Takes an exp that is not positive for none at all."""

    def is_expired(self, expiry: Any, now: float) -> bool:
        return expiry > 0 and super().is_expired(expiry, now)


class MissingExpOk(Reference):
    """Checks exp where there is one."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        if "exp" in claims:
            super().check_expiry(claims, now)


class UnreadableExpOk(Reference):
    """Checks exp where it is a number."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        if "exp" not in claims or is_number(claims["exp"]):
            super().check_expiry(claims, now)


class ExpStringOk(Reference):
    """Turns exp into a number."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        expiry = claims.get("exp")
        if isinstance(expiry, str) and expiry.isdigit():
            claims = {**claims, "exp": int(expiry)}
        super().check_expiry(claims, now)


class WholeSecondsOnly(Reference):
    """Wants exp to be an integer."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        if isinstance(claims.get("exp"), float):
            raise Rejected("malformed", "exp is not an integer")
        super().check_expiry(claims, now)


class EternalExpOk(Reference):
    """Has no end of time."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        expiry = claims.get("exp")
        if not is_number(expiry):
            raise Rejected("malformed", "no usable exp")
        if self.is_expired(expiry, now):
            raise Rejected("expired", "expired")


class NbfIgnored(Reference):
    """Has never heard of nbf."""

    def check_not_before(self, claims: Mapping[str, Any], now: float) -> None:
        """Check nothing."""


class NbfOffByOne(Reference):
    """Rejects in the second of nbf."""

    def check_not_before(self, claims: Mapping[str, Any], now: float) -> None:
        super().check_not_before(claims, now)
        if claims.get("nbf") == now:
            raise Rejected("not_yet_valid", "not valid yet")


class UnreadableNbfOk(Reference):
    """Checks nbf where it is a number."""

    def check_not_before(self, claims: Mapping[str, Any], now: float) -> None:
        if is_number(claims.get("nbf")):
            super().check_not_before(claims, now)


class IatIgnored(Reference):
    """Never looks at iat."""

    def check_issued_at(self, claims: Mapping[str, Any]) -> None:
        """Check nothing."""
