"""boto3, from sign-up to global sign-out; paginators and typed exceptions."""

import json
import urllib.request
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from cognito_mock.starter import ADA, CONFIDENTIAL_CLIENT_ID, CONFIDENTIAL_CLIENT_SECRET
from cognito_mock.starter import POOL_ID as POOL
from cognito_mock.starter import PUBLIC_CLIENT_ID as CLIENT

from .authenticator import code_of, wrong_code

pytestmark = pytest.mark.e2e

PASSWORD = "Correct-Horse-1"
EMAIL = "rosa@example.org"
ROTATION = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
OIDC = {
    "client_id": "a",
    "client_secret": "b",
    "attributes_request_method": "GET",
    "authorize_scopes": "openid",
    "oidc_issuer": "https://idp.example.org",
    "authorize_url": "https://idp.example.org/authorize",
    "token_url": "https://idp.example.org/token",
    "attributes_url": "https://idp.example.org/userinfo",
    "jwks_uri": "https://idp.example.org/jwks",
}
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]


def srp(idp, password, **more):
    return AWSSRP(
        username=ADA.username,
        password=password,
        pool_id=POOL,
        client=idp,
        **{"client_id": CLIENT, **more},
    )


def test_boto3_signs_in_over_srp(idp):
    """The right password gives three tokens, and the access token opens GetUser."""
    answer = srp(idp, ADA.password).authenticate_user()

    tokens = answer["AuthenticationResult"]
    assert {"AccessToken", "IdToken", "RefreshToken"} <= tokens.keys()
    user = idp.get_user(AccessToken=tokens["AccessToken"])
    assert {"Name": "sub", "Value": ADA.sub} in user["UserAttributes"]


def test_boto3_signs_in_with_a_client_secret(idp):
    """SECRET_HASH goes with every step."""
    client = {"client_id": CONFIDENTIAL_CLIENT_ID, "client_secret": CONFIDENTIAL_CLIENT_SECRET}

    answer = srp(idp, ADA.password, **client).authenticate_user()

    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"


def test_a_wrong_password_over_srp_is_refused_in_the_services_words(idp):
    """NotAuthorizedException: Incorrect username or password."""
    with pytest.raises(ClientError) as caught:
        srp(idp, "Lovelace-1816").authenticate_user()

    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "NotAuthorizedException",
        "Incorrect username or password.",
    )


@pytest.fixture
def pool_id(idp):
    """A pool that confirms e-mail addresses and lets users have a second factor."""
    pool = idp.create_user_pool(PoolName="scenario", AutoVerifiedAttributes=["email"])
    pool_id = pool["UserPool"]["Id"]
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="OPTIONAL",
    )
    yield pool_id
    idp.delete_user_pool(UserPoolId=pool_id)


@pytest.fixture
def client_id(idp, pool_id):
    """A public client with refresh token rotation and no grace."""
    client = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="app",
        ExplicitAuthFlows=FLOWS,
        RefreshTokenRotation=ROTATION,
    )
    return client["UserPoolClient"]["ClientId"]


@pytest.fixture
def sign_in(idp, client_id):
    def initiate():
        return idp.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD},
        )

    return initiate


@pytest.fixture
def sign_up(idp, client_id):
    def register():
        return idp.sign_up(
            ClientId=client_id,
            Username="rosa",
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": EMAIL}],
        )

    return register


@pytest.fixture
def rosa(idp, sign_up, pool_id):
    """A user who may sign in."""
    sign_up()
    idp.admin_confirm_sign_up(UserPoolId=pool_id, Username="rosa")
    return "rosa"


@pytest.fixture
def inbox(mock_url, pool_id):
    """What the pool sent, newest last."""
    address = f"{mock_url}/_mock/api/messages?{urlencode({'pool': pool_id})}"

    def messages():
        with urllib.request.urlopen(address, timeout=5) as response:
            return json.load(response)["messages"]

    return messages


