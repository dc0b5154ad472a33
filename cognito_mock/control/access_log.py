"""One line per request: time, method, path, operation, status, duration. Never a query or a body.

Queries of the OAuth endpoints hold codes and tokens, so only the path is written, as it came over
the wire and with nothing but printable ASCII: a request cannot forge a line.

Lines are written a moment later, many at a time: as log records, one by one, they would cost a
sign-in as much as making its claims does.
"""

import asyncio
import re
import time
from collections import deque
from functools import lru_cache
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAUSE_SECONDS = 0.1
_OPERATION = re.compile(rb"[A-Za-z]+\.([A-Za-z]{1,64})")
_UNPRINTABLE = re.compile(r"[^!-~]")


class AccessLog:
    """ASGI middleware that writes to ``stream``, and to ``recent`` for the console."""

    def __init__(self, app: ASGIApp, *, stream: TextIO, recent: deque[str]) -> None:
        self._app = app
        self._stream = stream
        self._recent = recent
        self._lines: list[str] = []
        self._second = 0
        self._second_text = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its line when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            if scope["type"] == "lifespan":
                self._write()
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
            if not self._lines:
                asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._write)
            self._lines.append(f"{self._now()} {_describe(scope)} {status} {milliseconds:.1f} ms\n")

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        self._recent.extend(lines)
        self._stream.write("".join(lines))
        self._stream.flush()

    def _now(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._second_text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
        return f"{self._second_text},{int(now * 1000) % 1000:03}"


def _describe(scope: Scope) -> str:
    request = _request(scope["method"], scope.get("raw_path", b""))
    for name, value in scope["headers"]:
        if name == b"x-amz-target":
            operation = _OPERATION.fullmatch(value)
            if operation is not None:
                return f"{request} {operation[1].decode()}"
            break
    return request


@lru_cache(maxsize=256)
def _request(method: str, raw_path: bytes) -> str:
    path = _UNPRINTABLE.sub("?", raw_path.decode("ascii", "replace"))
    return f"{_UNPRINTABLE.sub('?', method)} {path}"
