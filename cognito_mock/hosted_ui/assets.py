"""Style sheet and logo of a pool's owner, each a file of its own (COG-PAG-020).

Nothing of them is written into a page: what is in a style sheet stays a style sheet. The pages'
policy lets it load nothing from elsewhere.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.hosted_look import CSS, LOGO, find_asset
from cognito_mock.flows.services import Services

_HEADERS = {
    "Cache-Control": "no-cache",
    # Whoever opens the file itself gets no page out of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    return [
        Route(
            f"/{{pool_id}}/{{client_id}}/{{version:int}}/assets/{name}",
            partial(_serve, services, name),
            methods=["GET"],
        )
        for name in (CSS, LOGO)
    ]


def _serve(services: Services, name: str, request: Request) -> Response:
    place = request.path_params
    asset = find_asset(services, pool_id=place["pool_id"], client_id=place["client_id"], name=name)
    if asset is None:
        return Response(status_code=404, headers=_HEADERS)
    return Response(asset.content, headers=_HEADERS, media_type=asset.media_type)
