"""Users driven through sequences of operations, next to a plain model of the rules.

The model knows nothing of the mock: who exists, in which status, with which password until when,
how often a wrong one was tried, which code is out, and which tokens are alive. It says what each
call must answer, and after every step the pool must show the same users.
"""

import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from cognito_mock.core.addresses import Addresses
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.signing import RsaSigner
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.services import Services
from cognito_mock.idp_api.protocol import WireRequest, answer
from cognito_mock.stores.memory import MemoryStore

from .api_world import NoDelivery, RenamedKeys
from .user_rules import (
    CONFIRMED_ALREADY,
    DISABLED,
    LOCKED,
    MISMATCH,
    NO_CODE,
    NO_REFRESH,
    NO_SUCH_USER,
    NOT_RESETTABLE,
    NOTHING_VERIFIED,
    RESET,
    REVOKED,
    TOO_LATE,
    UNCONFIRMED,
    UNKNOWN,
    WRONG,
    Code,
    Person,
    Session,
    Tokens,
)

pytestmark = pytest.mark.property

SIGNATURE = "AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/cognito-idp/aws4_request"
KEY = new_signing_key(SystemEntropy())
SIGNER = RsaSigner()
NAMES = st.sampled_from(["ada", "ada", "bob"])
PASSWORDS = st.sampled_from(["Passw0rd!x", "N3w!passw0rd"])
DAY = 86400


class Frozen:
    """A clock that stands still until it is moved."""

    def now(self):
        return 1_760_000_000.0


