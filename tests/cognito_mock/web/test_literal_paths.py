"""Routes with literal paths answer as they would in a plain list."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from cognito_mock.web.literal_paths import DirectCalls, literal_paths_first


def route(path: str, name: str, *methods: str) -> Route:
    """Return a route that answers its name."""

    async def answer(request: Request) -> Response:
        return PlainTextResponse(f"{name} {request.url.path}")

    return Route(path, answer, methods=list(methods))


class Direct:
    """An endpoint that is ASGI itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope, receive, send) -> None:
        text = f"{self._name} {scope['path']} {'endpoint' in scope}"
        await PlainTextResponse(text)(scope, receive, send)


ROUTES = [
    route("/", "start", "GET"),
    route("/", "api", "POST"),
    Mount("/_mock", routes=[route("/", "console", "GET"), route("/api", "control", "PUT")]),
    route("/{pool}/keys", "keys", "GET"),
    route("/login", "page", "GET"),
    route("/login", "form", "POST"),
    route("/oauth2/keys", "literal", "GET"),
]


def ask(routes: list[BaseRoute], method: str, path: str, *middleware: Middleware) -> httpx.Response:
    """Send one request to an app of these routes."""
    app = Starlette(routes=routes, middleware=middleware)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path)

    return asyncio.run(send())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/login/", "/a//b", "/Login", "/_mock/", "/_mock/api", "/p/keys", "/none"],
)
def test_answers_are_those_of_the_plain_list(method, path):
    """Status, body and Allow, for what exists and what does not."""
    plain = ask(ROUTES, method, path)
    literal = ask(literal_paths_first(ROUTES), method, path)

    assert literal.status_code == plain.status_code
    assert literal.content == plain.content
    assert literal.headers.get("location") == plain.headers.get("location")
    assert set(literal.headers.get("allow", "").split(", ")) == set(
        plain.headers.get("allow", "").split(", ")
    )


def test_a_literal_path_goes_before_a_pattern():
    """Nothing else of the order changes."""
    routes = literal_paths_first(ROUTES)

    assert ask(routes, "GET", "/oauth2/keys").text == "literal /oauth2/keys"
    assert ask(routes, "GET", "/pool/keys").text == "keys /pool/keys"


MIXED = [
    *ROUTES,
    Route("/login", Direct("shadowed"), methods=["GET"]),
    Route("/{pool}", Direct("pattern"), methods=["GET"]),
    Route("/token", Direct("token"), methods=["POST", "GET"]),
    Route("/token", Direct("other"), methods=["POST", "DELETE"]),
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/login", "/token", "/token/", "/pool", "/_mock/api"])
def test_direct_calls_answer_as_the_router_does(method, path):
    """But for what the router leaves in the scope, which shows that it was passed by."""
    routes = literal_paths_first(MIXED)
    plain = ask(routes, method, path)
    direct = ask(routes, method, path, Middleware(DirectCalls, routes=MIXED))

    passed_by = path == "/token" and method in {"GET", "HEAD", "POST", "DELETE"}
    assert direct.status_code == plain.status_code
    assert direct.text == (plain.text.replace("True", "False") if passed_by else plain.text)
    assert direct.headers.get("allow") == plain.headers.get("allow")
