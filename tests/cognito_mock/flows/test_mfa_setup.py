"""Software tokens registered, and MFA_SETUP as a part of signing in."""

import re
from dataclasses import replace

import pytest

from cognito_mock.core.errors import (
    AliasExistsException,
    CodeMismatchException,
    EnableSoftwareTokenMFAException,
    InvalidParameterException,
    NotAuthorizedException,
    SoftwareTokenMFANotFoundException,
)
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.mfa_preferences import admin_delete_software_token
from cognito_mock.flows.mfa_setup import associate_software_token, verify_software_token
from cognito_mock.flows.sign_in import AuthenticationResult

from .mfa_world import (
    BY_EMAIL,
    EMAIL,
    INVALID,
    ON,
    OPTIONAL,
    PHONE,
    POOL_ID,
    SMS,
    TOKENS,
    MfaWorld,
    listed,
)

USED = "Invalid session for the user, session can only be used once."
EXPIRED = "Invalid session for the user, session is expired."
TAKEN = {"email": "taken@example.com", "email_verified": "true"}


@pytest.fixture
def mfa(world) -> MfaWorld:
    return MfaWorld(world)


@pytest.fixture
def demanded(mfa) -> MfaWorld:
    """A pool that demands a factor, with tokens and e-mail, and Ada who has none."""
    mfa.pool(TOKENS, EMAIL, ON)
    mfa.world.user()
    return mfa


def associate(mfa, **how):
    return associate_software_token(mfa.services, **how)


def verify(mfa, **how):
    return verify_software_token(mfa.services, **how)


def refused(error, call, mfa, **how) -> str:
    with pytest.raises(error) as caught:
        call(mfa, **how)
    return caught.value.message


def test_setting_up_a_token_while_signing_in(demanded):
    """COG-API-MFA-006, -007, -011: secret, code, tokens; the token is active and preferred."""
    challenge = demanded.begin()
    assert challenge.name == "MFA_SETUP"
    assert challenge.parameters == {
        "MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        "USER_ID_FOR_SRP": "ada",
    }
    new = associate(demanded, session=challenge.session)
    assert re.fullmatch("[A-Z2-7]{52}", new.secret)
    code = demanded.totp(new.secret)
    session = verify(demanded, session=new.session, code=code, name="laptop")
    assert len({challenge.session, new.session, session}) == 3
    outcome = demanded.answer(challenge, session=session)

    assert isinstance(outcome, AuthenticationResult)
    user = demanded.stored()
    assert (user.totp_secret, user.totp_name) == (new.secret, "laptop")
    assert (user.mfa_factors, user.mfa_preference) == (
        ("SOFTWARE_TOKEN_MFA",),
        "SOFTWARE_TOKEN_MFA",
    )
    demanded.world.clock.advance(30)
    again = demanded.begin()
    assert again.name == "SOFTWARE_TOKEN_MFA"
    assert again.parameters["FRIENDLY_DEVICE_NAME"] == "laptop"


def test_each_session_of_a_set_up_is_used_once(demanded):
    """COG-API-AUTH-009: in every step."""
    challenge = demanded.begin()
    new = associate(demanded, session=challenge.session)
    assert refused(NotAuthorizedException, associate, demanded, session=challenge.session) == USED
    code = demanded.totp(new.secret)
    session = verify(demanded, session=new.session, code=code)
    how = {"session": new.session, "code": code}
    assert refused(NotAuthorizedException, verify, demanded, **how) == USED
    demanded.answer(challenge, session=session)
    assert demanded.refused(NotAuthorizedException, challenge, session=session) == USED


def test_another_secret_replaces_the_pending_one(demanded):
    """COG-API-MFA-009: by the newest session."""
    first = associate(demanded, session=demanded.begin().session)
    second = associate(demanded, session=first.session)
    assert second.secret != first.secret
    code = demanded.totp(first.secret)
    how = {"session": second.session, "code": code}
    assert refused(EnableSoftwareTokenMFAException, verify, demanded, **how) == "Code mismatch"
    assert demanded.stored().totp_secret is None
    assert verify(demanded, session=second.session, code=demanded.totp(second.secret))


def test_a_set_up_expires(demanded):
    """COG-API-AUTH-008: three minutes for each step."""
    challenge = demanded.begin()
    demanded.world.clock.advance(179)
    new = associate(demanded, session=challenge.session)
    demanded.world.clock.advance(179)
    code = demanded.totp(new.secret)
    session = verify(demanded, session=new.session, code=code)
    demanded.world.clock.advance(180)
    assert demanded.refused(NotAuthorizedException, challenge, session=session) == EXPIRED


def test_signing_in_before_the_token_is_verified(demanded):
    """MFA_SETUP is not answered by asking for a secret."""
    challenge = demanded.begin()
    demanded.refused(InvalidParameterException, challenge)
    new = associate(demanded, session=challenge.session)
    demanded.refused(InvalidParameterException, challenge, session=new.session)
    assert demanded.stored().totp_secret is None


