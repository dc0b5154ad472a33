"""Nobody answers a challenge for another, over HTTP.

The flows' tests try every step with every kind of wrong session; here every challenge is answered
as it comes over the wire, public and admin operation alike, and what is refused changes nothing.
"""

import time
from base64 import b32decode

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from pycognito.aws_srp import AWSSRP

PASSWORD = "Passw0rd!x"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]
SMS_ROLE = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}
SENDER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/a@example.org",
}
SMS = {"SmsMfaConfiguration": {"SmsConfiguration": SMS_ROLE}}
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}"}}
PHONE = {"phone_number": "+15555550123"}
BY_EMAIL = {"email": "ada@example.org"}
REFUSED = "NotAuthorizedException"
INVALID = (REFUSED, "Invalid session for the user.")
USED = (REFUSED, "Invalid session for the user, session can only be used once.")
EXPIRED = (REFUSED, "Invalid session for the user, session is expired.")


def pairs(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def totp(secret, *, steps=0):
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    key = b32decode(secret + "=" * (-len(secret) % 8))
    generator = TOTP(key, 6, sha1, 30, enforce_key_length=False)
    return generator.generate(int(time.time()) + 30 * steps).decode()


class Attempt:
    """Ada's sign-in, and what others have."""

    def __init__(self, api) -> None:
        self.api = api
        self.pool_id, self.client_id = self.make_pool()
        self.other_pool_id, self.foreign_client_id = self.make_pool()
        self.other_client_id = self.make_client(self.pool_id)
        self.make_user("bob")
        self.make_user("ada", pool_id=self.other_pool_id)

    def make_pool(self):
        made = self.api.call("CreateUserPool", PoolName="demo", EmailConfiguration=SENDER)
        pool_id = made["UserPool"]["Id"]
        return pool_id, self.make_client(pool_id)

    def make_client(self, pool_id):
        how = {"UserPoolId": pool_id, "ClientName": "web", "ExplicitAuthFlows": FLOWS}
        return self.api.call("CreateUserPoolClient", **how)["UserPoolClient"]["ClientId"]

    def make_user(self, name, *, pool_id=None, permanent=True, **attributes):
        who = {"UserPoolId": pool_id or self.pool_id, "Username": name}
        self.api.call(
            "AdminCreateUser",
            **who,
            UserAttributes=pairs(attributes),
            MessageAction="SUPPRESS",
            TemporaryPassword=PASSWORD,
        )
        if permanent:
            self.api.call("AdminSetUserPassword", **who, Password=PASSWORD, Permanent=True)

    def demand(self, *parts, mode="ON"):
        merged = {name: value for part in parts for name, value in part.items()}
        how = {"UserPoolId": self.pool_id, "MfaConfiguration": mode, **merged}
        self.api.call("SetUserPoolMfaConfig", **how)

    def begin(self, flow="USER_PASSWORD_AUTH", **parameters):
        parameters = parameters or {"USERNAME": "ada", "PASSWORD": PASSWORD}
        return self.api.call(
            "InitiateAuth", ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters
        )

    def answer(self, challenge, **responses):
        """The members of the right answer."""
        return {
            "ClientId": self.client_id,
            "ChallengeName": challenge["ChallengeName"],
            "Session": challenge["Session"],
            "ChallengeResponses": {"USERNAME": "ada", **responses},
        }

    def code(self):
        return self.api.messages()[-1].code


def srp(attempt):
    attempt.make_user("ada")
    side = AWSSRP("ada", PASSWORD, attempt.pool_id, attempt.client_id, client=object())
    parameters = side.get_auth_params()
    challenge = attempt.begin("USER_SRP_AUTH", **parameters)
    return attempt.answer(
        challenge, **side.process_challenge(challenge["ChallengeParameters"], parameters)
    )


def new_password(attempt):
    attempt.make_user("ada", permanent=False)
    return attempt.answer(attempt.begin(), NEW_PASSWORD="N3w!passw")


def sms(attempt):
    attempt.make_user("ada", **PHONE)
    attempt.demand(SMS)
    return attempt.answer(attempt.begin(), SMS_MFA_CODE=attempt.code())


def email(attempt):
    attempt.make_user("ada", **BY_EMAIL)
    attempt.demand(EMAIL)
    return attempt.answer(attempt.begin(), EMAIL_OTP_CODE=attempt.code())


def token(attempt):
    attempt.make_user("ada")
    access = {"AccessToken": attempt.begin()["AuthenticationResult"]["AccessToken"]}
    attempt.demand(TOKENS)
    secret = attempt.api.call("AssociateSoftwareToken", **access)["SecretCode"]
    attempt.api.call("VerifySoftwareToken", **access, UserCode=totp(secret))
    return attempt.answer(attempt.begin(), SOFTWARE_TOKEN_MFA_CODE=totp(secret, steps=1))


def choice(attempt):
    attempt.make_user("ada", **PHONE, **BY_EMAIL)
    attempt.demand(SMS, EMAIL)
    return attempt.answer(attempt.begin(), ANSWER="SMS_MFA")


def setup_by_email(attempt):
    attempt.make_user("ada")
    attempt.demand(TOKENS, EMAIL)
    return attempt.answer(attempt.begin(), EMAIL="ada@example.org")


def setup_by_token(attempt):
    attempt.make_user("ada")
    attempt.demand(TOKENS)
    challenge = attempt.begin()
    call = attempt.api.call
    new = call("AssociateSoftwareToken", Session=challenge["Session"])
    code = totp(new["SecretCode"])
    verified = call("VerifySoftwareToken", Session=new["Session"], UserCode=code)
    return attempt.answer({**challenge, "Session": verified["Session"]})


ANSWERS = (srp, new_password, sms, email, token, choice, setup_by_email, setup_by_token)


@pytest.fixture(autouse=True)
def _timestamps(recwarn):
    """Newer Pythons warn of how pycognito asks the clock; the warning is its own affair."""


@pytest.fixture
def attempt(api):
    return Attempt(api)


def refusal(attempt, answer, *, pool_id=None, **changes):
    """Send an answer that must be refused and change nothing."""
    admin = "" if pool_id is None else "Admin"
    members = {**answer, **changes, **({"UserPoolId": pool_id} if pool_id else {})}
    before = attempt.api.records()
    error = attempt.api.fail(f"{admin}RespondToAuthChallenge", **members)
    assert attempt.api.records() == before
    return error


@pytest.mark.parametrize("prepare", ANSWERS)
def test_all_but_the_right_answer_is_refused(attempt, prepare):
    """COG-API-AUTH-009, -010, -014, COG-API-REFRESH-008: and the right one is taken after all."""
    answer = prepare(attempt)
    session, responses = answer["Session"], answer["ChallengeResponses"]
    as_bob = {**responses, "USERNAME": "bob"}
    own, other = attempt.pool_id, attempt.other_pool_id

    if prepare is not srp:  # whose secret block is the session (COG-API-AUTH-006)
        missing = ("InvalidParameterException", "Missing required parameter Session")
        assert refusal(attempt, answer, Session=None) == missing
        assert refusal(attempt, answer, Session=None, pool_id=own) == missing
    assert refusal(attempt, answer, ChallengeResponses={}) == (
        "InvalidParameterException",
        "Missing required parameter challenge responses",
    )
    assert refusal(attempt, answer, Session=session[:-1]) == INVALID
    assert refusal(attempt, answer, Session=session.swapcase()) == INVALID
    assert refusal(attempt, answer, ChallengeResponses=as_bob) == INVALID
    assert refusal(attempt, answer, ChallengeResponses=as_bob, pool_id=own) == INVALID
    assert refusal(attempt, answer, ClientId=attempt.other_client_id) == INVALID
    assert refusal(attempt, answer, ClientId=attempt.foreign_client_id) == INVALID
    foreign = {"ClientId": attempt.foreign_client_id, "pool_id": other}
    assert refusal(attempt, answer, **foreign) == INVALID
    assert refusal(attempt, answer, pool_id=other) == (
        "ResourceNotFoundException",
        f"User pool client {attempt.client_id} does not exist.",
    )
    attempt.api.call("RespondToAuthChallenge", **answer)
    assert refusal(attempt, answer) == USED
    assert refusal(attempt, answer, pool_id=own) == USED


@pytest.mark.parametrize("prepare", ANSWERS)
def test_an_answer_that_comes_late(attempt, prepare):
    """COG-API-AUTH-008."""
    answer = prepare(attempt)
    attempt.api.services.clock.advance(180)
    assert refusal(attempt, answer) == EXPIRED
    assert refusal(attempt, answer, pool_id=attempt.pool_id) == EXPIRED
