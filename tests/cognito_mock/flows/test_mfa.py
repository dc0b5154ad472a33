"""The second factor at sign-in: who is asked for which, and the answers."""

from dataclasses import replace

import pytest

from cognito_mock.core.errors import (
    CodeMismatchException,
    ExpiredCodeException,
    InvalidParameterException,
    MFAMethodNotFoundException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    SoftwareTokenMFANotFoundException,
)
from cognito_mock.core.users import UserStatus
from cognito_mock.flows.attributes_update import admin_update_user_attributes
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.mfa_preferences import admin_delete_software_token
from cognito_mock.flows.password_recovery import forgot_password
from cognito_mock.flows.sign_in import AuthenticationResult, Challenge
from cognito_mock.flows.users import admin_disable_user, admin_set_user_password

from .mfa_world import (
    BY_EMAIL,
    CLIENT_ID,
    EMAIL,
    INVALID,
    ON,
    OPTIONAL,
    PASSWORD,
    PHONE,
    POOL_ID,
    SMS,
    TOKENS,
    MfaWorld,
    listed,
)

BOTH = PHONE | BY_EMAIL
# The active factors and the preferred one.
NONE = ([], None)
BY_PHONE = (["SMS_MFA"], None)
TWO = ["SMS_MFA", "EMAIL_OTP"]
LOCKED = "Password attempts exceeded"


def recovery(*names):
    """An AccountRecoverySetting with these mechanisms, best first."""
    mechanisms = [{"Name": name, "Priority": n} for n, name in enumerate(names, 1)]
    return {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms[::-1]}}


@pytest.fixture
def mfa(world) -> MfaWorld:
    return MfaWorld(world)


@pytest.fixture
def by_sms(mfa) -> MfaWorld:
    """Ada is asked for a code by SMS."""
    mfa.pool(SMS, ON)
    mfa.world.user(**PHONE)
    return mfa


@pytest.fixture
def by_token(mfa):
    """Ada has a software token; the world and the secret."""
    mfa.pool(TOKENS, OPTIONAL)
    mfa.world.user()
    secret = mfa.token()
    mfa.prefer("SOFTWARE_TOKEN_MFA")
    mfa.world.clock.advance(30)
    return mfa, secret


@pytest.mark.parametrize(
    ("settings", "attributes", "factors", "asked"),
    [
        ((SMS, TOKENS), PHONE, NONE, None),
        ((SMS, OPTIONAL), PHONE, NONE, None),
        ((SMS, OPTIONAL), PHONE, BY_PHONE, "SMS_MFA"),
        ((EMAIL, OPTIONAL), BY_EMAIL, (["EMAIL_OTP"], None), "EMAIL_OTP"),
        ((SMS, EMAIL, OPTIONAL), BOTH, (TWO, None), "SELECT_MFA_TYPE"),
        ((SMS, EMAIL, OPTIONAL), BOTH, (TWO, "EMAIL_OTP"), "EMAIL_OTP"),
        ((SMS, ON), PHONE, NONE, "SMS_MFA"),
        ((EMAIL, ON), BY_EMAIL, NONE, "EMAIL_OTP"),
        ((SMS, EMAIL, ON), BOTH, NONE, "SELECT_MFA_TYPE"),
        ((SMS, EMAIL, ON), BOTH, (["SMS_MFA"], "SMS_MFA"), "SMS_MFA"),
        ((SMS, EMAIL, ON, recovery("verified_email")), BOTH, NONE, "SMS_MFA"),
        ((SMS, EMAIL, ON, recovery("verified_phone_number", "x")), BOTH, NONE, "EMAIL_OTP"),
        ((SMS, ON, recovery("verified_phone_number")), PHONE, NONE, "MFA_SETUP"),
        ((SMS, ON, recovery("verified_phone_number")), PHONE, BY_PHONE, "SMS_MFA"),
        ((SMS, ON), BY_EMAIL, NONE, "MFA_SETUP"),
        ((TOKENS, ON), PHONE, NONE, "MFA_SETUP"),
        ((SMS, {"SmsMfaSwitchedOff": True}, TOKENS, ON), PHONE, NONE, "MFA_SETUP"),
    ],
)
def test_who_is_asked_for_what(mfa, settings, attributes, factors, asked):
    """COG-API-MFA-002, -003: by the pool's mode, the user's factors and their preference."""
    mfa.pool(*settings)
    mfa.world.user(**attributes)
    active, preferred = factors
    mfa.prefer(*active, preferred=preferred)

    outcome = mfa.begin()

    if asked is None:
        assert isinstance(outcome, AuthenticationResult)
    else:
        assert outcome.name == asked


