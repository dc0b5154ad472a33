"""A pool that remembers passwords, through boto3 (COG-API-POLICY-005)."""

import pytest

from cognito_mock.core.users import User

from .live import PASSWORD

NEW, THIRD = "N3w!passw0rd", "Th1rd!passw"
USED = ("PasswordHistoryPolicyViolationException", "Password has previously been used")
POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}


@pytest.fixture
def remembering(new_live):
    """A pool that remembers two passwords, and Rosa."""
    live = new_live(
        AutoVerifiedAttributes=["email"],
        Policies={"PasswordPolicy": {**POLICY, "PasswordHistorySize": 2}},
    )
    live.user()
    return live


def change(live, previous, proposed):
    """Change the password with a token of before: they stay valid (COG-API-RESET-005)."""
    token = live.sign_in(password=previous)["AccessToken"]
    members = {"PreviousPassword": previous, "ProposedPassword": proposed}
    return {"AccessToken": token, **members}


def kept(live):
    with live.services.store.read() as tx:
        return tx.get(User, live.pool_id, "rosa").former_passwords


def test_changed_password(remembering):
    """COG-API-POLICY-005, COG-API-RESET-005: neither the present one nor the one before it."""
    for same in (PASSWORD, NEW):
        if same == NEW:
            remembering.idp.change_password(**change(remembering, PASSWORD, NEW))
        assert remembering.refusal("change_password", **change(remembering, same, same)) == USED
    assert remembering.refusal("change_password", **change(remembering, NEW, PASSWORD)) == USED

    remembering.idp.change_password(**change(remembering, NEW, THIRD))
    remembering.idp.change_password(**change(remembering, THIRD, PASSWORD))

    assert len(kept(remembering)) == 1
    assert remembering.sign_in(password=PASSWORD)["AccessToken"]


def test_history_is_for_who_knows_the_password(remembering):
    """Whether a password was used is not told to who guesses at the previous one."""
    refused = remembering.refusal(
        "change_password",
        AccessToken=remembering.sign_in()["AccessToken"],
        PreviousPassword=NEW,
        ProposedPassword=PASSWORD,
    )

    assert refused == ("NotAuthorizedException", "Incorrect username or password.")


def test_forgotten_password(remembering):
    """COG-API-RESET-003, COG-API-POLICY-005: told with the right code only, which stays good."""
    who = {"ClientId": remembering.client_id, "Username": "rosa"}
    remembering.idp.forgot_password(**who)
    right = remembering.messages()[-1].code
    wrong = "000000" if right != "000000" else "111111"

    for code, error in ((wrong, "CodeMismatchException"), (right, USED[0])):
        refused = remembering.refusal(
            "confirm_forgot_password", **who, ConfirmationCode=code, Password=PASSWORD
        )
        assert refused[0] == error

    remembering.idp.confirm_forgot_password(**who, ConfirmationCode=right, Password=NEW)
    assert remembering.sign_in(password=NEW)["AccessToken"]


def test_password_that_an_administrator_sets(remembering):
    """COG-API-RESET-007: the history is checked, and nothing is set."""
    who = {"UserPoolId": remembering.pool_id, "Username": "rosa"}

    refused = remembering.refusal("admin_set_user_password", **who, Password=PASSWORD)

    assert refused == USED
    assert remembering.status() == "CONFIRMED"
    remembering.idp.admin_set_user_password(**who, Password=NEW, Permanent=True)
    assert remembering.refusal("admin_set_user_password", **who, Password=PASSWORD) == USED


def test_temporary_password_is_not_kept(remembering):
    """COG-API-NEWPWD-005: a history policy forbids it; the session stays usable."""
    remembering.idp.admin_create_user(
        UserPoolId=remembering.pool_id,
        Username="karl",
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
    )
    session = remembering.idp.initiate_auth(
        ClientId=remembering.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "karl", "PASSWORD": PASSWORD},
    )["Session"]

    def answer(password):
        return {
            "ClientId": remembering.client_id,
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": session,
            "ChallengeResponses": {"USERNAME": "karl", "NEW_PASSWORD": password},
        }

    assert remembering.refusal("respond_to_auth_challenge", **answer(PASSWORD)) == USED
    assert remembering.idp.respond_to_auth_challenge(**answer(NEW))["AuthenticationResult"]


def test_pool_without_history(live):
    """COG-API-POLICY-001: no history by default, and nothing is kept for one."""
    live.user()

    live.idp.change_password(**change(live, PASSWORD, NEW))
    live.idp.change_password(**change(live, NEW, PASSWORD))
    live.idp.change_password(**change(live, PASSWORD, PASSWORD))

    assert kept(live) == ()


def test_policy_of_later(live):
    """COG-API-POLICY-006: who has a password that the policy forbids by now signs in with it."""
    live.user()
    live.idp.update_user_pool(
        UserPoolId=live.pool_id, Policies={"PasswordPolicy": {**POLICY, "MinimumLength": 60}}
    )

    assert live.sign_in()["AccessToken"]
    refused = live.refusal("change_password", **change(live, PASSWORD, NEW))
    assert refused == (
        "InvalidPasswordException",
        "Password did not conform with policy: Password not long enough",
    )
