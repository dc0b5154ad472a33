"""Forgotten, changed and reset passwords through boto3."""

import re

import pytest

from .live import PASSWORD

NEW = "N3w!passw0rd"
REFUSED = "NotAuthorizedException"
WRONG_CODE = "Invalid verification code provided, please try again."
NO_CODE = "Invalid code provided, please request a code again."


@pytest.fixture
def rosa(live):
    live.user()
    return {"ClientId": live.client_id, "Username": "rosa"}


def test_forgotten_password_is_replaced(live, rosa):
    """COG-API-RESET-001, -003, COG-API-JSON-009: a code, then only the new password works."""
    sent = live.idp.forgot_password(**rosa)
    live.idp.confirm_forgot_password(
        **rosa, ConfirmationCode=live.messages()[-1].code, Password=NEW
    )

    assert sent["CodeDeliveryDetails"] == {
        "Destination": "r***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    assert live.sign_in(password=NEW)["AccessToken"]
    old = {"USERNAME": "rosa", "PASSWORD": PASSWORD}
    assert live.refusal(
        "initiate_auth",
        ClientId=live.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=old,
    ) == (REFUSED, "Incorrect username or password.")


def test_codes_have_six_digits(new_live):
    """COG-API-WIRE-038: at sign-up, for a forgotten password, an attribute, a second factor."""
    live = new_live(
        AutoVerifiedAttributes=["email"],
        SmsConfiguration={"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        MfaConfiguration="ON",
    )
    who = {"ClientId": live.client_id, "Username": "rosa"}
    email = [{"Name": "email", "Value": "rosa@example.org"}]
    live.idp.sign_up(**who, Password=PASSWORD, UserAttributes=email)
    live.idp.confirm_sign_up(**who, ConfirmationCode=live.messages()[-1].code)
    live.idp.forgot_password(**who)
    live.idp.admin_update_user_attributes(
        UserPoolId=live.pool_id,
        Username="rosa",
        UserAttributes=[
            {"Name": "email", "Value": "rosa@example.com"},
            {"Name": "phone_number", "Value": "+15555550123"},
        ],
    )
    challenge = live.idp.initiate_auth(
        ClientId=live.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD},
    )

    assert challenge["ChallengeName"] == "SMS_MFA"
    codes = [message.code for message in live.messages()]
    assert len(codes) == 4
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("123 456", r"Member must satisfy regular expression pattern: [\S]+"),
        ("1" * 2049, "Member must have length less than or equal to 2048"),
    ],
    ids=["space", "long"],
)
def test_text_that_is_no_code(live, rosa, code, rule):
    """COG-API-WIRE-038: the model's limits, which do not call the code sensitive."""
    refused = live.refusal(
        "confirm_forgot_password", **rosa, ConfirmationCode=code, Password=PASSWORD
    )

    assert refused == (
        "InvalidParameterException",
        (
            f"1 validation error detected: Value '{code}' at 'confirmationCode' failed to satisfy"
            f" constraint: {rule}"
        ),
    )


def test_wrong_code_leaves_the_password(live, rosa):
    """COG-API-RESET-003: a wrong code, then a code nobody asked for."""
    live.idp.forgot_password(**rosa)
    right = live.messages()[-1].code
    wrong = "000000" if right != "000000" else "111111"

    refused = live.refusal("confirm_forgot_password", **rosa, ConfirmationCode=wrong, Password=NEW)

    assert refused == ("CodeMismatchException", WRONG_CODE)
    assert live.sign_in()["AccessToken"]
    live.idp.confirm_forgot_password(**rosa, ConfirmationCode=right, Password=NEW)
    assert live.refusal(
        "confirm_forgot_password", **rosa, ConfirmationCode=right, Password=PASSWORD
    ) == ("ExpiredCodeException", NO_CODE)


def test_short_password_is_refused_by_the_model(live, rosa):
    """COG-API-POLICY-004: the pattern that the public model does not show."""
    assert live.refusal(
        "confirm_forgot_password", **rosa, ConfirmationCode="123456", Password="abc"
    ) == (
        "InvalidParameterException",
        (
            "1 validation error detected: Value at 'password' failed to satisfy constraint:"
            " Member must have length greater than or equal to 6"
        ),
    )


def test_nothing_verified(live):
    """COG-API-RESET-002."""
    live.user("karl", verified=False)

    assert live.refusal("forgot_password", ClientId=live.client_id, Username="karl") == (
        "InvalidParameterException",
        (
            "Cannot reset password for the user as there is no registered/verified email or"
            " phone_number"
        ),
    )


@pytest.mark.parametrize("keep_back", [False, True], ids=["LEGACY", "ENABLED"])
def test_unknown_user(new_live, keep_back):
    """COG-API-RESET-002, COG-API-EXIST-004: an error, or details that look like a success."""
    setting = "ENABLED" if keep_back else "LEGACY"
    live = new_live(client={"PreventUserExistenceErrors": setting})
    nobody = {"ClientId": live.client_id, "Username": "nobody"}

    if keep_back:
        details = live.idp.forgot_password(**nobody)["CodeDeliveryDetails"]
        assert set(details) == {"Destination", "DeliveryMedium", "AttributeName"}
        assert live.messages() == []
    else:
        assert live.refusal("forgot_password", **nobody) == (
            "UserNotFoundException",
            "Username/client id combination not found.",
        )


def test_changed_password(live, rosa):
    """COG-API-RESET-005: the new one works and the tokens stay good."""
    token = live.sign_in()["AccessToken"]

    live.idp.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=NEW)

    assert live.sign_in(password=NEW)["AccessToken"]
    assert live.idp.get_user(AccessToken=token)["Username"] == "rosa"


@pytest.mark.parametrize(
    ("previous", "proposed", "error"),
    [
        ("Wr0ng!passw", NEW, (REFUSED, "Incorrect username or password.")),
        (
            PASSWORD,
            "nouppercase1!",
            (
                "InvalidPasswordException",
                "Password did not conform with policy: Password must have uppercase characters",
            ),
        ),
    ],
    ids=["wrong previous password", "against the policy"],
)
def test_refused_change(live, rosa, previous, proposed, error):
    """COG-API-RESET-005: a refused change leaves the password as it was."""
    token = live.sign_in()["AccessToken"]

    refused = live.refusal(
        "change_password",
        AccessToken=token,
        PreviousPassword=previous,
        ProposedPassword=proposed,
    )

    assert refused == error
    assert live.sign_in()["AccessToken"]


def test_reset_by_an_administrator(live, rosa):
    """COG-API-RESET-006: RESET_REQUIRED until the code is used."""
    live.idp.admin_reset_user_password(UserPoolId=live.pool_id, Username="rosa")

    assert live.status() == "RESET_REQUIRED"
    assert live.refusal(
        "initiate_auth",
        ClientId=live.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "rosa", "PASSWORD": PASSWORD},
    ) == ("PasswordResetRequiredException", "Password reset required for the user")
    live.idp.confirm_forgot_password(
        **rosa, ConfirmationCode=live.messages()[-1].code, Password=NEW
    )
    assert live.status() == "CONFIRMED"
    assert live.sign_in(password=NEW)["AccessToken"]


def test_reset_of_a_user_who_has_to_change_the_password(live):
    """COG-API-RESET-006."""
    live.user("karl", password=None)

    assert live.refusal("admin_reset_user_password", UserPoolId=live.pool_id, Username="karl") == (
        REFUSED,
        "User password cannot be reset in the current state.",
    )
    assert live.status("karl") == "FORCE_CHANGE_PASSWORD"
