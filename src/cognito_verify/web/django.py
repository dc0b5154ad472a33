"""Tokens for Django, in synchronous and asynchronous views.

::

    MIDDLEWARE = [..., "cognito_verify.web.django.CognitoMiddleware"]  # optional
    COGNITO_VERIFY = {"USER_POOL_ID": ..., "CLIENT_ID": ..., "TOKEN_USE": "access"}

    @cognito_required(groups=["admins"])
    def delete(request):
        claims = claims_of(request)

The middleware refuses nobody. It sets ``request.cognito``, a `Visitor`, for views that work with or
without a token: ``request.cognito.claims`` verifies when it is first read.

CORS preflights never carry a token: what answers them is a middleware, in front of the views.

Answers say in ``Vary`` that they depend on the token, so Django's cache keeps one for each. A
``cache_page`` goes above `cognito_required`: below it would not see what the answer depends on.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import partial, wraps
from inspect import isawaitable
from typing import Any, TypeVar, cast

from cognito_verify.claims import Claims
from cognito_verify.errors import ConfigurationError
from cognito_verify.web._bearer import BearerGuard, Refusal, Requirement, requirement
from cognito_verify.web._credentials import BearerRequest
from cognito_verify.web._extra import needs_extra

with needs_extra("django", "django"):
    from asgiref.sync import iscoroutinefunction, markcoroutinefunction
    from django.core.handlers.asgi import ASGIRequest
    from django.http import HttpRequest, HttpResponseBase, JsonResponse
    from django.utils.cache import patch_vary_headers
    from django.views.decorators.csrf import csrf_exempt

    from cognito_verify.web._django_guard import guard_from_settings

__all__ = ["CognitoMiddleware", "Visitor", "claims_of", "cognito_required", "visitor_of"]

View = TypeVar("View", bound=Callable[..., Any])


class Visitor:
    """Who sends a request. Verifies when it is first asked, and once."""

    def __init__(self, request: BearerRequest, guard: BearerGuard) -> None:
        self._request = request
        self._guard = guard
        self._outcome: Claims | Refusal | None = None

    @property
    def has_been_asked(self) -> bool:
        """Whether anything depends on the token."""
        return self._outcome is not None

    @property
    def vary(self) -> tuple[str, ...]:
        """The headers that decided, for ``Vary``."""
        return self._guard.vary

    @property
    def claims(self) -> Claims | None:
        """The verified claims; None if the request has no good token."""
        outcome = self.check()
        return None if isinstance(outcome, Refusal) else outcome

    async def aclaims(self) -> Claims | None:
        """Return the same as `claims`, fetching keys without blocking the event loop."""
        outcome = await self.acheck()
        return None if isinstance(outcome, Refusal) else outcome

    def check(self, *requirements: Requirement) -> Claims | Refusal:
        """Return the claims if they meet all requirements, or what to answer."""
        if self._outcome is None:
            self._outcome = self._guard.check(self._request)
        return self._authorized(self._outcome, requirements)

    async def acheck(self, *requirements: Requirement) -> Claims | Refusal:
        """Return the same as `check`, fetching keys without blocking the event loop."""
        if self._outcome is None:
            self._outcome = await self._guard.check_async(self._request)
        return self._authorized(self._outcome, requirements)

    def _authorized(
        self, outcome: Claims | Refusal, requirements: tuple[Requirement, ...]
    ) -> Claims | Refusal:
        if isinstance(outcome, Refusal):
            return outcome
        return self._guard.authorize(outcome, *requirements)


class CognitoMiddleware:
    """Sets ``request.cognito``, and ``Vary`` on answers for which that was asked."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        guard_from_settings()  # a mistake in the settings shows when the server starts
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Set it, and go on; what comes next is asynchronous or not."""
        visitor = visitor_of(request)
        answer = self._get_response(request)
        if iscoroutinefunction(self._get_response):
            return _varying_later(visitor, answer)
        return _varying(visitor, answer)


def visitor_of(request: HttpRequest) -> Visitor:
    """Return the request's `Visitor`; the middleware is not needed for this."""
    visitor = getattr(request, "cognito", None)
    if not isinstance(visitor, Visitor):
        visitor = Visitor(_bearer_request(request), guard_from_settings())
        request.cognito = visitor  # type: ignore[attr-defined]  # Django's own way
    return visitor


