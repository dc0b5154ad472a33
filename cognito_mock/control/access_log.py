"""One line per request on stderr: method, path, operation, status, time. Never a query or a body.

Queries of the OAuth endpoints hold codes and tokens, so only the path is written, as it came over
the wire and with nothing but printable ASCII: a request cannot forge a line.
"""

import logging
import re
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_logger = logging.getLogger("cognito_mock.access")
_OPERATION = re.compile(r"[A-Za-z]+\.([A-Za-z]{1,64})")
_UNPRINTABLE = re.compile(r"[^!-~]")


class AccessLog:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write its line when the answer has started."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            _logger.info("%s %d %.1f ms", _describe(scope), status, milliseconds)


def _describe(scope: Scope) -> str:
    path = _UNPRINTABLE.sub("?", scope.get("raw_path", b"").decode("ascii", "replace"))
    method = _UNPRINTABLE.sub("?", scope["method"])
    target = _OPERATION.fullmatch(Headers(scope=scope).get("x-amz-target", ""))
    return f"{method} {path} {target[1]}" if target else f"{method} {path}"
