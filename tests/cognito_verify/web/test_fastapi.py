"""What only FastAPI has: the OpenAPI document, ``Security``, dependencies of dependencies."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket

from cognito_verify import AccessClaims, Claims, ConfigurationError
from cognito_verify.web.fastapi import CognitoBearer

from .live import asgi_server, handshake, send


def authorization(token):
    return ("Authorization", f"Bearer {token}")


def security_of(app):
    document = app.openapi()
    return document["components"]["securitySchemes"], document["paths"]["/me"]["get"]["security"]


def application(dependency):
    app = FastAPI()

    @app.get("/me")
    async def me(claims: Annotated[Claims, dependency]):
        return {"kind": type(claims).__name__, "user": claims.username}

    return app


def test_the_document_describes_a_bearer_token(make_verifier):
    """Without a hosted UI there is nowhere to sign in."""
    assert security_of(application(Depends(CognitoBearer(make_verifier())))) == (
        {"Cognito": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        [{"Cognito": []}],
    )


def test_the_document_describes_the_hosted_ui(make_verifier):
    """The pool's domain serves the authorization code flow (spec §3, §5)."""
    auth = CognitoBearer(
        make_verifier(),
        hosted_ui="https://shop.auth.eu-west-1.amazoncognito.com/",
        offered_scopes={"openid": "Who you are"},
    )

    assert security_of(application(Depends(auth.requires(groups="admins")))) == (
        {
            "Cognito": {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": (
                            "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize"
                        ),
                        "tokenUrl": "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token",
                        "scopes": {"openid": "Who you are"},
                    }
                },
            }
        },
        [{"Cognito": []}],
    )


def test_the_hosted_ui_is_https(make_verifier):
    """Its address goes to every reader of the document."""
    with pytest.raises(ConfigurationError):
        CognitoBearer(make_verifier(), hosted_ui="http://shop.example.com")


def test_the_endpoint_gets_typed_claims(make_verifier, make_token):
    """What the dependency returns is what the verifier returned."""
    with asgi_server(application(Depends(CognitoBearer(make_verifier())))) as port:
        answer = send(port, "GET", "/me", [authorization(make_token())])

    assert answer.json == {"kind": AccessClaims.__name__, "user": "ada"}


def test_scopes_of_security_are_all_needed(make_verifier, make_token):
    """FastAPI adds up the scopes of nested dependencies."""
    auth = CognitoBearer(make_verifier())
    with (
        asgi_server(application(Security(auth, scopes=["openid", "orders/read"]))) as both,
        asgi_server(application(Security(auth, scopes=["openid", "orders/write"]))) as one,
    ):
        granted = send(both, "GET", "/me", [authorization(make_token())])
        missing = send(one, "GET", "/me", [authorization(make_token())])

    assert granted.status == 200
    assert missing.status == 403
    assert 'scope="orders/write"' in missing.headers["www-authenticate"]


def test_requirements_add_up(make_verifier, make_token):
    """A stricter dependency keeps what the one it came from wants, and changes nothing there."""
    auth = CognitoBearer(make_verifier(), groups="admins")
    stricter = auth.requires(scopes="orders/write")
    app = application(Depends(auth))

    @app.get("/strict", dependencies=[Depends(stricter)])
    async def strict():
        raise AssertionError

    @app.get("/strictest", dependencies=[Depends(stricter.requires(groups="owners"))])
    async def strictest():
        return {}

    owner = {"cognito:groups": ["owners"]}
    both = {"cognito:groups": ["owners", "admins"]}
    with asgi_server(app) as port:
        answers = [
            send(port, "GET", path, [authorization(make_token(_claims=claims, scope=scope))])
            for path, claims, scope in (
                ("/me", both, "openid"),
                ("/strict", both, "openid"),
                ("/strictest", owner, "orders/write"),
                ("/strictest", both, "openid"),
                ("/strictest", both, "orders/write"),
            )
        ]

    assert [answer.status for answer in answers] == [200, 403, 403, 403, 200]


def test_a_token_can_be_optional(make_verifier, make_token):
    """Without one there are no claims; a bad one is refused, and so is one without the group."""
    auth = CognitoBearer(make_verifier(), groups="admins")
    app = FastAPI()

    @app.get("/me")
    async def me(claims: Annotated[Claims | None, Depends(auth.optional)]):
        return {"user": claims and claims.username}

    nobody = make_token(_claims={"cognito:groups": []})
    with asgi_server(app) as port:
        stranger = send(port, "GET", "/me", [])
        ada = send(port, "GET", "/me", [authorization(make_token())])
        refused = [
            send(port, "GET", "/me", [authorization(token)]).status
            for token in (make_token(_key="stranger"), "a b", nobody)
        ]

    assert stranger.json == {"user": None}
    assert ada.json == {"user": "ada"}
    assert refused == [401, 400, 403]


def test_a_websocket_has_the_same_dependency(make_verifier, make_token):
    """The handshake carries the token."""
    app = FastAPI()
    auth = CognitoBearer(make_verifier())

    @app.websocket("/live")
    async def live(websocket: WebSocket, claims: Annotated[Claims, Depends(auth)]):
        await websocket.accept()
        await websocket.close(reason=claims.username)

    opened = handshake(app, [authorization(make_token())])
    refused = handshake(app, extensions=["websocket.http.response"])

    assert opened[-1]["reason"] == "ada"
    assert refused[0]["status"] == 401


def test_scopes_of_an_optional_token_are_needed_as_well(make_verifier, make_token):
    """Who brings a token must have been granted what ``Security`` names."""
    auth = CognitoBearer(make_verifier())
    app = FastAPI()

    @app.get("/me")
    async def me(
        claims: Annotated[Claims | None, Security(auth.optional, scopes=["orders/write"])],
    ):
        return {"user": claims and claims.username}

    with asgi_server(app) as port:
        answers = [
            send(port, "GET", "/me", lines)
            for lines in (
                [],
                [authorization(make_token())],
                [authorization(make_token(scope="orders/write"))],
            )
        ]

    assert [answer.status for answer in answers] == [200, 403, 200]
    assert [answers[0].json, answers[2].json] == [{"user": None}, {"user": "ada"}]


def test_a_router_and_its_route_are_both_heeded(make_verifier, make_token):
    """And the token is checked before the body is looked at."""
    auth = CognitoBearer(make_verifier())
    router = APIRouter(dependencies=[Depends(auth.requires(groups="admins"))])

    @router.post("/orders", dependencies=[Depends(auth.requires(scopes="orders/write"))])
    async def order(number: int):
        return number

    app = FastAPI()
    app.include_router(router)
    grants = [
        {"cognito:groups": ["admins"], "scope": "openid"},
        {"cognito:groups": ["editors"], "scope": "orders/write"},
        {"cognito:groups": ["admins"], "scope": "orders/write"},
    ]
    with asgi_server(app) as port:
        stranger = send(port, "POST", "/orders?number=x")
        answers = [
            send(port, "POST", "/orders?number=1", [authorization(make_token(_claims=claims))])
            for claims in grants
        ]

    assert stranger.status == 401
    assert [answer.status for answer in answers] == [403, 403, 200]
