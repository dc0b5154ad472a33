"""Decide whether signed claims are acceptable here and now; expiry comes last.

Reads no clock and no configuration: `Policy` and the time are arguments.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from cognito_verify._rsa import Signed
from cognito_verify._strict_json import JsonObject, JsonValue
from cognito_verify.claims import AccessClaims, Claims, IdClaims, TokenUse, names, split_scopes
from cognito_verify.errors import (
    ClaimMalformed,
    ClientMismatch,
    ConfigurationError,
    GroupMissing,
    IssuerMismatch,
    ScopeMissing,
    TokenExpired,
    TokenNotYetValid,
    TokenUseMismatch,
)


class Anything(Enum):
    """The explicit ways not to check something."""

    CLIENT = "any client"
    TOKEN_USE = "any token use"  # noqa: S105  (a claim's name)


#: Accept the tokens of every app client of the pool.
ANY_CLIENT: Final = Anything.CLIENT
#: Accept id tokens and access tokens.
ANY_TOKEN_USE: Final = Anything.TOKEN_USE

ClientIds: TypeAlias = str | Collection[str] | Literal[Anything.CLIENT]
WantedUse: TypeAlias = TokenUse | Literal[Anything.TOKEN_USE]

#: 9999-12-31T23:59:59Z, the last moment that has a date. # conformance: time/exp/huge
MAX_NUMERIC_DATE = 253_402_300_799
MIN_NUMERIC_DATE = -MAX_NUMERIC_DATE
#: RFC 7519 §4.1.4: "usually no more than a few minutes".
MAX_LEEWAY = 3600

_KINDS: Final[dict[str, type[Claims]]] = {"id": IdClaims, "access": AccessClaims}


class Policy(NamedTuple):
    """What a token must say. Made by `build_policy` alone.

    An empty ``clients`` accepts every app client; empty ``groups``, ``scopes`` and ``resources``
    require nothing.
    """

    issuer: str
    clients: frozenset[str]
    token_uses: frozenset[str]
    groups: frozenset[str]
    scopes: frozenset[str]
    resources: frozenset[str]
    leeway: float


def build_policy(
    *,
    issuer: str,
    client_id: ClientIds,
    token_use: WantedUse,
    groups: str | Collection[str] | None = None,
    scopes: str | Collection[str] | None = None,
    resources: str | Collection[str] | None = None,
    leeway: float = 0,
) -> Policy:
    """Check a configuration. Raises `ConfigurationError`. # conformance: aud/none-configured."""
    if token_use is ANY_TOKEN_USE:
        token_uses = frozenset(_KINDS)
    elif token_use in ("id", "access"):
        token_uses = frozenset({token_use})
    else:
        raise ConfigurationError(f"token_use must be 'id' or 'access': {token_use!r:.40}")
    return Policy(
        issuer=issuer,
        clients=client_set(client_id),
        token_uses=token_uses,
        groups=required_names(groups, "groups"),
        scopes=required_names(scopes, "scopes"),
        resources=required_names(resources, "resources"),
        leeway=check_leeway(leeway),
    )


def client_set(client_id: ClientIds) -> frozenset[str]:
    """Return the clients to accept; empty for all of them. Raises `ConfigurationError`."""
    if client_id is ANY_CLIENT:
        return frozenset()
    clients = name_set(client_id, "client_id")
    if not clients:
        raise ConfigurationError("client_id is empty; ANY_CLIENT accepts every client")
    return clients


