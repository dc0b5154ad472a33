"""Find a Cognito session in a ``Cookie`` header.

Amplify (v1 to v6, in the browser and on the server) and the CloudFront helpers write the same
cookies: ``CognitoIdentityServiceProvider.{client}.LastAuthUser`` names the user, and
``CognitoIdentityServiceProvider.{client}.{user}.{item}`` hold the tokens (COG-AMP-001,
COG-CFE-001).

Reading says nothing about whether the tokens are any good: `verify_cookies` does. It never raises,
and no cookie of anybody else can hide ours: they are not even parsed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Literal, NamedTuple, cast
from urllib.parse import quote

from cognito_verify.claims import AccessClaims, Claims, IdClaims, TokenUse
from cognito_verify.errors import (
    MalformedToken,
    SubjectMismatch,
    TokenUseMismatch,
    VerificationError,
)
from cognito_verify.verifier import CognitoVerifier

# What encodeURIComponent leaves alone, beyond letters, digits and _.-~ .
_URI_COMPONENT = "!*'()"
# js-cookie takes back the encoding of these in names (COG-AMP-024), and of more in values.
_NAME_UNDONE = "#$&+^`|"
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


class SessionCookies(NamedTuple):
    """What was found: a user, and unverified tokens; None for what is missing."""

    username: str | None = None
    id_token: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None


class CookieUser(NamedTuple):
    """Who is signed in, and the claims of the tokens that were verified to know it."""

    access: AccessClaims | None = None
    id: IdClaims | None = None

    @property
    def claims(self) -> Claims:
        """The id token's claims if that was asked for, else the access token's."""
        claims = self.id or self.access
        assert claims is not None  # noqa: S101  (there is never a user without a token)
        return claims

    @property
    def sub(self) -> str:
        """The user's immutable id."""
        return self.claims.sub

    @property
    def username(self) -> str | None:
        """The user's name in the pool."""
        return self.claims.username

    @property
    def groups(self) -> tuple[str, ...]:
        """The user's groups."""
        return self.claims.groups


SessionTokens = Literal["access", "id", "both"]
_USES: Mapping[SessionTokens, tuple[TokenUse, ...]] = {
    "access": ("access",),
    "id": ("id",),
    "both": ("access", "id"),
}


def read_cookies(header: str | bytes | Iterable[str] | None, *, client_id: str) -> SessionCookies:
    """Return the session of the user who signed in last with ``client_id``.

    ``header`` is the value of the ``Cookie`` header, or several values. Tokens of another user than
    ``LastAuthUser`` are not returned, and without a ``LastAuthUser`` there are none.
    # conformance: cookie/amplify/other-user, cookie/amplify/no-last-auth-user
    """
    prefix = f"CognitoIdentityServiceProvider.{client_id}."
    cookies = _with_prefix(header, prefix)
    username = _decode_once(cookies.get(f"{prefix}LastAuthUser", ""))
    if not username:
        return SessionCookies()
    for spelling in _spellings(username):
        # Looked up as a whole, so it does not matter what is in a username.
        # conformance: cookie/amplify/username-with-dots, cookie/amplify/regex-chars
        items = f"{prefix}{spelling}."
        id_token = cookies.get(f"{items}idToken")
        access_token = cookies.get(f"{items}accessToken")
        refresh_token = cookies.get(f"{items}refreshToken")
        if id_token or access_token or refresh_token:
            return SessionCookies(
                username, id_token or None, access_token or None, refresh_token or None
            )
    return SessionCookies(username)


def verify_cookies(
    verifier: CognitoVerifier,
    header: str | bytes | Iterable[str] | None,
    *,
    client_id: str,
    tokens: SessionTokens = "access",
    now: float | None = None,
) -> CookieUser | None:
    """Return the user whose session is in the cookies; None if there is none that can be believed.

    `check_cookies` takes the same arguments and says why.
    """
    try:
        return check_cookies(verifier, header, client_id=client_id, tokens=tokens, now=now)
    except VerificationError:
        return None


async def verify_cookies_async(
    verifier: CognitoVerifier,
    header: str | bytes | Iterable[str] | None,
    *,
    client_id: str,
    tokens: SessionTokens = "access",
    now: float | None = None,
) -> CookieUser | None:
    """Do the same as `verify_cookies`, fetching keys without blocking the event loop."""
    try:
        return await check_cookies_async(
            verifier, header, client_id=client_id, tokens=tokens, now=now
        )
    except VerificationError:
        return None


def check_cookies(
    verifier: CognitoVerifier,
    header: str | bytes | Iterable[str] | None,
    *,
    client_id: str,
    tokens: SessionTokens = "access",
    now: float | None = None,
) -> CookieUser:
    """Return the user whose session is in the cookies.

    ``tokens`` names those that must be there and good: the access token, the id token, or both,
    which then must belong to one user. A verifier with ``token_use=ANY_TOKEN_USE`` takes both.

    # conformance: cookie/verify/cookie-token-still-verified, cookie/verify/id-in-access-slot

    Raises:
        VerificationError: There is no such session, or it is not accepted.

    """
    session = read_cookies(header, client_id=client_id)
    return _user(
        [_of_use(verifier.verify(_token_of(session, use), now=now), use) for use in _USES[tokens]]
    )


