"""USER_SRP_AUTH from both ends: pycognito's client maths against our flows."""

from dataclasses import replace

import pytest
from pycognito.aws_srp import AWSSRP

from cognito_mock.core import srp
from cognito_mock.core.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from cognito_mock.core.grants import ChallengeSession
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.sign_in import (
    AuthenticationResult,
    Challenge,
    initiate_auth,
    respond_to_auth_challenge,
)

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
INCORRECT = "Incorrect username or password."


class NoService:
    """pycognito wants a client of AWS; its maths need none."""


def srp_client(username="ada", password="Passw0rd!x") -> AWSSRP:
    return AWSSRP(username, password, POOL_ID, CLIENT_ID, client=NoService())


def begin(world, side: AWSSRP, **changes) -> Challenge:
    return initiate_auth(
        world.services,
        client_id=CLIENT_ID,
        auth_flow="USER_SRP_AUTH",
        parameters={**side.get_auth_params(), **changes},
    )


@pytest.fixture(autouse=True)
def _timestamps(recwarn):
    """Newer Pythons warn of how pycognito asks the clock; the warning is its own affair."""


def answer(side: AWSSRP, challenge: Challenge, **changes) -> dict:
    return {**side.process_challenge(challenge.parameters, side.get_auth_params()), **changes}


def finish(world, challenge: Challenge, responses: dict, *, session: str | None = "given"):
    return respond_to_auth_challenge(
        world.services,
        client_id=CLIENT_ID,
        challenge_name="PASSWORD_VERIFIER",
        session=challenge.session if session == "given" else session,
        responses=responses,
    )


def refused(world, challenge, responses, error=NotAuthorizedException, **how) -> str:
    with pytest.raises(error) as caught:
        finish(world, challenge, responses, **how)
    return caught.value.message


def test_a_right_password_gives_tokens(world):
    """The client's independent maths and ours agree (COG-API-SRP-005 to 008)."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    result = finish(world, challenge, answer(side, challenge))

    assert isinstance(result, AuthenticationResult)
    assert result.access_token
    assert result.id_token
    assert result.refresh_token


def test_the_challenge_has_the_service_s_parameters(world):
    """COG-API-SRP-010, COG-API-WIRE-036."""
    world.client()
    world.user()
    challenge = begin(world, srp_client())

    assert challenge.name == "PASSWORD_VERIFIER"
    assert list(challenge.parameters) == [
        "SALT",
        "SECRET_BLOCK",
        "SRP_B",
        "USERNAME",
        "USER_ID_FOR_SRP",
    ]
    assert challenge.parameters["USERNAME"] == challenge.parameters["USER_ID_FOR_SRP"] == "ada"
    assert 1000 <= len(challenge.parameters["SECRET_BLOCK"]) <= 2000
    assert challenge.session.startswith("AYABe")
    assert 1000 <= len(challenge.session) <= 1600


def test_old_clients_return_the_block_without_the_session(world):
    """COG-API-AUTH-006: the secret block leads to the same session, which is used up as well."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    responses = answer(side, challenge)
    assert isinstance(finish(world, challenge, responses, session=None), AuthenticationResult)
    assert refused(world, challenge, responses) == (
        "Invalid session for the user, session can only be used once."
    )


def test_an_answer_without_any_session_is_refused(world):
    """A block that was never given out leads to no session."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    for block in ("AAAA", "!!", "x" * 1200):
        responses = answer(side, challenge) | {"PASSWORD_CLAIM_SECRET_BLOCK": block}
        message = refused(world, challenge, responses, session=None)
        assert message == "Invalid session for the user."


def test_usernames_in_the_service_s_form_and_as_typed_are_both_taken(world):
    """COG-API-AUTH-012: USER_ID_FOR_SRP or the alias that was typed."""
    world.pool(UsernameAttributes=["email"])
    world.client()
    user = world.user("ada@example.com")
    for name in (user.sub, "ada@example.com"):
        side = srp_client("ada@example.com")
        challenge = begin(world, side)
        assert challenge.parameters["USER_ID_FOR_SRP"] == user.sub
        responses = answer(side, challenge, USERNAME=name)
        assert isinstance(finish(world, challenge, responses), AuthenticationResult)


def test_a_wrong_password_kills_the_session(world):
    """COG-API-SRP-011, COG-API-FSM-001: start again, also with the right answer."""
    world.client()
    world.user()
    wrong = srp_client(password="wrong")
    challenge = begin(world, wrong)
    right = answer(wrong, challenge)
    assert refused(world, challenge, right) == INCORRECT
    wrong.password = "Passw0rd!x"
    assert refused(world, challenge, answer(wrong, challenge)) == (
        "Invalid session for the user, session can only be used once."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"PASSWORD_CLAIM_SIGNATURE": "A" * 43 + "="},
        {"PASSWORD_CLAIM_SIGNATURE": "ä"},
        {"TIMESTAMP": "Wed Sep 3 07:05:09 UTC 2025"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "AAAA"},
        {"PASSWORD_CLAIM_SECRET_BLOCK": "not base64"},
    ],
)
def test_every_part_of_the_answer_is_checked(world, changes):
    """COG-API-SRP-008: another signature, time or block does not pass."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    assert refused(world, challenge, answer(side, challenge, **changes)) == INCORRECT


def test_another_exchange_s_block_does_not_pass(world):
    """Session and block belong together, also when the signature is over that very block."""
    world.client()
    world.user()
    side = srp_client()
    one, two = begin(world, side), begin(world, side)
    block = two.parameters["SECRET_BLOCK"]
    mixed = replace(one, parameters={**one.parameters, "SECRET_BLOCK": block})
    assert refused(world, mixed, answer(side, mixed)) == INCORRECT


