"""Signing up, confirming, asking again (spec section 4.3)."""

import re

import pytest

from cognito_mock.core.errors import (
    AliasExistsException,
    CodeMismatchException,
    ExpiredCodeException,
    InvalidParameterException,
    InvalidPasswordException,
    LimitExceededException,
    NotAuthorizedException,
    UsernameExistsException,
    UserNotFoundException,
)
from cognito_mock.core.grants import ConfirmationCode
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.attributes_update import admin_update_user_attributes
from cognito_mock.flows.inbox import list_messages
from cognito_mock.flows.sign_up import (
    admin_confirm_sign_up,
    confirm_sign_up,
    resend_confirmation_code,
    sign_up,
)

POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
EMAIL = {"email": "ada@example.com"}
EXPIRED = "Invalid code provided, please request a code again."
MISMATCH = "Invalid verification code provided, please try again."


def join(world, username="ada", password="Passw0rd!x", attributes=EMAIL, **how):
    return sign_up(
        world.services,
        client_id=CLIENT_ID,
        username=username,
        password=password,
        attributes=attributes,
        **how,
    )


def confirm(world, code, username="ada", **how):
    return confirm_sign_up(world.services, client_id=CLIENT_ID, username=username, code=code, **how)


def resend(world, username="ada"):
    return resend_confirmation_code(world.services, client_id=CLIENT_ID, username=username)


def text_of(error, call, *args, **how) -> str:
    with pytest.raises(error) as caught:
        call(*args, **how)
    return caught.value.message


def last_code(world) -> str:
    return list_messages(world.services, pool_id=POOL_ID)[-1].code


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def open_pool(world):
    """E-mail is verified automatically."""
    world.pool(AutoVerifiedAttributes=["email"])
    world.client()
    return world


def test_sign_up_sends_a_code(open_pool):
    """COG-API-SIGNUP-001, -002: UNCONFIRMED, a masked destination, six digits in the inbox."""
    result = join(open_pool)

    assert result.user.status is UserStatus.UNCONFIRMED
    assert result.user.attributes == {"email": "ada@example.com", "email_verified": "false"}
    assert (result.delivery.attribute, result.delivery.medium, result.delivery.destination) == (
        "email",
        "EMAIL",
        "a***@e***",
    )
    (message,) = list_messages(open_pool.services, recipient="ada@example.com")
    assert len(message.code) == 6
    assert message.code.isdigit()
    assert message.code in message.body
    assert message.trigger_source == "CustomMessage_SignUp"
    assert list(open_pool.delivery.messages) == [message]


def test_a_phone_comes_first(world):
    """COG-API-SIGNUP-002, COG-API-WIRE-041."""
    world.pool(AutoVerifiedAttributes=["email", "phone_number"])
    world.client()
    result = join(world, attributes={**EMAIL, "phone_number": "+15555550123"})
    assert result.delivery.medium == "SMS"
    assert result.delivery.destination == "+*******0123"


def test_without_automatic_verification_nothing_is_sent(world):
    """COG-API-SIGNUP-001: no delivery, no message."""
    world.client()
    assert join(world).delivery is None
    assert list_messages(world.services) == []
    assert text_of(ExpiredCodeException, confirm, world, "123456") == EXPIRED
    assert text_of(NotAuthorizedException, resend, world) == (
        "Cannot resend codes. Auto verification not turned on."
    )


def test_the_right_code_confirms_and_verifies(open_pool):
    """COG-API-SIGNUP-008."""
    join(open_pool)
    user = confirm(open_pool, last_code(open_pool))
    assert user.status is UserStatus.CONFIRMED
    assert open_pool.get(User, POOL_ID, "ada").attributes["email_verified"] == "true"
    assert open_pool.get(ConfirmationCode, POOL_ID, "ada", "sign_up") is None
    assert text_of(NotAuthorizedException, confirm, open_pool, "123456") == (
        "User cannot be confirmed. Current status is CONFIRMED"
    )
    assert text_of(InvalidParameterException, resend, open_pool) == "User is already confirmed."


def test_wrong_and_late_codes(open_pool):
    """COG-API-SIGNUP-007, -008, COG-API-QUO-003, COG-QUO-023: a day."""
    join(open_pool)
    code = last_code(open_pool)
    assert text_of(CodeMismatchException, confirm, open_pool, other_than(code)) == MISMATCH
    assert text_of(CodeMismatchException, confirm, open_pool, "ä") == MISMATCH
    open_pool.clock.advance(86400)
    assert text_of(ExpiredCodeException, confirm, open_pool, code) == EXPIRED


