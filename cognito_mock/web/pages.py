"""The frame of every page that a person sees on a pool's domain, and the error page.

Rendered on the server, without script. A page may hold a password, so nothing is cached, framed or
loaded from elsewhere.
"""

import html
import re
import secrets
from collections.abc import Hashable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.ids import Entropy
from cognito_mock.web.cookies import set_xsrf, xsrf_token
from cognito_mock.web.headers import add_domain_headers
from cognito_mock.web.origin import origin_of

if TYPE_CHECKING:
    from jinja2 import Environment

STYLESHEET = "/assets/hosted-ui.css"
_HERE = Path(__file__).parent
# No form-action: browsers apply it to redirects as well, and a sign-in ends at the client's
# callback, wherever that may lead on to. Nothing can be injected that could make use of it.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGE = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",
    "Content-Language": "en-US",
}


# Stand in a kept page for what differs from visit to visit. Nobody can know them, so nobody's text
# holds them.
_CSRF_GAP, _QUERY_GAP = secrets.token_hex(16), secrets.token_hex(16)
_GAPS = re.compile(f"({_CSRF_GAP}|{_QUERY_GAP})")


@cache
def environment(*directories: Path) -> "Environment":
    """Return the templates of ``directories`` on top of the frame."""
    # Many a mock shows no page at all, and this is a tenth of its start.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    loader = FileSystemLoader([*directories, _HERE / "templates"])
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def page(
    request: Request,
    entropy: Entropy,
    template: str,
    *,
    status: int = 200,
    directories: tuple[Path, ...] = (),
    **context: object,
) -> Response:
    """Render a page for this browser, with its XSRF token in cookie and forms (COG-PAG-011)."""
    token = xsrf_token(request, entropy)
    text = (
        environment(*directories)
        .get_template(template)
        .render(context, csrf=token, stylesheet=STYLESHEET)
    )
    return _answer(request, entropy, text, token, status)


def page_of_many_visits(
    request: Request,
    entropy: Entropy,
    template: str,
    *,
    query: str,
    status: int = 200,
    directories: tuple[Path, ...] = (),
    **context: Hashable,
) -> Response:
    """Render a page as `page` does, from a kept copy in which token and ``query`` are filled in.

    For the page that everybody opens; ``context`` is kept too, so no secret belongs in it.
    """
    token = xsrf_token(request, entropy)
    filling = {_CSRF_GAP: token, _QUERY_GAP: html.escape(query)}
    kept = _kept(template, directories, tuple(context.items()))
    text = "".join([filling.get(piece, piece) for piece in kept])
    return _answer(request, entropy, text, token, status)


@lru_cache(maxsize=64)
def _kept(
    template: str, directories: tuple[Path, ...], context: tuple[tuple[str, Hashable], ...]
) -> tuple[str, ...]:
    """Return the page in pieces; the gaps are pieces of their own."""
    chosen = environment(*directories).get_template(template)
    text = chosen.render(dict(context), stylesheet=STYLESHEET, csrf=_CSRF_GAP, query=_QUERY_GAP)
    return tuple(_GAPS.split(text))


def _answer(request: Request, entropy: Entropy, text: str, token: str, status: int) -> Response:
    origin = origin_of(request)
    response = Response(text, status, headers=_PAGE, media_type="text/html")
    add_domain_headers(response, origin, entropy)
    set_xsrf(response, token, origin)
    return response


def error_page(
    request: Request, entropy: Entropy, text: str, *, advice: str = "", status: int = 400
) -> Response:
    """COG-AUT-041, -042: HTTP 400 and what went wrong; ``advice`` is the mock's own."""
    return page(request, entropy, "error.html", status=status, error=text, advice=advice)


def stylesheet_route() -> Route:
    """Serve the pages' style sheet."""
    text = (_HERE / "static" / "hosted-ui.css").read_bytes()

    async def stylesheet(request: Request) -> Response:
        del request
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(text, headers=headers, media_type="text/css")

    return Route(STYLESHEET, stylesheet, methods=["GET"])
