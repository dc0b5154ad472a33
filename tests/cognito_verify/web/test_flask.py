"""What only Flask has: error handlers, blueprints, ``g``."""

import flask
import pytest

from cognito_verify import ConfigurationError
from cognito_verify.web.flask import CognitoAuth, current_claims

from .live import send, wsgi_server


def authorization(token):
    return ("Authorization", f"Bearer {token}")


def test_an_error_handler_sees_the_refusal(make_verifier):
    """An application may give its own pages; the challenge is there to be kept."""
    app = flask.Flask("shop")

    @app.get("/")
    @CognitoAuth(make_verifier(), realm="shop").requires()
    def index():
        raise AssertionError

    @app.errorhandler(401)
    def unauthorized(error):
        headers = {"WWW-Authenticate": error.response.headers["WWW-Authenticate"]}
        return "please sign in", 401, headers

    with wsgi_server(app) as port:
        answer = send(port, "GET", "/")

    assert (answer.status, answer.text) == (401, "please sign in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="shop"'


def test_a_whole_blueprint_can_be_protected(make_verifier, make_token):
    """With ``before_request``; a view may require more."""
    auth = CognitoAuth(make_verifier())
    blueprint = flask.Blueprint("api", "api", url_prefix="/api")
    blueprint.before_request(auth.check)

    @blueprint.get("/me")
    def me():
        return {"user": current_claims().username}

    @blueprint.get("/owners")
    @auth.requires(groups="owners")
    def owners():
        raise AssertionError

    app = flask.Flask("shop")
    app.register_blueprint(blueprint)
    app.add_url_rule("/", view_func=lambda: "welcome")
    with wsgi_server(app) as port:
        answers = [
            send(port, "GET", "/"),
            send(port, "GET", "/api/me"),
            send(port, "GET", "/api/me", [authorization(make_token())]),
            send(port, "GET", "/api/owners", [authorization(make_token())]),
        ]

    assert [answer.status for answer in answers] == [200, 401, 200, 403]
    assert answers[2].json == {"user": "ada"}


def test_there_are_no_claims_without_a_check(make_verifier, make_token):
    """A forgotten decorator is an error, not an anonymous user, and not the one before either."""
    app = flask.Flask("shop")
    app.testing = True

    @app.get("/me")
    @CognitoAuth(make_verifier()).requires()
    def me():
        return {"user": current_claims().username}

    @app.get("/forgotten")
    def forgotten():
        return {"user": current_claims().username}

    with app.app_context():  # both requests share its `g`
        client = app.test_client()
        assert client.get("/me", headers=[authorization(make_token())]).status_code == 200
        with pytest.raises(ConfigurationError):
            client.get("/forgotten")
