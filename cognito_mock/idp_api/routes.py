"""HTTP in front of the protocol: ``POST /`` and its CORS preflight on every host."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.ids import new_uuid
from cognito_mock.flows.services import Services
from cognito_mock.idp_api.errors import RequestEntityTooLargeException
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.idp_api.rendering import render_error

_BODY_LIMIT = 1024 * 1024
# COG-API-WIRE-024, -025
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
}


def create_routes(services: Services) -> list[Route]:
    """Return the routes of the API."""

    async def call(request: Request) -> Response:
        try:
            body = await _read(request)
        except ClientDisconnect:
            # Nobody is there to be answered, and half a call is not performed.
            return Response(status_code=400)
        if body is None:
            response = render_error(
                RequestEntityTooLargeException(f"The body is longer than {_BODY_LIMIT} bytes")
            )
        else:
            wire = WireRequest(
                target=request.headers.get("x-amz-target", ""),
                host=request.headers.get("host", ""),
                authorization=request.headers.get("authorization", ""),
                body=body,
            )
            response = await run_in_threadpool(answer, services, wire)
        headers = {**response.headers, **_common_headers(services)}
        return Response(response.body, status_code=response.status, headers=headers)

    async def preflight(request: Request) -> Response:
        asked = request.headers.get("access-control-request-headers")
        headers = {
            **_common_headers(services),
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Max-Age": "172800",
        }
        if asked:
            headers["Access-Control-Allow-Headers"] = asked
        return Response(headers=headers)

    return [
        Route("/", call, methods=["POST"]),
        Route("/", preflight, methods=["OPTIONS"]),
    ]


def _common_headers(services: Services) -> dict[str, str]:
    return {"x-amzn-RequestId": new_uuid(services.entropy), **_CORS}


async def _read(request: Request) -> bytes | None:
    """Return the body, None when it is over the limit, reading no further than that."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_LIMIT:
            return None
    return bytes(body)
