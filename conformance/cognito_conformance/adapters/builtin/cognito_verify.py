"""Judge ``cognito_verify``. The only module of the suite that imports it."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

from cognito_conformance.model import Config, ConfigurationRefused, Implementation, Rejected
from cognito_verify import (
    ANY_TOKEN_USE,
    CacheTimes,
    CognitoVerifier,
    ConfigurationError,
    VerificationError,
)
from cognito_verify.cookies import read_cookies

_TIMES: Final = CacheTimes()
_USES: Final[Mapping[str | None, Any]] = {
    "access": "access",
    "id": "id",
    None: ANY_TOKEN_USE,
}


class CognitoVerifyAdapter:
    """One verifier at a time, its clock set by the suite."""

    def __init__(self) -> None:
        self._verifier: CognitoVerifier | None = None
        self._config: Config | None = None
        self._now = 0.0

    @property
    def info(self) -> Implementation:
        """What it declares."""
        return Implementation(
            name="cognito-verify",
            version=version("cognito-verify"),
            language="python",
            capabilities=frozenset(
                {
                    "verify",
                    "jwks.static",
                    "jwks.http",
                    "clock.token",
                    "clock.cache",
                    "reasons",
                    "cookies",
                    "concurrency",
                }
            ),
            limits={
                "jwks_cooldown_s": _TIMES.cooldown,
                "jwks_ttl_s": _TIMES.ttl + _TIMES.max_stale,
                "leeway_s": 0.0,
            },
        )

    def configure(self, config: Config) -> None:
        """Build a verifier, or pass its refusal on."""
        if len(config.issuers) != 1:
            raise ConfigurationRefused("a verifier has one issuer; several pools have several")
        try:
            self._verifier = CognitoVerifier(
                user_pool_id=config.user_pool_id,
                client_id=config.client_ids,
                token_use=_USES[config.token_use],
                issuer=config.issuers[0],
                jwks=config.jwks,
                jwks_uri=config.jwks_uri,
                groups=config.required_groups or None,
                scopes=config.required_scopes or None,
                leeway=config.leeway_s,
                clock=lambda: self._now,
            )
        except ConfigurationError as error:
            raise ConfigurationRefused(str(error)) from error
        self._config = config

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        """Return the claims, or raise what the verifier says."""
        if self._verifier is None:
            raise ConfigurationRefused("configure comes first")
        self._now = now
        try:
            return dict(self._verifier.verify(token))
        except VerificationError as error:
            raise Rejected(error.code, str(error)) from error

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        """Return the tokens in Cookie headers, whatever their layout."""
        del layout
        # RFC 9113 §8.2.3: crumbs are joined before anything reads them.
        found = read_cookies("; ".join(headers), client_id=client_id)
        return {
            "username": found.username,
            "tokens": {
                "access": found.access_token,
                "id": found.id_token,
                "refresh": found.refresh_token,
            },
        }

    def reset(self) -> None:
        """Forget the keys: build the same verifier again."""
        if self._config is not None:
            self.configure(self._config)


adapter = CognitoVerifyAdapter()
