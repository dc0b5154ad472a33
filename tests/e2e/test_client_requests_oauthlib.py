"""requests-oauthlib: the code flow of a confidential client with Basic authentication."""

import pytest
import requests
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from cognito_mock import MockCognito
from cognito_verify import CognitoVerifier

from .visitor import Visitor, machine_client, parameters_of

pytestmark = pytest.mark.e2e

CALLBACK = "http://localhost:3000/callback"
SCOPE = ["openid", "email"]


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch):
    """As its guide says for tests: oauthlib insists on https otherwise."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


class Pool:
    """A pool, its endpoints as discovery names them, and a user."""

    def __init__(self, mock):
        self.mock = mock.create_pool("archive")
        self.client = self.mock.create_client("web", secret=True, callback_urls=[CALLBACK])
        self.user = self.mock.create_user("grace")
        discovery = f"{self.mock.issuer}/.well-known/openid-configuration"
        self.endpoints = requests.get(discovery, timeout=5).json()

    def basic(self, secret=None):
        return HTTPBasicAuth(self.client.id, secret or self.client.secret)

    def session(self, **options):
        return OAuth2Session(
            self.client.id, **{"redirect_uri": CALLBACK, "scope": SCOPE, "pkce": "S256", **options}
        )

    def link(self, session, **more):
        """Where the application sends the browser."""
        url, _ = session.authorization_url(self.endpoints["authorization_endpoint"], **more)
        return url

    def fetch_token(self, session, callback, secret=None):
        return session.fetch_token(
            self.endpoints["token_endpoint"],
            authorization_response=callback,
            auth=self.basic(secret),
        )

    def refresh(self, session):
        return session.refresh_token(self.endpoints["token_endpoint"], auth=self.basic())


@pytest.fixture(scope="module")
def pool():
    with MockCognito() as mock:
        yield Pool(mock)


@pytest.fixture
def visitor():
    with Visitor() as person:
        yield person


@pytest.fixture
def session(pool):
    with pool.session() as made:
        yield made


def test_code_basic_authentication_and_userinfo(pool, session, visitor):
    """The session then carries the access token; our verifier takes the id token."""
    callback = visitor.signs_in(pool.link(session, nonce="n-0S6"), pool.user)

    token = pool.fetch_token(session, callback)

    claims = session.get(pool.endpoints["userinfo_endpoint"]).json()
    assert (claims["sub"], claims["email"]) == (pool.user.sub, pool.user.email)
    verifier = CognitoVerifier(
        user_pool_id=pool.mock.id,
        client_id=pool.client.id,
        token_use="id",
        issuer=pool.mock.issuer,
    )
    identity = verifier.verify(token["id_token"])
    assert (identity["sub"], identity["nonce"]) == (pool.user.sub, "n-0S6")


def test_refresh(pool, session, visitor):
    """The new access token opens userInfo; the refresh token is the one it was."""
    first = pool.fetch_token(session, visitor.signs_in(pool.link(session), pool.user))

    second = pool.refresh(session)

    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    claims = session.get(pool.endpoints["userinfo_endpoint"]).json()
    assert claims["sub"] == pool.user.sub


def test_an_expired_token_is_refreshed_on_the_way(pool, session, visitor):
    """With ``auto_refresh_url`` the session asks for a new token before it sends the old one."""
    token = pool.fetch_token(session, visitor.signs_in(pool.link(session), pool.user))
    saved = []
    renewing = pool.session(
        pkce=None,
        token={**token, "expires_at": 1, "expires_in": -1},
        auto_refresh_url=pool.endpoints["token_endpoint"],
        token_updater=saved.append,
    )

    with renewing:
        answer = renewing.get(
            pool.endpoints["userinfo_endpoint"],
            client_id=pool.client.id,
            client_secret=pool.client.secret,
        )

    assert answer.json()["sub"] == pool.user.sub
    assert [new["access_token"] != token["access_token"] for new in saved] == [True]


def test_client_credentials(pool):
    """A backend application gets the scope that it may have, and no other (COG-TKE-062)."""
    client = machine_client(pool.mock)
    secret = {"client_id": client.id, "client_secret": client.secret}

    with OAuth2Session(client=BackendApplicationClient(client.id)) as session:
        token = session.fetch_token(pool.endpoints["token_endpoint"], scope="orders/read", **secret)
        with pytest.raises(OAuth2Error) as refused:
            session.fetch_token(pool.endpoints["token_endpoint"], scope="orders/write", **secret)

    assert token.keys() >= {"access_token", "expires_in", "token_type"}
    assert not token.keys() & {"refresh_token", "id_token"}
    assert refused.value.error == "invalid_grant"


def test_a_code_works_once(pool, session, visitor):
    """COG-TKE-024: invalid_grant, also for whoever has the secret and the verifier."""
    callback = visitor.signs_in(pool.link(session), pool.user)
    pool.fetch_token(session, callback)

    with pytest.raises(OAuth2Error) as refused:
        pool.fetch_token(session, callback)

    assert refused.value.error == "invalid_grant"


def test_a_wrong_secret(pool, session, visitor):
    """invalid_client, before the code is looked at (COG-TKE-076): the right one still works."""
    callback = visitor.signs_in(pool.link(session), pool.user)

    with pytest.raises(OAuth2Error) as refused:
        pool.fetch_token(session, callback, secret="of another client")

    assert refused.value.error == "invalid_client"
    assert pool.fetch_token(session, callback)["access_token"]


def test_a_code_of_another_verifier(pool, session, visitor):
    """A code that was injected into another visitor's session is worth nothing (COG-TKE-027)."""
    callback = visitor.signs_in(pool.link(session), pool.user)

    with pool.session(state=parameters_of(callback)["state"]) as another:
        pool.link(another)
        with pytest.raises(OAuth2Error) as refused:
            pool.fetch_token(another, callback)

    assert refused.value.error == "invalid_grant"


def test_an_address_that_is_not_registered(pool, visitor):
    """COG-AUT-041: the pool's own error page; the browser goes to no other host."""
    with pool.session(redirect_uri="http://localhost:3000/other") as session:
        page = visitor.opens(pool.link(session))

    assert page.status_code == 400
    assert page.url.path == "/error"
