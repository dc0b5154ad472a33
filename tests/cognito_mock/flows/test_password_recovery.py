"""Forgotten, changed and reset passwords."""

import pytest

from cognito_mock.core.errors import (
    CodeMismatchException,
    ExpiredCodeException,
    InvalidParameterException,
    InvalidPasswordException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotFoundException,
)
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.issue import open_access_token
from cognito_mock.flows.password_recovery import (
    admin_reset_user_password,
    change_password,
    confirm_forgot_password,
    forgot_password,
)
from cognito_mock.flows.sign_in import AuthenticationResult, initiate_auth
from cognito_mock.flows.users import admin_disable_user

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
VERIFIED = {"email": "ada@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+15555550123", "phone_number_verified": "true"}
NEW = "N3w!passw"


def forget(world, username="ada"):
    return forgot_password(world.services, client_id=CLIENT_ID, username=username)


def confirm(world, code, password=NEW, username="ada"):
    return confirm_forgot_password(
        world.services, client_id=CLIENT_ID, username=username, code=code, password=password
    )


def sign_in(world, password):
    return initiate_auth(
        world.services,
        client_id=CLIENT_ID,
        auth_flow="USER_PASSWORD_AUTH",
        parameters={"USERNAME": "ada", "PASSWORD": password},
    )


def text_of(error, call, *args, **how) -> str:
    with pytest.raises(error) as caught:
        call(*args, **how)
    return caught.value.message


def last_code(world) -> str:
    return list_messages(world.services)[-1].code


def test_a_code_leads_to_a_new_password(world):
    """COG-QUO-024, COG-API-RESET-001, -003: to the verified contact, for an hour, once."""
    world.client()
    world.user(**VERIFIED)
    delivery = forget(world)
    assert (delivery.attribute, delivery.destination) == ("email", "a***@e***")
    assert list_messages(world.services)[-1].trigger_source == "CustomMessage_ForgotPassword"
    code = last_code(world)

    assert confirm(world, code).status is UserStatus.CONFIRMED

    assert isinstance(sign_in(world, NEW), AuthenticationResult)
    assert "Incorrect" in text_of(NotAuthorizedException, sign_in, world, "Passw0rd!x")
    assert text_of(ExpiredCodeException, confirm, world, code) == (
        "Invalid code provided, please request a code again."
    )


def test_wrong_late_and_weak(world):
    """COG-API-RESET-003, COG-API-QUO-003: an hour; a weak password does not use the code up."""
    world.client()
    world.user(**VERIFIED)
    forget(world)
    code = last_code(world)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert text_of(CodeMismatchException, confirm, world, wrong) == (
        "Invalid verification code provided, please try again."
    )
    assert text_of(InvalidPasswordException, confirm, world, code, "short") == (
        "Password did not conform with policy: Password not long enough"
    )
    world.clock.advance(3600)
    text_of(ExpiredCodeException, confirm, world, code)


@pytest.mark.parametrize(
    ("mechanisms", "attribute"),
    [
        (None, "phone_number"),
        (["verified_email", "verified_phone_number"], "email"),
        (["verified_phone_number", "verified_email"], "phone_number"),
    ],
)
def test_the_pool_says_where_the_code_goes(world, mechanisms, attribute):
    """COG-API-RESET-001: by priority; without the setting the phone first."""
    settings = {
        "RecoveryMechanisms": [
            {"Name": name, "Priority": n} for n, name in enumerate(mechanisms or [], 1)
        ][::-1]
    }
    world.pool(**({"AccountRecoverySetting": settings} if mechanisms else {}))
    world.client()
    world.user(**VERIFIED, **PHONE)
    assert forget(world).attribute == attribute


def test_who_cannot_recover(world):
    """COG-API-RESET-002, COG-API-STATUS-004: texts; by nothing verified and by the state."""
    world.client()
    world.user(email="ada@example.com")
    world.temporary_password("bob", **VERIFIED)
    world.user("cem", **PHONE)
    admin_disable_user(world.services, pool_id=POOL_ID, username="cem")
    assert text_of(InvalidParameterException, forget, world) == (
        "Cannot reset password for the user as there is no registered/verified email or"
        " phone_number"
    )
    assert text_of(NotAuthorizedException, forget, world, "bob") == (
        "User password cannot be reset in the current state."
    )
    assert text_of(NotAuthorizedException, forget, world, "cem") == "User is disabled."
    world.pool(
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    )
    assert text_of(NotAuthorizedException, forget, world) == (
        "Contact administrator to reset password."
    )


def test_unknown_users(world):
    """COG-API-EXIST-001, -004, COG-API-RESET-002, -003."""
    world.client()
    missing = "Username/client id combination not found."
    assert text_of(UserNotFoundException, forget, world, "eve") == missing
    assert text_of(UserNotFoundException, confirm, world, "123456", username="eve") == missing
    world.client(PreventUserExistenceErrors="ENABLED")
    assert forget(world, "eve") == forget(world, "eve")
    text_of(CodeMismatchException, confirm, world, "123456", username="eve")
    assert list_messages(world.services) == []


def test_a_weak_password_does_not_tell_who_exists(world):
    """COG-API-EXIST-001: the policy is judged alike for a known, a disabled and an unknown name."""
    world.client(PreventUserExistenceErrors="ENABLED")
    world.user(**VERIFIED)
    world.user("cem", **VERIFIED)
    admin_disable_user(world.services, pool_id=POOL_ID, username="cem")

    texts = {
        text_of(InvalidPasswordException, confirm, world, "123456", "weak", username=name)
        for name in ("ada", "cem", "eve")
    }

    assert texts == {"Password did not conform with policy: Password not long enough"}


def test_changing_a_password(world):
    """COG-API-RESET-005: the previous one is asked for; tokens stay good."""
    world.client()
    world.user()
    token = sign_in(world, "Passw0rd!x").access_token

    def change(previous, proposed=NEW):
        return change_password(
            world.services,
            access_token=token,
            previous_password=previous,
            proposed_password=proposed,
        )

    assert text_of(NotAuthorizedException, change, "wrong") == "Incorrect username or password."
    assert text_of(NotAuthorizedException, change, None) == "Incorrect username or password."
    text_of(InvalidPasswordException, change, "Passw0rd!x", "short")
    user = change("Passw0rd!x")
    assert user.status is UserStatus.CONFIRMED
    assert user.failed_sign_ins == 0
    assert isinstance(sign_in(world, NEW), AuthenticationResult)
    assert open_access_token(world.services, token)


def test_an_administrator_resets(world):
    """COG-API-RESET-006, COG-API-STATUS-004: sign-in says so until the code has been used."""
    world.client()
    world.user(**VERIFIED)
    how = {"pool_id": POOL_ID, "username": "ada"}
    admin_reset_user_password(world.services, **how)
    assert world.get(User, POOL_ID, "ada").status is UserStatus.RESET_REQUIRED
    text_of(PasswordResetRequiredException, sign_in, world, "Passw0rd!x")
    confirm(world, last_code(world))
    assert isinstance(sign_in(world, NEW), AuthenticationResult)

    world.temporary_password("bob", **VERIFIED)
    assert text_of(
        NotAuthorizedException,
        admin_reset_user_password,
        world.services,
        pool_id=POOL_ID,
        username="bob",
    ) == ("User password cannot be reset in the current state.")
