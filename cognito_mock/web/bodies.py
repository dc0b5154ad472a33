"""Parameters from query strings and forms: bounded, and never a traceback for nonsense."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Receive

MAX_BODY_BYTES = 1 << 20
# Twice what a URL can be at the service (COG-AUT-012); a redirect repeats it.
MAX_QUERY_BYTES = 1 << 14
_MAX_PARAMETERS = 1000
_FORM = "application/x-www-form-urlencoded"


class BodyTooLargeError(Exception):
    """The body exceeds what anybody would send in good faith."""


class QueryTooLongError(Exception):
    """The query string exceeds what any address has."""


class MalformedFormError(Exception):
    """The body, or the query string, is not a form."""


async def read_form(request: Request) -> dict[str, str]:
    """Read an urlencoded body; of a repeated parameter the first counts, as in a servlet."""
    body = await read_body(request.receive, MAX_BODY_BYTES)
    if body is None:
        raise MalformedFormError  # nobody is there to read it, and half a form does nothing
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLargeError
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _FORM:
        if body:
            raise MalformedFormError
        return {}
    return parse_parameters(body)


def query_parameters(request: Request) -> dict[str, str]:
    """Read the query string likewise."""
    query: bytes = request.scope["query_string"]
    if len(query) > MAX_QUERY_BYTES:
        raise QueryTooLongError
    return parse_parameters(query)


def parse_parameters(encoded: bytes) -> dict[str, str]:
    """Decode ``application/x-www-form-urlencoded``; UTF-8 only."""
    first: dict[str, str] = {}
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError as error:
        raise MalformedFormError from error
    for name, value in pairs:
        first.setdefault(name, value)
    return first


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """Return the body, no further than a little over ``limit``; None when the client has gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        whole: bytes = message.get("body", b"")
        return whole
    body = bytearray()
    while message["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > limit:
            return bytes(body)
        message = await receive()
    return None