def test_a_factor_that_the_pool_dropped_is_not_asked_for(mfa):
    """COG-API-MFA-001: what the user prefers counts only where the pool has it."""
    mfa.pool(SMS, EMAIL, OPTIONAL)
    mfa.world.user(**PHONE, **BY_EMAIL)
    mfa.prefer("SMS_MFA", "EMAIL_OTP", preferred="EMAIL_OTP")

    mfa.pool(SMS, OPTIONAL)
    assert mfa.begin().name == "SMS_MFA"

    mfa.pool(SMS, EMAIL)
    assert isinstance(mfa.begin(), AuthenticationResult)


def test_code_by_sms(by_sms):
    """COG-API-MFA-005, COG-API-JSON-003, -010: parameters, text, and tokens for the code."""
    challenge = by_sms.begin()

    assert challenge == Challenge(
        name="SMS_MFA",
        session=challenge.session,
        parameters={
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
            "CODE_DELIVERY_DESTINATION": "+*******0123",
            "USER_ID_FOR_SRP": "ada",
        },
    )
    [message] = by_sms.world.delivery.messages
    assert (message.medium, message.recipient) == ("SMS", "+15555550123")
    assert message.trigger_source == "CustomMessage_Authentication"
    assert message.body == f"Your authentication code is {message.code}. "
    assert len(message.code) == 6
    assert isinstance(by_sms.answer(challenge, SMS_MFA_CODE=message.code), AuthenticationResult)


def test_code_by_email(mfa):
    """COG-API-MFA-005: the same for e-mail, in the pool's words."""
    mfa.pool(EMAIL, ON)
    mfa.world.user(**BY_EMAIL)
    challenge = mfa.begin()

    assert challenge.parameters == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
        "CODE_DELIVERY_DESTINATION": "a***@e***",
        "USER_ID_FOR_SRP": "ada",
    }
    [message] = mfa.world.delivery.messages
    assert (message.medium, message.recipient) == ("EMAIL", "ada@example.com")
    assert (message.subject, message.body) == ("Sign-in", f"Use {message.code}.")
    assert isinstance(mfa.answer(challenge, EMAIL_OTP_CODE=message.code), AuthenticationResult)


def test_the_pools_own_sms_text(mfa):
    """SmsAuthenticationMessage."""
    mfa.pool(SMS, ON, SmsAuthenticationMessage="{####} is it")
    mfa.world.user(**PHONE)
    mfa.begin()
    assert list_messages(mfa.services)[-1].body == f"{mfa.code()} is it"


def test_a_right_code_verifies_the_contact(by_sms):
    """COG-API-MFA-003."""
    assert "phone_number_verified" not in by_sms.stored().attributes
    by_sms.answer(by_sms.begin(), SMS_MFA_CODE=by_sms.code())
    assert by_sms.stored().attributes["phone_number_verified"] == "true"


def test_an_alias_stays_with_its_holder(mfa):
    """COG-API-NAME-005: Ada signs in with a code to Bob's verified number, which stays Bob's."""
    mfa.pool(SMS, ON, AliasAttributes=["phone_number"])
    mfa.world.user("bob", **PHONE, phone_number_verified="true")
    mfa.world.user(**PHONE)
    outcome = mfa.answer(mfa.begin(), SMS_MFA_CODE=mfa.code())

    assert isinstance(outcome, AuthenticationResult)
    assert "phone_number_verified" not in mfa.stored().attributes
    assert mfa.stored("bob").attributes["phone_number_verified"] == "true"


def test_wrong_code_leaves_the_session_alive(by_sms):
    """COG-API-MFA-008: its text, and the same session with the right code."""
    challenge = by_sms.begin()
    message = by_sms.refused(CodeMismatchException, challenge, SMS_MFA_CODE=by_sms.wrong_code())
    assert message == "Invalid code or auth state for the user."
    assert by_sms.stored().failed_codes == 1
    outcome = by_sms.answer(challenge, SMS_MFA_CODE=by_sms.code())
    assert isinstance(outcome, AuthenticationResult)
    assert by_sms.stored().failed_codes == 0


