"""Find the token of a request: in ``Authorization``, or in cookies if these are wanted too.

Decides where a token may come from (RFC 6750 §2.1). Says nothing about whether it is any good.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from cognito_verify.claims import TokenUse

# RFC 6750 §2.1: "Bearer" 1*SP b64token; RFC 9110 §11.1: the scheme is case-insensitive.
_BEARER = re.compile(r"bearer +([a-z0-9\-._~+/]+=*) *", re.ASCII | re.IGNORECASE)
_MENTIONED = re.compile(r"(?:^|,)[ \t]*bearer(?=[ \t,]|$)", re.ASCII | re.IGNORECASE)
# RFC 9110 §9.2.1.
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CredentialsMissing(Exception):  # noqa: N818  (named after what was found)
    """The request has no token."""


class CredentialsMalformed(Exception):  # noqa: N818  (likewise)
    """The request has something like a token, but not in the one way that is allowed."""


class BearerRequest(NamedTuple):
    """What matters of a request.

    A framework that joins header lines of one name with commas (RFC 9110 §5.3) gives one value.
    A WebSocket handshake has the method ``WEBSOCKET``: other sites can open one, and read it.
    """

    method: str
    authorization: Sequence[str] = ()
    cookie: Sequence[str] = ()
    sec_fetch_site: str = ""


class CognitoCookies(NamedTuple):
    """Take the token from the cookies of Amplify and the CloudFront helpers, if no header has one.

    A browser adds cookies also to requests that another site has made it send. So they count only
    for GET, HEAD and OPTIONS, or if the browser says that its user or a page of the same origin
    began the request (``Sec-Fetch-Site``).
    """

    client_id: str
    token_use: TokenUse = "access"  # noqa: S105  (a claim's name)

    def token_of(self, request: BearerRequest) -> str | None:
        """Return the token, if there is one that this request may use."""
        if request.method not in _SAFE_METHODS and request.sec_fetch_site not in {
            "same-origin",
            "none",
        }:
            return None
        from cognito_verify.cookies import read_cookies  # noqa: PLC0415  (few read cookies)

        found = read_cookies(request.cookie, client_id=self.client_id)
        return found.id_token if self.token_use == "id" else found.access_token  # noqa: S105


class FoundToken(NamedTuple):
    """What the caller says is a token. Made by `find_token` alone."""

    text: str
    #: What it must be, if it was in a place for one kind of token.
    token_use: TokenUse | None


def find_token(request: BearerRequest, cookies: CognitoCookies | None) -> FoundToken:
    """Return the request's token, which anybody may have written.

    Raises:
        CredentialsMissing: There is none.
        CredentialsMalformed: There are several, or something that cannot be one.

    """
    # Joined, so that all servers' requests are read alike: two tokens are no b64token.
    authorization = ",".join(request.authorization)
    credentials = _BEARER.fullmatch(authorization.strip(" \t"))
    if credentials is not None:
        return FoundToken(credentials[1], None)
    if _MENTIONED.search(authorization):
        raise CredentialsMalformed
    token = cookies and cookies.token_of(request)
    if not cookies or not token:
        raise CredentialsMissing
    return FoundToken(token, cookies.token_use)
