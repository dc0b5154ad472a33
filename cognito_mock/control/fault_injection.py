"""ASGI middleware that lets faults happen to requests. One lookup per request when there are none.

A delay holds nothing but its own request, and ends with the server: a stop cancels it.
"""

import asyncio
import json

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cognito_mock.control.faults import Fault, Faults
from cognito_mock.control.targets import targets_of
from cognito_mock.core.json_types import JsonObject

_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = 503
_FOR_PEOPLE = {"authorize", "logout", "pages"}
# A browser's program must be able to read the misbehaviour, as it reads the service's.
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


class FaultInjection:
    """Passes requests on, late, or not at all."""

    def __init__(self, app: ASGIApp, *, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the first fault that fits happen."""
        if not self._faults.current or scope["type"] != "http" or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        targets = targets_of(scope)
        fault = self._faults.take(targets)
        if fault is None:
            await self._app(scope, receive, send)
            return
        try:
            await asyncio.sleep(fault.delay_ms / 1000)
        except asyncio.CancelledError:
            # The server stops. An answer, so that neither its log nor the client sees a crash.
            await _stopping()(scope, receive, send)
            return
        if fault.status is None:
            await self._app(scope, receive, send)
            return
        await _answer(fault, fault.status, targets)(scope, receive, send)


def _stopping() -> Response:
    return Response("the mock is stopping", _UNAVAILABLE, media_type="text/plain")


def _answer(fault: Fault, status: int, targets: tuple[str, ...]) -> Response:
    part = targets[-2]  # without the operation, which comes before, and `any`, which comes last
    body = fault.body
    headers = dict(_ANY_ORIGIN)
    if body is None:
        code = "TooManyRequests" if status == _TOO_MANY_REQUESTS else "InternalError"
        headers |= {"x-amzn-ErrorType": f"{code}Exception"} if part == "api" else {}
        body = f"injected fault: {status}" if part in _FOR_PEOPLE else _refusal(part, code)
    text = body if isinstance(body, str) else json.dumps(body)
    media_type = "text/html" if part in _FOR_PEOPLE else _json_type(part)
    # JSON strings can hold lone surrogates, which UTF-8 cannot.
    return Response(text.encode(errors="replace"), status, headers=headers, media_type=media_type)


def _json_type(part: str) -> str:
    return "application/x-amz-json-1.1" if part == "api" else "application/json"


def _refusal(part: str, code: str) -> JsonObject:
    """Return an error in the form of the part that refuses."""
    if part == "api":
        return {"__type": f"{code}Exception", "message": "Injected fault"}
    if part in {"jwks", "discovery"}:
        return {"message": "Injected fault"}
    return {"error": "server_error", "error_description": "Injected fault"}  # RFC 6749 §5.2
