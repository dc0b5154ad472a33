"""The mock's own surface: the start page at ``/`` and everything below ``/_mock``."""

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from cognito_mock.control import api, console
from cognito_mock.control.fault_injection import FaultInjection
from cognito_mock.control.guard import Guard
from cognito_mock.control.http import error_response, not_found
from cognito_mock.control.pages import page_routes
from cognito_mock.control.parts import ControlParts

__all__ = ["ControlParts", "FaultInjection", "create_routes"]


def create_routes(parts: ControlParts) -> list[BaseRoute]:
    """Return all routes, behind the guard that keeps foreign web pages out."""
    guard = [Middleware(Guard, own_base_url=parts.services.addresses.base_url)]
    root, below = page_routes(parts)
    inner: list[BaseRoute] = [
        *below,
        *console.routes(parts),
        Mount("/api", routes=[*api.routes(parts), _no_such_call()]),
        Route("/health", api.health(parts), methods=["GET"]),
    ]
    return [
        *[Route(r.path, r.endpoint, methods=r.methods, middleware=guard) for r in root],
        Mount("/_mock", routes=inner, middleware=guard),
    ]


def _no_such_call() -> Route:
    async def answer(_request: Request) -> Response:
        return error_response(not_found("there is no such control call"))

    return Route("/{rest:path}", answer, methods=["GET", "POST", "PUT", "DELETE"])