def test_a_session_belongs_to_its_user(world):
    """COG-API-AUTH-009: another user's name does not fit the session."""
    world.client()
    world.user()
    world.user("bob")
    side = srp_client()
    challenge = begin(world, side)
    assert refused(world, challenge, answer(side, challenge, USERNAME="bob")) == (
        "Invalid session for the user."
    )


def test_an_expired_session(world):
    """COG-API-AUTH-008, -009: three minutes by default."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    world.clock.advance(180)
    assert refused(world, challenge, answer(side, challenge)) == (
        "Invalid session for the user, session is expired."
    )


@pytest.mark.parametrize("public", ["0", f"{srp.N:x}", "zz", "-1"])
def test_unsafe_public_values_are_refused(world, public):
    """COG-API-SRP-004."""
    world.client()
    world.user()
    with pytest.raises(InvalidParameterException):
        begin(world, srp_client(), SRP_A=public)


def test_missing_parts(world):
    """COG-API-AUTH-010, -011."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    with pytest.raises(InvalidParameterException, match="Missing required parameter SRP_A"):
        begin(world, side, SRP_A="")
    for name in ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"):
        responses = answer(side, challenge) | {name: ""}
        message = refused(world, challenge, responses, InvalidParameterException)
        assert message == f"Missing required parameter {name}"
    assert refused(world, challenge, {}, InvalidParameterException) == (
        "Missing required parameter challenge responses"
    )
    # None of that has used the session up.
    assert isinstance(finish(world, challenge, answer(side, challenge)), AuthenticationResult)


def test_an_unreadable_timestamp(world):
    """COG-API-SRP-009: the format is fixed."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    responses = answer(side, challenge, TIMESTAMP="2025-09-03T07:05:09Z")
    assert "TIMESTAMP" in refused(world, challenge, responses, InvalidParameterException)


def test_an_unknown_user_looks_like_any_other(world):
    """COG-API-SRP-011: stable salt and UUID per name, then the same failure."""
    world.client(PreventUserExistenceErrors="ENABLED")
    one, two = begin(world, srp_client("eve")), begin(world, srp_client("eve"))
    other = begin(world, srp_client("mallory"))

    assert one.parameters["SALT"] == two.parameters["SALT"] != other.parameters["SALT"]
    user_id = one.parameters["USER_ID_FOR_SRP"]
    assert user_id == two.parameters["USER_ID_FOR_SRP"] != other.parameters["USER_ID_FOR_SRP"]
    assert [len(part) for part in user_id.split("-")] == [8, 4, 4, 4, 12]
    assert len(one.parameters["SALT"]) == 32
    assert one.parameters["SRP_B"] != two.parameters["SRP_B"]
    assert one.session != two.session

    side = srp_client("eve")
    challenge = begin(world, side)
    assert refused(world, challenge, answer(side, challenge)) == INCORRECT
    challenge = begin(world, side)
    assert refused(world, challenge, answer(side, challenge, USERNAME="eve")) == INCORRECT


def test_an_unknown_user_is_told_in_legacy_mode(world):
    """COG-API-SRP-011: on InitiateAuth already."""
    world.client()
    with pytest.raises(UserNotFoundException, match="User does not exist"):
        begin(world, srp_client("eve"))


def test_disabled_users_are_told_at_once(world):
    """COG-API-PWD-003, for SRP before the exchange."""
    world.client()
    world.put(replace(world.user(), enabled=False))
    with pytest.raises(NotAuthorizedException, match="User is disabled"):
        begin(world, srp_client())


def test_unconfirmed_users_are_told_after_a_right_answer_only(world):
    """COG-API-PWD-003."""
    world.client()
    world.put(replace(world.user(), status=UserStatus.UNCONFIRMED))
    for password, error in (
        ("wrong", NotAuthorizedException),
        ("Passw0rd!x", UserNotConfirmedException),
    ):
        side = srp_client(password=password)
        challenge = begin(world, side)
        refused(world, challenge, answer(side, challenge), error)


def test_a_password_set_meanwhile_does_not_pass_the_old_exchange(world):
    """The answer must fit the password that the user has now."""
    world.client()
    world.user()
    side = srp_client()
    challenge = begin(world, side)
    responses = answer(side, challenge)
    world.set_password("ada", "An0ther!pw")
    assert refused(world, challenge, responses) == INCORRECT


def test_lock_out_binds_answers(world):
    """COG-API-LOCK-002: exchanges begun before the lock are refused at the answer."""
    world.client()
    world.user()
    side = srp_client()
    ready = begin(world, side)
    world.put(
        replace(
            world.get(User, POOL_ID, "ada"), failed_sign_ins=5, last_failure_at=world.clock.now()
        )
    )
    assert refused(world, ready, answer(side, ready)) == "Password attempts exceeded"
    world.clock.advance(1)
    again = begin(world, side)
    assert isinstance(finish(world, again, answer(side, again)), AuthenticationResult)


def test_a_temporary_password_over_srp(world):
    """COG-API-FSM-001: NEW_PASSWORD_REQUIRED follows a right signature."""
    world.client()
    temporary = world.temporary_password("bob")
    side = srp_client("bob", temporary)
    challenge = begin(world, side)
    follow_up = finish(world, challenge, answer(side, challenge))
    assert follow_up.name == "NEW_PASSWORD_REQUIRED"
    assert follow_up.session != challenge.session


def test_the_store_knows_sessions_by_digest_only(world):
    """Neither session nor block can be read out of the store."""
    world.client()
    world.user()
    challenge = begin(world, srp_client())
    with world.services.store.read() as tx:
        kept = repr(tx.scan(ChallengeSession))
    assert challenge.session[5:60] not in kept
    assert challenge.parameters["SECRET_BLOCK"][:60] not in kept
