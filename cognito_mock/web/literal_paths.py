"""Routes without a pattern in their path, found in one look-up instead of forty comparisons.

Those whose endpoint is ASGI itself are found ahead of the router, which would wrap the call into
layers for functions and for exceptions that such an endpoint has no use for.
"""

from collections.abc import Iterable

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import ASGIApp, Receive, Scope, Send

_CHOSEN = "cognito_mock.route"


def literal_paths_first(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """Return ``routes`` with those of literal paths behind one look-up, before all others."""
    literal: list[Route] = []
    others: list[BaseRoute] = []
    for route in routes:
        if isinstance(route, Route) and not route.param_convertors:
            literal.append(route)
        else:
            others.append(route)
    return [LiteralPaths(literal), *others]


class LiteralPaths(BaseRoute):
    """Stands for many routes; which one, and what of a wrong method, is still theirs to say."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_path: dict[str, list[Route]] = {}
        for route in routes:
            self._by_path.setdefault(route.path, []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the first full match among the routes of the path, or else the first partial."""
        if scope["type"] != "http":
            return Match.NONE, {}
        partial: Scope | None = None
        for route in self._by_path.get(scope["path"], ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, {**found, _CHOSEN: route}
            if match is Match.PARTIAL and partial is None:
                partial = {**found, _CHOSEN: route}
        return (Match.NONE, {}) if partial is None else (Match.PARTIAL, partial)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Nothing here is addressed by name."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route answer."""
        route: Route = scope[_CHOSEN]
        await route.handle(scope, receive, send)


class DirectCalls:
    """ASGI middleware next to the router whose ``routes`` these are.

    It calls an ASGI endpoint where the router would find it first. All else, other methods of these
    paths among it, is still the router's to answer.
    """

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        first: dict[tuple[str, str], Route] = {}
        for route in routes:
            if isinstance(route, Route) and not route.param_convertors:
                for method in route.methods or ():
                    first.setdefault((route.path, method), route)
        # A route that adds nothing to its endpoint has it for its app.
        self._endpoints: dict[tuple[str, str], ASGIApp] = {
            key: route.app for key, route in first.items() if route.app is route.endpoint
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the endpoint or to the router."""
        app = self._app
        if scope["type"] == "http":
            app = self._endpoints.get((scope["path"], scope["method"]), app)
        await app(scope, receive, send)
