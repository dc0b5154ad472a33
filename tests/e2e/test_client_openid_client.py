"""openid-client in a Node process, against a pool of the mock."""

import json
import subprocess
from pathlib import Path

import pytest

from cognito_mock import MockCognito

from .visitor import Visitor, a_minute_ago, machine_client, parameters_of

pytestmark = pytest.mark.e2e

NODE = Path(__file__).parent / "node"
CALLBACK = "http://localhost:3000/callback"
SIGNED_OUT = "http://localhost:3000/"


class RefusedError(Exception):
    """What the package threw, as far as it tells."""

    def __init__(self, told):
        super().__init__(told)
        self.error = told.get("error")
        self.description = told.get("error_description")
        self.code = told.get("code")
        self.status = told.get("status")


class Party:
    """The relying party: ``party.redeem(url=...)`` is its action of this name."""

    def __init__(self, process):
        self._process = process

    def __getattr__(self, action):
        def act(**parameters):
            self._process.stdin.write(json.dumps([action, parameters]) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            if "error" in answer:
                raise RefusedError(answer["error"])
            return answer["value"]

        return act


@pytest.fixture(scope="module")
def node():
    pipe = subprocess.PIPE
    command = ["node", "openid-client.mjs"]
    with subprocess.Popen(command, cwd=NODE, stdin=pipe, stdout=pipe, text=True) as process:
        yield Party(process)
        process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="module")
def mock():
    with MockCognito() as running:
        yield running


@pytest.fixture(scope="module")
def pool(mock):
    return mock.create_pool("club")


@pytest.fixture(scope="module")
def user(pool):
    return pool.create_user("grace")


@pytest.fixture
def visitor():
    with Visitor() as person:
        yield person


def web_client(pool, *, secret):
    return pool.create_client(
        "web", secret=secret, callback_urls=[CALLBACK], settings={"LogoutURLs": [SIGNED_OUT]}
    )


@pytest.fixture(params=[False, True], ids=["public", "confidential"])
def client(request, pool):
    return web_client(pool, secret=request.param)


@pytest.fixture
def party(node, pool, client):
    """The relying party with the pool's discovery; the package compares the issuer."""
    issuer = node.discover(issuer=pool.issuer, clientId=client.id, secret=client.secret)
    assert issuer == pool.issuer
    return node


def sign_in(party, visitor, user):
    """The tokens of a whole sign-in; the package checked state, nonce, at_hash, signature."""
    return party.redeem(url=visitor.signs_in(party.link(redirectUri=CALLBACK), user))


def test_code_pkce_nonce_and_userinfo(party, client, pool, user, visitor):
    """The id token is verified with the pool's JWKS; userInfo has the same ``sub``."""
    tokens = sign_in(party, visitor, user)

    claims = tokens["claims"]
    assert (claims["sub"], claims["aud"], claims["iss"]) == (user.sub, client.id, pool.issuer)
    assert party.userinfo(token=tokens["access_token"], sub=user.sub)["email"] == user.email


def test_refresh(mock, party, user, visitor):
    """New tokens of the same user and the same sign-in (COG-TKE-052)."""
    with a_minute_ago(mock):
        before = sign_in(party, visitor, user)

    after = party.refresh(token=before["refresh_token"])

    assert after["access_token"] != before["access_token"]
    for name in ("sub", "auth_time", "origin_jti"):
        assert after["claims"][name] == before["claims"][name]


def test_revocation(party, user, visitor):
    """It ends the refresh token, and userInfo at once (COG-UI-018).

    The challenge of that 401 has no scheme (COG-UI-014), which the package does not let pass.
    """
    tokens = sign_in(party, visitor, user)

    party.revoke(token=tokens["refresh_token"])

    with pytest.raises(RefusedError) as refused:
        party.refresh(token=tokens["refresh_token"])
    assert refused.value.error == "invalid_grant"
    with pytest.raises(RefusedError) as refused:
        party.userinfo(token=tokens["access_token"], sub=user.sub)
    assert (refused.value.status, refused.value.code) == (401, "OAUTH_RESPONSE_IS_NOT_CONFORM")