async def check_cookies_async(
    verifier: CognitoVerifier,
    header: str | bytes | Iterable[str] | None,
    *,
    client_id: str,
    tokens: SessionTokens = "access",
    now: float | None = None,
) -> CookieUser:
    """Do the same as `check_cookies`, fetching keys without blocking the event loop."""
    session = read_cookies(header, client_id=client_id)
    return _user(
        [
            _of_use(await verifier.verify_async(_token_of(session, use), now=now), use)
            for use in _USES[tokens]
        ]
    )


def write_cookies(*, client_id: str, session: SessionCookies) -> dict[str, str]:
    """Return the cookies that Amplify would set, encoded, in its order (COG-AMP-004).

    For tests: a real session is written by the browser.
    """
    username = session.username or "username"  # COG-AMP-005
    prefix = f"CognitoIdentityServiceProvider.{client_id}."
    items = f"{prefix}{encode_name(username)}."
    # COG-AMP-025; it leaves tokens as they are.
    last_user = quote(username, safe=_URI_COMPONENT + "#$&+/:<=>?@[]^`{|}")
    cookies = {
        f"{prefix}LastAuthUser": last_user,
        f"{items}accessToken": session.access_token,
        f"{items}idToken": session.id_token,
        f"{items}refreshToken": session.refresh_token,
    }
    return {name: value for name, value in cookies.items() if value is not None}


def encode_name(username: str) -> str:
    """Encode a username as js-cookie does in a cookie's name (COG-AMP-024)."""
    return quote(username, safe="!*'" + _NAME_UNDONE, errors="surrogatepass")


def _with_prefix(header: str | bytes | Iterable[str] | None, prefix: str) -> dict[str, str]:
    """Return the cookies of one client: RFC 6265 §5.2 and 5.4, in linear time.

    # conformance: cookie/parse/*, cookie/amplify/client-prefix
    """
    found: dict[str, str] = {}
    for pair in _pairs(header):
        name, equals, value = pair.partition("=")
        name = name.strip(" \t")
        if equals and name.startswith(prefix):
            value = value.strip(" \t")
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            # The first is that of the longest path. # conformance: cookie/parse/duplicates
            found.setdefault(name, value)
    return found


def _pairs(header: str | bytes | Iterable[str] | None) -> Iterator[str]:
    if isinstance(header, bytes):
        header = header.decode("latin-1")
    if isinstance(header, str):
        header = (header,)
    for line in header or ():  # RFC 9113 §8.2.3; conformance: cookie/parse/split-headers
        yield from line.split(";")


def _decode_once(value: str) -> str:
    """Decode a value as js-cookie does; empty if it cannot be decoded.

    # conformance: cookie/amplify/username-percent, cookie/edge/bad-percent
    """
    with suppress(UnicodeError):
        # Raw UTF-8 reaches applications as Latin-1 (PEP 3333, and ASGI's usual decoding).
        value = value.encode("latin-1").decode()
    try:
        return _PERCENT.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), value)
    except UnicodeDecodeError:
        return ""


def _spellings(username: str) -> Iterator[str]:
    """Return how a username may be written in a cookie's name, the most likely spelling first.

    A username that itself looks encoded has no raw spelling: that is another user's, encoded.
    # conformance: cookie/amplify/email-username, cookie/amplify/username-percent
    """
    in_browser = encode_name(username)
    on_server = quote(  # COG-AMP-030
        username, safe=_URI_COMPONENT + _NAME_UNDONE, errors="surrogatepass"
    )
    yield in_browser
    yield on_server
    yield quote(username, safe=_URI_COMPONENT, errors="surrogatepass")
    if _PERCENT.search(username) is None:  # cognito-at-edge; conformance: cookie/edge/layout
        yield username
        yield username.encode("utf-8", "surrogatepass").decode("latin-1")
    # An encoded name that was encoded once more on its way.
    yield encode_name(in_browser)
    yield quote(on_server, safe="")


def _token_of(session: SessionCookies, token_use: TokenUse) -> str:
    token = session.id_token if token_use == "id" else session.access_token  # noqa: S105
    if token is None:
        raise MalformedToken(f"the cookies hold no {token_use} token")
    return token


def _of_use(claims: Claims, token_use: TokenUse) -> Claims:
    """Refuse one kind of token in the other's cookie, whatever the verifier would take."""
    if claims.token_use != token_use:
        raise TokenUseMismatch(actual=claims.token_use, expected=(token_use,))
    return claims


def _user(verified: Iterable[Claims]) -> CookieUser:
    user = CookieUser()
    for claims in verified:
        user = (
            user._replace(id=claims)
            if isinstance(claims, IdClaims)
            else user._replace(access=cast("AccessClaims", claims))
        )
    if user.access is not None and user.id is not None and user.access.sub != user.id.sub:
        raise SubjectMismatch
    return user
