"""Keeps web pages away from the control API: it belongs to test suites and to the mock's own pages.

A page of another origin announces itself in ``Origin`` (Fetch standard, §3.2). A page whose host
name was made to resolve to this machine (DNS rebinding) is same-origin to the browser, but comes
with that public name in ``Host``; the mock answers to addresses, ``localhost``, names without a
dot, the way containers call each other, and the host it was started with.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cognito_mock.control.http import ControlError, error_response

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal")


class Guard:
    """Refuse foreign ``Origin`` and public ``Host`` names with 403."""

    def __init__(self, app: ASGIApp, *, own_base_url: str) -> None:
        self._app = app
        self._own_host = urlsplit(own_base_url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass the request on."""
        if scope["type"] == "http":
            refusal = self._refusal(Headers(scope=scope))
            if refusal is not None:
                response = error_response(ControlError(403, "forbidden", refusal))
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        authority = headers.get("host", "")
        if not self._answers_to(authority):
            return "the control API does not answer to this host name"
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{authority}", f"https://{authority}"}:
            return "web pages of other origins may not use the control API"
        return None

    def _answers_to(self, authority: str) -> bool:
        try:
            host = urlsplit(f"//{authority}").hostname or ""
        except ValueError:
            return False
        return (
            "." not in host
            or host == self._own_host
            or host.endswith(_LOCAL_SUFFIXES)
            or _is_address(host)
        )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
