"""The types of the integrations. Checked by mypy and pyright, never run."""

from typing import Annotated, Any, assert_type

from django.http import HttpRequest, HttpResponse, JsonResponse
from fastapi import Depends, FastAPI, Security
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from cognito_verify import Claims, CognitoVerifier
from cognito_verify.web import django, starlette
from cognito_verify.web.aws_lambda import http_authorizer, rest_authorizer
from cognito_verify.web.aws_lambda import requires as lambda_requires
from cognito_verify.web.fastapi import CognitoBearer, CognitoCookies
from cognito_verify.web.flask import CognitoAuth, current_claims

verifier = CognitoVerifier(user_pool_id="us-east-1_Ab1", client_id="cid", token_use="access")

fastapi_app = FastAPI()
bearer = CognitoBearer(
    verifier,
    groups=["admins"],
    cookies=CognitoCookies("cid"),
    hosted_ui="https://shop.auth.us-east-1.amazoncognito.com",
)
assert_type(bearer.requires(scopes="orders/read"), CognitoBearer)


@fastapi_app.get("/me")
async def fastapi_me(claims: Annotated[Claims, Depends(bearer)]) -> str:
    """Return the user."""
    return claims.sub


@fastapi_app.get("/orders")
async def fastapi_orders(
    claims: Annotated[Claims, Security(bearer, scopes=["orders/read"])],
) -> tuple[str, ...]:
    """Return the scopes."""
    return claims.scopes


@starlette.requires(groups=["admins"])
async def starlette_me(request: Request) -> PlainTextResponse:
    """Return the user."""
    return PlainTextResponse(starlette.claims_of(request).sub)


starlette_app = Starlette(
    middleware=[Middleware(starlette.CognitoMiddleware, verifier=verifier, realm="shop")]
)

flask_app = Flask(__name__)
flask_auth = CognitoAuth(verifier)
flask_app.before_request(flask_auth.check)


@flask_app.get("/me")
@flask_auth.requires(groups=["admins"])
def flask_me() -> dict[str, str]:
    """Return the user."""
    return {"sub": current_claims().sub}


assert_type(flask_me(), dict[str, str])


@django.cognito_required(groups=["admins"])
def django_me(request: HttpRequest) -> JsonResponse:
    """Return the user."""
    return JsonResponse({"sub": django.claims_of(request).sub})


@django.cognito_required()
async def django_later(request: HttpRequest, number: int) -> HttpResponse:
    """Return the user, without blocking."""
    claims = await django.visitor_of(request).aclaims()
    return HttpResponse(f"{claims.sub if claims else ''} {number}")


assert_type(django_me(HttpRequest()), JsonResponse)


@lambda_requires(verifier, scopes=["orders/read"])
def handler(event: dict[str, Any], context: object, claims: Claims) -> dict[str, Any]:
    """Return the user."""
    return {"statusCode": 200, "body": claims.sub}


assert_type(http_authorizer(verifier)({}, None), dict[str, Any])
assert_type(rest_authorizer(verifier)({"methodArn": "a/b"}, None), dict[str, Any])
