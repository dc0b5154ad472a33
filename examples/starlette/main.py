"""A shop in Starlette whose pages know on the server who is signed in, from Amplify's cookies."""

import html
import os
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from cognito_verify import CognitoVerifier
from cognito_verify.cookies import verify_cookies_async
from cognito_verify.web.starlette import CognitoMiddleware, claims_of, requires

ORDERS = {1: "A slide rule", 2: "A box of punched cards"}

CLIENT_IDS = os.environ["COGNITO_CLIENT_IDS"].split(",")
HOSTED_UI = os.environ.get("COGNITO_HOSTED_UI", "")

verifier = CognitoVerifier(
    user_pool_id=os.environ.get("COGNITO_USER_POOL_ID"),
    issuer=os.environ.get("COGNITO_ISSUER"),
    client_id=CLIENT_IDS,
    token_use="access",
)


async def index(request: Request) -> Response:
    """Greet the user whom Amplify has signed in in the browser; everybody else may sign in."""
    cookies = request.headers.getlist("cookie")
    user = await verify_cookies_async(verifier, cookies, client_id=CLIENT_IDS[0])
    if user is None:
        query = {
            "client_id": CLIENT_IDS[0],
            "response_type": "code",
            "redirect_uri": str(request.url_for("index")),
        }
        link = html.escape(f"{HOSTED_UI}/login?{urlencode(query)}")
        return HTMLResponse(f'<h1>Hello, stranger</h1><a href="{link}">Sign in</a>')
    return HTMLResponse(f"<h1>Hello, {html.escape(user.username)}</h1>")


async def me(request: Request) -> Response:
    """Anybody with a token."""
    claims = claims_of(request)
    return JSONResponse({"username": claims.username, "groups": claims.groups})


@requires(scopes=["orders/read", "orders/write"])
async def orders(_request: Request) -> Response:
    """A machine with one of the scopes."""
    return JSONResponse(ORDERS)


@requires(groups=["admins"])
async def cancel(request: Request) -> Response:
    """A user in the group."""
    number = request.path_params["number"]
    if number not in ORDERS:
        raise HTTPException(404, "There is no such order")
    print(f"{claims_of(request).sub} cancels order {number}")
    return Response(status_code=204)


protected = [Middleware(CognitoMiddleware, verifier=verifier)]
app = Starlette(
    routes=[
        Route("/", index, name="index"),
        Route("/me", me, middleware=protected),
        Route("/orders", orders, middleware=protected),
        Route("/orders/{number:int}", cancel, methods=["DELETE"], middleware=protected),
    ]
)
