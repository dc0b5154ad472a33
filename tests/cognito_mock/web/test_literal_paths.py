"""Routes with literal paths answer as they would in a plain list."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from cognito_mock.web.literal_paths import literal_paths_first


def route(path: str, name: str, *methods: str) -> Route:
    """Return a route that answers its name."""

    async def answer(request: Request) -> Response:
        return PlainTextResponse(f"{name} {request.url.path}")

    return Route(path, answer, methods=list(methods))


ROUTES = [
    route("/", "start", "GET"),
    route("/", "api", "POST"),
    Mount("/_mock", routes=[route("/", "console", "GET"), route("/api", "control", "PUT")]),
    route("/{pool}/keys", "keys", "GET"),
    route("/login", "page", "GET"),
    route("/login", "form", "POST"),
    route("/oauth2/keys", "literal", "GET"),
]


def ask(routes: list[BaseRoute], method: str, path: str) -> httpx.Response:
    """Send one request to an app of these routes."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=routes))
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
