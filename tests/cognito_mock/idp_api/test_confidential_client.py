"""A client with a secret proves it in every public operation, through boto3."""

import pytest

from .live import PASSWORD, Live, pairs

REFUSED = "NotAuthorizedException"
WHO = {"Username": "rosa"}
RIGHT = {"USERNAME": "rosa", "PASSWORD": PASSWORD}
TOKEN = "a.b.c.d.e"
BY_HASH = {
    "confirm_forgot_password": {**WHO, "ConfirmationCode": "123456", "Password": PASSWORD},
    "confirm_sign_up": {**WHO, "ConfirmationCode": "123456"},
    "forgot_password": WHO,
    "initiate_auth": {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": RIGHT},
    "resend_confirmation_code": WHO,
    "respond_to_auth_challenge": {
        "ChallengeName": "SMS_MFA",
        "Session": "x" * 20,
        "ChallengeResponses": {**RIGHT, "SMS_MFA_CODE": "123456"},
    },
    "sign_up": {
        "Username": "karl",
        "Password": PASSWORD,
        "UserAttributes": pairs({"email": "karl@example.org"}),
    },
}
BY_SECRET = {
    "get_tokens_from_refresh_token": ({"RefreshToken": TOKEN}, REFUSED),
    "revoke_token": ({"Token": TOKEN}, "UnauthorizedException"),
}


@pytest.fixture(scope="module")
def confidential(idp, shared_services):
    """A pool whose client has a secret, with Rosa."""
    pool_id = idp.create_user_pool(PoolName="demo")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="server",
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]
    live = Live(idp=idp, services=shared_services, pool_id=pool_id, client_id=client["ClientId"])
    live.user()
    return live


def with_hash(members, value):
    """Put the hash where the operation has it."""
    for place in ("AuthParameters", "ChallengeResponses"):
        if place in members:
            return {**members, place: {**members[place], "SECRET_HASH": value}}
    return {**members, "SecretHash": value}


@pytest.mark.parametrize(("operation", "members"), BY_HASH.items(), ids=BY_HASH)
def test_missing_and_wrong_hash(confidential, operation, members):
    """COG-API-WIRE-028, COG-API-SECRET-003: told before anything about the user."""
    client_id = confidential.client_id
    before = confidential.messages(), confidential.status()

    missing = confidential.refusal(operation, ClientId=client_id, **members)
    wrong = confidential.refusal(operation, ClientId=client_id, **with_hash(members, "AAAA"))

    assert missing == (
        REFUSED,
        f"Client {client_id} is configured with secret but SECRET_HASH was not received",
    )
    assert wrong == (REFUSED, f"Unable to verify secret hash for client {client_id}")
    assert (confidential.messages(), confidential.status()) == before


@pytest.mark.parametrize(("operation", "case"), BY_SECRET.items(), ids=BY_SECRET)
def test_missing_and_wrong_secret(confidential, operation, case):
    """COG-API-WIRE-028, COG-API-SECRET-005: these take the secret itself."""
    members, error = case

    for secret in ({}, {"ClientSecret": "s" * 24}):
        refused = confidential.refusal(
            operation, ClientId=confidential.client_id, **members, **secret
        )
        assert refused[0] == error
