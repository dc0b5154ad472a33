"""What goes over the wire: the JSON 1.1 API and plain HTTP, without an SDK.

No redirect is followed and nothing is asked of a host that the user did not name: what an issuer
says about itself is evidence, never an address to visit.
"""

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

REQUEST_LIMIT_S: Final = 20.0
_JSON: Final = "application/x-amz-json-1.1"
_PREFIX: Final = "AWSCognitoIdentityProviderService"
# Every JSON object begins with a brace, in base64url "ey".
_TOKEN: Final = re.compile(r"\bey[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*")
_SAID: Final = 200

Connect = Callable[[], httpx.Client]
"""Opens a client of its own: cookies are kept in it, redirects are not followed."""


class Wrong(Exception):  # noqa: N818  (it is a judgement)
    """The issuer does not do what the requirement says; the text says what it does instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer."""

    status: int
    headers: httpx.Headers
    text: str

    @property
    def body(self) -> Any:
        """The JSON in it, or None."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def type(self) -> str:
        """The name of an API error, without a namespace (COG-API-WIRE-016), or an empty text."""
        found = self.body.get("__type") if isinstance(self.body, dict) else None
        return found.rpartition("#")[2] if isinstance(found, str) else ""

    @property
    def message(self) -> str:
        """The message of an API error, or an empty text."""
        found = self.body.get("message") if isinstance(self.body, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def error(self) -> str:
        """The code of an OAuth error, or an empty text."""
        found = self.body.get("error") if isinstance(self.body, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def location(self) -> str:
        """Where a redirect leads, or an empty text."""
        return str(self.headers.get("location", ""))

    def __str__(self) -> str:
        """Say what was answered, without the tokens in it."""
        if self.type:
            told = f"{self.type}: {self.message}"
        elif self.location:
            told = f"to {self.location.partition('?')[0]}"
        elif self.error:
            told = self.error
        elif self.text.lstrip().startswith("<"):
            told = "a page"
        else:
            told = " ".join(self.text.split())[:_SAID]
        return f"HTTP {self.status} {without_tokens(told)}".strip()[:_SAID]


class Wire:
    """Sends requests to one issuer."""

    def __init__(self, *, endpoint: str, domain: str, region: str, connect: Connect) -> None:
        self.endpoint = endpoint
        self.domain = domain
        self._region = region
        self._connect = connect
        self._client = connect()

    def api(
        self,
        operation: str,
        members: Mapping[str, Any],
        *,
        signed: bool = False,
        raw: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call one operation of the API; ``raw`` replaces the body."""
        fields = {"x-amz-target": f"{_PREFIX}.{operation}", "content-type": _JSON}
        if signed:
            fields |= self._signature()
        content = json.dumps(members) if raw is None else raw
        return reply_of(
            self._client.post(
                f"{self.endpoint}/", content=content, headers=fields | dict(headers or {})
            )
        )

    def get(self, url: str, **headers: str) -> Reply:
        """GET ``url``, which must be the user's own."""
        self._check(url)
        return reply_of(self._client.get(url, headers=_fields(headers)))

    def post(
        self, path: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> Reply:
        """POST a form to ``path`` of the domain."""
        url = self.domain + path
        auth = httpx.BasicAuth(*basic) if basic else httpx.USE_CLIENT_DEFAULT
        return reply_of(self._client.post(url, data=dict(form), auth=auth))

    def preflight(self, url: str, **headers: str) -> Reply:
        """Ask as a browser does before a request of another origin."""
        self._check(url)
        return reply_of(self._client.options(url, headers=_fields(headers)))

    def new_client(self) -> httpx.Client:
        """Return a browser without cookies."""
        return self._connect()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _check(self, url: str) -> None:
        if origin(url) not in {origin(self.endpoint), origin(self.domain)}:
            raise Wrong(f"{url} is neither at the endpoint nor at the domain")

    def _signature(self) -> dict[str, str]:
        # No key is known and none is needed: administrative calls are only made to mocks, which
        # read the scope and leave the signature alone.
        scope = f"testing/20260101/{self._region}/cognito-idp/aws4_request"
        signed = "host;x-amz-date;x-amz-target"
        return {
            "x-amz-date": "20260101T000000Z",
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={signed}, "
            f"Signature={'0' * 64}",
        }


def open_client() -> httpx.Client:
    """Return a client of this machine, without its proxies and passwords."""
    return httpx.Client(trust_env=False, timeout=REQUEST_LIMIT_S, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """What httpx trusts by itself; to read it takes longer than many requests."""
    return httpx.create_ssl_context(trust_env=False)


def reply_of(response: httpx.Response) -> Reply:
    """Keep what matters of a response."""
    return Reply(status=response.status_code, headers=response.headers, text=response.text)


def _fields(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def without_tokens(text: str) -> str:
    """Return ``text`` with every token in it replaced."""
    return _TOKEN.sub("<token>", text)


def origin(url: str) -> tuple[str, str]:
    """Return scheme and authority."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
