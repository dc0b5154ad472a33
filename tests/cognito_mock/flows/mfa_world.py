"""Second factors in a world: pools that ask for them, users who have them, and their answers."""

import json
from base64 import b32decode

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from cognito_mock.core.errors import CognitoError
from cognito_mock.core.users import User
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.mfa_preferences import MfaSetting, admin_set_user_mfa_preference
from cognito_mock.flows.mfa_setup import associate_software_token, verify_software_token
from cognito_mock.flows.sign_in import initiate_auth, respond_to_auth_challenge

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
PASSWORD = "Passw0rd!x"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}}
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}.", "Subject": "Sign-in"}}
ON = {"MfaConfiguration": "ON"}
OPTIONAL = {"MfaConfiguration": "OPTIONAL"}
PHONE = {"phone_number": "+15555550123"}
BY_EMAIL = {"email": "ada@example.com"}
INVALID = "Invalid session for the user."


def totp(secret: str, at: float) -> str:
    """Compute a code independently of the code under test."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    return TOTP(key, 6, sha1, 30, enforce_key_length=False).generate(int(at)).decode()


class MfaWorld:
    """Acts on a world as clients do."""

    def __init__(self, world) -> None:
        self.world = world
        self.services = world.services

    def pool(self, *settings, **more):
        """A pool with these settings, a client, and Ada when ``user`` attributes follow."""
        merged = {name: value for part in settings for name, value in part.items()}
        self.world.pool(**merged, **more)
        return self.world.client()

    def stored(self, username="ada") -> User:
        return self.world.get(User, POOL_ID, username)

    def begin(self, username="ada", password=PASSWORD, **how):
        return initiate_auth(
            self.services,
            **{
                "client_id": CLIENT_ID,
                "auth_flow": "USER_PASSWORD_AUTH",
                "parameters": {"USERNAME": username, "PASSWORD": password},
                **how,
            },
        )

    def answer(self, challenge, *, name=None, session=None, client_id=CLIENT_ID, **responses):
        return respond_to_auth_challenge(
            self.services,
            client_id=client_id,
            challenge_name=name or challenge.name,
            session=session or challenge.session,
            responses={"USERNAME": "ada", **responses},
        )

    def refused(self, error: type[CognitoError], challenge, **how) -> str:
        with pytest.raises(error) as caught:
            self.answer(challenge, **how)
        return caught.value.message

    def code(self) -> str:
        """The code of the latest message."""
        return list_messages(self.services)[-1].code

    def wrong_code(self) -> str:
        return "000000" if self.code() != "000000" else "111111"

    def access_token(self, username="ada") -> str:
        """A token of a sign-in that nothing was asked for."""
        client = self.world.client()
        return issue_tokens(self.services, client=client, user=self.stored(username)).access_token

    def prefer(self, *factors, preferred=None, username="ada") -> None:
        admin_set_user_mfa_preference(
            self.services,
            pool_id=POOL_ID,
            username=username,
            settings={f: MfaSetting(enabled=True, preferred=f == preferred) for f in factors},
        )

    def token(self, username="ada", name="phone") -> str:
        """Register a software token; return its secret. Its code of the present is used."""
        access = self.access_token(username)
        secret = associate_software_token(self.services, access_token=access).secret
        verify_software_token(self.services, access_token=access, code=self.totp(secret), name=name)
        return secret

    def totp(self, secret: str, *, steps: int = 0) -> str:
        """The code of now, or of some steps from now."""
        return totp(secret, self.services.clock.now() + 30 * steps)


def listed(challenge, name):
    """Read a parameter that is JSON in a text."""
    return json.loads(challenge.parameters[name])
