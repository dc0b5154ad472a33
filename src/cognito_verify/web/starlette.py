"""Protect a Starlette application, or a part of it.

::

    routes = [
        Mount("/api", routes=[...], middleware=[Middleware(CognitoMiddleware, verifier=verifier)])
    ]

    @requires(groups=["admins"])
    async def delete(request):
        claims = claims_of(request)

Whatever is behind the middleware needs a good token, WebSockets too. What answers CORS preflights
must stand in front of it: those requests never carry a token. Answers say in ``Vary`` that they
depend on the token.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.web._bearer import (
    BearerGuard,
    Refusal,
    Requirement,
    TokenVerifier,
    requirement,
)
from cognito_verify.web._credentials import BearerRequest, CognitoCookies
from cognito_verify.web._extra import needs_extra

with needs_extra("starlette", "starlette"):
    from starlette.datastructures import MutableHeaders
    from starlette.exceptions import HTTPException
    from starlette.requests import HTTPConnection
    from starlette.responses import JSONResponse
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from starlette.websockets import WebSocketClose

__all__ = ["CognitoCookies", "CognitoMiddleware", "claims_of", "requires"]

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

#: RFC 6455 §7.4.1: the connection breaks a policy.
_POLICY_VIOLATION = 1008

# In the scope, which is one request's; the state may be what a server shares between them.
_VERIFIED = "cognito_verify"


class CognitoMiddleware:
    """Lets requests with a good token through, and answers all others itself.

    Args:
        app: What is protected.
        verifier: Says which tokens are good.
        groups: The user must be in one of these.
        scopes: One of these must have been granted.
        realm: The name of the protected space, for ``WWW-Authenticate``.
        cookies: Take the token from cookies, too.

    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        verifier: TokenVerifier,
        groups: str | Collection[str] | None = None,
        scopes: str | Collection[str] | None = None,
        realm: str = "api",
        cookies: CognitoCookies | None = None,
    ) -> None:
        self._app = app
        self._guard = BearerGuard(verifier, realm=realm, cookies=cookies)
        self._requirement = requirement(groups, scopes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "lifespan":  # the start and the end of the server
            await self._app(scope, receive, send)
            return
        if scope["type"] not in {"http", "websocket"}:
            raise ConfigurationError("there is no telling how to protect this protocol")
        request = bearer_request(HTTPConnection(scope))
        outcome = await self._guard.check_async(request, self._requirement)
        if isinstance(outcome, Refusal):
            await _answer(outcome, scope)(scope, receive, send)
            return
        scope[_VERIFIED] = (self._guard, outcome)

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                vary(MutableHeaders(scope=message), self._guard)
            await send(message)

        await self._app(scope, receive, send_varying)


def claims_of(connection: HTTPConnection) -> Claims:
    """Return the verified claims of a request or a WebSocket behind a `CognitoMiddleware`."""
    return _verified(connection)[1]


def requires(
    *, groups: str | Collection[str] | None = None, scopes: str | Collection[str] | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Let only those into an endpoint who are in one of the groups and have one of the scopes.

    For functions and methods behind a `CognitoMiddleware`.
    """
    wanted = requirement(groups, scopes)

    def decorate(endpoint: Endpoint) -> Endpoint:
        if iscoroutinefunction(endpoint):

            @wraps(endpoint)
            async def asynchronous(*args: Any, **kwargs: Any) -> Any:
                _authorize(args, kwargs, wanted)
                return await cast("Callable[..., Awaitable[Any]]", endpoint)(*args, **kwargs)

            return cast("Endpoint", asynchronous)

        @wraps(endpoint)
        def synchronous(*args: Any, **kwargs: Any) -> Any:
            _authorize(args, kwargs, wanted)
            return endpoint(*args, **kwargs)

        return cast("Endpoint", synchronous)

    return decorate


def bearer_request(connection: HTTPConnection) -> BearerRequest:
    """Return what matters of a request or of a WebSocket handshake."""
    return BearerRequest(
        # Also if a server names the method of the handshake, which is always GET.
        method=connection.scope["method"] if connection.scope["type"] == "http" else "WEBSOCKET",
        authorization=connection.headers.getlist("authorization"),
        cookie=connection.headers.getlist("cookie"),
        sec_fetch_site=",".join(connection.headers.getlist("sec-fetch-site")),
    )


def http_exception(refusal: Refusal) -> HTTPException:
    """Return a refusal as something to raise in an endpoint."""
    return HTTPException(refusal.status, refusal.description, dict(refusal.headers))


def vary(headers: MutableHeaders, guard: BearerGuard) -> None:
    """Say what the answer depends on."""
    lines = headers.getlist("vary")
    there = {name.strip().lower() for line in lines for name in line.split(",")}
    missing = [name for name in guard.vary if name.lower() not in there]
    if missing:
        headers["vary"] = ", ".join((*lines, *missing))


def _authorize(args: tuple[Any, ...], kwargs: dict[str, Any], wanted: Requirement) -> None:
    connections = [a for a in (*args, *kwargs.values()) if isinstance(a, HTTPConnection)]
    if not connections:
        raise ConfigurationError("an endpoint with requires() takes a Request or a WebSocket")
    guard, claims = _verified(connections[0])
    outcome = guard.authorize(claims, wanted)
    if isinstance(outcome, Refusal):
        raise http_exception(outcome)


def _verified(connection: HTTPConnection) -> tuple[BearerGuard, Claims]:
    found = connection.scope.get(_VERIFIED)
    if found is None:
        raise ConfigurationError("there is no CognitoMiddleware in front of this endpoint")
    return cast("tuple[BearerGuard, Claims]", found)


def _answer(refusal: Refusal, scope: Scope) -> ASGIApp:
    """Refuse a request, or a handshake with as many words as the server can send."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get(
        "extensions", {}
    ):
        return WebSocketClose(_POLICY_VIOLATION)
    return JSONResponse(refusal.body(), refusal.status, dict(refusal.headers))