def check_leeway(leeway: float) -> float:
    """Return an acceptable leeway. Raises `ConfigurationError`."""
    if not _is_number(leeway) or not 0 <= leeway <= MAX_LEEWAY:
        raise ConfigurationError(f"leeway must be a number from 0 to {MAX_LEEWAY} (seconds)")
    return float(leeway)  # so that times are compared as floats, which is faster


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def name_set(value: object, what: str) -> frozenset[str]:
    """Return one name or several as a set. Raises `ConfigurationError`."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable):
        raise ConfigurationError(f"{what} must be a string or a collection of strings")
    members = tuple(value)
    if not all(isinstance(name, str) and name for name in members):
        raise ConfigurationError(f"{what} must hold non-empty strings")
    return frozenset(members)


def required_names(value: object, what: str) -> frozenset[str]:
    """Return names of which a token must have one; None requires nothing.

    Raises:
        ConfigurationError: There are none. It is what a forgotten setting or a list that was
            computed looks like, and must not let everybody in.

    """
    if value is None:
        return frozenset()
    found = name_set(value, what)
    if not found:
        raise ConfigurationError(f"{what} is empty, so nobody has one of them; None requires none")
    return found


def check_claims(signed: Signed, policy: Policy, now: float) -> Claims:
    """Return the claims if ``policy`` accepts them at ``now`` (epoch seconds).

    Raises:
        ClaimsRefused: It does not; the subclass says why.

    """
    claims = signed.claims
    issuer, clients, token_uses, groups, scopes, resources, leeway = policy
    # AWS step 3.3, RFC 8725 §3.8. # conformance: iss/*
    if claims.get("iss") != issuer:
        raise IssuerMismatch(actual=claims.get("iss"), expected=(issuer,))
    # AWS step 3.4, RFC 8725 §3.12. # conformance: use/*
    token_use = claims.get("token_use")
    if type(token_use) is not str or token_use not in token_uses:
        raise TokenUseMismatch(actual=token_use, expected=token_uses)
    # AWS step 3.2; neither claim stands in for the other. COG-TOK-030: one string, not an array.
    # conformance: aud/id/*, aud/access/*
    kind = _KINDS[token_use]
    client = claims.get(kind.client_claim)
    if type(client) is not str or not client or (clients and client not in clients):
        raise ClientMismatch(claim=kind.client_claim, actual=client, expected=clients)
    if resources and token_use == "access":  # noqa: S105  (a claim's value)
        _check_resource(claims, policy)
    if type(claims.get("sub")) is not str:  # RFC 7519 §4.1.2, COG-TOK-024
        raise ClaimMalformed(claim="sub", expected="a string")
    if scopes or groups:
        check_grants(claims, policy)
    # RFC 7519 §4.1.4-6. An ``iat`` in the future is no reason. # conformance: time/iat/string
    _numeric_date(claims.get("iat", 0), "iat")
    if "nbf" in claims:
        _check_not_before(claims["nbf"], leeway, now)
    check_expiry(claims.get("exp"), leeway, now)  # conformance: diag/expired-is-last
    return kind(signed)


def check_grants(claims: Mapping[str, JsonValue], policy: Policy) -> None:
    """Check what the bearer may do, in claims that are good otherwise. Raises `ClaimsRefused`."""
    if policy.scopes:
        _check_scopes(claims, policy)
    if policy.groups:
        _check_groups(claims, policy)


def validity(claims: Mapping[str, JsonValue], leeway: float) -> tuple[float, float]:
    """Return from when, and until before when, `check_claims` accepts what it has accepted once."""
    not_before, expires_at = claims.get("nbf", -math.inf), claims["exp"]
    return cast("float", not_before) - leeway, cast("float", expires_at) + leeway


def _check_resource(claims: JsonObject, policy: Policy) -> None:
    """COG-TOK-061, RFC 8707 §2. # conformance: base/resource-bound-aud."""
    resource = claims.get("aud")
    if type(resource) is not str or resource not in policy.resources:
        raise ClientMismatch(claim="aud", actual=resource, expected=policy.resources)


def _check_scopes(claims: Mapping[str, JsonValue], policy: Policy) -> None:
    """RFC 6749 §3.3: whole names, case-sensitive. # conformance: authz/scope/*."""
    # An id token authorises nothing, whatever a trigger has written into it.
    granted = () if claims["token_use"] == "id" else split_scopes(claims.get("scope"))  # noqa: S105
    if policy.scopes.isdisjoint(granted):
        raise ScopeMissing(granted=granted, required=policy.scopes)


def _check_groups(claims: Mapping[str, JsonValue], policy: Policy) -> None:
    """COG-TOK-020. # conformance: authz/group/*."""
    groups = names(claims.get("cognito:groups"))
    if policy.groups.isdisjoint(groups):
        raise GroupMissing(groups=groups, required=policy.groups)


def _check_not_before(value: JsonValue, leeway: float, now: float) -> None:
    """RFC 7519 §4.1.5. # conformance: time/nbf/string."""
    not_before = _numeric_date(value, "nbf")
    # "before which": equality is good. # conformance: time/nbf/future, time/nbf/at-now
    if not now >= not_before - leeway:
        raise TokenNotYetValid(not_before=not_before, now=now)


def check_expiry(value: JsonValue, leeway: float, now: float) -> float:
    """Return the expiry if it has not come. Raises `TokenExpired`, `ClaimMalformed`."""
    # Cognito always sets it (COG-TOK-024). # conformance: time/exp/missing, time/exp/string
    expires_at = _numeric_date(value, "exp")
    # "On or after", RFC 7519 §4.1.4. # conformance: time/exp/at-now, time/leeway/at-edge
    # Written so that a clock that reads NaN accepts nothing.
    if not now < expires_at + leeway:
        raise TokenExpired(expired_at=expires_at, now=now)
    return expires_at


def _numeric_date(value: JsonValue, claim: str) -> float:
    """RFC 7519 §2. # conformance: time/exp/bool-null-list, time/exp/fractional, time/exp/huge."""
    if type(value) is not int and type(value) is not float:
        raise ClaimMalformed(claim=claim, expected="a number")
    if not MIN_NUMERIC_DATE <= value <= MAX_NUMERIC_DATE:
        raise ClaimMalformed(claim=claim, expected="a time that has a date")
    return value
