"""A shop in Flask: an API for tokens, and a page for those whom Amplify has signed in."""

import os

import flask

from cognito_verify import CognitoVerifier
from cognito_verify.web.flask import CognitoAuth, CognitoCookies, current_claims

ORDERS = {1: "A slide rule", 2: "A box of punched cards"}

CLIENT_IDS = os.environ["COGNITO_CLIENT_IDS"].split(",")

verifier = CognitoVerifier(
    user_pool_id=os.environ.get("COGNITO_USER_POOL_ID"),
    issuer=os.environ.get("COGNITO_ISSUER"),
    client_id=CLIENT_IDS,
    token_use="access",
)
api_auth = CognitoAuth(verifier)
page_auth = CognitoAuth(verifier, cookies=CognitoCookies(CLIENT_IDS[0]))

app = flask.Flask(__name__)


@app.get("/")
@page_auth.requires()
def index() -> str:
    """The browser sends the token in a cookie; nothing on this page can be changed."""
    return flask.render_template_string(
        "<h1>Hello, {{ name }}</h1>", name=current_claims().username
    )


@app.errorhandler(401)
def sign_in(error: Exception) -> flask.typing.ResponseReturnValue:
    """People get a page, programs keep their answer."""
    response = getattr(error, "response", None)
    if flask.request.path == "/" and response is not None:
        headers = {"WWW-Authenticate": response.headers["WWW-Authenticate"]}
        return "<h1>Please sign in</h1>", 401, headers
    return response or ("", 401)


@app.get("/me")
@api_auth.requires()
def me() -> dict[str, object]:
    """Anybody with a token."""
    claims = current_claims()
    return {"username": claims.username, "groups": claims.groups}


@app.get("/orders")
@api_auth.requires(scopes=["orders/read", "orders/write"])
def orders() -> flask.Response:
    """A machine with one of the scopes."""
    return flask.jsonify(ORDERS)


@app.delete("/orders/<int:number>")
@api_auth.requires(groups=["admins"])
def cancel(number: int) -> flask.typing.ResponseReturnValue:
    """A user in the group."""
    if number not in ORDERS:
        flask.abort(404)
    print(f"{current_claims().sub} cancels order {number}")
    return "", 204
