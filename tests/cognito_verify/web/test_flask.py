"""What only Flask has: error handlers, blueprints, ``g``."""

import flask
import flask.views
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


def test_answers_that_flask_makes_to_options_need_no_token(make_verifier):
    """No view is called for them, and a CORS preflight has no token; a view's own are guarded."""
    auth = CognitoAuth(make_verifier())
    app = flask.Flask("shop")
    app.before_request(auth.check)

    @app.get("/me")
    def me():
        raise AssertionError

    @app.route("/own", methods=["GET", "OPTIONS"])
    def own():
        raise AssertionError

    with wsgi_server(app) as port:
        answers = [
            send(port, "OPTIONS", path) for path in ("/me", "/own", "/nothing", "/static/x.css")
        ]
        get = send(port, "GET", "/me")

    assert [answer.status for answer in answers] == [200, 401, 401, 200]
    assert (answers[0].text, get.status) == ("", 401)


def test_classes_and_asynchronous_views_can_be_guarded(make_verifier, make_token):
    """With ``decorators``, or method by method."""
    auth = CognitoAuth(make_verifier())

    class Things(flask.views.MethodView):
        decorators = (auth.requires(),)

        def get(self):
            return {"user": current_claims().username}

        @auth.requires(groups="owners")
        def post(self):
            raise AssertionError

    @auth.requires()
    async def soon():
        return {"user": current_claims().username}

    app = flask.Flask("shop")
    app.add_url_rule("/things", view_func=Things.as_view("things"))
    app.add_url_rule("/soon", view_func=soon)
    line = authorization(make_token())
    with wsgi_server(app) as port:
        answers = [
            send(port, "GET", "/things"),
            send(port, "GET", "/things", [line]),
            send(port, "POST", "/things", [line]),
            send(port, "GET", "/soon"),
            send(port, "GET", "/soon", [line]),
        ]

    assert [answer.status for answer in answers] == [401, 200, 403, 401, 200]


def test_what_one_application_has_checked_says_nothing_in_another_request(
    make_verifier, make_token
):
    """Claims are the request's, also in a thread that has served somebody before."""
    app = flask.Flask("shop")
    auth = CognitoAuth(make_verifier())

    @app.get("/")
    def index():
        if "Authorization" in flask.request.headers:
            auth.check()
        try:
            return {"user": current_claims().username}
        except ConfigurationError:
            return {"user": None}

    client = app.test_client()
    answers = [
        client.get("/", headers=headers).json
        for headers in ([authorization(make_token())], [], [authorization(make_token())])
    ]

    assert [answer["user"] for answer in answers] == ["ada", None, "ada"]