def test_verifying_what_was_never_associated(demanded):
    """There is no secret to compare with."""
    how = {"session": demanded.begin().session, "code": "123456"}
    assert refused(NotAuthorizedException, verify, demanded, **how) == INVALID


def test_an_older_session_does_not_replace_a_token(demanded):
    """Who has set up a factor is safe from whoever began with the same password before."""
    waiting = associate(demanded, session=demanded.begin().session)
    elsewhere = demanded.begin()
    new = associate(demanded, session=demanded.begin().session)
    verify(demanded, session=new.session, code=demanded.totp(new.secret))

    how = {"session": waiting.session, "code": demanded.totp(waiting.secret)}
    assert refused(NotAuthorizedException, verify, demanded, **how) == INVALID
    assert refused(NotAuthorizedException, associate, demanded, session=elsewhere.session) == (
        INVALID
    )
    email = "eve@example.com"
    assert demanded.refused(NotAuthorizedException, elsewhere, EMAIL=email) == INVALID
    assert demanded.stored().totp_secret == new.secret


def test_a_token_that_was_taken_away_lets_nobody_in(demanded):
    """COG-API-MFA-015: between verifying and signing in."""
    challenge = demanded.begin()
    new = associate(demanded, session=challenge.session)
    session = verify(demanded, session=new.session, code=demanded.totp(new.secret))
    admin_delete_software_token(demanded.services, pool_id=POOL_ID, username="ada")
    assert demanded.refused(NotAuthorizedException, challenge, session=session) == INVALID


def test_only_set_up_sessions_associate(mfa):
    """The session of a code that somebody else receives is no way around it."""
    mfa.pool(SMS, TOKENS, ON)
    mfa.world.user(**PHONE)
    session = mfa.begin().session
    assert refused(NotAuthorizedException, associate, mfa, session=session) == INVALID


def test_the_session_of_a_code_does_not_associate(demanded):
    """Not even while the user still has to set up a factor."""
    asked = demanded.answer(demanded.begin(), EMAIL="ada@example.com")
    assert refused(NotAuthorizedException, associate, demanded, session=asked.session) == INVALID


@pytest.mark.parametrize("spelling", ["EMAIL", "email"])
def test_setting_up_email(demanded, spelling):
    """COG-API-MFA-007: the code goes to the new address, which is the user's with it."""
    challenge = demanded.begin()
    asked = demanded.answer(challenge, **{spelling: "ada@example.com"})

    assert asked.name == "EMAIL_OTP"
    assert asked.parameters == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
        "CODE_DELIVERY_DESTINATION": "a***@e***",
        "USER_ID_FOR_SRP": "ada",
    }
    assert list_messages(demanded.services)[-1].recipient == "ada@example.com"
    assert demanded.stored().attributes == {}
    demanded.refused(CodeMismatchException, asked, EMAIL_OTP_CODE=demanded.wrong_code())
    outcome = demanded.answer(asked, EMAIL_OTP_CODE=demanded.code())
    assert isinstance(outcome, AuthenticationResult)
    user = demanded.stored()
    assert user.attributes == {"email": "ada@example.com", "email_verified": "true"}
    assert (user.mfa_factors, user.mfa_preference) == (("EMAIL_OTP",), "EMAIL_OTP")
    assert demanded.begin().name == "EMAIL_OTP"


def test_setting_up_email_does_not_overtake_another_factor(demanded):
    """A token that was set up meanwhile is what the user is asked for."""
    asked = demanded.answer(demanded.begin(), EMAIL="eve@example.com")
    code = demanded.code()
    new = associate(demanded, session=demanded.begin().session)
    verify(demanded, session=new.session, code=demanded.totp(new.secret))
    assert demanded.refused(NotAuthorizedException, asked, EMAIL_OTP_CODE=code) == INVALID
    assert demanded.stored().attributes == {}


def test_setting_up_email_does_not_replace_an_address(mfa):
    """An administrator has given the user one meanwhile, which is for recovery only."""
    mechanism = {"Name": "verified_email", "Priority": 1}
    mfa.pool(EMAIL, ON, AccountRecoverySetting={"RecoveryMechanisms": [mechanism]})
    mfa.world.user()
    asked = mfa.answer(mfa.begin(), EMAIL="eve@example.com")
    mfa.world.put(replace(mfa.stored(), attributes=BY_EMAIL))
    assert mfa.refused(NotAuthorizedException, asked, EMAIL_OTP_CODE=mfa.code()) == INVALID
    assert mfa.stored().attributes == BY_EMAIL


def test_an_address_that_became_somebody_elses_name(mfa):
    """COG-API-NAME-008: who verifies it first has it; nothing of the other changes."""
    mfa.pool(EMAIL, ON, AliasAttributes=["email"])
    mfa.world.user()
    asked = mfa.answer(mfa.begin(), EMAIL=TAKEN["email"])
    code = mfa.code()
    mfa.world.user("bob", **TAKEN)
    mfa.refused(AliasExistsException, asked, EMAIL_OTP_CODE=code)
    assert mfa.stored().attributes == {}