class Users(RuleBasedStateMachine):
    """One pool, one client without PreventUserExistenceErrors, two names."""

    tokens = Bundle("tokens")
    sessions = Bundle("sessions")

    @initialize()
    def make_pool(self):
        self.clock = AdjustableClock(Frozen())
        self.services = Services(
            store=MemoryStore(),
            clock=self.clock,
            entropy=SystemEntropy(),
            keys=RenamedKeys(KEY),
            signer=SIGNER,
            delivery=NoDelivery(),
            addresses=Addresses(base_url="http://127.0.0.1:9229"),
        )
        pool = self.call("CreateUserPool", PoolName="x", AutoVerifiedAttributes=["email"])
        self.pool_id = pool["UserPool"]["Id"]
        flows = [f"ALLOW_{f}_AUTH" for f in ("USER_PASSWORD", "REFRESH_TOKEN")]
        members = {"UserPoolId": self.pool_id, "ClientName": "web", "ExplicitAuthFlows": flows}
        client = self.call("CreateUserPoolClient", **members)
        self.client_id = client["UserPoolClient"]["ClientId"]
        self.people = {}
        self.signed_in = []
        # Somebody can sign in from the beginning, or long sequences would lead nowhere.
        self.sign_up("ada", "Passw0rd!x")
        self.confirm("ada", right=True)

    def ask(self, operation, **members):
        """Return the output, or (type, message)."""
        request = WireRequest(
            target=f"AWSCognitoIdentityProviderService.{operation}",
            host="localhost",
            authorization=SIGNATURE,
            body=json.dumps(members).encode(),
        )
        response = answer(self.services, request)
        document = json.loads(response.body) if response.body else {}
        if response.status == 200:
            return document
        assert response.status == 400
        return document["__type"], document["message"]

    def call(self, operation, **members):
        found = self.ask(operation, **members)
        assert isinstance(found, dict), found
        return found

    def admin(self, operation, name, **members):
        return self.ask(operation, UserPoolId=self.pool_id, Username=name, **members)

    def public(self, operation, name, **members):
        return self.ask(operation, ClientId=self.client_id, Username=name, **members)

    @property
    def now(self):
        return self.clock.now()

    def sent(self):
        return list_messages(self.services)[-1].code

    def revoke(self, person):
        for tokens in self.signed_in:
            if tokens.person is person:
                tokens.revoked = True

    def refusal_of_password(self, person, password):
        """What a sign-in is refused with, None if the password is right and good for it."""
        if not person.enabled:
            return DISABLED
        if person.status == "RESET_REQUIRED":
            return RESET
        if person.failures >= 5 and self.now < person.failed_at + min(
            2 ** (person.failures - 5), 900
        ):
            return LOCKED
        if password != person.password:
            forgotten = self.now - person.failed_at >= 900
            person.failures = 1 if forgotten else person.failures + 1
            person.failed_at = self.now
            return WRONG
        person.failures, person.failed_at = 0, 0.0
        if person.status == "UNCONFIRMED":
            return UNCONFIRMED
        if person.temporary_until is not None and self.now >= person.temporary_until:
            return TOO_LATE
        return None

    def refusal_of_code(self, person, purpose, text):
        code = person.codes.get(purpose)
        if code is None or self.now >= code.until:
            return NO_CODE
        if text != code.text:
            return MISMATCH
        del person.codes[purpose]
        return None

    def typed(self, person, purpose, right):
        """The code that is out, or another one."""
        text = person.codes[purpose].text if purpose in person.codes else "123456"
        return text if right else f"{(int(text) + 1) % 1_000_000:06}"

    @rule(seconds=st.sampled_from([1, 4, 200, 900, 3600, DAY, 7 * DAY]))
    def time_passes(self, seconds):
        self.clock.advance(seconds)

    @rule(name=NAMES, password=PASSWORDS)
    def sign_up(self, name, password):
        """COG-API-STATUS-002, -006."""
        email = [{"Name": "email", "Value": f"{name}@example.org"}]
        found = self.public("SignUp", name, Password=password, UserAttributes=email)
        if name in self.people:
            assert found == ("UsernameExistsException", "User already exists")
            return
        assert found["UserConfirmed"] is False
        person = self.people[name] = Person(status="UNCONFIRMED", password=password)
        person.codes["sign-up"] = Code(self.sent(), self.now + DAY)

    @rule(name=NAMES, right=st.booleans())
    def confirm(self, name, right):
        """COG-API-SIGNUP-007, -008."""
        person = self.people.get(name)
        text = "123456" if person is None else self.typed(person, "sign-up", right)
        found = self.public("ConfirmSignUp", name, ConfirmationCode=text)
        if person is None:
            assert found == NO_SUCH_USER
        elif person.status != "UNCONFIRMED":
            message = CONFIRMED_ALREADY.format(person.status)
            assert found == ("NotAuthorizedException", message)
        else:
            refusal = self.refusal_of_code(person, "sign-up", text)
            assert found == (refusal or {})
            if refusal is None:
                person.status, person.verified = "CONFIRMED", True

    @rule(name=NAMES)
    def ask_again(self, name):
        """COG-API-SIGNUP-009."""
        person = self.people.get(name)
        found = self.public("ResendConfirmationCode", name)
        if person is None:
            assert found == NO_SUCH_USER
        elif person.status != "UNCONFIRMED":
            assert found == ("InvalidParameterException", "User is already confirmed.")
        else:
            assert found["CodeDeliveryDetails"]["AttributeName"] == "email"
            person.codes["sign-up"] = Code(self.sent(), self.now + DAY)

    @rule(name=NAMES)
    def admin_confirms(self, name):
        """COG-API-SIGNUP-010."""
        person = self.people.get(name)
        found = self.admin("AdminConfirmSignUp", name)
        if person is None:
            assert found == UNKNOWN
        elif person.status != "UNCONFIRMED":
            message = CONFIRMED_ALREADY.format(person.status)
            assert found == ("NotAuthorizedException", message)
        else:
            assert found == {}
            person.status = "CONFIRMED"

    @rule(name=NAMES, password=PASSWORDS, verified=st.booleans())
    def admin_creates(self, name, password, verified):
        """COG-API-STATUS-002, -006, -009."""
        attributes = [
            {"Name": "email", "Value": f"{name}@example.org"},
            {"Name": "email_verified", "Value": str(verified).lower()},
        ]
        found = self.admin(
            "AdminCreateUser",
            name,
            TemporaryPassword=password,
            UserAttributes=attributes,
            MessageAction="SUPPRESS",
        )
        if name in self.people:
            assert found == ("UsernameExistsException", "User account already exists")
            return
        assert found["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        self.people[name] = Person(
            status="FORCE_CHANGE_PASSWORD",
            password=password,
            verified=verified,
            temporary_until=self.now + 7 * DAY,
        )

    @rule(name=NAMES, password=PASSWORDS, permanent=st.booleans())
    def admin_sets_password(self, name, password, permanent):
        """COG-API-STATUS-002, COG-API-RESET-007."""
        found = self.admin("AdminSetUserPassword", name, Password=password, Permanent=permanent)
        person = self.people.get(name)
        if person is None:
            assert found == UNKNOWN
            return
        assert found == {}
        if permanent:
            person.renew(password)
        else:
            person.renew(password, "FORCE_CHANGE_PASSWORD", self.now + 7 * DAY)

    @rule(name=NAMES)
    def admin_resets(self, name):
        """COG-API-RESET-006."""
        person = self.people.get(name)
        found = self.admin("AdminResetUserPassword", name)
        if person is None:
            assert found == UNKNOWN
        elif not person.enabled:
            assert found == DISABLED
        elif person.status not in {"CONFIRMED", "RESET_REQUIRED"}:
            assert found == NOT_RESETTABLE
        elif not person.verified:
            assert found == NOTHING_VERIFIED
        else:
            assert found == {}
            person.status = "RESET_REQUIRED"
            person.codes["password"] = Code(self.sent(), self.now + 3600)

    @rule(name=NAMES, enabled=st.booleans())
    def admin_disables_or_enables(self, name, enabled):
        """COG-API-STATUS-007."""
        found = self.admin("AdminEnableUser" if enabled else "AdminDisableUser", name)
        person = self.people.get(name)
        if person is None:
            assert found == UNKNOWN
            return
        assert found == {}
        person.enabled = enabled
        if not enabled:
            self.revoke(person)

    @rule(name=NAMES)
    def admin_deletes(self, name):
        """COG-API-STATUS-007."""
        found = self.admin("AdminDeleteUser", name)
        person = self.people.pop(name, None)
        assert found == (UNKNOWN if person is None else {})
        if person is not None:
            self.revoke(person)

    @rule(name=NAMES)
    def admin_signs_out(self, name):
        """COG-API-REV-001, -002."""
        found = self.admin("AdminUserGlobalSignOut", name)
        person = self.people.get(name)
        assert found == (UNKNOWN if person is None else {})
        if person is not None:
            self.revoke(person)

    @rule(name=NAMES)
    def forget(self, name):
        """COG-API-RESET-001, -002, COG-API-STATUS-004."""
        person = self.people.get(name)
        found = self.public("ForgotPassword", name)
        if person is None:
            assert found == NO_SUCH_USER
        elif not person.enabled:
            assert found == DISABLED
        elif person.status == "FORCE_CHANGE_PASSWORD":
            assert found == NOT_RESETTABLE
        elif not person.verified:
            assert found == NOTHING_VERIFIED
        else:
            assert found["CodeDeliveryDetails"]["AttributeName"] == "email"
            person.codes["password"] = Code(self.sent(), self.now + 3600)

    @rule(name=NAMES, right=st.booleans(), password=PASSWORDS)
    def set_forgotten(self, name, right, password):
        """COG-API-RESET-003."""
        person = self.people.get(name)
        text = "123456" if person is None else self.typed(person, "password", right)
        found = self.public("ConfirmForgotPassword", name, ConfirmationCode=text, Password=password)
        if person is None:
            assert found == NO_SUCH_USER
        elif not person.enabled:
            assert found == DISABLED
        else:
            refusal = self.refusal_of_code(person, "password", text)
            assert found == (refusal or {})
            if refusal is None:
                person.renew(password)

    @rule(target=tokens, name=NAMES, password=PASSWORDS)
    def sign_in(self, name, password):
        """COG-API-PWD-003, COG-API-LOCK-001."""
        found = self.initiate(name, password)
        person = self.people.get(name)
        refusal = UNKNOWN if person is None else self.refusal_of_password(person, password)
        if refusal is not None:
            assert found == refusal
            return multiple()
        if person.status == "FORCE_CHANGE_PASSWORD":
            assert found["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
            return multiple()
        return self.given(person, found)

    @rule(name=NAMES, times=st.integers(1, 6), pause=st.sampled_from([0, 0, 1, 2, 900]))
    def try_passwords(self, name, times, pause):
        """COG-API-LOCK-001, COG-API-PWD-003: wrong ones, then the right one."""
        for _ in range(times):
            self.sign_in(name, "Wr0ng!passw")
        self.clock.advance(pause)
        if name in self.people:
            self.sign_in(name, self.people[name].password)

    @rule(name=NAMES)
    def admin_disables_for_a_while(self, name):
        """COG-API-STATUS-007: the tokens do not come back."""
        self.admin_disables_or_enables(name, enabled=False)
        self.admin_disables_or_enables(name, enabled=True)

    @rule(name=NAMES, wait=st.sampled_from([0, 3599, 3600]), password=PASSWORDS)
    def forget_and_set(self, name, wait, password):
        """COG-API-RESET-001: an hour."""
        self.forget(name)
        self.clock.advance(wait)
        self.set_forgotten(name, right=True, password=password)

    @rule(target=sessions, name=NAMES, password=PASSWORDS, again=st.booleans())
    def sign_in_with_temporary_password(self, name, password, again):
        """COG-API-NEWPWD-001, to be answered later, perhaps when there is another password."""
        person = self.people.get(name)
        if person is None:
            return multiple()
        self.admin_sets_password(name, password, permanent=False)
        found = self.initiate(name, person.password)
        refusal = self.refusal_of_password(person, person.password)
        if refusal is not None:
            assert found == refusal
            return multiple()
        session = Session(person, name, found["Session"], person.passwords_set, self.now + 180)
        if again:
            self.admin_sets_password(name, password, permanent=False)
        return session

    @rule(target=tokens, session=consumes(sessions), password=PASSWORDS)
    def answer_with_new_password(self, session, password):
        """COG-API-NEWPWD-004, COG-API-AUTH-008: bound to the user and the password it was for."""
        found = self.ask(
            "RespondToAuthChallenge",
            ClientId=self.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session.text,
            ChallengeResponses={"USERNAME": session.name, "NEW_PASSWORD": password},
        )
        person = session.person
        alive = self.people.get(session.name) is person and self.now < session.until
        if isinstance(found, tuple):
            # Which text comes first depends on what else has changed.
            assert found[0] in {"NotAuthorizedException", "PasswordResetRequiredException"}
            assert not (
                alive
                and person.enabled
                and person.status == "FORCE_CHANGE_PASSWORD"
                and person.passwords_set == session.passwords_set
            )
            return multiple()
        assert alive
        assert person.enabled
        assert person.passwords_set == session.passwords_set
        person.renew(password)
        return self.given(person, found)

    @rule(tokens=tokens, previous=PASSWORDS, proposed=PASSWORDS)
    def change_password(self, tokens, previous, proposed):
        """COG-API-RESET-005."""
        found = self.ask(
            "ChangePassword",
            AccessToken=tokens.access,
            PreviousPassword=previous,
            ProposedPassword=proposed,
        )
        refusal = self.refusal_of_access(tokens)
        if refusal is None:
            refusal = self.refusal_of_password(tokens.person, previous)
        assert found == (refusal or {})
        if refusal is None:
            tokens.person.renew(proposed, tokens.person.status)

    @rule(tokens=tokens)
    def look_at_oneself(self, tokens):
        """COG-API-REV-004."""
        found = self.ask("GetUser", AccessToken=tokens.access)
        refusal = self.refusal_of_access(tokens)
        assert (found == refusal) if refusal else isinstance(found, dict)

    @rule(tokens=tokens)
    def sign_out_everywhere(self, tokens):
        """COG-API-REV-001, -002."""
        found = self.ask("GlobalSignOut", AccessToken=tokens.access)
        refusal = self.refusal_of_access(tokens)
        assert found == (refusal or {})
        if refusal is None:
            self.revoke(tokens.person)

    @rule(tokens=tokens)
    def revoke_token(self, tokens):
        """COG-API-REV-003: with all access tokens that it ever gave; twice does no harm."""
        assert self.ask("RevokeToken", ClientId=self.client_id, Token=tokens.refresh) == {}
        for given in self.signed_in:
            if given.refresh == tokens.refresh:
                given.revoked = True

    @rule(target=tokens, tokens=tokens)
    def refresh(self, tokens):
        """COG-API-REFRESH-001, -004."""
        found = self.ask(
            "InitiateAuth",
            ClientId=self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens.refresh},
        )
        if isinstance(found, tuple):
            assert tokens.revoked or not tokens.person.enabled
            assert found in {NO_REFRESH, DISABLED}
            return multiple()
        assert not tokens.revoked
        result = found["AuthenticationResult"]
        assert "RefreshToken" not in result
        more = Tokens(tokens.person, result["AccessToken"], tokens.refresh, self.now + 3600)
        self.signed_in.append(more)
        return more

    def initiate(self, name, password):
        return self.ask(
            "InitiateAuth",
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )

    def given(self, person, found):
        assert isinstance(found, dict), found
        result = found["AuthenticationResult"]
        until = self.now + 3600
        tokens = Tokens(person, result["AccessToken"], result["RefreshToken"], until)
        self.signed_in.append(tokens)
        return tokens

    def refusal_of_access(self, tokens):
        """COG-API-REV-004: expiry, then the user, then revocation."""
        if self.now >= tokens.until:
            return ("NotAuthorizedException", "Access Token has expired")
        if not any(tokens.person is person for person in self.people.values()):
            return UNKNOWN
        if not tokens.person.enabled:
            return DISABLED
        return REVOKED if tokens.revoked else None

    @invariant()
    def tokens_are_as_good_as_the_rules_say(self):
        """COG-API-REV-001, -004: the latest ones, after every step."""
        for tokens in self.signed_in[-3:]:
            self.look_at_oneself(tokens)

    @invariant()
    def the_pool_shows_the_same_users(self):
        """COG-API-STATUS-001, COG-API-JSON-008: AdminGetUser says of each what the rules say."""
        for name in ("ada", "bob"):
            person = self.people.get(name)
            found = self.admin("AdminGetUser", name)
            if person is None:
                assert found == UNKNOWN
                continue
            attributes = {a["Name"]: a["Value"] for a in found["UserAttributes"]}
            assert (found["UserStatus"], found["Enabled"]) == (person.status, person.enabled)
            assert attributes["email_verified"] == str(person.verified).lower()


TestUsers = Users.TestCase
TestUsers.settings = settings(
    max_examples=50,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
