"""Find the token of a request: in ``Authorization``, or in cookies if these are wanted too.

Decides where a token may come from (RFC 6750 §2.1). Says nothing about whether it is any good.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from cognito_verify.claims import TokenUse
from cognito_verify.errors import ConfigurationError

# RFC 6750 §2.1: "Bearer" 1*SP b64token; RFC 9110 §11.1: the scheme is case-insensitive.
_BEARER = re.compile(r"bearer +([a-z0-9\-._~+/]+=*) *", re.ASCII | re.IGNORECASE)
_MENTIONED = re.compile(r"(?:^|,)[ \t]*bearer(?=[ \t,]|$)", re.ASCII | re.IGNORECASE)
# More than the longest token and what may stand around it; not every server limits header lines.
_MAX_CHARS = 80 * 1024
# RFC 9110 §9.2.1.
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


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

    def __repr__(self) -> str:
        """Hide the credentials from reports that list local variables."""
        return f"<BearerRequest {self.method}>"

    @property
    def is_safe(self) -> bool:
        """Whether the method changes nothing; methods are case-sensitive."""
        return self.method in SAFE_METHODS


class CognitoCookies(NamedTuple):
    """Take the token from the cookies of Amplify and the CloudFront helpers, if no header has one.

    A browser adds cookies also to requests that another site has made it send. So they count only
    for GET, HEAD and OPTIONS, or if the browser says that its user or a page of the same origin
    began the request (``Sec-Fetch-Site``, which browsers send to https and to localhost only). A
    view that changes something for a GET is not protected by this.

    The token must have been issued to ``client_id``, also if the verifier takes others. A session
    that another host of the same domain has planted cannot be told from the user's own.
    """

    client_id: str
    token_use: TokenUse = "access"  # noqa: S105  (a claim's name)

    def validate(self) -> None:
        """Raise `ConfigurationError` if there can be no such cookies."""
        if type(self.client_id) is not str or not self.client_id:
            raise ConfigurationError("cookies need the id of one app client")
        if self.token_use not in ("id", "access"):
            raise ConfigurationError("the token_use of cookies is 'id' or 'access'")

    def token_of(self, request: BearerRequest) -> str | None:
        """Return the token, if there is one that this request may use."""
        if sum(map(len, request.cookie)) > _MAX_CHARS:
            return None
        if not request.is_safe and request.sec_fetch_site not in {
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

    def __repr__(self) -> str:
        """Hide the token, as `BearerRequest` does."""
        return "<FoundToken>"


def find_token(request: BearerRequest, cookies: CognitoCookies | None) -> FoundToken:
    """Return the request's token, which anybody may have written.

    Raises:
        CredentialsMissing: There is none.
        CredentialsMalformed: There are several, or something that cannot be one.

    """
    # Joined, so that all servers' requests are read alike: two tokens are no b64token.
    authorization = ",".join(request.authorization)
    if len(authorization) > _MAX_CHARS:
        raise CredentialsMalformed
    credentials = _BEARER.fullmatch(authorization.strip(" \t"))
    if credentials is not None:
        return FoundToken(credentials[1], None)
    if _MENTIONED.search(authorization):
        raise CredentialsMalformed
    token = cookies and cookies.token_of(request)
    if not cookies or not token:
        raise CredentialsMissing
    return FoundToken(token, cookies.token_use)
