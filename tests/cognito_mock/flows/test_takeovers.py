"""Nobody answers for another: every challenge with every kind of session that is not its own.

Each step of a sign-in is prepared for Ada, and its right answer is known. Then all but one thing is
right, and the step must refuse with the documented error (COG-API-AUTH-009, -010) and leave the
store as it was. That the answer is right otherwise is shown by giving it at last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from pycognito.aws_srp import AWSSRP

from cognito_mock.core import users
from cognito_mock.core.errors import (
    CognitoError,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
)
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.record_codec import record_kinds
from cognito_mock.flows.mfa_setup import associate_software_token, verify_software_token
from cognito_mock.flows.sign_in import Challenge, respond_to_auth_challenge
from cognito_mock.service_model import operation_model

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
)

OTHER_CLIENT = "2222222222222222222example"
OTHER_POOL = "eu-west-1_OtherPool"
OTHER_POOLS_CLIENT = "3333333333333333333example"
ANSWER = "respond_to_auth_challenge"
ASSOCIATE = "associate_software_token"
VERIFY = "verify_software_token"
EXPIRED = "Invalid session for the user, session is expired."
USED = "Invalid session for the user, session can only be used once."


@dataclass(frozen=True)
class Step:
    """A step that was prepared for one user: what it is asked with, and the right answer."""

    call: str
    session: str
    name: str = ""
    responses: dict = field(default_factory=dict)

    def take(self, mfa, *, session=None, client_id=CLIENT_ID, pool_id=None, **responses):
        session = self.session if session is None else session
        if self.call == ASSOCIATE:
            return associate_software_token(mfa.services, session=session)
        if self.call == VERIFY:
            return verify_software_token(mfa.services, session=session, **self.responses)
        return respond_to_auth_challenge(
            mfa.services,
            client_id=client_id,
            admin_pool_id=pool_id,
            challenge_name=self.name,
            session=session,
            responses={**self.responses, **responses},
        )


def answered(challenge: Challenge, username: str, **responses) -> Step:
    return Step(
        call=ANSWER,
        name=challenge.name,
        session=challenge.session,
        responses={"USERNAME": username, **responses},
    )


def srp(mfa, username) -> Step:
    mfa.world.user(username)
    side = AWSSRP(username, PASSWORD, POOL_ID, CLIENT_ID, client=object())
    parameters = side.get_auth_params()
    challenge = mfa.begin(auth_flow="USER_SRP_AUTH", parameters=parameters)
    responses = side.process_challenge(challenge.parameters, parameters)
    return answered(challenge, username, **responses)


def new_password(mfa, username) -> Step:
    password = mfa.world.temporary_password(username)
    challenge = mfa.begin(username, password)
    return answered(challenge, username, NEW_PASSWORD="N3w!passw")


def sms(mfa, username) -> Step:
    mfa.pool(SMS, ON)
    mfa.world.user(username, **PHONE)
    return answered(mfa.begin(username), username, SMS_MFA_CODE=mfa.code())


def email(mfa, username) -> Step:
    mfa.pool(EMAIL, ON)
    mfa.world.user(username, **BY_EMAIL)
    return answered(mfa.begin(username), username, EMAIL_OTP_CODE=mfa.code())


def token(mfa, username) -> Step:
    mfa.pool(TOKENS, OPTIONAL)
    mfa.world.user(username)
    secret = mfa.token(username)
    mfa.prefer("SOFTWARE_TOKEN_MFA", username=username)
    code = mfa.totp(secret, steps=1)
    return answered(mfa.begin(username), username, SOFTWARE_TOKEN_MFA_CODE=code)


def choice(mfa, username) -> Step:
    mfa.pool(SMS, EMAIL, ON)
    mfa.world.user(username, **PHONE, **BY_EMAIL)
    return answered(mfa.begin(username), username, ANSWER="EMAIL_OTP")


def setup_by_email(mfa, username) -> Step:
    mfa.pool(TOKENS, EMAIL, ON)
    mfa.world.user(username)
    return answered(mfa.begin(username), username, EMAIL=f"{username}@example.com")


def email_set_up(mfa, username) -> Step:
    asked = setup_by_email(mfa, username).take(mfa)
    return answered(asked, username, EMAIL_OTP_CODE=mfa.code())


def association(mfa, username) -> Step:
    return Step(call=ASSOCIATE, session=setup_by_email(mfa, username).session)


def verification(mfa, username) -> Step:
    new = association(mfa, username).take(mfa)
    return Step(call=VERIFY, session=new.session, responses={"code": mfa.totp(new.secret)})


def setup_by_token(mfa, username) -> Step:
    session = verification(mfa, username).take(mfa)
    challenge = Challenge(name="MFA_SETUP", session=session, parameters={})
    return answered(challenge, username)


# COG-API-AUTH-004: the model's names, and among them those that no flow gives out.
GIVEN_OUT = {
    "EMAIL_OTP",
    "MFA_SETUP",
    "NEW_PASSWORD_REQUIRED",
    "PASSWORD_VERIFIER",
    "SELECT_MFA_TYPE",
    "SMS_MFA",
    "SOFTWARE_TOKEN_MFA",
}
NEVER_GIVEN_OUT = [
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_CHALLENGE",
    "DEVICE_PASSWORD_VERIFIER",
    "DEVICE_SRP_AUTH",
    "PASSWORD",
    "PASSWORD_SRP",
    "SELECT_CHALLENGE",
    "SMS_OTP",
    "WEB_AUTHN",
]
ANSWERS = (
    srp, new_password, sms, email, token, choice, setup_by_email, email_set_up, setup_by_token,
)  # fmt: skip
STEPS = (*ANSWERS, association, verification)
Prepare = Callable[[MfaWorld, str], Step]


def challenge_of(prepare: Prepare) -> str:
    """The challenge to which the step belongs."""
    if prepare in {association, verification, setup_by_email, setup_by_token}:
        return "MFA_SETUP"
    return "EMAIL_OTP" if prepare in {email, email_set_up} else prepare.__name__


DIFFERENT = [(a, b) for a in STEPS for b in STEPS if challenge_of(a) != challenge_of(b)]


@pytest.fixture(autouse=True)
def _timestamps(recwarn):
    """Newer Pythons warn of how pycognito asks the clock; the warning is its own affair."""


@pytest.fixture
def mfa(world) -> MfaWorld:
    """A pool with two clients, and another pool with a client and an Ada of its own."""
    world.client()
    world.client(OTHER_CLIENT)
    world.pool(OTHER_POOL)
    world.client(OTHER_POOLS_CLIENT, pool_id=OTHER_POOL)
    world.user(pool_id=OTHER_POOL)
    return MfaWorld(world)


def everything(mfa) -> list:
    """Every stored record."""
    with mfa.services.store.read() as tx:
        return [record for kind in record_kinds() for record in tx.scan(kind)]


def refusal(mfa, step: Step, **how) -> tuple[type[CognitoError], str]:
    """Take a step that must be refused and change nothing."""
    before = everything(mfa)
    with pytest.raises(CognitoError) as caught:
        step.take(mfa, **how)
    assert everything(mfa) == before
    return type(caught.value), caught.value.message


@pytest.mark.parametrize("prepare", STEPS)
def test_with_its_own_session(mfa, prepare: Prepare):
    """The answers are right."""
    prepare(mfa, "ada").take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_without_a_session(mfa, prepare: Prepare):
    """COG-API-AUTH-010; with SRP the secret block is the session (COG-API-AUTH-006)."""
    step = prepare(mfa, "ada")
    without = {"PASSWORD_CLAIM_SECRET_BLOCK": ""} if prepare is srp else {}
    missing = "PASSWORD_CLAIM_SECRET_BLOCK" if prepare is srp else "Session"
    assert refusal(mfa, step, session="", **without) == (
        InvalidParameterException,
        f"Missing required parameter {missing}",
    )
    step.take(mfa)


@pytest.mark.parametrize("prepare", [association, verification])
def test_registering_a_token_with_nothing(mfa, prepare: Prepare):
    """COG-API-GAP-003: neither an access token nor a session."""
    step = prepare(mfa, "ada")
    assert refusal(mfa, step, session="")[0] is InvalidParameterException
    step.take(mfa)


@pytest.mark.parametrize("prepare", STEPS)
def test_with_a_stale_session(mfa, prepare: Prepare):
    """COG-API-AUTH-008: three minutes."""
    step = prepare(mfa, "ada")
    mfa.world.clock.advance(180)
    assert refusal(mfa, step) == (NotAuthorizedException, EXPIRED)


@pytest.mark.parametrize("prepare", STEPS)
def test_with_an_altered_session(mfa, prepare: Prepare):
    """Every part of the text counts: its beginning, its middle, its end, its length."""
    step = prepare(mfa, "ada")
    whole = step.session
    middle = len(whole) // 2
    flipped = whole[:middle] + ("A" if whole[middle] != "A" else "B") + whole[middle + 1 :]
    others = (flipped, whole[:-1], whole + "A", whole + "=", f"x{whole[1:]}", whole.lower())
    for altered in others:
        assert refusal(mfa, step, session=altered) == (NotAuthorizedException, INVALID)
    step.take(mfa)


@pytest.mark.parametrize("prepare", STEPS)
def test_with_a_reused_session(mfa, prepare: Prepare):
    """COG-API-AUTH-009."""
    step = prepare(mfa, "ada")
    step.take(mfa)
    assert refusal(mfa, step) == (NotAuthorizedException, USED)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_with_the_session_of_another_user(mfa, prepare: Prepare):
    """Eve's session does not carry Ada's right answer, nor the reverse."""
    ada = prepare(mfa, "ada")
    eve = prepare(mfa, "eve")
    assert refusal(mfa, ada, session=eve.session) == (NotAuthorizedException, INVALID)
    assert refusal(mfa, eve, session=ada.session) == (NotAuthorizedException, INVALID)
    ada.take(mfa)
    eve.take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_for_another_user(mfa, prepare: Prepare):
    """The right answer in the right session, with another name: existing, not existing, other."""
    step = prepare(mfa, "ada")
    bob = mfa.world.user("bob")
    for name in ("bob", bob.sub, "nobody", "ada@example.com"):
        assert refusal(mfa, step, USERNAME=name) == (NotAuthorizedException, INVALID)
    step.take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_by_another_client(mfa, prepare: Prepare):
    """COG-API-AUTH-009: of the same pool, and of another with a user of the same name."""
    step = prepare(mfa, "ada")
    for client_id in (OTHER_CLIENT, OTHER_POOLS_CLIENT):
        assert refusal(mfa, step, client_id=client_id) == (NotAuthorizedException, INVALID)
    step.take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_in_another_pool(mfa, prepare: Prepare):
    """COG-API-AUTH-014: an administrator of another pool continues nothing."""
    step = prepare(mfa, "ada")
    assert refusal(mfa, step, pool_id=OTHER_POOL) == (
        ResourceNotFoundException,
        f"User pool client {CLIENT_ID} does not exist.",
    )
    how = {"pool_id": OTHER_POOL, "client_id": OTHER_POOLS_CLIENT}
    assert refusal(mfa, step, **how) == (NotAuthorizedException, INVALID)
    step.take(mfa, pool_id=POOL_ID)


@pytest.mark.parametrize(("prepare", "foreign"), DIFFERENT)
def test_with_the_session_of_another_challenge(mfa, prepare: Prepare, foreign: Prepare):
    """COG-API-AUTH-009: the same user's session for one thing does not do another.

    Whoever has the first factor only must not come by the second one with what they have.
    """
    other = foreign(mfa, "ada")
    with mfa.services.store.transaction() as tx:
        tx.delete(users.User, POOL_ID, "ada")
    step = prepare(mfa, "ada")
    assert refusal(mfa, step, session=other.session) == (NotAuthorizedException, INVALID)
    step.take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_without_a_username(mfa, prepare: Prepare):
    """COG-API-AUTH-007, -011: a session alone does not say who answers."""
    step = prepare(mfa, "ada")
    assert refusal(mfa, step, USERNAME="") == (
        InvalidParameterException,
        "Missing required parameter USERNAME",
    )
    step.take(mfa)


@pytest.mark.parametrize("prepare", ANSWERS)
def test_as_a_challenge_that_was_not_asked(mfa, prepare: Prepare):
    """COG-API-AUTH-004, COG-API-REFRESH-007: no session fits it, whatever the answer holds."""
    step = prepare(mfa, "ada")
    everything_right = {
        **step.responses,
        "PASSWORD": PASSWORD,
        "ANSWER": "PASSWORD",
        "SRP_A": "ab",
        "DEVICE_KEY": "eu-west-1_00000000-0000-4000-8000-000000000000",
        "CREDENTIAL": "{}",
        "SMS_OTP_CODE": step.responses.get("SMS_MFA_CODE", "123456"),
    }
    for name in NEVER_GIVEN_OUT:
        other = replace(step, name=name, responses=everything_right)
        assert refusal(mfa, other) == (NotAuthorizedException, INVALID)
        assert refusal(mfa, other, session="") == (
            InvalidParameterException,
            "Missing required parameter Session",
        )
    step.take(mfa)


@pytest.mark.parametrize("how", ["foreign", "altered", "other client", "stale", "used"])
def test_with_the_secret_block_for_a_session(mfa, how: str):
    """COG-API-AUTH-006: an old client's answer has no other session, and it is bound like one."""
    ada, eve = srp(mfa, "ada"), srp(mfa, "eve")
    block = ada.responses["PASSWORD_CLAIM_SECRET_BLOCK"]
    options = {"session": ""}
    expected = INVALID
    if how == "foreign":
        options["PASSWORD_CLAIM_SECRET_BLOCK"] = eve.responses["PASSWORD_CLAIM_SECRET_BLOCK"]
    elif how == "altered":
        options["PASSWORD_CLAIM_SECRET_BLOCK"] = ("B" if block[0] == "A" else "A") + block[1:]
    elif how == "other client":
        options["client_id"] = OTHER_CLIENT
    elif how == "stale":
        mfa.world.clock.advance(180)
        expected = EXPIRED
    else:
        ada.take(mfa, session="")
        expected = USED
    assert refusal(mfa, ada, **options) == (NotAuthorizedException, expected)
    if how in {"foreign", "altered", "other client"}:
        ada.take(mfa, session="")


