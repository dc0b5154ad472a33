"""What only Django has: settings, lazy visitors, class-based views."""

import asyncio
from functools import wraps

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from django.test.utils import override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page

from cognito_verify import Claims, ConfigurationError, TokenExpired
from cognito_verify.web.django import CognitoMiddleware, claims_of, cognito_required, visitor_of

from ..conftest import CLIENT, POOL  # noqa: TID252  (not a package that is installed)
from .live import amplify_cookies, asgi_server, send, wsgi_server


class CountingVerifier:
    """Counts what it is asked."""

    def __init__(self, verifier):
        self._verifier = verifier
        self.asked = 0

    def verify(self, token):
        self.asked += 1
        return self._verifier.verify(token)

    async def verify_async(self, token):
        self.asked += 1
        return await self._verifier.verify_async(token)


class TooLate:
    """Thinks that everything has expired."""

    def verify(self, _token):
        raise TokenExpired(expired_at=0, now=1)


VERIFIER = TooLate()


@pytest.fixture
def verifier(make_verifier):
    counting = CountingVerifier(make_verifier())
    with override_settings(COGNITO_VERIFY={"VERIFIER": counting, "REALM": "shop"}):
        yield counting


def get(token=None, factory=RequestFactory, **headers):
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return factory().get("/", headers=headers)


def test_the_middleware_verifies_nothing_by_itself(verifier, make_token):
    """Most requests of a site need no claims."""
    requests = []
    middleware = CognitoMiddleware(lambda request: requests.append(request) or HttpResponse())

    answer = middleware(get(make_token()))

    assert answer.status_code == 200
    assert verifier.asked == 0
    assert requests[0].cognito.claims.username == "ada"
    assert requests[0].cognito.claims["token_use"] == "access"
    assert verifier.asked == 1


@pytest.mark.parametrize("token", [None, "a.b.c"])
def test_a_visitor_without_a_good_token_has_no_claims(verifier, token):
    """A view that works with or without a user sees None."""
    assert visitor_of(get(token)).claims is None
    assert asyncio.run(visitor_of(get(token, AsyncRequestFactory)).aclaims()) is None


def test_async_views_ask_without_blocking(verifier, make_token):
    """And once: the outcome is the request's."""

    async def ask():
        request = get(make_token(), AsyncRequestFactory)
        return await visitor_of(request).aclaims(), await visitor_of(request).aclaims()

    first, second = asyncio.run(ask())

    assert isinstance(first, Claims)
    assert first is second
    assert verifier.asked == 1


def test_an_async_middleware_goes_on_asynchronously(verifier, make_token):
    """Django would run a synchronous one in a thread."""

    async def view(request):
        return HttpResponse((await request.cognito.aclaims()).username)

    async def ask():
        return await CognitoMiddleware(view)(get(make_token(), AsyncRequestFactory))

    assert asyncio.run(ask()).content == b"ada"


def test_methods_of_views_can_be_guarded(verifier, make_token):
    """With Django's ``method_decorator``; the realm is that of the settings."""

    class Things(View):
        @method_decorator(cognito_required(groups="admins"))
        def get(self, request):
            return HttpResponse(claims_of(request).username)

    view = Things.as_view()

    assert view(get(make_token())).content == b"ada"
    assert view(get()).headers["WWW-Authenticate"] == 'Bearer realm="shop"'


def test_a_whole_view_can_be_guarded(verifier, make_token):
    """Then it is exempt from the CSRF check like a function."""

    @method_decorator(cognito_required(groups="admins"), name="dispatch")
    class Things(View):
        def post(self, request):
            return HttpResponse(claims_of(request).username)

    view = Things.as_view()

    assert view.csrf_exempt is True
    assert view(get(make_token())).status_code == 405
    assert view(get()).status_code == 401


def test_there_are_no_claims_without_the_decorator(verifier, make_token):
    """A forgotten decorator is an error, not an anonymous user."""
    with pytest.raises(ConfigurationError):
        claims_of(get(make_token()))


def test_cookies_are_read_if_the_settings_say_so(make_verifier, make_token):
    """``COOKIES`` names the client, and the kind of token."""
    request = RequestFactory().get("/", headers={"cookie": amplify_cookies(make_token())})
    cookies = {"CLIENT_ID": CLIENT, "TOKEN_USE": "access"}
    with override_settings(COGNITO_VERIFY={"VERIFIER": make_verifier(), "COOKIES": cookies}):
        assert visitor_of(request).claims.username == "ada"


def test_the_settings_describe_a_verifier(jwks, make_token):
    """They are its arguments in capitals. This one reads the real clock."""
    options = {"USER_POOL_ID": POOL, "CLIENT_ID": CLIENT, "TOKEN_USE": "access", "JWKS": jwks}
    good = make_token(exp=9_999_999_999)
    with override_settings(COGNITO_VERIFY=options):
        assert visitor_of(get(good)).claims.username == "ada"
    with override_settings(COGNITO_VERIFY=options | {"CLIENT_ID": "another"}):
        assert visitor_of(get(good)).claims is None


