"""Users over the API: made by administrators, signed up by themselves, signing in."""

import base64
import hashlib
import hmac
import json

import pytest

PASSWORD = "Passw0rd!x"
BAD = "InvalidParameterException"
REFUSED = "NotAuthorizedException"


@pytest.fixture
def client_id(api, pool_id):
    return new_client(api, pool_id)["ClientId"]


def new_client(api, pool_id, **members):
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    return api.call(
        "CreateUserPoolClient",
        UserPoolId=pool_id,
        ClientName="web",
        **{"ExplicitAuthFlows": [*flows, "ALLOW_ADMIN_USER_PASSWORD_AUTH"], **members},
    )["UserPoolClient"]


def new_user(api, pool_id, username="rosa", password=PASSWORD):
    user = api.call(
        "AdminCreateUser",
        UserPoolId=pool_id,
        Username=username,
        UserAttributes=[
            {"Name": "email", "Value": f"{username}@example.org"},
            {"Name": "email_verified", "Value": "true"},
        ],
        MessageAction="SUPPRESS",
    )["User"]
    if password:
        api.call(
            "AdminSetUserPassword",
            UserPoolId=pool_id,
            Username=username,
            Password=password,
            Permanent=True,
        )
    return user


def sign_in(api, client_id, username="rosa", password=PASSWORD):
    return api.call(
        "InitiateAuth",
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )["AuthenticationResult"]


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_created_user(api, pool_id):
    """COG-API-JSON-007, COG-API-ATTR-010, COG-API-STATUS-001, member by member."""
    user = new_user(api, pool_id, password=None)

    attributes = {a["Name"]: a["Value"] for a in user["Attributes"]}
    assert list(user) == [
        "Username",
        "Attributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    ]
    assert set(attributes) == {"email", "email_verified", "sub"}
    assert (user["Username"], user["Enabled"]) == ("rosa", True)
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert isinstance(user["UserCreateDate"], float)


def test_described_user(api, pool_id):
    """COG-API-JSON-008, COG-API-ATTR-009, -010: under AdminGetUser's names, flags as texts."""
    new_user(api, pool_id)

    user = api.call("AdminGetUser", UserPoolId=pool_id, Username="rosa")

    assert list(user) == [
        "Username",
        "UserAttributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    ]
    assert user["UserStatus"] == "CONFIRMED"
    assert {"Name": "email", "Value": "rosa@example.org"} in user["UserAttributes"]
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]


def test_attribute_without_value(api, pool_id):
    """COG-API-SIGNUP-005; no user is made."""
    assert api.fail(
        "AdminCreateUser",
        UserPoolId=pool_id,
        Username="rosa",
        UserAttributes=[{"Name": "email"}],
    ) == (BAD, "Attribute value for email must not be null")
    assert api.fail("AdminGetUser", UserPoolId=pool_id, Username="rosa") == (
        "UserNotFoundException",
        "User does not exist.",
    )


def test_attributes_are_changed(api, pool_id):
    """COG-API-ATTRV-004: an administrator sets and removes attributes."""
    new_user(api, pool_id)

    api.call(
        "AdminUpdateUserAttributes",
        UserPoolId=pool_id,
        Username="rosa",
        UserAttributes=[{"Name": "name", "Value": "Rosa"}, {"Name": "email", "Value": ""}],
    )

    user = api.call("AdminGetUser", UserPoolId=pool_id, Username="rosa")
    names = {a["Name"] for a in user["UserAttributes"]}
    assert names == {"name", "sub"}


def test_user_is_disabled_and_enabled(api, pool_id, client_id):
    """COG-API-STATUS-007: tokens do not come back."""
    new_user(api, pool_id)
    token = sign_in(api, client_id)["AccessToken"]
    key = {"UserPoolId": pool_id, "Username": "rosa"}

    assert api.call("AdminDisableUser", **key) == {}
    disabled = api.call("AdminGetUser", **key)
    assert api.call("AdminEnableUser", **key) == {}

    assert disabled["Enabled"] is False
    assert api.call("AdminGetUser", **key)["Enabled"] is True
    assert api.fail("GetUser", AccessToken=token) == (REFUSED, "Access Token has been revoked")


def test_user_is_deleted(api, pool_id):
    """AdminDeleteUser answers with an empty body; the name is free at once."""
    first = new_user(api, pool_id)

    assert api.call("AdminDeleteUser", UserPoolId=pool_id, Username="rosa") is None

    assert new_user(api, pool_id)["Attributes"] != first["Attributes"]


def test_password_sign_in(api, pool_id, client_id):
    """COG-API-AUTH-005: members and order; no ChallengeName, no Session."""
    user = new_user(api, pool_id)

    response = api.send(
        "InitiateAuth",
        {
            "ClientId": client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "rosa", "PASSWORD": PASSWORD},
        },
        signed=False,
    ).json()

    assert list(response) == ["AuthenticationResult", "ChallengeParameters"]
    assert response["ChallengeParameters"] == {}
    result = response["AuthenticationResult"]
    assert list(result) == ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
    sub = next(a["Value"] for a in user["Attributes"] if a["Name"] == "sub")
    assert claims(result["AccessToken"])["sub"] == claims(result["IdToken"])["sub"] == sub