def test_a_code_belongs_to_its_session(by_sms):
    """The code of another sign-in of the same user does not do."""
    first = by_sms.begin()
    code = by_sms.code()
    second = by_sms.begin()
    if code != by_sms.code():
        by_sms.refused(CodeMismatchException, second, SMS_MFA_CODE=code)
    assert isinstance(by_sms.answer(first, SMS_MFA_CODE=code), AuthenticationResult)


def test_a_session_is_used_once(by_sms):
    """COG-API-AUTH-009."""
    challenge = by_sms.begin()
    by_sms.answer(challenge, SMS_MFA_CODE=by_sms.code())
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == "Invalid session for the user, session can only be used once."


def test_a_code_lives_as_long_as_its_session(by_sms):
    """COG-QUO-025, COG-API-AUTH-008: AuthSessionValidity minutes, counted from this challenge."""
    by_sms.world.client(AuthSessionValidity=4)
    challenge = by_sms.begin()
    by_sms.world.clock.advance(240)
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == "Invalid session for the user, session is expired."


def test_wrong_codes_lock_the_user(by_sms):
    """COG-API-LOCK-001: one second after the fifth, then two; right or wrong, and uncounted."""
    challenge = by_sms.begin()
    for _ in range(5):
        by_sms.refused(CodeMismatchException, challenge, SMS_MFA_CODE=by_sms.wrong_code())
    for code in (by_sms.code(), by_sms.wrong_code()):
        assert by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=code) == LOCKED
    assert by_sms.stored().failed_codes == 5

    by_sms.world.clock.advance(1)
    by_sms.refused(CodeMismatchException, challenge, SMS_MFA_CODE=by_sms.wrong_code())
    by_sms.world.clock.advance(1)
    assert by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code()) == LOCKED
    by_sms.world.clock.advance(1)
    assert isinstance(by_sms.answer(challenge, SMS_MFA_CODE=by_sms.code()), AuthenticationResult)


def test_a_right_password_does_not_unlock_the_codes(by_sms):
    """Whoever knows the password must not get five more guesses with each sign-in."""
    challenge = by_sms.begin()
    for _ in range(5):
        by_sms.refused(CodeMismatchException, challenge, SMS_MFA_CODE=by_sms.wrong_code())
    again = by_sms.begin()
    assert by_sms.refused(NotAuthorizedException, again, SMS_MFA_CODE=by_sms.code()) == LOCKED


def test_a_quarter_of_an_hour_forgets(by_sms):
    """COG-API-LOCK-001."""
    challenge = by_sms.begin()
    for _ in range(5):
        by_sms.refused(CodeMismatchException, challenge, SMS_MFA_CODE=by_sms.wrong_code())
    by_sms.world.clock.advance(900)
    again = by_sms.begin()
    by_sms.refused(CodeMismatchException, again, SMS_MFA_CODE=by_sms.wrong_code())
    assert by_sms.stored().failed_codes == 1


def test_software_token(by_token):
    """COG-API-MFA-005, COG-API-JSON-010."""
    mfa, secret = by_token
    challenge = mfa.begin()

    assert challenge.name == "SOFTWARE_TOKEN_MFA"
    assert challenge.parameters == {"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": "ada"}
    outcome = mfa.answer(challenge, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret))
    assert isinstance(outcome, AuthenticationResult)
    assert not mfa.world.delivery.messages


