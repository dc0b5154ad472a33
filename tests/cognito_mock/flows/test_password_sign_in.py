"""USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: order of checks, texts, lock-out."""

import re
from base64 import urlsafe_b64decode
from dataclasses import replace

import jwt
import pytest

from cognito_mock.core.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    ResourceNotFoundException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.secret_hash import secret_hash
from cognito_mock.core.users import Group, Membership, User, UserStatus
from cognito_mock.flows.sign_in import (
    AuthenticationResult,
    initiate_auth,
)

POOL_ID = "eu-west-1_AbCdEfGhI"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"
RIGHT = {"USERNAME": "ada", "PASSWORD": "Passw0rd!x"}
WRONG = {"USERNAME": "ada", "PASSWORD": "wrong"}


def sign_in(world, parameters=RIGHT, *, flow="USER_PASSWORD_AUTH", client_id=None, pool_id=None):
    return initiate_auth(
        world.services,
        client_id=client_id or "1h57kf5cpq17m0eml12example",
        auth_flow=flow,
        parameters=parameters,
        admin_pool_id=pool_id,
    )


def refused(world, error, parameters=RIGHT, **how) -> str:
    with pytest.raises(error) as caught:
        sign_in(world, parameters, **how)
    return caught.value.message


def claims(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def set_status(world, **changes) -> None:
    world.put(replace(world.get(User, POOL_ID, "ada"), **changes))


def test_a_right_password_gives_three_tokens(world):
    """COG-API-AUTH-005, COG-SCO-009, COG-TOK-105: ExpiresIn of the access token, one scope."""
    world.client(AccessTokenValidity=5, TokenValidityUnits={"AccessToken": "minutes"})
    user = world.user(email="ada@example.com")

    result = sign_in(world)

    assert isinstance(result, AuthenticationResult)
    assert result.expires_in == 300
    assert result.token_type == "Bearer"
    access, identity = claims(result.access_token), claims(result.id_token)
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert access["sub"] == identity["sub"] == user.sub
    assert access["origin_jti"] == identity["origin_jti"]
    assert access["event_id"] == identity["event_id"]
    assert access["jti"] != identity["jti"]
    assert identity["email"] == "ada@example.com"
    assert "version" not in access


def test_ids_are_uuids_and_times_whole_seconds(world):
    """COG-TOK-010, -012, -015, -019: tokens and events have their own ids, users keep theirs."""
    world.client()
    user = world.user()
    uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    world.clock.advance(0.75)
    first, second = (sign_in(world) for _ in range(2))

    every = [claims(t) for r in (first, second) for t in (r.access_token, r.id_token)]

    for found in every:
        assert uuid.fullmatch(found["sub"])
        assert uuid.fullmatch(found["jti"])
        assert uuid.fullmatch(found["origin_jti"])
        assert uuid.fullmatch(found["event_id"])
        assert [type(found[name]) for name in ("auth_time", "iat", "exp")] == [int] * 3
    assert len({found["jti"] for found in every}) == 4
    assert len({found["event_id"] for found in every}) == 2
    assert {found["sub"] for found in every} == {user.sub}


def test_who_signs_in_by_address_is_named_by_a_generated_value(world):
    """COG-TOK-031, -062: the subject, in either token."""
    world.pool(UsernameAttributes=["email"])
    world.client()
    user = world.user("ada@example.com")

    result = sign_in(world, {"USERNAME": "ada@example.com", "PASSWORD": "Passw0rd!x"})

    assert claims(result.id_token)["cognito:username"] == user.sub
    assert claims(result.access_token)["username"] == user.sub


def test_the_two_tokens_are_signed_with_two_keys(world):
    """COG-TOK-005."""
    world.client()
    world.user()
    result = sign_in(world)
    kids = [jwt.get_unverified_header(t)["kid"] for t in (result.access_token, result.id_token)]
    assert kids == [world.keys[1].kid, world.keys[0].kid]


def test_refresh_tokens_look_like_cognito_s(world):
    """COG-API-REFRESH-006, COG-TOK-090, -092: the header byte for byte, the parts' sizes."""
    world.client()
    world.user()
    one, two = sign_in(world).refresh_token, sign_in(world).refresh_token
    header, key, iv, text, tag = one.split(".")

    assert urlsafe_b64decode(header + "==") == (b'{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
    assert (len(key), len(iv), len(tag)) == (342, 16, 22)
    assert 1700 <= len(one) <= 2200
    assert text not in two


def test_no_secret_is_kept_as_itself(world):
    """The store knows refresh tokens and passwords by digest only."""
    world.client()
    world.user()
    result = sign_in(world)
    with world.services.store.read() as tx:
        kept = repr(tx.scan(RefreshGrant))
    assert result.refresh_token not in kept
    assert result.refresh_token.split(".")[3] not in kept
    assert "Passw0rd!x" not in repr(world.get(User, POOL_ID, "ada"))


def test_groups_are_sorted_by_precedence(world):
    """COG-TOK-021: ascending precedence, null last, then name."""
    world.client()
    world.user()
    for name, precedence in (("z", 1), ("b", None), ("a", None), ("y", 0), ("c", 1)):
        world.put(
            Group(pool_id=POOL_ID, name=name, precedence=precedence, created_at=1, modified_at=1),
            Membership(pool_id=POOL_ID, username="ada", group=name),
        )
    assert claims(sign_in(world).id_token)["cognito:groups"] == ["y", "c", "z", "a", "b"]


def test_wrong_password(world):
    """COG-API-PWD-003."""
    world.client()
    world.user()
    assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."


def test_unknown_user_is_told_in_legacy_mode(world):
    """COG-API-EXIST-002, -003: which is that of a client that names none."""
    world.client()
    message = refused(world, UserNotFoundException, {"USERNAME": "eve", "PASSWORD": "x"})
    assert message == "User does not exist."


def test_unknown_user_is_kept_back_when_asked(world):
    """COG-API-EXIST-001: the same class and text as a wrong password."""
    world.client(PreventUserExistenceErrors="ENABLED")
    message = refused(world, NotAuthorizedException, {"USERNAME": "eve", "PASSWORD": "x"})
    assert message == "Incorrect username or password."


@pytest.mark.parametrize("parameters", [RIGHT, WRONG])
def test_disabled_user(world, parameters):
    """COG-API-PWD-003: whatever the password, also with existence kept back."""
    world.client(PreventUserExistenceErrors="ENABLED")
    world.user()
    set_status(world, enabled=False)
    assert refused(world, NotAuthorizedException, parameters) == "User is disabled."


def test_unconfirmed_user_is_told_after_a_right_password_only(world):
    """COG-API-PWD-003."""
    world.client()
    world.user()
    set_status(world, status=UserStatus.UNCONFIRMED)
    assert refused(world, UserNotConfirmedException) == "User is not confirmed."
    assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."


def test_reset_required(world):
    """COG-API-PWD-003."""
    world.client()
    world.user()
    set_status(world, status=UserStatus.RESET_REQUIRED)
    assert refused(world, PasswordResetRequiredException) == "Password reset required for the user"


def test_reset_required_is_kept_back(world):
    """COG-API-EXIST-001: who does not know the password learns nothing; without one, nobody."""
    world.client(PreventUserExistenceErrors="ENABLED")
    world.user()
    set_status(world, status=UserStatus.RESET_REQUIRED)
    assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."
    assert refused(world, PasswordResetRequiredException) == "Password reset required for the user"
    set_status(world, password=None)
    assert refused(world, NotAuthorizedException) == "Incorrect username or password."


def test_an_expired_temporary_password(world):
    """COG-API-PWD-003, COG-API-STATUS-009: good for seven days, then not."""
    world.client()
    temporary = world.temporary_password("bob")
    parameters = {"USERNAME": "bob", "PASSWORD": temporary}
    world.clock.advance(7 * 86400 - 1)
    assert sign_in(world, parameters).name == "NEW_PASSWORD_REQUIRED"
    world.clock.advance(1)
    assert refused(world, NotAuthorizedException, parameters) == (
        "Temporary password has expired and must be reset by an administrator."
    )


def test_lock_out(world):
    """COG-API-LOCK-001, COG-API-PWD-004: 1 s after the fifth failure, 2 s, 4 s; uncounted then."""
    world.client()
    world.user()
    for _ in range(5):
        assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."
    assert refused(world, NotAuthorizedException, RIGHT) == "Password attempts exceeded"
    assert refused(world, NotAuthorizedException, WRONG) == "Password attempts exceeded"

    world.clock.advance(1)
    assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."
    world.clock.advance(1.9)
    assert refused(world, NotAuthorizedException, RIGHT) == "Password attempts exceeded"
    world.clock.advance(0.1)
    assert isinstance(sign_in(world), AuthenticationResult)

    for _ in range(4):  # success has reset the count
        assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."
    assert isinstance(sign_in(world), AuthenticationResult)


def test_the_longest_lock_is_fifteen_minutes(world):
    """COG-API-LOCK-001: up to about 15 minutes, after which the count is forgotten too."""
    world.client()
    world.user()
    set_status(world, failed_sign_ins=5000, last_failure_at=world.clock.now())
    world.clock.advance(899)
    assert refused(world, NotAuthorizedException, RIGHT) == "Password attempts exceeded"
    world.clock.advance(1)
    assert refused(world, NotAuthorizedException, WRONG) == "Incorrect username or password."
    assert isinstance(sign_in(world), AuthenticationResult)


def test_admin_and_public_sign_in_share_the_count(world):
    """COG-API-LOCK-001."""
    world.client()
    world.user()
    for _ in range(5):
        refused(world, NotAuthorizedException, WRONG)
    message = refused(
        world,
        NotAuthorizedException,
        RIGHT,
        flow="ADMIN_USER_PASSWORD_AUTH",
        pool_id=POOL_ID,
    )
    assert message == "Password attempts exceeded"


@pytest.mark.parametrize("missing", ["USERNAME", "PASSWORD"])
def test_missing_parameters(world, missing):
    """COG-API-AUTH-011."""
    world.client()
    parameters = {name: value for name, value in RIGHT.items() if name != missing}
    message = refused(world, InvalidParameterException, parameters)
    assert message == f"Missing required parameter {missing}"


def test_unknown_client(world):
    """COG-API-AUTH-014."""
    message = refused(world, ResourceNotFoundException, client_id="nobody")
    assert message == "User pool client nobody does not exist."


def test_client_of_another_pool(world):
    """COG-API-AUTH-014: for AdminInitiateAuth it does not exist; an unknown pool neither."""
    world.client()
    world.pool("eu-west-1_Other")
    how = {"flow": "ADMIN_USER_PASSWORD_AUTH"}
    assert refused(world, ResourceNotFoundException, pool_id="eu-west-1_Other", **how) == (
        "User pool client 1h57kf5cpq17m0eml12example does not exist."
    )
    assert refused(world, ResourceNotFoundException, pool_id="eu-west-1_None", **how) == (
        "User pool eu-west-1_None does not exist."
    )


@pytest.mark.parametrize(
    ("flow", "pool_id"),
    [
        ("ADMIN_USER_PASSWORD_AUTH", None),
        ("ADMIN_NO_SRP_AUTH", None),
        ("USER_PASSWORD_AUTH", POOL_ID),
    ],
)
def test_flows_of_the_other_operation(world, flow, pool_id):
    """COG-API-AUTH-003."""
    world.client()
    message = refused(world, InvalidParameterException, flow=flow, pool_id=pool_id)
    assert message == "Initiate Auth method not supported."


@pytest.mark.parametrize(
    ("listed", "flow", "pool_id", "message"),
    [
        (
            None,
            "USER_PASSWORD_AUTH",
            None,
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        (
            ["ALLOW_USER_PASSWORD_AUTH"],
            "USER_SRP_AUTH",
            None,
            "USER_SRP_AUTH flow not enabled for this client",
        ),
        (
            ["ALLOW_USER_PASSWORD_AUTH"],
            "REFRESH_TOKEN",
            None,
            "REFRESH_TOKEN_AUTH flow not enabled for this client",
        ),
        (
            ["CUSTOM_AUTH_FLOW_ONLY"],
            "USER_SRP_AUTH",
            None,
            "USER_SRP_AUTH flow not enabled for this client",
        ),
        (
            ["ALLOW_USER_PASSWORD_AUTH"],
            "ADMIN_USER_PASSWORD_AUTH",
            POOL_ID,
            "Auth flow not enabled for this client",
        ),
    ],
)
def test_flows_that_are_not_enabled(world, listed, flow, pool_id, message):
    """COG-API-AUTH-013, COG-API-CLI-003."""
    world.client(ExplicitAuthFlows=listed)
    world.user()
    assert refused(world, InvalidParameterException, flow=flow, pool_id=pool_id) == message


@pytest.mark.parametrize(
    ("listed", "flow", "pool_id"),
    [
        (["USER_PASSWORD_AUTH"], "USER_PASSWORD_AUTH", None),
        (["ADMIN_NO_SRP_AUTH"], "ADMIN_NO_SRP_AUTH", POOL_ID),
        (["ALLOW_ADMIN_USER_PASSWORD_AUTH"], "ADMIN_NO_SRP_AUTH", POOL_ID),
        (["ADMIN_NO_SRP_AUTH"], "ADMIN_USER_PASSWORD_AUTH", POOL_ID),
    ],
)
def test_old_and_new_names_of_flows(world, listed, flow, pool_id):
    """COG-API-AUTH-002, COG-API-PWD-001: the legacy names still work."""
    world.client(ExplicitAuthFlows=listed)
    world.user()
    assert isinstance(sign_in(world, flow=flow, pool_id=pool_id), AuthenticationResult)


def test_custom_auth_needs_triggers(world):
    """COG-API-CUSTOM-002."""
    world.client(ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"])
    message = refused(world, InvalidParameterException, flow="CUSTOM_AUTH")
    assert message == "Custom auth lambda trigger is not configured for the user pool."


def test_secret_hash_is_asked_for_first(world):
    """COG-API-SECRET-003, COG-API-WIRE-020: before flow, parameters and user are looked at."""
    client = world.client(secrets=(SECRET,), ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"])
    missing = f"Client {client.id} is configured with secret but SECRET_HASH was not received"
    assert refused(world, NotAuthorizedException, {}) == missing
    assert refused(world, NotAuthorizedException, RIGHT) == missing
    wrong = {"USERNAME": "eve", "SECRET_HASH": "wrong"}
    assert refused(world, NotAuthorizedException, wrong) == (
        f"Unable to verify secret hash for client {client.id}"
    )


def test_secret_hash_of_either_secret(world):
    """COG-API-SECRET-005; the username in it is the one that was sent (-002)."""
    world.pool(AliasAttributes=["email"])
    client = world.client(secrets=("old" * 10, SECRET))
    world.user(email="ada@example.com", email_verified="true")
    for secret in ("old" * 10, SECRET):
        for name in ("ada", "ada@example.com"):
            parameters = {
                "USERNAME": name,
                "PASSWORD": "Passw0rd!x",
                "SECRET_HASH": secret_hash(secret, name, client.id),
            }
            assert isinstance(sign_in(world, parameters), AuthenticationResult)


def test_a_hash_for_a_client_without_a_secret(world):
    """COG-API-SECRET-004."""
    client = world.client()
    world.user()
    message = refused(world, NotAuthorizedException, {**RIGHT, "SECRET_HASH": "x"})
    assert message == f"Unable to verify secret hash for client {client.id}"