def claims_of(request: HttpRequest) -> Claims:
    """Return the verified claims in a view that has `cognito_required`."""
    claims = getattr(request, "cognito_claims", None)
    if claims is None:
        raise ConfigurationError("the view has no cognito_required")
    return cast("Claims", claims)


def cognito_required(
    *, groups: str | Collection[str] | None = None, scopes: str | Collection[str] | None = None
) -> Callable[[View], View]:
    """Let only those into a view who are in one of the groups and have one of the scopes.

    For class-based views: ``method_decorator(cognito_required(...), name="dispatch")``. The view is
    exempt from Django's CSRF check: no other site has the token for the header, and cookies of
    other sites' requests do not count (`CognitoCookies`).
    """
    wanted = requirement(groups, scopes)

    def decorate(view: View) -> View:
        if _is_asynchronous(view):

            @wraps(view)
            async def asynchronous(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                visitor = visitor_of(request)
                refused = _admit(request, await visitor.acheck(wanted))
                answer = refused or view(request, *args, **kwargs)
                return _varying(visitor, await answer if isawaitable(answer) else answer)

            return cast("View", csrf_exempt(asynchronous))

        @wraps(view)
        def synchronous(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            visitor = visitor_of(request)
            refused = _admit(request, visitor.check(wanted))
            answer = refused or view(request, *args, **kwargs)
            if isawaitable(answer):  # another decorator has hidden that
                return _varying_later(visitor, answer)
            return _varying(visitor, answer)

        return cast("View", csrf_exempt(synchronous))

    return decorate


def _is_asynchronous(view: Callable[..., Any]) -> bool:
    """Tell whether a view is to be awaited.

    The ``dispatch`` of a class with asynchronous methods is none itself, but returns what one does;
    ``method_decorator`` gives it bound to its instance. It runs in the event loop.
    """
    if iscoroutinefunction(view):
        return True
    inner: Any = view
    while not isinstance(inner, partial):  # through the decorators between
        inner = getattr(inner, "__wrapped__", None)
        if inner is None:
            return False
    return getattr(getattr(inner.func, "__self__", None), "view_is_async", False) is True


async def _varying_later(visitor: Visitor, answer: Awaitable[HttpResponseBase]) -> HttpResponseBase:
    return _varying(visitor, await answer)


def _varying(visitor: Visitor, answer: HttpResponseBase) -> HttpResponseBase:
    """Say what an answer depends on, if it does."""
    if visitor.has_been_asked:
        patch_vary_headers(answer, visitor.vary)
    return answer


def _admit(request: HttpRequest, outcome: Claims | Refusal) -> JsonResponse | None:
    """Return an answer to a request that is refused; None if it may go on."""
    if isinstance(outcome, Refusal):
        return JsonResponse(outcome.body(), status=outcome.status, headers=dict(outcome.headers))
    request.cognito_claims = outcome  # type: ignore[attr-defined]  # Django's own way
    return None


def _bearer_request(request: HttpRequest) -> BearerRequest:
    """WSGI and Django's ASGI both join header lines of one name."""
    return BearerRequest(
        method=request.method or "",
        authorization=[v for v in [request.META.get("HTTP_AUTHORIZATION")] if v is not None],
        cookie=_cookie_lines(request),
        sec_fetch_site=request.META.get("HTTP_SEC_FETCH_SITE", ""),
    )


def _cookie_lines(request: HttpRequest) -> list[str]:
    """HTTP/2 may split cookies (RFC 9113 §8.2.3), which must not be joined with a comma."""
    if isinstance(request, ASGIRequest):
        lines = request.scope["headers"]
        return [value.decode("latin-1") for name, value in lines if name.lower() == b"cookie"]
    return [request.META.get("HTTP_COOKIE", "")]