@pytest.mark.parametrize("prepare", STEPS)
def test_for_a_later_user_of_the_same_name(mfa, prepare: Prepare):
    """A session does not outlive the user who began it."""
    step = prepare(mfa, "ada")
    with mfa.services.store.transaction() as tx:
        tx.delete(users.User, POOL_ID, "ada")
    mfa.world.user("ada", **PHONE, **BY_EMAIL)
    before = [r for r in everything(mfa) if not isinstance(r, ChallengeSession)]
    with pytest.raises(NotAuthorizedException):
        step.take(mfa)
    # A wrong SRP answer is a wrong password: it uses its session up and is counted.
    if prepare is not srp:
        assert [r for r in everything(mfa) if not isinstance(r, ChallengeSession)] == before


def test_every_challenge_is_in_the_table(mfa):
    """COG-API-AUTH-004: what the flows give out is what was tried above; the rest, never given."""
    names = {prepare(mfa, prepare.__name__).name for prepare in ANSWERS}
    assert names == GIVEN_OUT
    assert len(GIVEN_OUT) + len(NEVER_GIVEN_OUT) == 16
    model = operation_model("RespondToAuthChallenge").input_shape
    assert {*GIVEN_OUT, *NEVER_GIVEN_OUT} <= set(model.members["ChallengeName"].metadata["enum"])
