"""The same small API in every framework, served for a while."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        LOGGING_CONFIG=None,
        MIDDLEWARE=[
            "django.middleware.csrf.CsrfViewMiddleware",
            "cognito_verify.web.django.CognitoMiddleware",
        ],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [
                "cognito_verify.web.django_rest.CognitoAuthentication"
            ],
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
        ROOT_URLCONF=None,
        SECRET_KEY="for tests",
    )
    django.setup()

import fastapi
import flask
import rest_framework.response
import rest_framework.views
import starlette.applications
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import JsonResponse
from django.test.utils import override_settings
from django.urls import path
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from cognito_verify import Claims, TokenExpired
from cognito_verify.web import aws_lambda, django_rest
from cognito_verify.web import django as cognito_django
from cognito_verify.web import starlette as cognito_starlette
from cognito_verify.web.fastapi import CognitoBearer
from cognito_verify.web.flask import CognitoAuth, current_claims

from .live import asgi_server, http_server, wsgi_server

RULES: dict[str, dict[str, Any]] = {
    "me": {},
    "editors": {"groups": ["editors", "staff"]},
    "owners": {"groups": "owners"},
    "orders": {"scopes": ["orders/read", "orders/write"]},
    "refunds": {"scopes": ["refunds/write", "orders/refund"]},
}


#: Whose requests make the handler verify another token, which is not good.
UNLUCKY = "unlucky"


def person(claims):
    """What every route answers."""
    if claims.username == UNLUCKY:
        raise TokenExpired(expired_at=0, now=1)
    return {"sub": claims.sub, "groups": list(claims.groups)}


@contextmanager
def starlette_app(verifier, cookies):
    def route(name, rule):
        @cognito_starlette.requires(**rule)
        async def endpoint(request):
            return JSONResponse(person(cognito_starlette.claims_of(request)))

        return Route(f"/{name}", endpoint, methods=["GET", "POST"])

    guard = Middleware(cognito_starlette.CognitoMiddleware, verifier=verifier, cookies=cookies)
    routes = [route(name, rule) for name, rule in RULES.items()]
    app = starlette.applications.Starlette(
        routes=[Mount("/api", routes=routes, middleware=[guard])]
    )
    with asgi_server(app) as port:
        yield port


@contextmanager
def fastapi_app(verifier, cookies):
    app = fastapi.FastAPI()
    auth = CognitoBearer(verifier, cookies=cookies)

    def add(name, rule):
        @app.api_route(f"/api/{name}", methods=["GET", "POST"], operation_id=name)
        async def endpoint(claims: Annotated[Claims, fastapi.Depends(auth.requires(**rule))]):
            return person(claims)

    for name, rule in RULES.items():
        add(name, rule)
    with asgi_server(app) as port:
        yield port


@contextmanager
def flask_app(verifier, cookies):
    app = flask.Flask("shop")
    auth = CognitoAuth(verifier, cookies=cookies)

    def add(name, rule):
        @app.route(f"/api/{name}", methods=["GET", "POST"], endpoint=name)
        @auth.requires(**rule)
        def view():
            return person(current_claims())

    for name, rule in RULES.items():
        add(name, rule)
    with wsgi_server(app) as port:
        yield port


@contextmanager
def django_app(verifier, cookies, view_of, handler, server):
    class Urls:
        urlpatterns = tuple(path(f"api/{name}", view_of(rule)) for name, rule in RULES.items())

    options = {"VERIFIER": verifier}
    if cookies is not None:
        options["COOKIES"] = {"CLIENT_ID": cookies.client_id, "TOKEN_USE": cookies.token_use}
    with (
        override_settings(COGNITO_VERIFY=options, ROOT_URLCONF=Urls),
        server(handler()) as port,
    ):
        yield port


def django_view(rule):
    @cognito_django.cognito_required(**rule)
    def view(request):
        return JsonResponse(person(cognito_django.claims_of(request)))

    return view


def django_async_view(rule):
    @cognito_django.cognito_required(**rule)
    async def view(request):
        return JsonResponse(person(cognito_django.claims_of(request)))

    return view


def rest_view(rule):
    class View(rest_framework.views.APIView):
        permission_classes = (
            [django_rest.requires(**rule)]
            if rule
            else rest_framework.views.APIView.permission_classes
        )

        def get(self, request):
            return rest_framework.response.Response(person(django_rest.claims_of(request)))

        post = get

    return View.as_view()


@contextmanager
def lambda_app(verifier, cookies, event_of):
    """API Gateway, or the front of Function URLs, as far as a handler can tell."""

    def handler_of(rule):
        @aws_lambda.requires(verifier, cookies=cookies, **rule)
        def handler(_event, _context, claims):
            return {"statusCode": 200, "body": json.dumps(person(claims))}

        return handler

    handlers = {f"/api/{name}": handler_of(rule) for name, rule in RULES.items()}

    def answer(method, target, lines):
        event = json.loads(json.dumps(event_of(method, target, lines)))
        try:
            answered = handlers[urlsplit(target).path](event, None)
        except Exception:  # noqa: BLE001  (what the front of a function does)
            return 502, {}, b"{}"
        return answered["statusCode"], answered.get("headers", {}), answered["body"].encode()

    with http_server(answer) as port:
        yield port


def event_2_0(method, target, lines):
    """Payload format 2.0: lower-case names, joined lines, cookies apart."""
    url = urlsplit(target)
    joined = {}
    for name, value in lines:
        joined.setdefault(name.lower(), []).append(value)
    cookies = [part for value in joined.pop("cookie", []) for part in value.split("; ")]
    return {
        "version": "2.0",
        "rawPath": url.path,
        "rawQueryString": url.query,
        "headers": {name: ",".join(values) for name, values in joined.items()},
        "requestContext": {"http": {"method": method, "path": url.path}, "stage": "$default"},
    } | ({"cookies": cookies} if cookies else {})


def event_1_0(method, target, lines):
    """Payload format 1.0: names as sent; the last line of a name, and all of them."""
    url = urlsplit(target)
    many = {}
    for name, value in lines:
        many.setdefault(name, []).append(value)
    return {
        "version": "1.0",
        "resource": url.path,
        "path": url.path,
        "httpMethod": method,
        "headers": dict(lines),
        "multiValueHeaders": many,
        "requestContext": {"stage": "prod", "httpMethod": method},
    }


@dataclass(frozen=True)
class Service:
    """How to serve the API in one framework: ``start(verifier, cookies)`` gives the port."""

    id: str
    start: Callable[..., Any]


def _django(view_of, handler, server):
    return lambda verifier, cookies: django_app(verifier, cookies, view_of, handler, server)


SERVICES = [
    Service("starlette", starlette_app),
    Service("fastapi", fastapi_app),
    Service("flask", flask_app),
    Service("django-wsgi", _django(django_view, WSGIHandler, wsgi_server)),
    Service("django-asgi", _django(django_async_view, ASGIHandler, asgi_server)),
    Service("django-rest", _django(rest_view, WSGIHandler, wsgi_server)),
    Service("lambda-2.0", lambda verifier, cookies: lambda_app(verifier, cookies, event_2_0)),
    Service("lambda-1.0", lambda verifier, cookies: lambda_app(verifier, cookies, event_1_0)),
]
