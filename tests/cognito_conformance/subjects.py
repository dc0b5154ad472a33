"""In-process subjects for the suite's own tests: one good, the others with one flaw each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cognito_conformance.adapters.builtin.cognito_verify import CognitoVerifyAdapter
from cognito_conformance.model import Config, ConfigurationRefused, Implementation, Rejected


class Good(CognitoVerifyAdapter):
    """No flaw, and nothing but tokens."""

    @property
    def info(self) -> Implementation:
        capabilities = {"verify", "jwks.static", "jwks.http", "clock.token", "clock.cache"}
        return replace(super().info, name="good", capabilities=frozenset(capabilities))


class Threaded(Good):
    """Declares that it may be asked from several threads."""

    @property
    def info(self) -> Implementation:
        info = super().info
        return replace(info, capabilities=info.capabilities | {"concurrency"})


class RejectsAll(Good):
    """Refuses every token, good ones included."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        raise Rejected("other", "no")


class AcceptsAll(Good):
    """Accepts every token."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        return {}


class CrashesOnNone(Good):
    """Trips over a token whose algorithm is none."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token.endswith("."):
            raise KeyError("signature")
        return super().verify(token, now=now)


class AddsAClaim(Good):
    """Returns a claim that nobody signed."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        return {**super().verify(token, now=now), "checked": True}


class LateByASecond(Good):
    """Accepts a token in the second of its exp."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        return super().verify(token, now=now - 1)


class CachesForever(Good):
    """Fetches once and never again."""

    def configure(self, config: Config) -> None:
        super().configure(config)
        self._real_now = 0.0

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        # Its cache's clock stands still, so that its cool-down never ends.
        self._now = 0.0
        try:
            return dict(self._verifier.verify(token, now=now))
        except Exception as error:
            raise Rejected(getattr(error, "code", "other"), str(error)) from error


class KnowsNoScopes(Good):
    """Has no setting for scopes, and says so."""

    def configure(self, config: Config) -> None:
        if config.required_scopes:
            raise ConfigurationRefused("no such setting", unsupported=["required_scopes"])
        super().configure(config)


class ClaimsTooMuch(Good):
    """Declares a capability that no case of a selection exercises."""

    @property
    def info(self) -> Implementation:
        return replace(super().info, capabilities=frozenset({"verify", "jwks.static", "cookies"}))


class ExitsOnReset(Good):
    """Ends the interpreter."""

    def reset(self) -> None:
        raise SystemExit(3)
