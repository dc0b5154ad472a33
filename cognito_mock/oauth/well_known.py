"""``/{poolId}/.well-known/…``: keys and OpenID configuration (spec section 2)."""

import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import ResourceNotFoundException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.services import Services
from cognito_mock.flows.well_known import openid_configuration, published_keys
from cognito_mock.web.headers import ANY_ORIGIN, PREFLIGHT


def routes(services: Services) -> list[Route]:
    """Return the routes of the public documents."""
    return [
        _document("jwks.json", lambda pool_id: published_keys(services, pool_id=pool_id)),
        _document(
            "openid-configuration",
            lambda pool_id: openid_configuration(services, pool_id=pool_id),
        ),
    ]


def _document(name: str, read: Callable[[str], JsonObject]) -> Route:
    # In the event loop: nothing here waits for anybody.
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        try:
            return _compact(200, read(request.path_params["pool_id"]))
        except ResourceNotFoundException as error:
            # COG-JWK-009, COG-DIS-014
            return _compact(400, {"message": error.message})

    return Route(f"/{{pool_id}}/.well-known/{name}", endpoint, methods=["GET", "OPTIONS"])


def _compact(status: int, document: JsonObject) -> Response:
    """COG-JWK-004: no white space, the members as given."""
    body = json.dumps(document, separators=(",", ":"))
    headers = {**ANY_ORIGIN, "X-Content-Type-Options": "nosniff"}
    return Response(body, status, headers=headers, media_type="application/json")