def test_codes_cannot_be_guessed_by_trying(open_pool):
    """COG-API-RESET-004: after 15 wrong ones the right one is refused too; a new one works."""
    join(open_pool)
    code = last_code(open_pool)
    for _ in range(15):
        text_of(CodeMismatchException, confirm, open_pool, other_than(code))
    assert text_of(LimitExceededException, confirm, open_pool, code) == (
        "Attempt limit exceeded, please try after some time."
    )
    resend(open_pool)
    assert confirm(open_pool, last_code(open_pool)).status is UserStatus.CONFIRMED


def test_a_new_code_replaces_the_former(open_pool):
    """COG-API-SIGNUP-008, -009."""
    join(open_pool)
    first = last_code(open_pool)
    while last_code(open_pool) == first:
        assert resend(open_pool).destination == "a***@e***"
    assert text_of(CodeMismatchException, confirm, open_pool, first) == MISMATCH
    confirm(open_pool, last_code(open_pool))


def test_unknown_users(open_pool):
    """COG-API-SIGNUP-007, -009, COG-API-EXIST-004."""
    missing = "Username/client id combination not found."
    assert text_of(UserNotFoundException, confirm, open_pool, "123456") == missing
    assert text_of(UserNotFoundException, resend, open_pool) == missing
    open_pool.client(PreventUserExistenceErrors="ENABLED")
    assert text_of(ExpiredCodeException, confirm, open_pool, "123456") == EXPIRED
    one, two = resend(open_pool), resend(open_pool)
    assert one == two
    assert one.medium == "EMAIL"
    assert one.destination[1:] in {f"***@{letter}***" for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert list_messages(open_pool.services) == []


def test_a_taken_username(open_pool):
    """COG-API-NAME-008, COG-API-EXIST-001: always told."""
    join(open_pool)
    assert text_of(UsernameExistsException, join, open_pool) == "User already exists"


def test_email_as_username(world):
    """COG-API-NAME-002, -003, -008, COG-API-WIRE-035: the sub for a name, one user per address."""
    world.pool(
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
    )
    world.client()
    assert text_of(InvalidParameterException, join, world) == "Username should be an email."
    user = join(world, "Ada@Example.com", attributes={}).user
    assert user.username == user.sub
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", user.sub)
    assert user.email == "Ada@Example.com"
    assert text_of(UsernameExistsException, join, world, "ada@example.com", attributes={}) == (
        "An account with the given email already exists."
    )
    assert text_of(
        InvalidParameterException, join, world, "b@example.com", attributes={"email": "c@d.ef"}
    )
    assert confirm(world, last_code(world), "ada@EXAMPLE.com").sub == user.sub


def test_an_alias_is_claimed_at_confirmation(world):
    """COG-API-NAME-005: AliasExists, or with ForceAliasCreation the alias moves."""
    world.pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
    world.client()
    world.user("owner", email="ada@example.com", email_verified="true")
    assert text_of(InvalidParameterException, join, world, "ada@example.com") == (
        "Username cannot be of email format, since user pool is configured for email alias."
    )
    join(world)
    code = last_code(world)
    assert text_of(AliasExistsException, confirm, world, code) == (
        "An account with the email already exists."
    )
    user = confirm(world, code, force_alias_creation=True)
    assert user.attributes["email_verified"] == "true"
    assert world.get(User, POOL_ID, "owner").attributes["email_verified"] == "false"


def test_names_that_look_like_aliases(world):
    """COG-API-NAME-006: refused where that alias can be had, and only there."""
    world.pool(AliasAttributes=["email", "phone_number"])
    world.client()
    assert text_of(InvalidParameterException, join, world, "ada@example.com") == (
        "Username cannot be of email format, since user pool is configured for email alias."
    )
    assert text_of(InvalidParameterException, join, world, "+15555550123").startswith(
        "Username cannot be of phone number format"
    )
    world.pool(AliasAttributes=["preferred_username"])
    assert join(world, "ada@example.com").user.username == "ada@example.com"


def test_preferred_username_comes_after_confirmation(world):
    """COG-API-NAME-007: as an alias; then it is a name to sign in with."""
    world.pool(AliasAttributes=["preferred_username"], AutoVerifiedAttributes=["email"])
    client = world.client()
    wanted = {"preferred_username": "countess", **EMAIL}
    text_of(InvalidParameterException, join, world, attributes=wanted)
    assert world.get(User, POOL_ID, "ada") is None
    join(world)
    confirm(world, last_code(world))

    admin_update_user_attributes(
        world.services,
        pool_id=POOL_ID,
        username="ada",
        attributes={"preferred_username": "countess"},
    )

    signed_in = world.enter(client, "countess", "Passw0rd!x")
    assert signed_in.username == "ada"


def test_case_is_folded_where_the_pool_does(world):
    """COG-API-NAME-009."""
    world.pool(UsernameConfiguration={"CaseSensitive": False})
    world.client()
    assert join(world, "Ada").user.username == "ada"
    assert text_of(UsernameExistsException, join, world, "ADA") == "User already exists"


def test_a_closed_pool(world):
    """COG-API-SIGNUP-003."""
    world.pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    world.client()
    assert text_of(NotAuthorizedException, join, world) == (
        "SignUp is not permitted for this user pool"
    )


PREFIX = "Attributes did not conform to the schema: "
CUSTOM = [
    {
        "Name": "age",
        "AttributeDataType": "Number",
        "NumberAttributeConstraints": {"MinValue": "18", "MaxValue": "99"},
    },
    {
        "Name": "code",
        "AttributeDataType": "String",
        "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "3"},
    },
    {"Name": "since", "AttributeDataType": "DateTime"},
    {"Name": "vip", "AttributeDataType": "Boolean"},
]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"custom:x": "1"}, f"{PREFIX}Type for attribute {{custom:x}} could not be determined"),
        ({"email": "nobody"}, "Invalid email address format."),
        ({"email": "a@b"}, "Invalid email address format."),
        ({"phone_number": "5550123"}, "Invalid phone number format."),
        ({"custom:age": "17"}, f"{PREFIX}custom:age: Value is out of bounds\n"),
        ({"custom:age": "x"}, f"{PREFIX}custom:age: Attribute does not conform to type Number\n"),
        ({"custom:code": "abcd"}, f"{PREFIX}custom:code: String length is out of bounds\n"),
        (
            {"custom:since": "today"},
            f"{PREFIX}custom:since: Attribute does not conform to type DateTime\n",
        ),
        (
            {"custom:vip": "yes"},
            f"{PREFIX}custom:vip: Attribute does not conform to type Boolean\n",
        ),
        ({"birthdate": "01/02/2003"}, f"{PREFIX}birthdate: Invalid date format, use YYYY-MM-DD\n"),
        ({"name": "\ud800"}, f"{PREFIX}name: Invalid characters\n"),
    ],
)
def test_attributes_that_do_not_fit(world, attributes, message):
    """COG-API-SIGNUP-005, COG-API-ATTR-006."""
    world.pool(Schema=CUSTOM)
    world.client()
    assert text_of(InvalidParameterException, join, world, attributes=attributes) == message