@pytest.mark.parametrize("address", ["nobody", "a@b", "x" * 65 + "@example.com"])
def test_an_address_that_is_none(demanded, address):
    """COG-API-SIGNUP-005; the session stays."""
    challenge = demanded.begin()
    message = demanded.refused(InvalidParameterException, challenge, EMAIL=address)
    assert message == "Invalid email address format."
    assert demanded.answer(challenge, EMAIL="ada@example.com").name == "EMAIL_OTP"


def test_an_address_is_not_replaced(mfa):
    """A recovery address is no second factor, and the password alone does not change it."""
    mechanism = {"Name": "verified_email", "Priority": 1}
    mfa.pool(EMAIL, TOKENS, ON, AccountRecoverySetting={"RecoveryMechanisms": [mechanism]})
    mfa.world.user(**BY_EMAIL)
    challenge = mfa.begin()
    assert listed(challenge, "MFAS_CAN_SETUP") == ["SOFTWARE_TOKEN_MFA"]
    mfa.refused(InvalidParameterException, challenge, EMAIL="eve@example.com")
    assert mfa.stored().email == "ada@example.com"


@pytest.mark.parametrize("kind", ["AliasAttributes", "UsernameAttributes"])
def test_an_address_that_is_somebody_elses_name(mfa, kind):
    """COG-API-NAME-008."""
    mfa.pool(EMAIL, ON, **{kind: ["email", "phone_number"]})
    mfa.world.user("+15555550199" if kind == "UsernameAttributes" else "bob", **TAKEN)
    ada = mfa.world.user("+15555550123" if kind == "UsernameAttributes" else "ada")
    challenge = mfa.begin(username=ada.username)
    mfa.refused(AliasExistsException, challenge, USERNAME=ada.username, EMAIL="taken@example.com")


def test_an_address_that_the_client_may_not_write(demanded):
    """COG-API-SIGNUP-006."""
    demanded.world.client(WriteAttributes=["name"])
    message = demanded.refused(NotAuthorizedException, demanded.begin(), EMAIL="ada@example.com")
    assert message == "A client attempted to write unauthorized attribute"


def test_registering_a_token_when_signed_in(mfa):
    """COG-API-MFA-009, -011: registered, not switched on; no sessions."""
    mfa.pool(TOKENS, OPTIONAL)
    mfa.world.user()
    token = mfa.access_token()
    new = associate(mfa, access_token=token)
    assert new.session is None
    assert mfa.stored().totp_secret is None
    code = mfa.totp(new.secret)
    assert verify(mfa, access_token=token, code=code, name="phone") is None

    assert mfa.stored().totp_secret == new.secret
    assert mfa.stored().mfa_factors == ()
    assert isinstance(mfa.begin(), AuthenticationResult)


def test_a_token_that_works_stays_until_the_next_is_proven(mfa):
    """A pending secret replaces nothing yet."""
    mfa.pool(TOKENS, OPTIONAL)
    mfa.world.user()
    former = mfa.token()
    mfa.prefer("SOFTWARE_TOKEN_MFA")
    access = mfa.access_token()
    new = associate(mfa, access_token=access)
    code = mfa.totp(former, steps=1)
    how = {"access_token": access, "code": code}
    assert refused(EnableSoftwareTokenMFAException, verify, mfa, **how) == "Code mismatch"
    assert isinstance(mfa.answer(mfa.begin(), SOFTWARE_TOKEN_MFA_CODE=code), AuthenticationResult)
    verify(mfa, access_token=access, code=mfa.totp(new.secret))
    assert mfa.stored().totp_secret == new.secret
    how["code"] = mfa.totp(new.secret)
    refused(SoftwareTokenMFANotFoundException, verify, mfa, **how)


@pytest.mark.parametrize("settings", [(SMS, ON), (TOKENS,)])
def test_a_pool_without_tokens(mfa, settings):
    """COG-API-MFA-009."""
    mfa.pool(*settings)
    mfa.world.user()
    access = mfa.access_token()
    message = "Software Token MFA has not been enabled by the userPool"
    error = SoftwareTokenMFANotFoundException
    assert refused(error, associate, mfa, access_token=access) == message
    assert refused(error, verify, mfa, access_token=access, code="123456") == message


def test_a_set_up_in_a_pool_without_tokens(mfa):
    """The same with a session."""
    mfa.pool(EMAIL, ON)
    mfa.world.user()
    session = mfa.begin().session
    refused(SoftwareTokenMFANotFoundException, associate, mfa, session=session)


@pytest.mark.parametrize("how", [{}, {"access_token": "x", "session": "y"}])
def test_either_a_token_or_a_session(mfa, how):
    """COG-API-MFA-009, COG-API-GAP-003."""
    refused(InvalidParameterException, associate, mfa, **how)
    refused(InvalidParameterException, verify, mfa, code="123456", **how)