def turned_on(idp, tokens):
    """Give the user an authenticator app; return its secret. It uses up the code of now."""
    token = tokens["AccessToken"]
    secret = idp.associate_software_token(AccessToken=token)["SecretCode"]
    verified = idp.verify_software_token(AccessToken=token, UserCode=code_of(secret))
    assert verified["Status"] == "SUCCESS"
    setting = {"Enabled": True, "PreferredMfa": True}
    idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=setting)
    return secret


def test_a_user_signs_up_and_confirms_with_the_code_from_the_inbox(
    idp, inbox, client_id, sign_up, sign_in
):
    """COG-API-SIGNUP-007, -008; before that, COG-API-PWD-003: User is not confirmed."""
    answer = sign_up()
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {  # COG-API-JSON-009
        "AttributeName": "email",
        "DeliveryMedium": "EMAIL",
        "Destination": "r***@e***",
    }
    with pytest.raises(idp.exceptions.UserNotConfirmedException, match="User is not confirmed"):
        sign_in()
    (message,) = inbox()
    assert message["recipient"] == EMAIL
    code = message["code"]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    confirmation = {"ClientId": client_id, "Username": "rosa"}
    with pytest.raises(idp.exceptions.CodeMismatchException, match="Invalid verification code"):
        idp.confirm_sign_up(**confirmation, ConfirmationCode=wrong)

    idp.confirm_sign_up(**confirmation, ConfirmationCode=code)

    user = idp.get_user(AccessToken=sign_in()["AuthenticationResult"]["AccessToken"])
    assert user["Username"] == "rosa"
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    with pytest.raises(idp.exceptions.UsernameExistsException, match="User already exists"):
        sign_up()


def test_an_authenticator_app_stands_between_password_and_tokens(idp, client_id, rosa, sign_in):
    """COG-API-MFA-005, -008: challenge, wrong code, right code, used code, unknown session."""
    secret = turned_on(idp, sign_in()["AuthenticationResult"])
    challenge = sign_in()
    assert "AuthenticationResult" not in challenge
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def answer(code, session=challenge["Session"]):
        return idp.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses={"USERNAME": rosa, "SOFTWARE_TOKEN_MFA_CODE": code},
        )

    with pytest.raises(idp.exceptions.CodeMismatchException, match="Invalid code received"):
        answer(wrong_code(secret))
    code = code_of(secret, steps=1)
    assert answer(code)["AuthenticationResult"]["TokenType"] == "Bearer"
    with pytest.raises(idp.exceptions.ExpiredCodeException, match="already been used once"):
        answer(code, sign_in()["Session"])
    with pytest.raises(idp.exceptions.NotAuthorizedException, match="only be used once"):
        answer(code)
    with pytest.raises(idp.exceptions.NotAuthorizedException, match="Invalid session"):
        answer(code, "x" * 64)


def test_a_refresh_token_is_used_once_and_revoked_with_its_successors(
    idp, client_id, rosa, sign_in
):
    """COG-API-REFRESH-003, -004."""
    first = sign_in()["AuthenticationResult"]

    def refresh(token):
        return idp.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=token)

    second = refresh(first["RefreshToken"])["AuthenticationResult"]
    assert second["RefreshToken"] != first["RefreshToken"]
    assert idp.get_user(AccessToken=second["AccessToken"])["Username"] == rosa
    with pytest.raises(idp.exceptions.RefreshTokenReuseException):
        refresh(first["RefreshToken"])
    fresh = sign_in()["AuthenticationResult"]

    idp.revoke_token(ClientId=client_id, Token=fresh["RefreshToken"])

    with pytest.raises(idp.exceptions.NotAuthorizedException, match="revoked"):
        idp.get_user(AccessToken=fresh["AccessToken"])
    with pytest.raises(idp.exceptions.NotAuthorizedException, match="Token has been revoked"):
        refresh(fresh["RefreshToken"])


def test_global_sign_out_ends_every_session(idp, client_id, rosa, sign_in):
    """Both sessions' access tokens and refresh tokens stop working; the password does not."""
    sessions = [sign_in()["AuthenticationResult"] for _ in range(2)]

    idp.global_sign_out(AccessToken=sessions[0]["AccessToken"])

    for session in sessions:
        with pytest.raises(idp.exceptions.NotAuthorizedException, match="revoked"):
            idp.get_user(AccessToken=session["AccessToken"])
        with pytest.raises(idp.exceptions.NotAuthorizedException, match="revoked"):
            idp.get_tokens_from_refresh_token(
                ClientId=client_id, RefreshToken=session["RefreshToken"]
            )
    assert idp.get_user(AccessToken=sign_in()["AuthenticationResult"]["AccessToken"])


