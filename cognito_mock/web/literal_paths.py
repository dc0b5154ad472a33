"""Routes without a pattern in their path, found in one look-up instead of forty comparisons."""

from collections.abc import Iterable

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import Receive, Scope, Send

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
