"""Redirects: back to the client with its parameters, or on to another page."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus, urlencode

from starlette.responses import Response


def client_location(
    redirect_uri: str, parameters: Iterable[tuple[str, str]], *, in_fragment: bool
) -> str:
    """Append to a redirect URI, to its query or as its fragment (COG-AUT-060, -048)."""
    encoded = "&".join(f"{name}={_encode(name, value)}" for name, value in parameters)
    if in_fragment:
        return f"{redirect_uri}#{encoded}"
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{encoded}"


def page_location(path: str, parameters: Mapping[str, str]) -> str:
    """Return the address of a page on the same host."""
    return f"{path}?{urlencode(parameters)}"


def found(location: str) -> Response:
    """302; characters that do not belong into a header are percent-encoded."""
    safe = quote(location, safe=":/%#?=@[]!$&'()*+,;~")
    return Response(status_code=302, headers={"Location": safe})


def _encode(name: str, value: str) -> str:
    # Texts have a plus for a space (COG-AUT-047). A state goes back as it came (COG-AUT-010),
    # also to a client that decodes percent signs only.
    return quote(value, safe="") if name == "state" else quote_plus(value)