def test_wrong_code_of_a_token(by_token):
    """COG-API-MFA-008: a text of its own; the session and the token live on."""
    mfa, secret = by_token
    challenge = mfa.begin()
    far = mfa.totp(secret, steps=5)
    message = mfa.refused(CodeMismatchException, challenge, SOFTWARE_TOKEN_MFA_CODE=far)
    assert message == "Invalid code received for user"
    assert mfa.stored().failed_codes == 1
    outcome = mfa.answer(challenge, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret))
    assert isinstance(outcome, AuthenticationResult)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_used_code_is_not_taken_again(by_token, steps):
    """COG-API-MFA-008, RFC 6238 §5.2: in no other sign-in; nor is an older one."""
    mfa, secret = by_token
    mfa.world.clock.advance(60)
    used = mfa.totp(secret, steps=steps)
    mfa.answer(mfa.begin(), SOFTWARE_TOKEN_MFA_CODE=used)
    again = mfa.begin()
    for older in range(-1, steps + 1):
        message = mfa.refused(
            ExpiredCodeException, again, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret, steps=older)
        )
        assert message == "Your software token has already been used once."
    mfa.world.clock.advance(60)
    outcome = mfa.answer(again, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret))
    assert isinstance(outcome, AuthenticationResult)


def test_the_code_that_registered_a_token_does_not_sign_in(mfa):
    """The same rule from the first use on."""
    mfa.pool(TOKENS, OPTIONAL)
    mfa.world.user()
    secret = mfa.token()
    mfa.prefer("SOFTWARE_TOKEN_MFA")
    code = mfa.totp(secret)
    mfa.refused(ExpiredCodeException, mfa.begin(), SOFTWARE_TOKEN_MFA_CODE=code)


def test_a_token_that_was_deleted_meanwhile(by_token):
    """COG-API-MFA-015."""
    mfa, secret = by_token
    challenge = mfa.begin()
    admin_delete_software_token(mfa.services, pool_id=POOL_ID, username="ada")
    code = mfa.totp(secret)
    message = mfa.refused(
        SoftwareTokenMFANotFoundException, challenge, SOFTWARE_TOKEN_MFA_CODE=code
    )
    assert message == "Software Token MFA does not exist for the user."


def test_a_registered_token_is_asked_for_before_another_is_set_up(mfa):
    """A pool that demands a factor does not let the password alone replace a registered one."""
    mfa.pool(TOKENS, ON)
    mfa.world.user()
    secret = mfa.token()
    mfa.world.clock.advance(30)
    challenge = mfa.begin()
    assert challenge.name == "SOFTWARE_TOKEN_MFA"
    mfa.answer(challenge, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret))


def test_choosing_a_factor(mfa):
    """COG-API-MFA-005, -006: the list, then the chosen challenge, each with its own session."""
    mfa.pool(SMS, TOKENS, EMAIL, OPTIONAL)
    mfa.world.user(**PHONE, **BY_EMAIL)
    secret = mfa.token()
    mfa.prefer("EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "SMS_MFA")
    mfa.world.clock.advance(30)
    choice = mfa.begin()

    assert choice.name == "SELECT_MFA_TYPE"
    assert choice.parameters == {
        "MFAS_CAN_CHOOSE": '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        "USER_ID_FOR_SRP": "ada",
    }
    assert not mfa.world.delivery.messages
    chosen = mfa.answer(choice, ANSWER="SOFTWARE_TOKEN_MFA")
    assert chosen.name == "SOFTWARE_TOKEN_MFA"
    assert chosen.parameters == {"FRIENDLY_DEVICE_NAME": "phone"}
    assert chosen.session != choice.session
    assert mfa.refused(NotAuthorizedException, choice, ANSWER="SMS_MFA") == (
        "Invalid session for the user, session can only be used once."
    )
    outcome = mfa.answer(chosen, SOFTWARE_TOKEN_MFA_CODE=mfa.totp(secret))
    assert isinstance(outcome, AuthenticationResult)

    chosen = mfa.answer(mfa.begin(), ANSWER="SMS_MFA")
    assert chosen.parameters["CODE_DELIVERY_DESTINATION"] == "+*******0123"
    assert isinstance(mfa.answer(chosen, SMS_MFA_CODE=mfa.code()), AuthenticationResult)


@pytest.mark.parametrize("answer", ["SOFTWARE_TOKEN_MFA", "WEB_AUTHN", "x"])
def test_choosing_what_is_not_in_the_list(mfa, answer):
    """COG-API-FSM-001: refused, and the choice stays open."""
    mfa.pool(SMS, TOKENS, EMAIL, ON)
    mfa.world.user(**PHONE, **BY_EMAIL)
    choice = mfa.begin()
    mfa.refused(MFAMethodNotFoundException, choice, ANSWER=answer)
    assert mfa.answer(choice, ANSWER="EMAIL_OTP").name == "EMAIL_OTP"


def test_after_a_new_password_comes_the_second_factor(mfa):
    """COG-API-NEWPWD-004."""
    mfa.pool(SMS, ON)
    mfa.world.temporary_password("ada", **PHONE)
    first = mfa.begin(password="Tempor4ry!")
    assert first.name == "NEW_PASSWORD_REQUIRED"
    second = mfa.answer(first, NEW_PASSWORD="N3w!passw")
    assert second.name == "SMS_MFA"
    assert mfa.stored().status is UserStatus.CONFIRMED
    assert isinstance(mfa.answer(second, SMS_MFA_CODE=mfa.code()), AuthenticationResult)


def test_administrators_continue_what_users_begin_and_the_reverse(by_sms):
    """COG-API-REFRESH-008."""
    challenge = by_sms.begin(auth_flow="ADMIN_USER_PASSWORD_AUTH", admin_pool_id=POOL_ID)
    assert isinstance(by_sms.answer(challenge, SMS_MFA_CODE=by_sms.code()), AuthenticationResult)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("SMS_MFA", "SMS_MFA_CODE"),
        ("EMAIL_OTP", "EMAIL_OTP_CODE"),
        ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
        ("SELECT_MFA_TYPE", "ANSWER"),
    ],
)
def test_an_answer_needs_its_parameter(by_sms, name, parameter):
    """COG-API-AUTH-007, -011."""
    challenge = by_sms.begin()
    message = by_sms.refused(InvalidParameterException, challenge, name=name, other="x")
    assert message == f"Missing required parameter {parameter}"


