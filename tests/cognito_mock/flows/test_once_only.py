"""What can be used once is used once, also by many at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from pycognito.aws_srp import AWSSRP

from cognito_mock.core.errors import CognitoError
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.users import User
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.issue import issue_tokens, refresh
from cognito_mock.flows.sign_in import initiate_auth, respond_to_auth_challenge
from cognito_mock.flows.sign_up import confirm_sign_up, sign_up
from cognito_mock.flows.users import admin_create_user

from .mfa_world import ON, OPTIONAL, PHONE, SMS, TOKENS, MfaWorld

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
AT_ONCE = 6


def all_at_once(call: Callable[[], object]) -> list[object]:
    """Call from many threads at the same moment; return results and errors."""
    barrier = Barrier(AT_ONCE)

    def run(_: int) -> object:
        barrier.wait()
        try:
            return call()
        except CognitoError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def successes(results: list[object]) -> int:
    return sum(not isinstance(result, CognitoError) for result in results)


def test_an_srp_answer(world):
    """One of several simultaneous right answers gets tokens."""
    world.client()
    world.user()
    side = AWSSRP("ada", "Passw0rd!x", POOL_ID, CLIENT_ID, client=object())
    challenge = initiate_auth(
        world.services,
        client_id=CLIENT_ID,
        auth_flow="USER_SRP_AUTH",
        parameters=side.get_auth_params(),
    )
    responses = side.process_challenge(challenge.parameters, side.get_auth_params())
    results = all_at_once(
        lambda: respond_to_auth_challenge(
            world.services,
            client_id=CLIENT_ID,
            challenge_name="PASSWORD_VERIFIER",
            session=challenge.session,
            responses=responses,
        )
    )
    assert successes(results) == 1


def test_a_new_password(world):
    """One of several simultaneous new passwords is taken."""
    world.client()
    world.temporary_password("ada")
    challenge = initiate_auth(
        world.services,
        client_id=CLIENT_ID,
        auth_flow="USER_PASSWORD_AUTH",
        parameters={"USERNAME": "ada", "PASSWORD": "Tempor4ry!"},
    )
    results = all_at_once(
        lambda: respond_to_auth_challenge(
            world.services,
            client_id=CLIENT_ID,
            challenge_name="NEW_PASSWORD_REQUIRED",
            session=challenge.session,
            responses={"USERNAME": "ada", "NEW_PASSWORD": "N3w!passw"},
        )
    )
    assert successes(results) == 1


@pytest.mark.parametrize("sessions", [1, AT_ONCE])
def test_the_code_of_a_software_token(world, sessions):
    """One of several simultaneous right codes is taken, in one session or in a session each."""
    mfa = MfaWorld(world)
    mfa.pool(TOKENS, OPTIONAL)
    world.user()
    code = mfa.totp(mfa.token(), steps=1)
    mfa.prefer("SOFTWARE_TOKEN_MFA")
    challenges = [mfa.begin() for _ in range(sessions)] * (AT_ONCE // sessions)
    results = all_at_once(lambda: mfa.answer(challenges.pop(), SOFTWARE_TOKEN_MFA_CODE=code))
    assert successes(results) == 1


def test_wrong_codes_are_all_counted(world):
    """Parallel guessing does not outrun the lock, however many sessions it is spread over."""
    mfa = MfaWorld(world)
    mfa.pool(SMS, ON)
    world.user(**PHONE)
    challenges = [mfa.begin() for _ in range(AT_ONCE)]
    results = all_at_once(lambda: mfa.answer(challenges.pop(), SMS_MFA_CODE="none"))
    messages = sorted(error.message for error in results)
    mismatch = "Invalid code or auth state for the user."
    assert messages == [mismatch] * 5 + ["Password attempts exceeded"]
    assert mfa.stored().failed_codes == 5


def test_a_confirmation_code(world):
    """One of several simultaneous confirmations finds the user unconfirmed."""
    world.pool(AutoVerifiedAttributes=["email"])
    world.client()
    sign_up(
        world.services,
        client_id=CLIENT_ID,
        username="ada",
        password="Passw0rd!x",
        attributes={"email": "ada@example.com"},
    )
    code = list_messages(world.services)[-1].code
    results = all_at_once(
        lambda: confirm_sign_up(world.services, client_id=CLIENT_ID, username="ada", code=code)
    )
    assert successes(results) == 1


def test_a_rotated_refresh_token_without_grace(world):
    """One of several simultaneous refreshes gets the successor, at one and the same instant."""
    client = world.client(RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})
    token = issue_tokens(world.services, client=client, user=world.user()).refresh_token
    how = {"client": client, "refresh_token": token, "hosted": False}
    results = all_at_once(lambda: refresh(world.services, **how))
    assert successes(results) == 1


def test_a_username(world):
    """One of several simultaneous creations wins."""
    results = all_at_once(
        lambda: admin_create_user(world.services, pool_id=POOL_ID, username="ada", attributes={})
    )
    assert successes(results) == 1


def test_failures_are_all_counted(world):
    """Parallel guessing does not outrun the lock: five wrong passwords are tried, no more."""
    world.client()
    world.user()
    results = all_at_once(
        lambda: initiate_auth(
            world.services,
            client_id=CLIENT_ID,
            auth_flow="USER_PASSWORD_AUTH",
            parameters={"USERNAME": "ada", "PASSWORD": "wrong"},
        )
    )
    messages = sorted(error.message for error in results)
    assert messages == ["Incorrect username or password."] * 5 + ["Password attempts exceeded"]
    assert world.get(User, POOL_ID, "ada").failed_sign_ins == 5


@pytest.mark.parametrize("later", [0, 7 * 86400])
def test_memory_stays_flat(world, later):
    """Sessions that nobody answers are dropped after a while, and only then."""
    world.client()
    world.temporary_password("ada")
    parameters = {"USERNAME": "ada", "PASSWORD": "Tempor4ry!"}
    how = {"client_id": CLIENT_ID, "auth_flow": "USER_PASSWORD_AUTH", "parameters": parameters}
    for _ in range(500):
        initiate_auth(world.services, **how)
    world.clock.advance(later)
    world.temporary_password("bob")
    parameters["USERNAME"] = "bob"
    for _ in range(1000):
        initiate_auth(world.services, **how)
    with world.services.store.read() as tx:
        count = len(tx.scan(ChallengeSession))
    assert count == (1500 if later == 0 else 1000)
