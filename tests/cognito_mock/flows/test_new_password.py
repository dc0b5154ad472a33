"""NEW_PASSWORD_REQUIRED."""

import json

import pytest

from cognito_mock.core.errors import (
    InvalidParameterException,
    InvalidPasswordException,
    NotAuthorizedException,
)
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.sign_in import (
    AuthenticationResult,
    Challenge,
    initiate_auth,
    respond_to_auth_challenge,
    set_new_password,
)
from cognito_mock.flows.users import admin_set_user_password

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
NEW = "N3w!passw"


def challenged(world, username="ada", password="Tempor4ry!") -> Challenge:
    return initiate_auth(
        world.services,
        client_id=CLIENT_ID,
        auth_flow="USER_PASSWORD_AUTH",
        parameters={"USERNAME": username, "PASSWORD": password},
    )


def respond(world, session, *, client_id=CLIENT_ID, name="NEW_PASSWORD_REQUIRED", **responses):
    return respond_to_auth_challenge(
        world.services,
        client_id=client_id,
        challenge_name=name,
        session=session,
        responses={"USERNAME": "ada", "NEW_PASSWORD": NEW, **responses},
    )


def refused(world, error, session, **how) -> str:
    with pytest.raises(error) as caught:
        respond(world, session, **how)
    return caught.value.message


@pytest.fixture
def required(world):
    """A pool that requires a name, a client, and Ada with a temporary password."""
    world.pool(Schema=[{"Name": "name", "Required": True, "Mutable": True}])
    world.client()
    world.temporary_password("ada", email="ada@example.com", email_verified="true")
    return world


def test_the_challenge(required):
    """COG-API-NEWPWD-001: lists and objects are JSON inside texts; no sub, flags as texts."""
    challenge = challenged(required)
    assert challenge.name == "NEW_PASSWORD_REQUIRED"
    assert challenge.session.startswith("AYABe")
    assert challenge.parameters == {
        "USER_ID_FOR_SRP": "ada",
        "requiredAttributes": '["userAttributes.name"]',
        "userAttributes": '{"email":"ada@example.com","email_verified":"true"}',
    }


def test_without_missing_attributes_the_list_is_empty(world):
    """COG-API-NEWPWD-001."""
    world.client(ReadAttributes=["name"])
    world.temporary_password("ada", email="ada@example.com")
    challenge = challenged(world)
    assert challenge.parameters["requiredAttributes"] == "[]"
    assert json.loads(challenge.parameters["userAttributes"]) == {}


def test_a_new_password_confirms_the_user(required):
    """COG-API-NEWPWD-002, -004: tokens, status, attributes; the new password is the password."""
    session = challenged(required).session
    result = respond(required, session, **{"userAttributes.name": "Ada"})

    assert isinstance(result, AuthenticationResult)
    user = required.get(User, POOL_ID, "ada")
    assert user.status is UserStatus.CONFIRMED
    assert user.attributes["name"] == "Ada"
    assert user.password.temporary_until is None
    assert isinstance(challenged(required, password=NEW), AuthenticationResult)
    with pytest.raises(NotAuthorizedException, match="Incorrect"):
        challenged(required)


def test_a_refused_answer_leaves_the_session_alive(required):
    """COG-API-NEWPWD-003: texts, and another try with the same session."""
    session = challenged(required).session
    assert refused(required, InvalidPasswordException, session, NEW_PASSWORD="short") == (
        "Password did not conform with policy: Password not long enough"
    )
    assert refused(required, InvalidParameterException, session) == (
        "Invalid attributes given, name is missing"
    )
    assert (
        refused(
            required, NotAuthorizedException, session, **{"userAttributes.email": "x@example.com"}
        )
        == "Cannot modify an already provided email"
    )
    assert refused(
        required, InvalidParameterException, session, **{"userAttributes.custom:x": "1"}
    ) == (
        "Attributes did not conform to the schema: Type for attribute {custom:x} could not be"
        " determined"
    )
    assert (
        refused(
            required,
            NotAuthorizedException,
            session,
            **{"userAttributes.phone_number_verified": "true"},
        )
        == "A client attempted to write unauthorized attribute"
    )
    assert refused(required, InvalidParameterException, session, NEW_PASSWORD="") == (
        "Missing required parameter NEW_PASSWORD"
    )
    result = respond(required, session, **{"userAttributes.name": "Ada"})
    assert isinstance(result, AuthenticationResult)