def test_own_data(api, pool_id, client_id):
    """GetUser has the name and the attributes, and no dates or status."""
    new_user(api, pool_id)
    token = sign_in(api, client_id)["AccessToken"]

    user = api.send("GetUser", {"AccessToken": token}, signed=False).json()

    assert list(user) == ["Username", "UserAttributes"]
    assert user["Username"] == "rosa"
    assert {"Name": "email", "Value": "rosa@example.org"} in user["UserAttributes"]
    assert api.fail("GetUser", AccessToken="a.b.c") == (REFUSED, "Invalid Access Token")


def test_malformed_access_token(api):
    """COG-API-REV-005."""
    _, message = api.fail("GetUser", AccessToken="ä")

    assert message == (
        "1 validation error detected: Value at 'accessToken' failed to satisfy constraint:"
        " Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
    )


def test_new_password_required(api, pool_id, client_id):
    """A temporary password leads to a challenge, its answer to tokens (COG-API-JSON-010)."""
    new_user(api, pool_id, password=None)
    api.call("AdminSetUserPassword", UserPoolId=pool_id, Username="rosa", Password="Temp0rary!")

    challenge = api.call(
        "AdminInitiateAuth",
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": "Temp0rary!"},
    )

    assert list(challenge) == ["ChallengeName", "Session", "ChallengeParameters"]
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] == "rosa"
    result = api.call(
        "AdminRespondToAuthChallenge",
        UserPoolId=pool_id,
        ClientId=client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "rosa", "NEW_PASSWORD": PASSWORD},
    )
    assert result["AuthenticationResult"]["AccessToken"]
    assert sign_in(api, client_id)


def test_wrong_password(api, pool_id, client_id):
    """Refused in the service's words."""
    new_user(api, pool_id)

    assert api.fail(
        "InitiateAuth",
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": "Wrong0ne!"},
    ) == (REFUSED, "Incorrect username or password.")


def test_sign_in_with_unknown_client(api):
    """COG-API-AUTH-014."""
    assert api.fail("InitiateAuth", ClientId="nobody", AuthFlow="USER_PASSWORD_AUTH") == (
        "ResourceNotFoundException",
        "User pool client nobody does not exist.",
    )


def test_secret_hash(api, pool_id):
    """COG-API-SECRET-001: in AuthParameters for sign-in, a member of its own for sign-up."""
    client = new_client(api, pool_id, GenerateSecret=True)
    message = ("jdoe" + client["ClientId"]).encode()
    digest = hmac.new(client["ClientSecret"].encode(), message, hashlib.sha256).digest()
    secret_hash = base64.b64encode(digest).decode()
    sign_up = {"ClientId": client["ClientId"], "Username": "jdoe", "Password": PASSWORD}

    error, _ = api.fail("SignUp", **sign_up)
    api.call("SignUp", **sign_up, SecretHash=secret_hash)
    api.call("AdminConfirmSignUp", UserPoolId=pool_id, Username="jdoe")
    parameters = {"USERNAME": "jdoe", "PASSWORD": PASSWORD, "SECRET_HASH": secret_hash}
    result = api.call(
        "InitiateAuth",
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=parameters,
    )

    assert error == REFUSED
    assert result["AuthenticationResult"]["IdToken"]


