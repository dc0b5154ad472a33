"""Access tokens that come back: COG-API-REV-004, texts and order."""

from dataclasses import replace

import pytest

from cognito_mock.core.errors import NotAuthorizedException, UserNotFoundException
from cognito_mock.core.pools import PoolKeys
from cognito_mock.core.tokens import parse_token, sign_claims
from cognito_mock.core.users import User
from cognito_mock.flows.issue import issue_machine_token, issue_tokens, open_access_token
from cognito_mock.flows.users import get_user, global_sign_out

POOL_ID = "eu-west-1_AbCdEfGhI"
ADMIN = "aws.cognito.signin.user.admin"


def refused(world, token, error=NotAuthorizedException, **how) -> str:
    with pytest.raises(error) as caught:
        open_access_token(world.services, token, **how)
    return caught.value.message


def resigned(world, token: str, *, key=None, **changes) -> str:
    """The token with other claims, signed with the pool's access key."""
    claims = {**parse_token(token).claims, **changes}
    return sign_claims(claims, key or world.keys[1], world.services.signer)


@pytest.fixture
def tokens(world):
    return issue_tokens(world.services, client=world.client(), user=world.user())


def test_a_good_token_opens(world, tokens):
    """It stands for its pool, client, user and claims."""
    grant = open_access_token(world.services, tokens.access_token, required_scope=ADMIN)
    assert grant.pool.id == POOL_ID
    assert grant.client.id == "1h57kf5cpq17m0eml12example"
    assert grant.user.username == "ada"
    assert grant.claims["token_use"] == "access"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä.ö.ü", "." * 100])
def test_malformed(world, token):
    """Not a token of ours."""
    assert refused(world, token) == "Invalid Access Token"


def test_other_kinds_of_token(world, tokens):
    """ID and refresh tokens are no access tokens."""
    assert refused(world, tokens.id_token) == "Invalid Access Token"
    assert refused(world, tokens.refresh_token) == "Invalid Access Token"


def test_bad_signature(world, tokens):
    """Changed claims, another key under our kid, another pool, a withdrawn key."""
    text = "Could not verify signature for Access Token"
    head, body, signature = tokens.access_token.split(".")
    other = resigned(world, tokens.access_token, username="eve").split(".")[1]
    assert refused(world, f"{head}.{other}.{signature}") == text
    assert refused(world, f"{head}.{body}.{signature[:-8]}AAAAAAAA") == text
    forged = replace(world.keys[0], kid=world.keys[1].kid)
    assert refused(world, resigned(world, tokens.access_token, key=forged)) == text

    for issuer in (
        f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}x",
        f"https://evil.example/{POOL_ID}",
        f"https://evil.example/x/{POOL_ID}",
        POOL_ID,
    ):
        assert refused(world, resigned(world, tokens.access_token, iss=issuer)) == text

    keys = world.get(PoolKeys, POOL_ID)
    world.put(replace(keys, access_key=replace(keys.access_key, kid="new")))
    assert refused(world, tokens.access_token) == text
    world.put(replace(keys, id_key=replace(keys.id_key, kid="new"), retired=(keys.access_key,)))
    assert open_access_token(world.services, tokens.access_token)


def test_expired_at_its_second(world, tokens):
    """RFC 7519 §4.1.4: on or after."""
    world.clock.advance(3599)
    assert open_access_token(world.services, tokens.access_token)
    world.clock.advance(1)
    assert refused(world, tokens.access_token) == "Access Token has expired"


@pytest.mark.parametrize("settings", [{}, {"EnableTokenRevocation": False}])
def test_revoked(world, settings):
    """Global sign-out revokes at once, and once only; the next sign-in is not touched.

    Clients without token revocation have tokens without origin_jti; theirs are revoked too.
    """
    client = world.client(**settings)
    tokens = issue_tokens(world.services, client=client, user=world.user())
    global_sign_out(world.services, access_token=tokens.access_token)
    assert refused(world, tokens.access_token) == "Access Token has been revoked"
    with pytest.raises(NotAuthorizedException, match="Access Token has been revoked"):
        global_sign_out(world.services, access_token=tokens.access_token)
    again = issue_tokens(world.services, client=client, user=world.get(User, POOL_ID, "ada"))
    assert open_access_token(world.services, again.access_token)


def test_scope(world):
    """COG-API-WIRE-027, COG-SCO-008: without the admin scope no token opens the API."""
    tokens = issue_tokens(
        world.services,
        client=world.client(),
        user=world.user(),
        scopes=("openid", f"{ADMIN}.not", "email"),
        hosted=True,
    )
    assert refused(world, tokens.access_token, required_scope=ADMIN) == (
        "Access Token does not have required scopes"
    )
    assert open_access_token(world.services, tokens.access_token, required_scope="openid")


def test_a_machine_token_opens_nothing(world):
    """COG-TOK-082: it has no user."""
    token = issue_machine_token(world.services, client=world.client(), scopes=("rs/x",))
    assert (token.id_token, token.refresh_token) == (None, None)
    assert refused(world, token.access_token) == "Access Token does not have required scopes"


def test_disabled_and_deleted_users(world, tokens):
    """COG-API-REV-004."""
    user = world.get(User, POOL_ID, "ada")
    world.put(replace(user, enabled=False))
    assert refused(world, tokens.access_token) == "User is disabled."
    with world.services.store.transaction() as tx:
        tx.delete(User, POOL_ID, "ada")
    assert refused(world, tokens.access_token, UserNotFoundException) == "User does not exist."
    world.put(replace(user, sub="another"))
    assert refused(world, tokens.access_token, UserNotFoundException) == "User does not exist."


def test_get_user_shows_what_the_client_may_read(world):
    """COG-API-ATTR-008."""
    client = world.client(ReadAttributes=["name"])
    user = world.user(email="ada@example.com", name="Ada")
    token = issue_tokens(world.services, client=client, user=user).access_token
    assert get_user(world.services, access_token=token).attributes == {"name": "Ada"}
