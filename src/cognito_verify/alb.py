"""Verify ``x-amzn-oidc-data``, the token that an Application Load Balancer adds to requests.

It is no Cognito token: ES256, padded base64url, and what matters is in the header (COG-ALB-003 to
007). A target must check the ``signer``, or any other load balancer's users are its own.
# conformance: use/alb-user-claims - and `CognitoVerifier` refuses these
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from cognito_verify import _base64url
from cognito_verify._alb_keys import AlbKeys, Es256Key, key_base
from cognito_verify._compact import MAX_TOKEN_LENGTH
from cognito_verify._strict_json import JsonObject, JsonValue, parse_object
from cognito_verify._system_time import system_time
from cognito_verify.errors import (
    AlgorithmRefused,
    ClaimMalformed,
    ClientMismatch,
    ConfigurationError,
    HeaderRefused,
    IssuerMismatch,
    MalformedToken,
    UnknownKey,
)
from cognito_verify.fetching import HttpFetcher, JwksFetcher
from cognito_verify.policy import ClientIds, check_expiry, check_leeway, client_set, name_set
from cognito_verify.pool import check_issuer

_KID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class AlbClaims(Mapping[str, JsonValue]):
    """What userInfo said when the user signed in at the load balancer (COG-ALB-005)."""

    __slots__ = ("_members", "client_id", "expires_at", "signer")

    def __init__(
        self, members: JsonObject, *, signer: str, client_id: str, expires_at: float
    ) -> None:
        self._members = members
        #: The load balancer's ARN.
        self.signer = signer
        #: The app client that the load balancer uses.
        self.client_id = client_id
        #: Seconds since the epoch.
        self.expires_at = expires_at

    def __getitem__(self, name: str) -> JsonValue:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        """Name the user; the other claims may be personal."""
        return f"<AlbClaims sub={self.sub!r}>"

    @property
    def sub(self) -> str:
        """The pool-unique, immutable id of the user."""
        return str(self._members["sub"])

    @property
    def email_verified(self) -> bool:
        """True also for the string that userInfo gives (COG-ALB-005)."""
        return self._members.get("email_verified") in (True, "true")


class AlbVerifier:
    """Verifies ``x-amzn-oidc-data`` of one load balancer or several.

    Args:
        load_balancer_arn: Whose data to accept.
        client_id: The app client of its authentication action, or several, or `ANY_CLIENT`.
        issuer: The user pool's issuer; None accepts any, for the load balancer has checked it.
        leeway: How many seconds the clocks may differ.
        fetcher: How to fetch the load balancer's keys, if not with httpx.
        clock: The time in seconds since the epoch.

    """

    def __init__(
        self,
        *,
        load_balancer_arn: str | Collection[str],
        client_id: ClientIds,
        issuer: str | None = None,
        leeway: float = 0,
        fetcher: JwksFetcher = HttpFetcher(),  # noqa: B008  (immutable)
        clock: Callable[[], float] = system_time,
    ) -> None:
        arns = name_set(load_balancer_arn, "load_balancer_arn")
        self._key_bases = {arn: key_base(arn) for arn in arns}
        if not self._key_bases:
            raise ConfigurationError("load_balancer_arn is empty")
        self._clients = client_set(client_id)
        self._issuer = None if issuer is None else check_issuer(issuer)
        self._leeway = check_leeway(leeway)
        self._clock = clock
        self._keys = AlbKeys(fetcher, clock)

    def verify(self, data: str, *, now: float | None = None) -> AlbClaims:
        """Return the verified claims. Raises `VerificationError`."""
        untrusted = _parse(data)
        key = self._keys.find(self._key_base_of(untrusted), untrusted.kid)
        return self._check(untrusted, key, now)

    async def verify_async(self, data: str, *, now: float | None = None) -> AlbClaims:
        """Do the same as `verify`, fetching keys without blocking the event loop."""
        untrusted = _parse(data)
        key = await self._keys.find_async(self._key_base_of(untrusted), untrusted.kid)
        return self._check(untrusted, key, now)

    def _key_base_of(self, untrusted: "_Untrusted") -> str:
        """Return where a configured load balancer has its keys. Raises `IssuerMismatch`."""
        signer = untrusted.header.get("signer")
        base = self._key_bases.get(signer) if isinstance(signer, str) else None
        if base is None:
            raise IssuerMismatch(actual=signer, expected=tuple(self._key_bases))
        return base

    def _check(self, untrusted: "_Untrusted", key: Es256Key, now: float | None) -> AlbClaims:
        """Check the signature, then the header that it covers; expiry last."""
        key.check(untrusted.signature, untrusted.signing_input)
        header, claims = untrusted.header, untrusted.claims
        if self._issuer is not None and header.get("iss") != self._issuer:
            raise IssuerMismatch(actual=header.get("iss"), expected=(self._issuer,))
        client = header.get("client")
        if (
            not isinstance(client, str)
            or not client
            or (self._clients and client not in self._clients)
        ):
            raise ClientMismatch(claim="client", actual=client, expected=self._clients)
        if not isinstance(claims.get("sub"), str):
            raise ClaimMalformed(claim="sub", expected="a string")
        expires_at = check_expiry(
            header.get("exp"), self._leeway, self._clock() if now is None else now
        )
        return AlbClaims(
            claims, signer=str(header["signer"]), client_id=client, expires_at=expires_at
        )


class _Untrusted(NamedTuple):
    """Well-formed data that anybody may have written. Made by `_parse` alone."""

    kid: str
    header: JsonObject
    claims: JsonObject
    signing_input: bytes
    signature: bytes


def _parse(data: str) -> _Untrusted:
    """Take the data apart. Raises `MalformedToken` and what the header deserves."""
    if not isinstance(data, str):
        raise MalformedToken("the data is text")
    if not data.isascii() or len(data) > MAX_TOKEN_LENGTH:
        raise MalformedToken("the data is ASCII text of a limited length")
    segments = data.split(".", 3)
    if len(segments) != 3:  # noqa: PLR2004  (header, payload, signature)
        raise MalformedToken("the data has three parts")
    try:
        header = parse_object(_decode_padded(segments[0]))
        claims = parse_object(_decode_padded(segments[1]))
        signature = _decode_padded(segments[2])
    except ValueError:
        raise MalformedToken("the data is not base64url of strict JSON") from None
    if "crit" in header:  # RFC 7515 §4.1.11
        raise HeaderRefused(member="crit")
    if header.get("alg") != "ES256":  # RFC 8725 §3.1
        raise AlgorithmRefused(algorithm=header.get("alg"))
    kid = header.get("kid")
    # It becomes the last part of a path.
    if not isinstance(kid, str) or _KID.fullmatch(kid) is None:
        raise UnknownKey(kid=kid, why="is no UUID")
    return _Untrusted(kid, header, claims, f"{segments[0]}.{segments[1]}".encode(), signature)


def _decode_padded(segment: str) -> bytes:
    """Decode base64url with its padding, or without any (COG-ALB-004)."""
    unpadded = segment.rstrip("=")
    if unpadded != segment and (len(segment) % 4 or len(segment) - len(unpadded) > 2):  # noqa: PLR2004
        raise ValueError("not canonical base64url")
    return _base64url.decode(unpadded)
