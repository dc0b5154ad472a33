"""Put the stages in order: text, `Untrusted`, `Signed`, claims."""

import time
from collections.abc import Callable, Collection

from cognito_verify._compact import parse_compact
from cognito_verify._key_cache import CacheTimes
from cognito_verify._rsa import check_signature
from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.fetching import HttpFetcher, JwksFetcher
from cognito_verify.jwks import KeySource
from cognito_verify.policy import ClientIds, WantedUse, build_policy, check_claims
from cognito_verify.pool import (
    ORIGINAL,
    UPDATED,
    check_issuer,
    check_url,
    jwks_uri_of,
    parse_user_pool_id,
)
from cognito_verify.remote_keys import RemoteKeys
from cognito_verify.static_keys import StaticKeys, load_static_keys


class CognitoVerifier:
    """Verifies the tokens of one user pool.

    ::

        verifier = CognitoVerifier(
            user_pool_id="eu-west-1_AbCdEfGhI", client_id="...", token_use="access"
        )
        claims = verifier.verify(token)

    Build one and keep it: it remembers the pool's keys. It may be shared between threads and event
    loops.

    Args:
        user_pool_id: The pool; its region is part of it. Optional if ``issuer`` is a URL.
        client_id: The app client, or several of them, or `ANY_CLIENT`.
        token_use: ``"id"``, ``"access"``, or `ANY_TOKEN_USE`.
        issuer: ``"updated"`` for a pool that has opted into the updated issuer, or a URL for
            a pool elsewhere (https, or http on this machine).
        jwks: A JWK set, or the path of one or of a ``pems.json``; then nothing is ever fetched.
        jwks_uri: Where to fetch the keys, if not from the issuer.
        groups: The user must be in one of these.
        scopes: One of these must have been granted; only access tokens have any.
        leeway: How many seconds the clocks of this machine and of AWS may differ.
        times: How long fetched keys are used, and how soon they are fetched again.
        fetcher: How to fetch, if not with httpx.
        clock: The time, for tokens and for fetched keys, in seconds since the epoch.

    Raises:
        ConfigurationError: This cannot work, or would not be safe.

    """

    def __init__(
        self,
        *,
        user_pool_id: str | None = None,
        client_id: ClientIds,
        token_use: WantedUse,
        issuer: str | None = None,
        jwks: StaticKeys | None = None,
        jwks_uri: str | None = None,
        groups: str | Collection[str] = (),
        scopes: str | Collection[str] = (),
        leeway: float = 0,
        times: CacheTimes = CacheTimes(),  # noqa: B008  (immutable)
        fetcher: JwksFetcher = HttpFetcher(),  # noqa: B008  (immutable)
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._policy = build_policy(
            issuer=_issuer(user_pool_id, issuer),
            client_id=client_id,
            token_use=token_use,
            groups=groups,
            scopes=scopes,
            leeway=leeway,
        )
        if jwks is not None and jwks_uri is not None:
            raise ConfigurationError("jwks and jwks_uri exclude each other")
        self._keys: KeySource
        if jwks is not None:
            self._keys = load_static_keys(jwks, user_pool_id)
        else:
            uri = jwks_uri_of(self._policy.issuer) if jwks_uri is None else jwks_uri
            self._keys = RemoteKeys(check_url(uri, "jwks_uri"), fetcher, times, clock)

    def verify(self, token: str, *, now: float | None = None) -> Claims:
        """Return the verified claims of ``token`` at ``now`` (default: the clock's time).

        Raises:
            VerificationError: The token is not accepted; the subclass says why.

        """
        untrusted = parse_compact(token)
        key = self._keys.find(untrusted.kid)
        signed = check_signature(untrusted, key)
        return check_claims(signed, self._policy, self._clock() if now is None else now)

    async def verify_async(self, token: str, *, now: float | None = None) -> Claims:
        """Do the same as `verify`, fetching keys without blocking the event loop."""
        untrusted = parse_compact(token)
        key = await self._keys.find_async(untrusted.kid)
        signed = check_signature(untrusted, key)
        return check_claims(signed, self._policy, self._clock() if now is None else now)

    def hydrate(self) -> None:
        """Fetch the keys now, so that the first token does not wait for them.

        Raises:
            KeysUnreachable: They could not be fetched.

        """
        self._keys.hydrate()

    async def hydrate_async(self) -> None:
        """Do the same as `hydrate` without blocking the event loop."""
        await self._keys.hydrate_async()


def _issuer(user_pool_id: str | None, issuer: str | None) -> str:
    """Return the one issuer to accept. # conformance: iss/original, iss/updated."""
    if issuer not in (None, ORIGINAL, UPDATED):
        return check_issuer(issuer)
    if user_pool_id is None:
        raise ConfigurationError("a user_pool_id or the URL of an issuer is needed")
    return parse_user_pool_id(user_pool_id).issuer(UPDATED if issuer == UPDATED else ORIGINAL)
