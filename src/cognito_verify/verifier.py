"""Put the stages in order: text, `Untrusted`, `Signed`, claims."""
# ruff: noqa: SLF001  (`for_pools` builds a verifier out of others)

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import NamedTuple, Self, TypeAlias

from cognito_verify._compact import Untrusted, parse_compact
from cognito_verify._key_cache import CacheTimes
from cognito_verify._lru import Lru
from cognito_verify._rsa import RsaKey, check_signature
from cognito_verify._system_time import system_time
from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError, CustomCheckFailed, IssuerMismatch
from cognito_verify.fetching import HttpFetcher, JwksFetcher
from cognito_verify.jwks import KeySource
from cognito_verify.jwks_cache import JwksCache
from cognito_verify.policy import (
    ClientIds,
    Policy,
    WantedUse,
    build_policy,
    check_claims,
    check_grants,
    required_names,
    validity,
)
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

Names: TypeAlias = str | Collection[str]
CustomCheck: TypeAlias = Callable[[Claims], bool | Awaitable[bool]]

MAX_REMEMBERED_TOKENS = 1_000_000


class _Trust:
    """All about one pool. Never changes."""

    # Not a named tuple: these attributes are read for each token, which is faster like this.
    __slots__ = ("clock", "custom_check", "keys", "policy")

    def __init__(
        self,
        policy: Policy,
        keys: KeySource,
        custom_check: CustomCheck | None,
        clock: Callable[[], float],
    ) -> None:
        self.policy = policy
        self.keys = keys
        self.custom_check = custom_check
        self.clock = clock


class _Accepted(NamedTuple):
    """A token that was accepted, and what that still depends on."""

    trust: _Trust
    key: RsaKey
    claims: Claims
    starts_at: float
    ends_at: float