PAGINATORS = {
    "list_users": ("Users", "Username"),
    "list_groups": ("Groups", "GroupName"),
    "list_user_pool_clients": ("UserPoolClients", "ClientName"),
    "list_resource_servers": ("ResourceServers", "Identifier"),
    "list_identity_providers": ("Providers", "ProviderName"),
    "list_users_in_group": ("Users", "Username"),
    "admin_list_groups_for_user": ("Groups", "GroupName"),
}


@pytest.fixture
def five_of_each(idp, pool_id):
    """Five of everything that has a paginator; they are members of each other."""
    names = [f"name{number}" for number in range(5)]
    for name in names:
        idp.admin_create_user(UserPoolId=pool_id, Username=name, MessageAction="SUPPRESS")
        idp.create_group(UserPoolId=pool_id, GroupName=name)
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name)
        idp.create_resource_server(UserPoolId=pool_id, Identifier=name, Name=name)
        idp.create_identity_provider(
            UserPoolId=pool_id,
            ProviderName=name,
            ProviderType="OIDC",
            ProviderDetails=OIDC,
        )
    for name in names:
        idp.admin_add_user_to_group(UserPoolId=pool_id, Username=name, GroupName="name0")
        idp.admin_add_user_to_group(UserPoolId=pool_id, Username="name0", GroupName=name)
    return names


def test_every_paginator_brings_everything_once(idp, pool_id, five_of_each):
    """Two to a page, in three pages; the tokens are boto3's to pass on."""
    more = {
        "list_users_in_group": {"GroupName": "name0"},
        "admin_list_groups_for_user": {"Username": "name0"},
    }
    for operation, (member, name) in PAGINATORS.items():
        paginator = idp.get_paginator(operation)
        pages = list(
            paginator.paginate(
                UserPoolId=pool_id, PaginationConfig={"PageSize": 2}, **more.get(operation, {})
            )
        )
        assert len(pages) == 3, operation
        assert sorted(item[name] for page in pages for item in page[member]) == five_of_each


def test_list_user_pools_has_a_paginator_too(idp, pool_id):
    """The pools of the account, the starter pool among them."""
    pages = idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 1})
    pools = [pool["Id"] for page in pages for pool in page["UserPools"]]

    assert {pool_id, POOL} <= set(pools)
    assert len(pools) == len(set(pools))


def test_a_page_token_that_is_not_one_is_refused(idp, pool_id):
    """InvalidParameterException, typed."""
    with pytest.raises(idp.exceptions.InvalidParameterException):
        idp.list_users(UserPoolId=pool_id, PaginationToken="made-up")


def test_there_is_nothing_to_wait_for(idp):
    """The service model has no waiters."""
    assert idp.waiter_names == []


def test_errors_are_the_clients_own_classes(idp, pool_id, client_id, rosa):
    """Each of these is caught by its name, which botocore takes from ``__type``."""
    known, errors = {"UserPoolId": pool_id}, idp.exceptions
    refused = [
        (
            errors.ResourceNotFoundException,
            lambda: idp.describe_user_pool(UserPoolId="eu-west-1_No"),
        ),
        (errors.UserNotFoundException, lambda: idp.admin_get_user(**known, Username="nobody")),
        (errors.UsernameExistsException, lambda: idp.admin_create_user(**known, Username=rosa)),
        (
            errors.InvalidPasswordException,
            lambda: idp.sign_up(ClientId=client_id, Username="new", Password="long-enough"),
        ),
        (
            errors.InvalidParameterException,
            lambda: idp.list_users(**known, Filter="shoe_size = 44"),
        ),
        (errors.NotAuthorizedException, lambda: idp.get_user(AccessToken="a.b.c")),
    ]
    for error, call in refused:
        with pytest.raises(error) as caught:
            call()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