def test_a_contact_that_changed_meanwhile(by_sms):
    """What was sent to the former number does not sign in."""
    challenge = by_sms.begin()
    admin_update_user_attributes(
        by_sms.services,
        pool_id=POOL_ID,
        username="ada",
        attributes={"phone_number": "+15555550199"},
    )
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == INVALID


def test_a_password_that_changed_meanwhile(by_sms):
    """What the former password began ends with it."""
    challenge = by_sms.begin()
    by_sms.world.set_password("ada", "An0ther!pw")
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == INVALID


def test_a_temporary_password_set_meanwhile(by_sms):
    """The same when an administrator starts the user over."""
    challenge = by_sms.begin()
    admin_set_user_password(
        by_sms.services, pool_id=POOL_ID, username="ada", password=PASSWORD, permanent=False
    )
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == INVALID


def test_a_user_who_was_disabled_meanwhile(by_sms):
    """COG-API-PWD-003."""
    challenge = by_sms.begin()
    admin_disable_user(by_sms.services, pool_id=POOL_ID, username="ada")
    message = by_sms.refused(NotAuthorizedException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == "User is disabled."


def test_a_user_whose_password_was_reset_meanwhile(by_sms):
    """COG-API-PWD-003."""
    challenge = by_sms.begin()
    by_sms.world.put(replace(by_sms.stored(), status=UserStatus.RESET_REQUIRED))
    message = by_sms.refused(PasswordResetRequiredException, challenge, SMS_MFA_CODE=by_sms.code())
    assert message == "Password reset required for the user"


def test_a_password_is_not_recovered_where_codes_arrive(mfa):
    """COG-API-RESET-001: the phone of an active factor is passed over, also without an e-mail."""
    mfa.pool(SMS, OPTIONAL)
    mfa.world.user(**PHONE, **BY_EMAIL, phone_number_verified="true", email_verified="true")
    how = {"client_id": CLIENT_ID, "username": "ada"}
    assert forgot_password(mfa.services, **how).attribute == "phone_number"

    mfa.prefer("SMS_MFA")
    assert forgot_password(mfa.services, **how).attribute == "email"

    mfa.world.put(replace(mfa.stored(), attributes=PHONE | {"phone_number_verified": "true"}))
    with pytest.raises(InvalidParameterException, match="no registered/verified email"):
        forgot_password(mfa.services, **how)


def test_lists_are_json_texts(mfa):
    """COG-API-AUTH-006."""
    mfa.pool(SMS, TOKENS, EMAIL, ON)
    mfa.world.user()
    challenge = mfa.begin()
    assert listed(challenge, "MFAS_CAN_SETUP") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
