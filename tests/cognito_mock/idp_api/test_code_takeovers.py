"""A code serves the user, the purpose and the pool that it was sent for, through boto3."""

import pytest

from .live import PASSWORD, pairs

NEW = "N3w!passw0rd"
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
NONE_SENT = ("ExpiredCodeException", "Invalid code provided, please request a code again.")


def name_of(live, username):
    return {"ClientId": live.client_id, "Username": username}


def forgot(live, username):
    live.idp.forgot_password(**name_of(live, username))
    return live.messages()[-1].code


def verify(live, username):
    token = live.sign_in(username)["AccessToken"]
    live.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    return live.messages()[-1].code


def signed_up(live, username):
    live.idp.sign_up(
        **name_of(live, username),
        Password=PASSWORD,
        UserAttributes=pairs({"email": f"{username}@example.org"}),
    )
    return live.messages()[-1].code


def use(live, purpose, username, code):
    """The operation and members that use the code."""
    if purpose is forgot:
        members = {**name_of(live, username), "ConfirmationCode": code, "Password": NEW}
        return "confirm_forgot_password", members
    if purpose is signed_up:
        return "confirm_sign_up", {**name_of(live, username), "ConfirmationCode": code}
    token = live.sign_in(username)["AccessToken"]
    return "verify_user_attribute", {"AccessToken": token, "AttributeName": "email", "Code": code}


def two_codes(make, live, *usernames):
    """Codes that differ, one for each."""
    codes = [make(live, username) for username in usernames]
    while len(set(codes)) < len(codes):
        codes[-1] = make(live, usernames[-1])
    return codes


def state(live):
    """What a code could change."""
    users = live.idp.list_users(UserPoolId=live.pool_id)["Users"]
    return [(user["Username"], user["UserStatus"], user["Attributes"]) for user in users]


def refused(live, purpose, username, code):
    before = state(live)
    operation, members = use(live, purpose, username, code)
    error = live.refusal(operation, **members)
    assert state(live) == before
    return error


@pytest.mark.parametrize("purpose", [forgot, verify, signed_up])
def test_code_of_another_user(live, purpose):
    """COG-API-SIGNUP-007, COG-API-RESET-003, COG-API-ATTRV-003: it is a wrong one."""
    if purpose is not signed_up:
        live.user("ada")
        live.user("eve")
    mine, theirs = two_codes(purpose, live, "ada", "eve")

    assert refused(live, purpose, "ada", theirs) == MISMATCH

    for username, code in (("ada", mine), ("eve", theirs)):
        operation, members = use(live, purpose, username, code)
        getattr(live.idp, operation)(**members)


def test_code_for_another_purpose(live):
    """COG-API-RESET-003, COG-API-ATTRV-003: one's own, yet a wrong one there."""
    live.user("ada")
    for_password, for_email = forgot(live, "ada"), verify(live, "ada")
    while for_email == for_password:
        for_email = verify(live, "ada")

    assert refused(live, forgot, "ada", for_email) == MISMATCH
    assert refused(live, verify, "ada", for_password) == MISMATCH
    assert refused(live, signed_up, "ada", for_password)[0] == "NotAuthorizedException"

    assert live.sign_in("ada")["AccessToken"]


def test_code_of_sign_up_sets_no_password(live):
    """COG-API-RESET-003: none was asked for, so none is pending."""
    code = signed_up(live, "ada")

    assert refused(live, forgot, "ada", code) == NONE_SENT


@pytest.mark.parametrize("purpose", [forgot, signed_up])
def test_code_in_another_pool(live, new_live, purpose):
    """A user of the same name there is another user."""
    other = new_live(AutoVerifiedAttributes=["email"])
    if purpose is not signed_up:
        live.user("ada")
        other.user("ada")
    code = purpose(live, "ada")
    if purpose is signed_up:
        theirs = signed_up(other, "ada")
        expected = MISMATCH if theirs != code else None
    else:
        expected = NONE_SENT

    if expected is not None:
        assert refused(other, purpose, "ada", code) == expected

    operation, members = use(live, purpose, "ada", code)
    getattr(live.idp, operation)(**members)


@pytest.mark.parametrize("purpose", [forgot, verify, signed_up])
def test_code_is_used_once(live, purpose):
    """COG-API-SIGNUP-007: then there is none, or nothing left to confirm."""
    if purpose is not signed_up:
        live.user("ada")
    code = purpose(live, "ada")
    operation, members = use(live, purpose, "ada", code)
    getattr(live.idp, operation)(**members)

    error = live.refusal(operation, **members)

    assert error[0] == (
        "NotAuthorizedException" if purpose is signed_up else "ExpiredCodeException"
    )
