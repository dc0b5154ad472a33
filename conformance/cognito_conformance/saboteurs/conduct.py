# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws that show over several tokens or in what is said: order, caches, messages, claims."""

import contextlib
from collections.abc import Mapping
from typing import Any

from cognito_conformance.model import Config, Rejected
from cognito_conformance.saboteurs.keys import Key, KeySet
from cognito_conformance.saboteurs.reference import Parsed, Reference


class ExpiredFirst(Reference):
    """Looks at exp before it looks at anything else."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        self.check_expiry(self.read_claims(self.parse(token).payload), now)
        return super().verify(token, now=now)


class ExpiredBeforeOtherClaims(Reference):
    """Looks at exp before the other claims."""

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        self.check_expiry(claims, now)
        super().check_claims(claims, now)


class LeaksTheToken(Reference):
    """Quotes the token in its message."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        try:
            return super().verify(token, now=now)
        except Rejected as rejected:
            raise Rejected(rejected.reason, f"{rejected.message}: {token}") from rejected


class CrashesOnMissingClaims(Reference):
    """Expects every claim to be there."""

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        for name in ("iss", "exp", "token_use", "sub"):
            claims[name]
        super().check_claims(claims, now)


class EverySecondCallFails(Reference):
    """Keeps the state of a pattern between two calls."""

    def forget(self) -> None:
        self._calls = 0

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        self._calls += 1
        if self._calls % 2 == 0:
            raise Rejected("malformed", "not a token")
        return super().verify(token, now=now)


class CachesByJti(Reference):
    """Remembers results by jti."""

    def forget(self) -> None:
        self._seen: dict[str, Mapping[str, Any]] = {}

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        claims = super().verify(token, now=now)
        return self._seen.setdefault(str(claims.get("jti")), claims)


class CachesResults(Reference):
    """Remembers results by token, for good."""

    def forget(self) -> None:
        self._seen: dict[str, Mapping[str, Any]] = {}

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token not in self._seen:
            self._seen[token] = super().verify(token, now=now)
        return self._seen[token]


class KeepsKeysOfFormerPools(Reference):
    """Looks for a key among those of the pool before, too."""

    def forget(self) -> None:
        self._former: KeySet | None = None
        self._used = False

    def configure(self, config: Config) -> None:
        former = self._key_set if self._used else None
        super().configure(config)
        self._former = former

    def find_key(self, parsed: Parsed, now: float) -> Key:
        self._used = True
        if self._former is not None:
            with contextlib.suppress(Rejected):
                return self._former.find(parsed.header.get("kid"), now)
        return super().find_key(parsed, now)


class DropsUnknownClaims(Reference):
    """Returns the claims it knows."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        claims = super().verify(token, now=now)
        return {name: value for name, value in claims.items() if name not in ("tree", "big")}


class HeaderAmongClaims(Reference):
    """Returns header and claims in one."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        claims = super().verify(token, now=now)
        return {**self.parse(token).header, **claims}


class HeaderOverClaims(Reference):
    """Lets the header overrule the claims."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        claims = super().verify(token, now=now)
        header = self.parse(token).header
        return {**claims, **{name: header[name] for name in header.keys() & claims.keys()}}