def test_a_verifier_can_be_imported_by_its_path():
    """For one that is built elsewhere."""
    with override_settings(COGNITO_VERIFY={"VERIFIER": f"{__name__}.VERIFIER"}):
        assert visitor_of(get("a.b.c")).check().description == "The token has expired"


@pytest.mark.parametrize(
    "options",
    [
        None,
        {},
        {"USER_POOL_ID": POOL, "CLIENT_ID": CLIENT},
        {"USER_POOL_ID": "nonsense", "CLIENT_ID": CLIENT, "TOKEN_USE": "access"},
        {"USER_POOL_ID": POOL, "CLIENT_ID": CLIENT, "TOKEN_USE": "access", "VERIFY": False},
        {"USER_POOL_ID": POOL, "CLIENT_ID": CLIENT, "TOKEN_USE": "access", "REALM": '"'},
        {"USER_POOL_ID": POOL, "CLIENT_ID": CLIENT, "TOKEN_USE": "access", "COOKIES": {}},
        {"VERIFIER": VERIFIER, "CLIENT_ID": CLIENT},
    ],
)
def test_a_mistake_in_the_settings_shows_at_the_start(options):
    """Not with the first request."""
    with override_settings(COGNITO_VERIFY=options), pytest.raises(ImproperlyConfigured):
        CognitoMiddleware(lambda request: request)


CACHED = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "cognito_verify.web.django.CognitoMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]


def name_of_visitor(request):
    claims = request.cognito.claims
    return HttpResponse(claims.username if claims else "stranger")


@cache_page(60)
@cognito_required()
def name_of_user(request):
    return HttpResponse(claims_of(request).username)


def same_for_all(_request):
    return HttpResponse("welcome")


class CachedUrls:
    urlpatterns = (
        path("visitor", name_of_visitor),
        path("user", name_of_user),
        path("all", same_for_all),
    )


def test_djangos_cache_keeps_one_answer_for_each_token(make_verifier, make_token):
    """Or else the next one gets what is somebody else's. RFC 9110 §12.5.5."""
    lines = [
        [("Authorization", f"Bearer {make_token(username=name)}")] for name in ("ada", "grace")
    ]
    with (
        override_settings(
            COGNITO_VERIFY={"VERIFIER": make_verifier()}, MIDDLEWARE=CACHED, ROOT_URLCONF=CachedUrls
        ),
        wsgi_server(WSGIHandler()) as port,
    ):
        cache.clear()
        visitors = [send(port, "GET", "/visitor", line).text for line in [*lines, [], *lines]]
        users = [send(port, "GET", "/user", line) for line in [*lines, [], *lines]]
        vary = send(port, "GET", "/all").headers.get("vary")
        cache.clear()

    assert visitors == ["ada", "grace", "stranger", "ada", "grace"]
    assert [user.text for user in users if user.status == 200] == ["ada", "grace"] * 2
    assert users[2].status == 401
    assert vary is None


class NeverWaits:
    """Would block the event loop if it were asked the wrong way."""

    def __init__(self, verifier):
        self._verifier = verifier

    def verify(self, _token):
        raise AssertionError

    async def verify_async(self, token):
        return await self._verifier.verify_async(token)


def test_a_class_with_asynchronous_methods_does_not_block(make_verifier, make_token):
    """Its ``dispatch`` runs in the event loop, where keys must not be fetched synchronously."""

    @method_decorator(cognito_required(groups="admins"), name="dispatch")
    class Whole(View):
        async def get(self, request):
            return HttpResponse(claims_of(request).username)

    def passed_on(view):
        @wraps(view)
        def call(*args, **kwargs):
            return view(*args, **kwargs)

        return call

    @method_decorator([cognito_required(), passed_on], name="dispatch")
    class Hidden(Whole):
        pass

    class Part(View):
        @method_decorator(cognito_required(groups="owners"))
        async def get(self, request):
            raise AssertionError

    class Urls:
        urlpatterns = (
            path("whole", Whole.as_view()),
            path("hidden", Hidden.as_view()),
            path("part", Part.as_view()),
        )

    lines = [("Authorization", f"Bearer {make_token()}")]
    verifier = NeverWaits(make_verifier())
    with (
        override_settings(COGNITO_VERIFY={"VERIFIER": verifier}, ROOT_URLCONF=Urls, MIDDLEWARE=[]),
        asgi_server(ASGIHandler()) as port,
    ):
        answers = [
            send(port, "GET", "/whole"),
            send(port, "GET", "/whole", lines),
            send(port, "GET", "/hidden", lines),
            send(port, "POST", "/whole", lines),
            send(port, "GET", "/part", lines),
        ]

    assert [answer.status for answer in answers] == [401, 200, 200, 405, 403]
    assert answers[1].text == "ada"
