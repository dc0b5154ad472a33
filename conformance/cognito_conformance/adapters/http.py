"""Judge a relying party: an API that accepts or refuses a request because of the token in it.

An API says much less than a library: 2xx is an accept, 401 and 403 are a rejection, as is a 400
that RFC 6750 asks for, and every other status is an error. It returns no claims, keeps its own
clock, and is configured by hand, once, with the issuer that `issuer_server` runs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cognito_conformance.model import Config, Implementation, Rejected

DEFAULT_HEADER: Final = "Authorization: Bearer {token}"
REQUEST_LIMIT_S: Final = 4.0
"""Less than the suite's limit for one call, so that silence is this subject's own error."""

_HEADER_BYTES: Final = 7_000
"""Servers refuse longer header lines by themselves; the shortest common limit is 8 KiB."""
_TEXT_LIMIT: Final = 2_000
_INVALID_REQUEST: Final = re.compile(r'Bearer\b.*\berror="?invalid_request\b', re.IGNORECASE)
_FIELD_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# RFC 9110 §5.5 permits more, and RFC 6265 §4.1.1 less; what is outside never reaches the API as
# it was written, so nothing could be learned from it.
_VISIBLE: Final = re.compile(r"[\x21-\x7e]*")
_COOKIE_OCTETS: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the API answered."""

    status: int
    text: str

    @property
    def is_invalid_request(self) -> bool:
        """Tell whether it is the 400 of RFC 6750 §3.1, for what is no bearer token at all."""
        return self.status == 400 and _INVALID_REQUEST.match(self.text) is not None  # noqa: PLR2004


Send = Callable[[Mapping[str, str]], Reply]
"""Sends one request with these header fields."""


class UnexpectedStatus(Exception):  # noqa: N818  (named after what happened)
    """An answer that is neither an accept nor a rejection."""


class Presentation:
    """Where the token goes: ``Name: text with {token}``."""

    def __init__(self, template: str = DEFAULT_HEADER) -> None:
        name, colon, value = template.partition(":")
        if not colon or not _FIELD_NAME.fullmatch(name) or value.count("{token}") != 1:
            raise ValueError(f"{template!r}: write a header line, such as {DEFAULT_HEADER!r}")
        self._name = name
        self._value = value.strip()
        self._octets = _COOKIE_OCTETS if name.lower() == "cookie" else _VISIBLE

    def can_carry(self, token: str) -> bool:
        """Tell whether HTTP delivers ``token`` as it is."""
        return len(token) <= _HEADER_BYTES and self._octets.fullmatch(token) is not None

    def fields(self, token: str) -> dict[str, str]:
        """Return the request's header fields."""
        return {self._name: self._value.replace("{token}", token).rstrip()}


class HttpAdapter:
    """An adapter whose answers are status codes."""

    def __init__(self, send: Send, presentation: Presentation, *, name: str) -> None:
        self._send = send
        self._presentation = presentation
        self._name = name

    @property
    def info(self) -> Implementation:
        """Return what every API can: judge a token now."""
        return Implementation(
            name=self._name,
            version="",
            language="http",
            capabilities=frozenset({"verify", "fixed"}),
        )

    def configure(self, config: Config) -> None:
        """Do nothing: it was configured by hand, and the runner asks about nothing else."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        """Present ``token``. The API's clock is its own."""
        del now
        reply = self._send(self._presentation.fields(token))
        if 200 <= reply.status < 300:  # noqa: PLR2004  (RFC 9110 §15.3)
            return {}
        if reply.status in {401, 403} or reply.is_invalid_request:
            raise Rejected("other", reply.text[:_TEXT_LIMIT])
        raise UnexpectedStatus(f"HTTP {reply.status}: {reply.text[:_TEXT_LIMIT]}")

    def reset(self) -> None:
        """Do nothing: nobody can reset somebody else's API."""


def client_for_requests() -> httpx.Client:
    """Return a client that sends what it is told: no proxy, no .netrc, no redirect followed.

    An Authorization of the machine's would replace the token.
    """
    return httpx.Client(trust_env=False, timeout=REQUEST_LIMIT_S)


def send_to(url: str, client: httpx.Client | None = None) -> Send:
    """Return what sends requests to ``url``; a redirect, to a sign-in page perhaps, is an error."""
    # Without a client of the caller's, the connection lives as long as the process.
    client = client or client_for_requests()

    def send(fields: Mapping[str, str]) -> Reply:
        return reply_of(client.get(url, headers=fields))

    return send


def reply_of(response: httpx.Response) -> Reply:
    """Return what matters of a response: an error text may be in the challenge or in the body."""
    challenge = response.headers.get("www-authenticate", "")
    return Reply(status=response.status_code, text=f"{challenge} {response.text}".strip())
