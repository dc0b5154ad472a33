"""``/{poolId}/authorize``, ``/token``, ``/userInfo``: named by discovery, but they do not work.

A pool without a domain has no authorization server (COG-HOST-002). AWS's discovery still names
these addresses below the issuer, and whoever calls them gets one answer (COG-DIS-011).
"""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# The methods of the endpoints proper, whose paths match here as well.
_METHODS = {"authorize": ["GET"], "token": ["GET", "POST"], "userInfo": ["GET", "POST"]}
_ANSWER = json.dumps(
    {
        "code": "BadRequest",
        "message": "The server did not understand the operation that was requested.",
        "type": "client",
    },
    separators=(",", ":"),
)


def routes() -> list[Route]:
    """Return the routes; they come after ``/oauth2/...``, which looks like a pool's id here."""
    return [
        Route(f"/{{pool_id}}/{name}", _refuse, methods=methods)
        for name, methods in _METHODS.items()
    ]


async def _refuse(request: Request) -> Response:
    del request
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(_ANSWER, 400, headers=headers, media_type="application/json")