def test_attributes_that_fit(world):
    """COG-API-ATTR-006."""
    world.pool(Schema=CUSTOM)
    world.client()
    attributes = {
        "custom:age": "18",
        "custom:code": "abc",
        "custom:since": "2025-01-02T03:04:05Z",
        "custom:vip": "true",
        "birthdate": "2001-02-03",
    }
    assert join(world, attributes=attributes).user.attributes == attributes


def test_missing_required_attributes_are_all_named(world):
    """COG-API-SIGNUP-005."""
    world.pool(Schema=[{"Name": "name", "Required": True}, {"Name": "email", "Required": True}])
    world.client()
    assert text_of(InvalidParameterException, join, world, attributes={}) == (
        f"{PREFIX}name: The attribute is required\nemail: The attribute is required\n"
    )


@pytest.mark.parametrize(
    ("written", "settings"),
    [
        ("email_verified", {}),
        ("email_verified", {"WriteAttributes": ["email_verified"]}),
        ("name", {"WriteAttributes": ["email"]}),
    ],
)
def test_attributes_that_the_client_may_not_write(world, written, settings):
    """COG-API-SIGNUP-006, COG-SCO-012."""
    world.client(**settings)
    attributes = {**EMAIL, written: "true"}
    assert text_of(NotAuthorizedException, join, world, attributes=attributes) == (
        "A client attempted to write unauthorized attribute"
    )


def test_a_weak_password(world):
    """COG-API-POLICY-003."""
    world.client()
    assert text_of(InvalidPasswordException, join, world, password="short1!") == (
        "Password did not conform with policy: Password not long enough"
    )


def test_secret_hash_is_checked(world):
    """COG-API-SECRET-001, -003."""
    world.client(secrets=("secret",))
    assert "SECRET_HASH was not received" in text_of(NotAuthorizedException, join, world)


def test_an_administrator_confirms_without_verifying(open_pool):
    """COG-API-SIGNUP-008, -010."""
    join(open_pool)
    how = {"pool_id": POOL_ID, "username": "ada"}
    user = admin_confirm_sign_up(open_pool.services, **how)
    assert user.status is UserStatus.CONFIRMED
    assert user.attributes["email_verified"] == "false"
    assert text_of(NotAuthorizedException, admin_confirm_sign_up, open_pool.services, **how) == (
        "User cannot be confirmed. Current status is CONFIRMED"
    )


def test_the_pool_s_template_is_used(world):
    """The words are the pool's, the code is in its place."""
    world.pool(
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={
            "EmailMessage": "Hello, {####} is it",
            "EmailSubject": "Your code",
        },
    )
    world.client()
    join(world)
    (message,) = list_messages(world.services)
    assert message.body == f"Hello, {message.code} is it"
    assert message.subject == "Your code"