def test_a_session_is_used_once(required):
    """COG-API-AUTH-009."""
    session = challenged(required).session
    respond(required, session, **{"userAttributes.name": "Ada"})
    assert refused(required, NotAuthorizedException, session) == (
        "Invalid session for the user, session can only be used once."
    )


def test_an_expired_session(required):
    """COG-API-AUTH-008, -009."""
    required.client(AuthSessionValidity=5)
    session = challenged(required).session
    required.clock.advance(300)
    assert refused(required, NotAuthorizedException, session) == (
        "Invalid session for the user, session is expired."
    )


def test_a_session_binds_user_client_and_challenge(required):
    """COG-API-AUTH-009: garbage, another user, client or challenge."""
    session = challenged(required).session
    required.client("another")
    required.user("bob")
    invalid = "Invalid session for the user."
    error = NotAuthorizedException
    assert refused(required, error, "AYABe" + "x" * 1200) == invalid
    assert refused(required, error, session, USERNAME="bob") == invalid
    assert refused(required, error, session, client_id="another") == invalid
    assert refused(required, error, session, name="SMS_MFA", SMS_MFA_CODE="123456") == invalid
    assert refused(required, error, session + "x") == invalid


def test_a_session_of_another_challenge_does_not_do(required):
    """An SRP exchange that anybody can begin must not lead to a new password."""
    begun = initiate_auth(
        required.services,
        client_id=CLIENT_ID,
        auth_flow="USER_SRP_AUTH",
        parameters={"USERNAME": "ada", "SRP_A": "abc"},
    )
    answer = {"userAttributes.name": "Ada"}
    assert refused(required, NotAuthorizedException, begun.session, **answer) == (
        "Invalid session for the user."
    )


def test_a_session_ends_with_the_password_that_opened_it(required):
    """A new temporary password closes what the former one had opened."""
    session = challenged(required).session
    admin_set_user_password(
        required.services, pool_id=POOL_ID, username="ada", password="An0ther!pw"
    )
    answer = {"userAttributes.name": "Ada"}
    assert refused(required, NotAuthorizedException, session, **answer) == (
        "Invalid session for the user."
    )


def test_no_answer_without_a_session(required):
    """COG-API-AUTH-010."""
    challenged(required)
    for session in (None, ""):
        assert refused(required, InvalidParameterException, session) == (
            "Missing required parameter Session"
        )


def test_two_sessions_change_the_password_once(required):
    """What one session has changed, another of the same time cannot overwrite."""
    one, two = challenged(required).session, challenged(required).session
    respond(required, one, **{"userAttributes.name": "Ada"})
    with pytest.raises(NotAuthorizedException):
        respond(required, two)
    assert isinstance(challenged(required, password=NEW), AuthenticationResult)


def test_the_temporary_password_may_be_kept(required):
    """COG-API-NEWPWD-005."""
    session = challenged(required).session
    result = respond(required, session, NEW_PASSWORD="Tempor4ry!", **{"userAttributes.name": "Ada"})
    assert isinstance(result, AuthenticationResult)


def test_the_pages_set_a_new_password_too(required):
    """The same rules, and the user comes back."""
    client = required.client()
    user = set_new_password(
        required.services,
        client=client,
        session=challenged(required).session,
        username="ada",
        new_password=NEW,
        attributes={"name": "Ada"},
    )
    assert user.status is UserStatus.CONFIRMED
