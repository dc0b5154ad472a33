"""`MockCognito`, its handles, and the environment that points boto3 to it."""

import socket
import urllib.error
import urllib.request

import jwt
import pytest

from cognito_mock import MockCognito
from cognito_mock.core.errors import NotAuthorizedException
from cognito_mock.flows.issue import open_access_token
from cognito_mock.testing import User
from cognito_mock.testing.environment import boto3_reaches

ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"


@pytest.fixture(scope="module")
def mock():
    with MockCognito() as running:
        yield running


@pytest.fixture
def pool(mock):
    return mock.create_pool()


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_outside_its_block_there_is_no_address():
    """Before and after, asking for it is an error, and nobody listens."""
    mock = MockCognito()
    with pytest.raises(RuntimeError):
        _ = mock.url
    with mock:
        port = int(mock.url.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    with pytest.raises(RuntimeError):
        _ = mock.url
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_two_mocks_live_side_by_side(mock):
    """Each has its own address and pools."""
    pool = mock.create_pool()
    with MockCognito() as other:
        assert other.url != mock.url
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{other.url}/{pool.id}/.well-known/jwks.json", timeout=5)
    caught.value.close()


@pytest.mark.parametrize(
    ("mode", "issuer"),
    [
        ("aws", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1Ab1Ab1"),
        ("https://idp.example.com/", "https://idp.example.com/eu-west-1_Ab1Ab1Ab1"),
    ],
)
def test_the_issuer_mode_is_in_the_tokens(mode, issuer):
    """``iss`` is what the pool says its issuer is (COG-DIS-012)."""
    with MockCognito(issuer=mode) as mock:
        pool = mock.create_pool(region="eu-west-1", pool_id="eu-west-1_Ab1Ab1Ab1")
        tokens = pool.sign_in(pool.create_user())

    assert pool.issuer == issuer
    assert claims(tokens.access_token)["iss"] == claims(tokens.id_token)["iss"] == issuer


def test_a_pool_with_a_domain_names_it(mock):
    """The domain's address is the contract's."""
    port = mock.url.rpartition(":")[2]
    pool = mock.create_pool(region="eu-west-1", domain="demo")

    assert pool.domain_url == f"http://demo.auth.eu-west-1.localhost:{port}"


def test_a_wrong_password_does_not_sign_in(pool):
    """The handle takes the real path."""
    user = pool.create_user()
    wrong = User(username=user.username, sub=user.sub, email=None, password="Wrong-1234")

    with pytest.raises(NotAuthorizedException, match="Incorrect username or password"):
        pool.sign_in(wrong)


def test_a_client_with_a_secret_signs_in(pool):
    """The handle adds the secret hash."""
    client = pool.create_client(secret=True)

    tokens = pool.sign_in(pool.create_user(), client=client)

    assert claims(tokens.id_token)["aud"] == client.id


def test_scopes_make_the_tokens_of_a_hosted_sign_in(pool):
    """Without ``openid`` there is no id token (COG-SCO-004)."""
    user = pool.create_user()

    both = pool.sign_in(user, scopes=["openid", "email"])
    access_only = pool.sign_in(user, scopes=["aws.cognito.signin.user.admin"])

    assert claims(both.access_token)["scope"] == "openid email"
    assert access_only.id_token is None


def test_tokens_are_not_in_the_repr(pool):
    """A failing assertion's output is no place for them."""
    tokens = pool.sign_in(pool.create_user())

    assert repr(tokens) == "Tokens(expires_in=3600)"


def test_the_clock_moves_expiry(mock, pool):
    """An hour later the access token is no good (COG-TOK-100)."""
    token = pool.sign_in(pool.create_user()).access_token
    open_access_token(mock.services, token)

    mock.clock.advance(3600)

    with pytest.raises(NotAuthorizedException, match="Access Token has expired"):
        open_access_token(mock.services, token)
    mock.clock.reset()


def test_keys_rotate(mock, pool):
    """The old key is withdrawn, and its tokens with it."""
    user = pool.create_user()
    token = pool.sign_in(user).access_token

    pool.rotate_keys(retire="now")

    with pytest.raises(NotAuthorizedException, match="Could not verify signature"):
        open_access_token(mock.services, token)
    open_access_token(mock.services, pool.sign_in(user).access_token)


def test_the_environment_is_put_back_as_it_was():
    """Credentials of the machine stay in place inside, and everything is as before after."""
    environ = {"AWS_ACCESS_KEY_ID": "mine", ENDPOINT: "http://elsewhere", "no_proxy": "corp"}
    before = dict(environ)

    with boto3_reaches("http://127.0.0.1:1", environ):
        inside = dict(environ)

    assert environ == before
    assert inside[ENDPOINT] == "http://127.0.0.1:1"
    assert inside["AWS_ACCESS_KEY_ID"] == "mine"
    assert inside["AWS_DEFAULT_REGION"] == "us-east-1"
    assert inside["no_proxy"] == "corp,127.0.0.1,localhost"


def test_the_environment_is_put_back_after_a_failure():
    """A failing test leaves nothing behind."""
    environ: dict[str, str] = {}

    with pytest.raises(ZeroDivisionError), boto3_reaches("http://127.0.0.1:1", environ):
        _ = 1 / 0

    assert environ == {}