def test_access_tokens_cannot_be_revoked(party, user, visitor):
    """COG-REV-005, in the package's error."""
    tokens = sign_in(party, visitor, user)

    with pytest.raises(RefusedError) as refused:
        party.revoke(token=tokens["access_token"])

    assert refused.value.error == "unsupported_token_type"


def test_sign_out(party, client, user, visitor):
    """With Cognito's own parameters (COG-DIS-006); the next visit finds nobody signed in."""
    sign_in(party, visitor, user)
    assert visitor.opens(party.link(redirectUri=CALLBACK)).startswith(CALLBACK)

    end = visitor.opens(party.logoutLink(client_id=client.id, logout_uri=SIGNED_OUT))

    assert end == SIGNED_OUT
    assert visitor.opens(party.link(redirectUri=CALLBACK)).url.path == "/login"


@pytest.mark.parametrize("post", [False, True], ids=["Basic", "body"])
def test_client_credentials(node, machine, pool, post):
    """The machine client gets its scope by either authentication, and no other scope."""
    node.discover(issuer=pool.issuer, clientId=machine.id, secret=machine.secret, post=post)

    tokens = node.machine(scope="orders/read")

    assert tokens.keys() == {"access_token", "expires_in", "token_type"}
    with pytest.raises(RefusedError) as refused:
        node.machine(scope="orders/write")
    assert refused.value.error == "invalid_grant"  # COG-TKE-062


@pytest.fixture(scope="module")
def machine(pool):
    return machine_client(pool)


def test_a_code_works_once(party, user, visitor):
    """COG-TKE-024."""
    callback = visitor.signs_in(party.link(redirectUri=CALLBACK), user)
    party.redeem(url=callback)

    with pytest.raises(RefusedError) as refused:
        party.redeem(url=callback)

    assert (refused.value.status, refused.value.error) == (400, "invalid_grant")


def test_a_code_of_another_verifier(party, user, visitor):
    """COG-TKE-027."""
    callback = visitor.signs_in(party.link(redirectUri=CALLBACK), user)

    with pytest.raises(RefusedError) as refused:
        party.redeem(url=callback, pkceCodeVerifier="v" * 43)

    assert refused.value.error == "invalid_grant"


def test_the_nonce_is_the_one_that_was_asked_for(party, user, visitor):
    """A token for another request is refused by the package (OpenID Connect Core §3.1.3.7)."""
    callback = visitor.signs_in(party.link(redirectUri=CALLBACK), user)

    with pytest.raises(RefusedError) as refused:
        party.redeem(url=callback, expectedNonce="of another request")

    assert refused.value.code == "OAUTH_JWT_CLAIM_COMPARISON_FAILED"


def test_a_wrong_secret(node, pool, user, visitor):
    """COG-TKE-072."""
    client = web_client(pool, secret=True)
    node.discover(issuer=pool.issuer, clientId=client.id, secret="of another client")
    callback = visitor.signs_in(node.link(redirectUri=CALLBACK), user)

    with pytest.raises(RefusedError) as refused:
        node.redeem(url=callback)

    assert refused.value.error == "invalid_client"
    assert refused.value.description == "invalid_client_secret"


def test_an_address_that_is_not_registered(party, visitor):
    """COG-AUT-041: the pool's own error page; the browser goes to no other host."""
    page = visitor.opens(party.link(redirectUri=f"{CALLBACK}/other"))

    assert (page.status_code, page.url.path) == (400, "/error")


def test_a_refusal_reaches_the_application(party, visitor):
    """A scope that does not exist comes back as an error of the authorization (COG-AUT-047)."""
    callback = visitor.opens(party.link(redirectUri=CALLBACK, scope="openid flying"))
    assert parameters_of(callback)["error_description"] == "invalid_scope"

    with pytest.raises(RefusedError) as refused:
        party.redeem(url=callback)

    assert refused.value.error == "invalid_request"
