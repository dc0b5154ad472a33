"""The steps that the pages take: a user when it is done, a challenge when there is more."""

from dataclasses import replace

import pytest

from cognito_mock.core.errors import InvalidParameterException, NotAuthorizedException
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.users import User
from cognito_mock.flows.mfa_setup import associate_software_token, verify_software_token
from cognito_mock.flows.sign_in import Challenge, answer_challenge
from cognito_mock.flows.users import admin_disable_user

from .mfa_world import ON, PASSWORD, PHONE, POOL_ID, SMS, TOKENS, MfaWorld


class Pages(MfaWorld):
    """Signs in as the pages do."""

    def enter(self, password=PASSWORD):
        return self.world.enter(self.world.client(), "ada", password)

    def reply(self, challenge, *, session=None, **responses):
        return answer_challenge(
            self.services,
            client=self.world.client(),
            challenge_name=challenge.name,
            session=challenge.session if session is None else session,
            username="ada",
            responses=responses,
        )


@pytest.fixture
def pages(world) -> Pages:
    return Pages(world)


def test_a_password_that_is_enough(pages):
    """The user, and no tokens."""
    user = pages.world.user()
    assert pages.enter().sub == user.sub
    with pytest.raises(NotAuthorizedException, match="Incorrect"):
        pages.enter("wrong")


def test_a_temporary_password(pages):
    """COG-API-NEWPWD-001: the challenge of the API."""
    pages.world.client()
    temporary = pages.world.temporary_password("ada")
    assert pages.enter(temporary).name == "NEW_PASSWORD_REQUIRED"


def test_a_new_password_and_then_a_code(pages):
    """Every step but the last is a challenge; tokens are issued by none."""
    pages.pool(SMS, ON)
    pages.world.temporary_password("ada", **PHONE)
    first = pages.enter("Tempor4ry!")
    second = pages.reply(first, NEW_PASSWORD="N3w!passw")
    user = pages.reply(second, SMS_MFA_CODE=pages.code())

    assert (first.name, second.name) == ("NEW_PASSWORD_REQUIRED", "SMS_MFA")
    assert isinstance(user, User)
    assert user == pages.stored()
    with pages.services.store.read() as tx:
        assert not tx.scan(RefreshGrant)


def test_setting_up_a_token(pages):
    """The sessions go from step to step."""
    pages.pool(TOKENS, ON)
    pages.world.user()
    challenge = pages.enter()
    new = associate_software_token(pages.services, session=challenge.session)
    code = pages.totp(new.secret)
    session = verify_software_token(pages.services, session=new.session, code=code)
    assert pages.reply(challenge, session=session) == pages.stored()


def test_a_user_who_was_disabled_meanwhile(pages):
    """A right code does not sign in who may not."""
    pages.pool(SMS, ON)
    pages.world.user(**PHONE)
    challenge = pages.enter()
    admin_disable_user(pages.services, pool_id=POOL_ID, username="ada")
    with pytest.raises(NotAuthorizedException, match="User is disabled"):
        pages.reply(challenge, SMS_MFA_CODE=pages.code())


def test_another_user_under_the_same_name(pages):
    """Even with the same password, stored alike: the subject tells them apart."""
    pages.pool(SMS, ON)
    pages.world.user(**PHONE)
    challenge = pages.enter()
    pages.world.put(replace(pages.stored(), sub="another"))
    with pytest.raises(NotAuthorizedException, match="Invalid session"):
        pages.reply(challenge, SMS_MFA_CODE=pages.code())


def test_a_form_without_a_session(pages):
    """COG-API-AUTH-010."""
    challenge = Challenge(name="SMS_MFA", session="", parameters={})
    with pytest.raises(InvalidParameterException, match="Missing required parameter Session"):
        pages.reply(challenge, SMS_MFA_CODE="123456")