def test_sign_up_and_confirm(api):
    """COG-API-SIGNUP-001, -008, COG-API-JSON-009: code sent, code given back, user confirmed."""
    pool_id = api.call("CreateUserPool", PoolName="x", AutoVerifiedAttributes=["email"])[
        "UserPool"
    ]["Id"]
    client_id = new_client(api, pool_id)["ClientId"]
    who = {"ClientId": client_id, "Username": "jdoe"}

    signed_up = api.call(
        "SignUp",
        **who,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": "jdoe@example.org"}],
    )
    resent = api.call("ResendConfirmationCode", **who)

    details = {"Destination": "j***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert signed_up["UserConfirmed"] is False
    assert signed_up["CodeDeliveryDetails"] == resent["CodeDeliveryDetails"] == details
    code = api.messages()[-1].code
    assert api.fail("ConfirmSignUp", **who, ConfirmationCode="wrong") == (
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
    assert api.call("ConfirmSignUp", **who, ConfirmationCode=code) == {}
    user = api.call("AdminGetUser", UserPoolId=pool_id, Username="jdoe")
    assert user["UserStatus"] == "CONFIRMED"
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    assert {"Name": "sub", "Value": signed_up["UserSub"]} in user["UserAttributes"]


def test_sign_up_without_password(api, client_id):
    """COG-API-SIGNUP-004."""
    assert api.fail("SignUp", ClientId=client_id, Username="jdoe") == (
        BAD,
        (
            "1 validation error detected: Value at 'password' failed to satisfy constraint:"
            " Member must not be null"
        ),
    )


def test_refresh_and_revoke(api, pool_id, client_id):
    """COG-API-REV-003: a revoked refresh token ends its access tokens, and may be revoked twice."""
    new_user(api, pool_id)
    result = sign_in(api, client_id)
    refresh = {
        "ClientId": client_id,
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": result["RefreshToken"]},
    }

    refreshed = api.call("InitiateAuth", **refresh)["AuthenticationResult"]
    for _ in range(2):
        assert api.call("RevokeToken", ClientId=client_id, Token=result["RefreshToken"]) == {}

    assert "RefreshToken" not in refreshed
    for token in (result["AccessToken"], refreshed["AccessToken"]):
        assert api.fail("GetUser", AccessToken=token) == (
            REFUSED,
            "Access Token has been revoked",
        )
    assert api.fail("InitiateAuth", **refresh)[0] == REFUSED


def test_revoke_token_refuses(api, pool_id, client_id):
    """COG-API-REV-003, COG-API-CLI-011: wrong kind, wrong secret, no revocation, unknown client."""
    new_user(api, pool_id)
    result = sign_in(api, client_id)
    confidential = new_client(api, pool_id, GenerateSecret=True)["ClientId"]
    keeping = new_client(api, pool_id, EnableTokenRevocation=False)["ClientId"]
    token = result["RefreshToken"]

    def refusal(**members):
        return api.fail("RevokeToken", **members)[0]

    assert refusal(ClientId=client_id, Token=result["AccessToken"]) == (
        "UnsupportedTokenTypeException"
    )
    assert refusal(ClientId=confidential, Token=token) == "UnauthorizedException"
    assert refusal(ClientId=confidential, ClientSecret="s" * 24, Token=token) == (
        "UnauthorizedException"
    )
    assert refusal(ClientId=keeping, Token=token) == "UnsupportedOperationException"
    assert refusal(ClientId="nobody", Token=token) == BAD
    other = new_client(api, pool_id)["ClientId"]
    assert api.call("RevokeToken", ClientId=other, Token=token) == {}
    assert api.call("GetUser", AccessToken=result["AccessToken"])


def test_global_sign_out(api, pool_id, client_id):
    """COG-API-REV-001, -002: by the user once, by the administrator as often as wanted."""
    new_user(api, pool_id)
    mine, other = sign_in(api, client_id), sign_in(api, client_id)

    assert api.call("GlobalSignOut", AccessToken=mine["AccessToken"]) == {}

    for result in (mine, other):
        assert api.fail("GetUser", AccessToken=result["AccessToken"])[0] == REFUSED
        assert api.fail(
            "GetTokensFromRefreshToken", ClientId=client_id, RefreshToken=result["RefreshToken"]
        ) == (REFUSED, "Refresh Token has been revoked")
        assert api.fail("GlobalSignOut", AccessToken=result["AccessToken"]) == (
            REFUSED,
            "Access Token has been revoked",
        )
    for _ in range(2):
        assert api.call("AdminUserGlobalSignOut", UserPoolId=pool_id, Username="rosa") == {}


def test_tokens_survive_another_password(api, pool_id, client_id):
    """COG-API-REV-006: whoever sets it; disabling the user ends them."""
    new_user(api, pool_id)
    tokens = sign_in(api, client_id)
    access = {"AccessToken": tokens["AccessToken"]}
    who = {"UserPoolId": pool_id, "Username": "rosa"}
    public = {"ClientId": client_id, "Username": "rosa"}
    refresh = {"ClientId": client_id, "RefreshToken": tokens["RefreshToken"]}

    api.call("ChangePassword", **access, PreviousPassword=PASSWORD, ProposedPassword="0ther!Passw")
    api.call("AdminSetUserPassword", **who, Password="Th1rd!passw", Permanent=True)
    api.call("ForgotPassword", **public)
    code = api.messages()[-1].code
    api.call("ConfirmForgotPassword", **public, ConfirmationCode=code, Password=PASSWORD)

    assert api.call("GetUser", **access)["Username"] == "rosa"
    assert api.call("GetTokensFromRefreshToken", **refresh)["AuthenticationResult"]
    api.call("AdminDisableUser", **who)
    assert api.fail("GetUser", **access)[0] == REFUSED
    assert api.fail("GetTokensFromRefreshToken", **refresh)[0] == REFUSED


def test_user_deletes_themselves(api, pool_id, client_id):
    """DeleteUser has no output."""
    new_user(api, pool_id)

    assert api.call("DeleteUser", AccessToken=sign_in(api, client_id)["AccessToken"]) is None

    error, _ = api.fail("AdminGetUser", UserPoolId=pool_id, Username="rosa")
    assert error == "UserNotFoundException"


def test_members_of_groups(api, pool_id, client_id):
    """Groups of a user by precedence, users of a group by name, groups in the token."""
    for name, precedence in (("users", 5), ("admins", 1)):
        api.call("CreateGroup", UserPoolId=pool_id, GroupName=name, Precedence=precedence)
    for username in ("rosa", "ada"):
        new_user(api, pool_id, username)
        api.call("AdminAddUserToGroup", UserPoolId=pool_id, Username=username, GroupName="users")
    key = {"UserPoolId": pool_id, "Username": "rosa"}
    assert api.call("AdminAddUserToGroup", **key, GroupName="admins") is None

    first = api.call("AdminListGroupsForUser", **key, Limit=1)
    rest = api.call("AdminListGroupsForUser", **key, NextToken=first["NextToken"])
    users = api.call("ListUsersInGroup", UserPoolId=pool_id, GroupName="users")["Users"]

    assert [g["GroupName"] for g in first["Groups"] + rest["Groups"]] == ["admins", "users"]
    assert [u["Username"] for u in users] == ["ada", "rosa"]
    assert "Attributes" in users[0]
    token = claims(sign_in(api, client_id)["AccessToken"])
    assert token["cognito:groups"] == ["admins", "users"]
    assert api.call("AdminRemoveUserFromGroup", **key, GroupName="admins") is None
    assert len(api.call("AdminListGroupsForUser", **key)["Groups"]) == 1
    assert api.fail("AdminAddUserToGroup", **key, GroupName="none") == (
        "ResourceNotFoundException",
        "Group not found.",
    )
