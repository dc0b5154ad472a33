"""Authlib's Flask client and its session for requests, against a pool of the mock."""

import flask
import jwt
import pytest
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session, OAuthError

from cognito_mock import MockCognito

from .visitor import Visitor, a_minute_ago, parameters_of

pytestmark = pytest.mark.e2e

CALLBACK = "http://localhost/callback"
SCOPE = "openid email profile"


class Application:
    """A Flask application as Authlib's guide has it; the visitor's browser is `flask`'s own."""

    def __init__(self, pool, client, *, redirect_uri=CALLBACK, secret=None):
        app = flask.Flask(__name__)
        app.secret_key = "the application's own"
        app.testing = True
        oauth = OAuth(app)
        self.cognito = oauth.register(
            "cognito",
            server_metadata_url=f"{pool.issuer}/.well-known/openid-configuration",
            client_id=client.id,
            client_secret=secret or client.secret,
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
        )
        self.tokens = []
        app.add_url_rule("/login", "login", lambda: self.cognito.authorize_redirect(redirect_uri))
        app.add_url_rule("/callback", "callback", self._callback)
        self.http = app.test_client()

    def _callback(self):
        token = self.cognito.authorize_access_token()
        self.tokens.append(token)
        return token["userinfo"]

    def sign_in_link(self):
        """Where the application sends the browser."""
        return self.http.get("/login").headers["location"]

    def session(self, **token):
        """Authlib's session with the last token of the application."""
        return OAuth2Session(
            self.cognito.client_id,
            self.cognito.client_secret,
            token_endpoint=self.cognito.load_server_metadata()["token_endpoint"],
            token={**self.tokens[-1], **token},
        )


@pytest.fixture(scope="module")
def mock():
    with MockCognito() as running:
        yield running


@pytest.fixture(scope="module")
def pool(mock):
    return mock.create_pool("library")


@pytest.fixture(scope="module")
def user(pool):
    return pool.create_user("grace", attributes={"name": "Grace Hopper"})


@pytest.fixture
def visitor():
    with Visitor() as person:
        yield person


@pytest.fixture(params=[True, False], ids=["confidential", "public"])
def client(request, pool):
    return pool.create_client("web", secret=request.param, callback_urls=[CALLBACK])


def test_discovery_code_pkce_nonce_and_id_token(pool, client, user, visitor):
    """Authlib finds all in discovery, and checks nonce, at_hash, iss, aud and signature."""
    app = Application(pool, client)
    link = app.sign_in_link()
    asked = parameters_of(link)
    assert asked["code_challenge_method"] == "S256"

    answer = app.http.get(visitor.signs_in(link, user))

    claims = answer.json
    assert (claims["sub"], claims["email"], claims["name"]) == (
        user.sub,
        user.email,
        "Grace Hopper",
    )
    assert claims["nonce"] == asked["nonce"]
    assert claims["iss"] == pool.issuer


def test_userinfo(pool, client, user, visitor):
    """Authlib's ``userinfo()``, with the access token; booleans are strings (COG-UI-010)."""
    app = Application(pool, client)
    app.http.get(visitor.signs_in(app.sign_in_link(), user))

    claims = app.cognito.userinfo(token=app.tokens[-1])

    assert claims["sub"] == user.sub
    assert claims["email_verified"] == "true"


def test_refresh(mock, pool, client, user, visitor):
    """A session whose token has expired refreshes it; the sign-in is the same (COG-TKE-052)."""
    app = Application(pool, client)
    with a_minute_ago(mock):
        app.http.get(visitor.signs_in(app.sign_in_link(), user))
    before = app.tokens[-1]

    with app.session(expires_at=1) as session:
        session.get(app.cognito.load_server_metadata()["userinfo_endpoint"]).raise_for_status()
        after = session.token

    old, new = (
        jwt.decode(token["id_token"], options={"verify_signature": False})
        for token in (before, after)
    )
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] == before["refresh_token"]
    assert [new[name] for name in ("sub", "origin_jti", "auth_time")] == [
        old[name] for name in ("sub", "origin_jti", "auth_time")
    ]
    assert app.cognito.parse_id_token(after, nonce=None)["sub"] == user.sub


def test_revocation(pool, client, user, visitor):
    """``revoke_token`` ends the refresh token (COG-REV-001)."""
    app = Application(pool, client)
    app.http.get(visitor.signs_in(app.sign_in_link(), user))

    with app.session() as session:
        endpoint = app.cognito.load_server_metadata()["revocation_endpoint"]
        session.revoke_token(endpoint, app.tokens[-1]["refresh_token"]).raise_for_status()

        with pytest.raises(OAuthError, match=r"^invalid_grant"):
            session.refresh_token()


def test_keys_that_were_exchanged_are_fetched_again(pool, user, visitor):
    """Authlib keeps the keys and comes back for an unknown ``kid`` (COG-JWK-007)."""
    app = Application(pool, pool.create_client("web", callback_urls=[CALLBACK]))
    app.http.get(visitor.signs_in(app.sign_in_link(), user))
    pool.rotate_keys(retire="now")

    with Visitor() as another:
        answer = app.http.get(another.signs_in(app.sign_in_link(), user))

    assert answer.json["sub"] == user.sub


def test_a_code_works_once(pool, client, user, visitor):
    """COG-TKE-024: the second exchange fails, whoever asks."""
    app = Application(pool, client)
    link = app.sign_in_link()
    callback = visitor.signs_in(link, user)
    with app.http.session_transaction() as held:
        before = dict(held)
    app.http.get(callback)
    with app.http.session_transaction() as held:
        held.update(before)  # so that it is not Authlib's own state that refuses

    with pytest.raises(OAuthError, match=r"^invalid_grant"):
        app.http.get(callback)


def test_a_wrong_secret(pool, user, visitor):
    """COG-TKE-072: invalid_client."""
    client = pool.create_client("web", secret=True, callback_urls=[CALLBACK])
    app = Application(pool, client, secret="of another client")
    callback = visitor.signs_in(app.sign_in_link(), user)
    assert "code" in parameters_of(callback)

    with pytest.raises(OAuthError, match=r"^invalid_client"):
        app.http.get(callback)

    assert not app.tokens


def test_an_address_that_is_not_registered(pool, client, visitor):
    """COG-AUT-009: an error page on the pool's own host; nobody is sent anywhere."""
    app = Application(pool, client, redirect_uri=f"{CALLBACK}/other")

    page = visitor.opens(app.sign_in_link())

    assert page.url.path == "/error"
    assert "redirect_mismatch" in str(page.url)
