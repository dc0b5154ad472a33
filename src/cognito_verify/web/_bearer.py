"""Decide how an HTTP service answers a request, with or without a token. RFC 6750.

======  ==================  ====================================================================
status  ``error``           when
======  ==================  ====================================================================
401     none                the request brings no token (RFC 6750 §3.1, last paragraph)
400     invalid_request     it brings several, or what it brings cannot be a token
401     invalid_token       the verifier refuses the token
403     insufficient_scope  the token is good, but none of the scopes or groups wanted is in it
503     none                the pool's keys could not be fetched: the caller is not to blame, and a
                            client that reads 401 would throw a good session away
======  ==================  ====================================================================

No framework here, and no text that a stranger has written: every description is in this file. No
refusal may be stored (RFC 9111 §5.2.2.5): some caches keep 403 and 503 for everybody.
"""

import logging
import re
from collections.abc import Collection
from typing import Final, NamedTuple, Protocol

from cognito_verify.claims import Claims
from cognito_verify.errors import (
    ClientMismatch,
    ConfigurationError,
    GroupMissing,
    KeysUnreachable,
    ScopeMissing,
    TokenUseMismatch,
    VerificationError,
)
from cognito_verify.policy import required_names
from cognito_verify.web._credentials import (
    BearerRequest,
    CognitoCookies,
    CredentialsMalformed,
    CredentialsMissing,
    FoundToken,
    find_token,
)

#: Seconds. The key cache leaves a failing endpoint alone for at most as long.
RETRY_AFTER: Final = 10

_LOG = logging.getLogger("cognito_verify.web")
# RFC 6749 §3.3 scope-token; it has no character that would end a quoted string.
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_REALM = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")

# By the code of the error. RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E.
_DESCRIPTIONS: Final = {
    "malformed": "The token is malformed",
    "header": "The token asks for an extension that is not supported",
    "algorithm": "The token is not signed with RS256",
    "key": "The token is signed with a key that its issuer does not publish",
    "signature": "The token's signature is invalid",
    "issuer": "The token has another issuer",
    "token_use": "The token is of the wrong kind",
    "audience": "The token was issued for another client or resource",
    "not_yet_valid": "The token is not valid yet",
    "expired": "The token has expired",
    "scope": "The token has none of the scopes that are needed",
    "group": "The user is in none of the groups that are needed",
    "other": "The token is not accepted",
}
_NOT_STORED: Final = ("Cache-Control", "no-store")
_MISSING = "A bearer token is needed"
_MALFORMED = "Exactly one bearer token is needed, in the Authorization header"
_UNREACHABLE = "Tokens cannot be verified at the moment"


class TokenVerifier(Protocol):
    """What an integration needs of a `cognito_verify.CognitoVerifier`."""

    def verify(self, token: str) -> Claims:
        """Return the claims. Raises `VerificationError`."""

    async def verify_async(self, token: str) -> Claims:
        """Return the claims. Raises `VerificationError`."""


class Requirement(NamedTuple):
    """One of the groups, and one of the scopes; empty requires nothing. Made by `requirement`."""

    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()

    def check(self, claims: Claims) -> None:
        """Raise `ScopeMissing` or `GroupMissing`. COG-TOK-020, RFC 6749 §3.3: whole names."""
        if self.scopes and self.scopes.isdisjoint(claims.scopes):
            raise ScopeMissing(granted=claims.scopes, required=self.scopes)
        if self.groups and self.groups.isdisjoint(claims.groups):
            raise GroupMissing(groups=claims.groups, required=self.groups)


class Refusal(NamedTuple):
    """An answer to give instead of the application's."""

    status: int
    #: RFC 6750 §3.1; None if the caller has made no mistake that has a name.
    error: str | None
    description: str
    headers: tuple[tuple[str, str], ...]

    def body(self) -> dict[str, str]:
        """Return what to send as JSON, in the words of RFC 6749 §5.2."""
        code = {} if self.error is None else {"error": self.error}
        return code | {"error_description": self.description}