class CognitoVerifier:
    """Verifies the tokens of a user pool, or of several.

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
        jwks_cache: Keys shared with other verifiers, with their own ``times`` and ``fetcher``.
        groups: The user must be in one of these.
        scopes: One of these must have been granted; only access tokens have any.
        resources: An access token must be bound to one of these (its ``aud``, RFC 8707).
        leeway: How many seconds the clocks of this machine and of AWS may differ.
        custom_check: Called with claims that are good in every other way; only ``True`` accepts
            them. It may be async; then only `verify_async` works.
        cache: How many accepted tokens to remember, each with its claims (3 KiB and more). Their
            time, that their key is still published, groups, scopes and ``custom_check`` are checked
            each time; anything else cannot have changed.
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
        jwks_cache: JwksCache | None = None,
        groups: Names | None = None,
        scopes: Names | None = None,
        resources: Names | None = None,
        leeway: float = 0,
        custom_check: CustomCheck | None = None,
        cache: int = 0,
        times: CacheTimes = CacheTimes(),  # noqa: B008  (immutable)
        fetcher: JwksFetcher = HttpFetcher(),  # noqa: B008  (immutable)
        clock: Callable[[], float] = system_time,
    ) -> None:
        policy = build_policy(
            issuer=_issuer(user_pool_id, issuer),
            client_id=client_id,
            token_use=token_use,
            groups=groups,
            scopes=scopes,
            resources=resources,
            leeway=leeway,
        )
        keys: KeySource
        if jwks is not None and not (jwks_uri is None and jwks_cache is None):
            raise ConfigurationError("jwks excludes jwks_uri and jwks_cache")
        if jwks_cache is not None and (times, fetcher) != (CacheTimes(), HttpFetcher()):
            raise ConfigurationError("times and fetcher are the jwks_cache's")
        if jwks is not None:
            keys = load_static_keys(jwks, user_pool_id)
        else:
            own = jwks_uri is None
            uri = jwks_uri_of(policy.issuer) if own else check_url(jwks_uri, "jwks_uri")
            keys = (
                RemoteKeys(uri, fetcher, times, clock)
                if jwks_cache is None
                else jwks_cache.keys_of(uri)
            )
        trust = _Trust(policy, keys, custom_check, clock)
        self._trusts = {policy.issuer: trust}
        self._only: _Trust | None = trust
        self._cache = _check_cache(cache)
        self._accepted = _memory(cache)

    @classmethod
    def for_pools(cls, verifiers: Iterable["CognitoVerifier"]) -> Self:
        """Combine verifiers of different pools: a token's ``iss`` chooses, and then binds.

        # conformance: rotation/pools-isolated

        Raises:
            ConfigurationError: There are none, or two of the same issuer.

        """
        combined = cls.__new__(cls)
        combined._trusts = {}
        combined._cache = 0
        for verifier in verifiers:
            combined._cache += verifier._cache
            for issuer, trust in verifier._trusts.items():
                if issuer in combined._trusts:
                    raise ConfigurationError(f"two verifiers for {issuer}")
                combined._trusts[issuer] = trust
        if not combined._trusts:
            raise ConfigurationError("no pools to verify tokens of")
        combined._only = None
        # Its own: what one verifier has accepted says nothing about another.
        combined._accepted = _memory(combined._cache)
        return combined

    def verify(
        self,
        token: str,
        *,
        now: float | None = None,
        groups: Names | None = None,
        scopes: Names | None = None,
    ) -> Claims:
        """Return the verified claims of ``token`` at ``now`` (default: the clock's time).

        ``groups`` and ``scopes`` replace those of the verifier.

        Raises:
            ConfigurationError: ``groups`` or ``scopes`` is empty.
            VerificationError: The token is not accepted; the subclass says why.

        """
        known = None if self._accepted is None else self._recall(token, now, groups, scopes)
        if known is not None:
            trust, claims = known.trust, known.claims
        else:
            # The signature before what it signs. # conformance: diag/expired-not-masking-signature
            untrusted = parse_compact(token)
            trust = self._only or self._trust_of(untrusted)
            key = trust.keys.find(untrusted.kid)
            signed = check_signature(untrusted, key)
            policy = trust.policy
            if groups is not None or scopes is not None:
                policy = _with(policy, groups, scopes)
            claims = check_claims(signed, policy, trust.clock() if now is None else now)
            if self._accepted is not None:
                self._remember(token, trust, key, claims)
        if trust.custom_check is not None:
            _judge(trust.custom_check(claims))
        return claims

    async def verify_async(
        self,
        token: str,
        *,
        now: float | None = None,
        groups: Names | None = None,
        scopes: Names | None = None,
    ) -> Claims:
        """Do the same as `verify`, fetching keys without blocking the event loop."""
        known = None if self._accepted is None else self._recall(token, now, groups, scopes)
        if known is not None:
            trust, claims = known.trust, known.claims
        else:
            untrusted = parse_compact(token)
            trust = self._only or self._trust_of(untrusted)
            key = await trust.keys.find_async(untrusted.kid)
            signed = check_signature(untrusted, key)
            policy = trust.policy
            if groups is not None or scopes is not None:
                policy = _with(policy, groups, scopes)
            claims = check_claims(signed, policy, trust.clock() if now is None else now)
            if self._accepted is not None:
                self._remember(token, trust, key, claims)
        if trust.custom_check is not None:
            verdict = trust.custom_check(claims)
            _judge(await verdict if isinstance(verdict, Awaitable) else verdict)
        return claims

    def hydrate(self) -> None:
        """Fetch the keys now, so that the first token does not wait for them.

        Raises:
            KeysUnreachable: They could not be fetched.

        """
        for trust in self._trusts.values():
            trust.keys.hydrate()

    async def hydrate_async(self) -> None:
        """Do the same as `hydrate` without blocking the event loop."""
        for trust in self._trusts.values():
            await trust.keys.hydrate_async()

    def _trust_of(self, untrusted: Untrusted) -> _Trust:
        """Choose the pool; `check_claims` compares the issuer again, once it is signed."""
        issuer = untrusted.claims.get("iss")
        trust = self._trusts.get(issuer) if isinstance(issuer, str) else None
        if trust is None:
            raise IssuerMismatch(actual=issuer, expected=tuple(self._trusts))
        return trust

    def _recall(
        self, token: str, now: float | None, groups: Names | None, scopes: Names | None
    ) -> _Accepted | None:
        """Return the verdict on a token that is still good; None if there is any doubt of it.

        What is remembered is found by all of the token's text (CVE-2026-35039), and only by a real
        string: what equals one could be anything. A key that was withdrawn is not published any
        more, and new material under its id is another object. # conformance: state/*
        """
        if self._accepted is None or type(token) is not str:
            return None
        known = self._accepted.recall(token)
        if known is None:
            return None
        trust, key, claims, starts_at, ends_at = known
        if trust.keys.get(key.kid) is not key:
            self._accepted.forget(token)
            return None
        # Written so that a clock that reads NaN accepts nothing.
        if not starts_at <= (trust.clock() if now is None else now) < ends_at:
            return None
        policy = trust.policy
        if groups is not None or scopes is not None:
            policy = _with(policy, groups, scopes)
        if policy.groups or policy.scopes:
            check_grants(claims, policy)
        return known

    def _remember(self, token: str, trust: _Trust, key: RsaKey, claims: Claims) -> None:
        if self._accepted is not None and type(token) is str:
            window = validity(claims, trust.policy.leeway)
            self._accepted.remember(token, _Accepted(trust, key, claims, *window))


def _issuer(user_pool_id: str | None, issuer: str | None) -> str:
    """Return the one issuer to accept. # conformance: iss/original, iss/updated."""
    if issuer not in (None, ORIGINAL, UPDATED):
        return check_issuer(issuer)
    if user_pool_id is None:
        raise ConfigurationError("a user_pool_id or the URL of an issuer is needed")
    return parse_user_pool_id(user_pool_id).issuer(UPDATED if issuer == UPDATED else ORIGINAL)


def _memory(size: int) -> Lru[_Accepted] | None:
    return Lru(size) if size else None


def _check_cache(size: int) -> int:
    """Return an acceptable number of tokens. Raises `ConfigurationError`."""
    if type(size) is not int or not 0 <= size <= MAX_REMEMBERED_TOKENS:
        raise ConfigurationError(f"cache must be a number from 0 to {MAX_REMEMBERED_TOKENS}")
    return size


def _with(policy: Policy, groups: Names | None, scopes: Names | None) -> Policy:
    """Return the policy of one call. Raises `ConfigurationError`."""
    return policy._replace(
        groups=policy.groups if groups is None else required_names(groups, "groups"),
        scopes=policy.scopes if scopes is None else required_names(scopes, "scopes"),
    )


def _judge(verdict: object) -> None:
    """Accept what the application's own check accepts, and nothing that looks like it."""
    if isinstance(verdict, Awaitable):
        close = getattr(verdict, "close", None)
        if close is not None:
            close()  # or else the interpreter warns that nobody has awaited it
        raise ConfigurationError("an async custom_check needs verify_async")
    if verdict is not True:
        raise CustomCheckFailed
