"""Refreshing: what stays, what is read afresh, who is refused."""

from dataclasses import replace

import jwt
import pytest

from cognito_mock.core.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    RefreshTokenReuseException,
    UserNotFoundException,
)
from cognito_mock.core.secret_hash import secret_hash
from cognito_mock.core.users import User
from cognito_mock.flows.groups import add_user_to_group, create_group
from cognito_mock.flows.issue import issue_tokens, open_access_token, refresh
from cognito_mock.flows.sign_in import initiate_auth
from cognito_mock.flows.users import (
    admin_delete_user,
    admin_disable_user,
    admin_enable_user,
    admin_user_global_sign_out,
)

POOL_ID = "eu-west-1_AbCdEfGhI"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"
ROTATING = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}}
OF_ADA = {"pool_id": POOL_ID, "username": "ada"}


def claims(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def by_api(world, client, token, flow="REFRESH_TOKEN_AUTH", **parameters):
    return initiate_auth(
        world.services,
        client_id=client.id,
        auth_flow=flow,
        parameters={"REFRESH_TOKEN": token, **parameters},
    )


def refused(world, client, token, error=NotAuthorizedException, **parameters) -> str:
    with pytest.raises(error) as caught:
        by_api(world, client, token, **parameters)
    return caught.value.message


@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_a_refresh_keeps_the_session_and_gives_no_refresh_token(world, flow):
    """COG-API-REFRESH-001, -005, COG-TOK-014, -016: same sign-in, new tokens."""
    client = world.client()
    first = issue_tokens(world.services, client=client, user=world.user())
    world.clock.advance(100)

    second = by_api(world, client, first.refresh_token, flow=flow)

    assert second.refresh_token is None
    before, after = claims(first.access_token), claims(second.access_token)
    for name in ("auth_time", "origin_jti", "event_id", "scope", "sub"):
        assert after[name] == before[name]
    assert after["iat"] == before["iat"] + 100
    assert after["exp"] == after["iat"] + 3600
    assert after["jti"] != before["jti"]
    assert claims(second.id_token)["auth_time"] == before["auth_time"]


def test_groups_and_attributes_are_read_afresh(world):
    """COG-TKE-052."""
    client = world.client()
    user = world.user(email="old@example.com")
    token = issue_tokens(world.services, client=client, user=user).refresh_token
    create_group(world.services, pool_id=POOL_ID, name="editors")
    add_user_to_group(world.services, group="editors", **OF_ADA)
    world.put(replace(user, attributes={"email": "new@example.com"}))

    result = by_api(world, client, token)

    assert claims(result.id_token)["email"] == "new@example.com"
    assert claims(result.access_token)["cognito:groups"] == ["editors"]


def test_scope_and_audience_of_a_hosted_grant_carry_over(world):
    """COG-TKE-043, COG-TOK-067."""
    client = world.client()
    first = issue_tokens(
        world.services,
        client=client,
        user=world.user(),
        scopes=("email", "openid"),
        hosted=True,
        auth_time=1_759_999_000,
        nonce="n",
        resource="https://api.example.com",
    )
    second = refresh(world.services, client=client, refresh_token=first.refresh_token, hosted=True)
    access = claims(second.access_token)
    assert access["scope"] == "openid email"
    assert access["aud"] == "https://api.example.com"
    assert access["version"] == 2
    assert access["auth_time"] == 1_759_999_000
    assert "event_id" not in access  # COG-TOK-019
    assert claims(first.id_token)["nonce"] == "n"
    assert "at_hash" in claims(second.id_token)


def test_without_openid_there_is_no_id_token(world):
    """COG-SCO-004, COG-TKE-042."""
    client = world.client()
    first = issue_tokens(
        world.services, client=client, user=world.user(), scopes=("rs/x",), hosted=True
    )
    assert first.id_token is None
    second = refresh(world.services, client=client, refresh_token=first.refresh_token, hosted=True)
    assert second.id_token is None


@pytest.mark.parametrize("value", [None, 0])
def test_a_refresh_token_lives_for_thirty_days_by_default(world, value):
    """COG-TOK-101, -106: also when the client says 0."""
    client = world.client(**({} if value is None else {"RefreshTokenValidity": value}))
    token = issue_tokens(world.services, client=client, user=world.user()).refresh_token

    world.clock.advance(30 * 86400 - 1)
    by_api(world, client, token)
    world.clock.advance(1)

    assert refused(world, client, token) == "Refresh Token has expired"


def test_refusals(world):
    """COG-API-REFRESH-004, each with its text."""
    client, other = world.client(), world.client("other", RefreshTokenValidity=1)
    user = world.user()
    token = issue_tokens(world.services, client=client, user=user).refresh_token
    assert refused(world, client, "garbage") == "Invalid Refresh Token."
    assert refused(world, client, token + "x") == "Invalid Refresh Token."
    assert refused(world, other, token) == "Invalid Refresh Token."
    assert refused(world, client, "", error=InvalidParameterException) == (
        "Missing required parameter REFRESH_TOKEN"
    )

    short = issue_tokens(world.services, client=other, user=user).refresh_token
    world.clock.advance(86400 - 1)
    by_api(world, other, short)
    world.clock.advance(1)
    assert refused(world, other, short) == "Refresh Token has expired"

    admin_user_global_sign_out(world.services, **OF_ADA)
    assert refused(world, client, token) == "Refresh Token has been revoked"


def test_a_disabled_user_s_tokens_do_not_come_back(world):
    """COG-API-STATUS-007, COG-REV-014."""
    client = world.client()
    token = issue_tokens(world.services, client=client, user=world.user()).refresh_token
    admin_disable_user(world.services, **OF_ADA)
    assert refused(world, client, token) == "User is disabled."
    admin_enable_user(world.services, **OF_ADA)
    assert refused(world, client, token) == "Refresh Token has been revoked"


def test_tokens_do_not_pass_to_a_later_user_of_the_same_name(world):
    """A deleted user's refresh and access tokens are dead, whoever has the name now."""
    client = world.client()
    result = issue_tokens(world.services, client=client, user=world.user())
    admin_delete_user(world.services, **OF_ADA)
    world.user()
    assert refused(world, client, result.refresh_token) == "Refresh Token has been revoked"
    with pytest.raises(Exception, match="User does not exist"):
        open_access_token(world.services, result.access_token)


def test_a_grant_belongs_to_a_subject(world):
    """Not to whoever has the username, however that came about."""
    client = world.client()
    user = world.user()
    token = issue_tokens(world.services, client=client, user=user).refresh_token
    world.put(replace(user, sub="another"))
    assert refused(world, client, token) == "Refresh Token has been revoked"
    with pytest.raises(UserNotFoundException):
        issue_tokens(world.services, client=client, user=user)


def test_secret_hash_is_made_with_the_canonical_username(world):
    """COG-API-SECRET-002: not with an alias; and a missing one is told before all else."""
    world.pool(UsernameAttributes=["email"])
    client = world.client(secrets=(SECRET,))
    user = world.user("ada@example.com")
    token = issue_tokens(world.services, client=client, user=user).refresh_token

    good = secret_hash(SECRET, user.sub, client.id)
    alias = secret_hash(SECRET, "ada@example.com", client.id)
    assert by_api(world, client, token, SECRET_HASH=good).access_token
    assert refused(world, client, token, SECRET_HASH=alias) == (
        f"Unable to verify secret hash for client {client.id}"
    )
    for given in (token, "garbage"):
        assert refused(world, client, given) == (
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    assert refused(world, client, "garbage", SECRET_HASH=good) == "Invalid Refresh Token."


def test_rotation(world):
    """COG-TKE-045, COG-API-REFRESH-003: a successor of the same end; the old one has its grace."""
    client = world.client(RefreshTokenValidity=1, **ROTATING)
    first = issue_tokens(world.services, client=client, user=world.user())
    world.clock.advance(3600)
    how = {"client": client, "hosted": False}

    second = refresh(world.services, refresh_token=first.refresh_token, **how)
    assert second.refresh_token not in (None, first.refresh_token)
    assert claims(second.access_token)["origin_jti"] == claims(first.access_token)["origin_jti"]
    world.clock.advance(10)
    assert refresh(world.services, refresh_token=first.refresh_token, **how).refresh_token
    world.clock.advance(1)
    with pytest.raises(RefreshTokenReuseException):
        refresh(world.services, refresh_token=first.refresh_token, **how)
    with pytest.raises(NotAuthorizedException):  # the token endpoint knows invalid_grant only
        refresh(world.services, client=client, refresh_token=first.refresh_token, hosted=True)

    third = refresh(world.services, refresh_token=second.refresh_token, **how)
    world.clock.advance(86400 - 3600 - 11)
    with pytest.raises(NotAuthorizedException, match="expired"):
        refresh(world.services, refresh_token=third.refresh_token, **how)


def test_rotating_clients_do_not_refresh_by_initiate_auth(world):
    """COG-API-REFRESH-002, COG-TKE-046."""
    client = world.client(**ROTATING)
    token = issue_tokens(world.services, client=client, user=world.user()).refresh_token
    refused(world, client, token, error=InvalidParameterException)


def test_a_user_disabled_between_check_and_issue_gets_nothing(world):
    """The user is read again when the tokens are made."""
    client = world.client()
    user = world.user()
    world.put(replace(world.get(User, POOL_ID, "ada"), enabled=False))
    with pytest.raises(NotAuthorizedException, match="User is disabled"):
        issue_tokens(world.services, client=client, user=user)