class BearerGuard:
    """Reads requests, asks the verifier, words the answers. Shared between threads and loops."""

    def __init__(
        self, verifier: TokenVerifier, *, realm: str = "api", cookies: CognitoCookies | None = None
    ) -> None:
        if not _REALM.fullmatch(realm):
            raise ConfigurationError("the realm must be printable ASCII without quotes")
        if cookies is not None:
            cookies.validate()
        self._verifier = verifier
        #: What a 401 says if there is no more to say.
        self.challenge = f'Bearer realm="{realm}"'
        self._cookies = cookies
        #: What its answers depend on, for ``Vary`` (RFC 9110 §12.5.5).
        self.vary = ("Authorization",) if cookies is None else ("Authorization", "Cookie")

    def check(self, request: BearerRequest, *requirements: Requirement) -> Claims | Refusal:
        """Return the claims of the request's token if it has one that meets all requirements."""
        try:
            found = find_token(request, self._cookies)
            claims = self._in_place(self._verifier.verify(found.text), found)
        except (CredentialsMissing, CredentialsMalformed, VerificationError) as error:
            return self._refusal(error)
        return self.authorize(claims, *requirements)

    async def check_async(
        self, request: BearerRequest, *requirements: Requirement
    ) -> Claims | Refusal:
        """Do the same as `check`, fetching keys without blocking the event loop."""
        try:
            found = find_token(request, self._cookies)
            claims = self._in_place(await self._verifier.verify_async(found.text), found)
        except (CredentialsMissing, CredentialsMalformed, VerificationError) as error:
            return self._refusal(error)
        return self.authorize(claims, *requirements)

    def authorize(self, claims: Claims, *requirements: Requirement) -> Claims | Refusal:
        """Return verified claims if they meet all requirements."""
        try:
            for wanted in requirements:
                wanted.check(claims)
        except (ScopeMissing, GroupMissing) as error:
            return self._refusal(error)
        return claims

    def _in_place(self, claims: Claims, found: FoundToken) -> Claims:
        """Refuse what another cookie is for, whatever the verifier would take."""
        if self._cookies is None or found.token_use is None:
            return claims
        if claims.token_use != found.token_use:
            raise TokenUseMismatch(actual=claims.token_use, expected=(found.token_use,))
        client_id = self._cookies.client_id
        if claims.client_id != client_id:
            raise ClientMismatch(
                claim=claims.client_claim, actual=claims.client_id, expected=(client_id,)
            )
        return claims

    def _refusal(
        self, error: CredentialsMissing | CredentialsMalformed | VerificationError
    ) -> Refusal:
        if isinstance(error, CredentialsMissing):
            return self._challenge(401, None, _MISSING)
        if isinstance(error, CredentialsMalformed):
            return self._challenge(400, "invalid_request", _MALFORMED)
        if isinstance(error, KeysUnreachable):
            _LOG.warning("no token can be verified: %s", error)
            wait = ("Retry-After", str(RETRY_AFTER))
            return Refusal(503, None, _UNREACHABLE, (wait, _NOT_STORED))
        _LOG.info("refused a token: %s", error.code)
        description = _DESCRIPTIONS.get(error.code, _DESCRIPTIONS["other"])
        if isinstance(error, ScopeMissing):
            return self._challenge(403, "insufficient_scope", description, error.required)
        if isinstance(error, GroupMissing):  # no scope would help
            return self._challenge(403, "insufficient_scope", description)
        return self._challenge(401, "invalid_token", description)

    def _challenge(
        self, status: int, error: str | None, description: str, scopes: Collection[str] = ()
    ) -> Refusal:
        """Word a ``WWW-Authenticate``. RFC 6750 §3."""
        parts = [self.challenge]
        if error is not None:
            parts += [f'error="{error}"', f'error_description="{description}"']
        tokens = sorted(filter(_SCOPE.fullmatch, scopes))
        if tokens:
            parts.append(f'scope="{" ".join(tokens)}"')
        challenge = ("WWW-Authenticate", ", ".join(parts))
        return Refusal(status, error, description, (challenge, _NOT_STORED))


def requirement(
    groups: str | Collection[str] | None = None, scopes: str | Collection[str] | None = None
) -> Requirement:
    """Check a requirement. Raises `ConfigurationError`."""
    wanted = Requirement(required_names(groups, "groups"), required_names(scopes, "scopes"))
    if not all(map(_SCOPE.fullmatch, wanted.scopes)):
        raise ConfigurationError("a scope is printable ASCII without spaces, quotes, backslashes")
    return wanted
