"""HTTP in front of the protocol: ``POST /`` and its CORS preflight on every host."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cognito_mock.core.ids import new_uuid
from cognito_mock.flows.services import Services
from cognito_mock.idp_api.errors import RequestEntityTooLargeException
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.idp_api.rendering import WireResponse, render_error
from cognito_mock.web.bodies import read_body
from cognito_mock.web.workers import run_in_worker

_BODY_LIMIT = 1024 * 1024
# COG-API-WIRE-024, -025
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
}
_CORS_LINES = [(name.lower().encode(), value.encode()) for name, value in _CORS.items()]


def create_routes(services: Services) -> list[Route]:
    """Return the routes of the API."""

    async def preflight(request: Request) -> Response:
        asked = request.headers.get("access-control-request-headers")
        headers = {
            "x-amzn-RequestId": new_uuid(services.entropy),
            **_CORS,
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Max-Age": "172800",
        }
        if asked:
            headers["Access-Control-Allow-Headers"] = asked
        return Response(headers=headers)

    return [
        Route("/", _Calls(services), methods=["POST"], name="call"),
        Route("/", preflight, methods=["OPTIONS"]),
    ]


class _Calls:
    """ASGI itself, for ``Request`` and ``Response`` would cost as much as the call does."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        body = await read_body(receive, _BODY_LIMIT)
        if body is None:
            # Nobody is there to be answered, and half a call is not performed.
            await Response(status_code=400)(scope, receive, send)
            return
        if len(body) > _BODY_LIMIT:
            response = render_error(
                RequestEntityTooLargeException(f"The body is longer than {_BODY_LIMIT} bytes")
            )
        else:
            response = await run_in_worker(answer, self._services, _wire_request(scope, body))
        request_id = new_uuid(self._services.entropy)
        start = {
            "type": "http.response.start",
            "status": response.status,
            "headers": _header_lines(response, request_id),
        }
        await send(start)
        await send({"type": "http.response.body", "body": response.body})


def _wire_request(scope: Scope, body: bytes) -> WireRequest:
    # Of a repeated header the first counts.
    headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
    return WireRequest(
        target=headers.get(b"x-amz-target", b"").decode("latin-1"),
        host=headers.get(b"host", b"").decode("latin-1"),
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        body=body,
    )


def _header_lines(response: WireResponse, request_id: str) -> list[tuple[bytes, bytes]]:
    return [
        *[(name.lower().encode(), value.encode()) for name, value in response.headers.items()],
        (b"x-amzn-requestid", request_id.encode()),
        (b"content-length", b"%d" % len(response.body)),
        *_CORS_LINES,
    ]
