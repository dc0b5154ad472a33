"""GetTokensFromRefreshToken through boto3: rotation, reuse, secrets (COG-API-REFRESH-003)."""

import base64
import hashlib
import hmac

import pytest

REUSED = ("RefreshTokenReuseException", "Refresh Token has already been used")
REFUSED = "NotAuthorizedException"


def rotating(new_live, grace=0):
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}
    live = new_live(
        client={
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": rotation,
        }
    )
    live.user()
    return live


def refreshed(live, token, **members):
    return live.idp.get_tokens_from_refresh_token(
        ClientId=live.client_id, RefreshToken=token, **members
    )["AuthenticationResult"]


def refusal(live, token, **members):
    return live.refusal(
        "get_tokens_from_refresh_token",
        **{"ClientId": live.client_id, "RefreshToken": token, **members},
    )


def test_without_rotation(live):
    """The token stays good and no other one is given."""
    live.user()
    token = live.sign_in()["RefreshToken"]

    first, second = refreshed(live, token), refreshed(live, token)

    assert set(first) == {"AccessToken", "ExpiresIn", "IdToken", "TokenType"}
    assert second["AccessToken"] != first["AccessToken"]
    assert live.idp.get_user(AccessToken=second["AccessToken"])["Username"] == "rosa"


def test_rotation_gives_a_new_token_each_time(new_live):
    """Each token leads to the next one."""
    live = rotating(new_live)
    token = live.sign_in()["RefreshToken"]

    for _ in range(3):
        former, token = token, refreshed(live, token)["RefreshToken"]
        assert token != former


def test_reuse_without_grace(new_live):
    """A rotated token is refused at once; its successor is not."""
    live = rotating(new_live)
    token = live.sign_in()["RefreshToken"]
    successor = refreshed(live, token)["RefreshToken"]

    assert refusal(live, token) == REUSED
    assert refreshed(live, successor)["AccessToken"]


def test_reuse_within_and_after_grace(new_live, shared_services):
    """A rotated token is good for RetryGracePeriodSeconds more."""
    live = rotating(new_live, grace=30)
    token = live.sign_in()["RefreshToken"]
    refreshed(live, token)

    shared_services.clock.advance(29)
    assert refreshed(live, token)["RefreshToken"]
    shared_services.clock.advance(2)
    assert refusal(live, token) == REUSED


def test_secret_is_sent_as_itself(new_live):
    """COG-API-SECRET-005: the plain secret, which is required of a client that has one."""
    live = new_live(client={"GenerateSecret": True, "ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"]})
    live.user()
    secret = live.idp.describe_user_pool_client(UserPoolId=live.pool_id, ClientId=live.client_id)[
        "UserPoolClient"
    ]["ClientSecret"]
    token = signed_in_with_secret(live, secret)["RefreshToken"]

    assert refreshed(live, token, ClientSecret=secret)["AccessToken"]
    assert refusal(live, token)[0] == REFUSED
    assert refusal(live, token, ClientSecret="x" * 52)[0] == REFUSED


def signed_in_with_secret(live, secret):
    message = f"rosa{live.client_id}".encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return live.idp.admin_initiate_auth(
        UserPoolId=live.pool_id,
        ClientId=live.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": "rosa",
            "PASSWORD": "Passw0rd!x",
            "SECRET_HASH": base64.b64encode(digest).decode(),
        },
    )["AuthenticationResult"]


def sign_out(live, _):
    live.idp.admin_user_global_sign_out(UserPoolId=live.pool_id, Username="rosa")


def revoke(live, token):
    live.idp.revoke_token(ClientId=live.client_id, Token=token)


def outlive(live, _):
    live.services.clock.advance(31 * 86400)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (revoke, "Refresh Token has been revoked"),
        (sign_out, "Refresh Token has been revoked"),
        (outlive, "Refresh Token has expired"),
    ],
    ids=["RevokeToken", "AdminUserGlobalSignOut", "31 days"],
)
def test_ended_session(live, spoil, message):
    """COG-API-REFRESH-004."""
    live.user()
    token = live.sign_in()["RefreshToken"]

    spoil(live, token)

    assert refusal(live, token) == (REFUSED, message)


def test_unknown_token_and_client(live):
    """COG-API-REFRESH-004, COG-API-AUTH-014."""
    assert refusal(live, "a.b.c.d.e") == (REFUSED, "Invalid Refresh Token.")
    assert refusal(live, "a.b.c.d.e", ClientId="nobody") == (
        "ResourceNotFoundException",
        "User pool client nobody does not exist.",
    )
