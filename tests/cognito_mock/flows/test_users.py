"""Users as administrators handle them, names and aliases, and finding them."""

from dataclasses import replace

import pytest

from cognito_mock.core.errors import (
    AliasExistsException,
    InvalidParameterException,
    InvalidPasswordException,
    ResourceNotFoundException,
    UnsupportedUserStateException,
    UsernameExistsException,
    UserNotFoundException,
)
from cognito_mock.core.grants import Message
from cognito_mock.core.users import Membership, User, UserStatus
from cognito_mock.flows import users
from cognito_mock.flows.groups import add_user_to_group, create_group
from cognito_mock.flows.inbox import clear_messages, list_messages
from cognito_mock.flows.lookups import find_user
from cognito_mock.flows.sign_in import initiate_auth

POOL_ID = "eu-west-1_AbCdEfGhI"
OF_ADA = {"pool_id": POOL_ID, "username": "ada"}


def create(world, username="ada", attributes=None, **how) -> User:
    return users.admin_create_user(
        world.services, pool_id=POOL_ID, username=username, attributes=attributes or {}, **how
    )


def text_of(error, call, *args, **how) -> str:
    with pytest.raises(error) as caught:
        call(*args, **how)
    return caught.value.message


def found(world, pool, name) -> str | None:
    with world.services.store.read() as tx:
        user = find_user(tx, pool, name)
    return user.username if user is not None else None


def test_a_created_user_must_change_the_password(world):
    """COG-API-STATUS-002, -008, COG-API-JSON-007; the invitation holds a password that works."""
    world.client()
    user = create(world, attributes={"email": "ada@example.com", "name": ""})
    assert user.status is UserStatus.FORCE_CHANGE_PASSWORD
    assert user.attributes == {"email": "ada@example.com"}
    assert user.enabled
    assert user.created_at == world.clock.now()

    (message,) = list_messages(world.services)
    assert message.medium == "EMAIL"
    assert message.trigger_source == "CustomMessage_AdminCreateUser"
    assert "Your username is ada and temporary password is " in message.body
    challenge = initiate_auth(
        world.services,
        client_id="1h57kf5cpq17m0eml12example",
        auth_flow="USER_PASSWORD_AUTH",
        parameters={"USERNAME": "ada", "PASSWORD": message.code},
    )
    assert challenge.name == "NEW_PASSWORD_REQUIRED"


def test_suppressed_and_unreachable_invitations(world):
    """COG-API-STATUS-005: SUPPRESS sends nothing; nor can one be sent to nowhere."""
    create(world, attributes={"email": "ada@example.com"}, message_action="SUPPRESS")
    create(world, "bob")
    assert list_messages(world.services) == []


def test_invitations_go_by_the_asked_for_mediums(world):
    """COG-API-STATUS-005: SMS by default."""
    contact = {"email": "ada@example.com", "phone_number": "+15555550123"}
    create(world, "a", contact)
    create(world, "b", contact, desired_delivery_mediums=["EMAIL"])
    create(world, "c", contact, desired_delivery_mediums=["EMAIL", "SMS"])
    sent = [(message.username, message.medium) for message in list_messages(world.services)]
    assert sent == [("a", "SMS"), ("b", "EMAIL"), ("c", "SMS"), ("c", "EMAIL")]


def test_resending_an_invitation(world):
    """COG-API-STATUS-005: a new password and new time, for FORCE_CHANGE_PASSWORD only."""
    first = create(world, attributes={"email": "ada@example.com"})
    world.clock.advance(3600)
    again = create(world, message_action="RESEND")
    assert again.sub == first.sub
    assert again.password.temporary_until == first.password.temporary_until + 3600
    assert len(list_messages(world.services)) == 2
    world.set_password("ada", "Passw0rd!x")
    text_of(UnsupportedUserStateException, create, world, message_action="RESEND")
    text_of(UserNotFoundException, create, world, "eve", message_action="RESEND")


def test_taken_names(world):
    """COG-API-STATUS-006, COG-API-NAME-008."""
    create(world)
    assert text_of(UsernameExistsException, create, world) == "User account already exists"
    world.pool(UsernameAttributes=["email", "phone_number"])
    create(world, "ada@example.com")
    assert text_of(UsernameExistsException, create, world, "ada@example.com") == (
        "An account with the given email already exists."
    )
    assert text_of(InvalidParameterException, create, world, "ada") == (
        "Username should be either an email or a phone number."
    )


def test_texts_of_refused_passwords_and_attributes(world):
    """COG-API-POLICY-003 and COG-API-SIGNUP-005, in the administrator's wording."""
    assert text_of(InvalidPasswordException, create, world, temporary_password="abc") == (
        "Password did not conform with password policy: Password not long enough"
    )
    assert text_of(
        InvalidPasswordException,
        users.admin_set_user_password,
        world.services,
        password="abc",
        **{**OF_ADA, "username": create(world).username},
    ) == ("Password did not conform with policy: Password not long enough")
    assert text_of(InvalidParameterException, create, world, "x", {"custom:x": "1"}) == (
        "user.custom:x: Attribute does not exist in the schema.\n"
    )
    assert text_of(InvalidParameterException, create, world, "x", {"sub": "1"}) == (
        "user.sub: Attribute cannot be updated.\n"
    )


def test_unknown_pool(world):
    """COG-API-POOL-001."""
    message = text_of(
        ResourceNotFoundException,
        users.admin_get_user,
        world.services,
        pool_id="eu-west-1_X",
        username="ada",
    )
    assert message == "User pool eu-west-1_X does not exist."


def test_permanent_and_temporary_passwords(world):
    """COG-API-STATUS-002, COG-API-RESET-007."""
    create(world)
    user = users.admin_set_user_password(
        world.services, password="Passw0rd!x", permanent=True, **OF_ADA
    )
    assert user.status is UserStatus.CONFIRMED
    assert user.password.temporary_until is None
    user = users.admin_set_user_password(world.services, password="Passw0rd!x", **OF_ADA)
    assert user.status is UserStatus.FORCE_CHANGE_PASSWORD
    assert user.password.temporary_until is not None


def test_local_password_of_a_federated_user(world):
    """COG-API-STATUS-003: CONFIRMED, and signs in with it."""
    client = world.client()
    user = world.user("Google_1098", password=None)
    world.put(replace(user, status=UserStatus.EXTERNAL_PROVIDER, password=None))

    world.set_password("Google_1098", "Passw0rd!x")

    assert world.get(User, POOL_ID, "Google_1098").status is UserStatus.CONFIRMED
    signed_in = world.enter(client, "Google_1098", "Passw0rd!x")
    assert signed_in.username == "Google_1098"


def test_who_is_meant_in_a_plain_pool(world):
    """Username and sub; no attribute."""
    pool = world.pool()
    user = create(world, attributes={"email": "ada@example.com", "email_verified": "true"})
    assert found(world, pool, "ada") == "ada"
    assert found(world, pool, user.sub) == "ada"
    assert found(world, pool, "Ada") is None
    assert found(world, pool, "ada@example.com") is None


def test_who_is_meant_in_a_pool_with_aliases(world):
    """COG-API-NAME-005: e-mail and phone once verified, preferred_username always."""
    pool = world.pool(AliasAttributes=["email", "phone_number", "preferred_username"])
    attributes = {
        "email": "ada@example.com",
        "email_verified": "true",
        "phone_number": "+15555550123",
        "preferred_username": "countess",
    }
    create(world, attributes=attributes, message_action="SUPPRESS")
    assert found(world, pool, "ada@example.com") == "ada"
    assert found(world, pool, "ADA@example.com") is None
    assert found(world, pool, "+15555550123") is None
    assert found(world, pool, "countess") == "ada"


def test_who_is_meant_where_case_is_ignored(world):
    """COG-API-NAME-009."""
    pool = world.pool(
        AliasAttributes=["email", "preferred_username"],
        UsernameConfiguration={"CaseSensitive": False},
    )
    attributes = {
        "email": "Ada@Example.com",
        "email_verified": "true",
        "preferred_username": "Countess",
    }
    create(world, "Ada", attributes, message_action="SUPPRESS")
    for name in ("ADA", "ada@EXAMPLE.com", "countess", "ada"):
        assert found(world, pool, name) == "ada"


def test_who_is_meant_where_emails_are_usernames(world):
    """COG-API-NAME-002: even unverified; the username is the sub."""
    pool = world.pool(UsernameAttributes=["email"])
    user = create(world, "ada@example.com", message_action="SUPPRESS")
    assert user.username == user.sub
    assert found(world, pool, "ada@example.com") == user.sub
    assert found(world, pool, user.sub) == user.sub


def test_a_forced_alias_moves(world):
    """COG-API-NAME-005."""
    world.pool(AliasAttributes=["email"])
    verified = {"email": "ada@example.com", "email_verified": "true"}
    create(world, "old", verified, message_action="SUPPRESS")
    assert text_of(AliasExistsException, create, world, "new", verified) == (
        "An account with the email already exists."
    )
    create(world, "new", verified, force_alias_creation=True)
    assert world.get(User, POOL_ID, "old").attributes["email_verified"] == "false"


def test_a_deleted_user_leaves_nothing(world):
    """COG-API-STATUS-007: the name is free at once, with a new sub and no groups."""
    first = create(world)
    create_group(world.services, pool_id=POOL_ID, name="editors")
    add_user_to_group(world.services, group="editors", **OF_ADA)
    users.admin_delete_user(world.services, **OF_ADA)
    assert text_of(UserNotFoundException, users.admin_get_user, world.services, **OF_ADA) == (
        "User does not exist."
    )
    assert create(world).sub != first.sub
    assert world.get(Membership, POOL_ID, "ada", "editors") is None


def named(page) -> list[str]:
    return [user.username for user in page.users]


@pytest.fixture
def crowd(world):
    """Four users, one of them disabled."""
    for name, family in (("dan", "Zed"), ("ada", "Byron"), ("cem", "byrne"), ("bob", "Young")):
        create(world, name, {"family_name": family, "email": f"{name}@example.com"})
    users.admin_disable_user(world.services, pool_id=POOL_ID, username="bob")
    clear_messages(world.services)
    return world


def search(world, text=None, **how):
    return users.list_users(world.services, pool_id=POOL_ID, filter_text=text, **how)


def test_listing_goes_in_pages(crowd):
    """By username; the last page says so."""
    page = search(crowd, limit=3)
    assert named(page) == ["ada", "bob", "cem"]
    page = search(crowd, limit=3, after=page.after)
    assert (named(page), page.after) == (["dan"], None)
    assert search(crowd, limit=4).after is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('username = "ada"', ["ada"]),
        ('username="Ada"', []),
        ('username ^= "a"', ["ada"]),
        ('email = "CEM@example.com"', ["cem"]),
        ('family_name ^= "BYR"', ["cem", "ada"]),
        ('family_name = "young"', ["bob"]),
        ('status = "Disabled"', ["bob"]),
        ('status = "disabled"', []),
        ('cognito:user_status = "force_change_password"', ["ada", "bob", "cem", "dan"]),
        ('phone_number ^= "+"', []),
        ("", ["ada", "bob", "cem", "dan"]),
    ],
)
def test_filters(crowd, text, names):
    """COG-API-LIST-001, -002."""
    assert named(search(crowd, text)) == names


def test_filtered_pages_follow_the_attribute(crowd):
    """COG-API-LIST-002: ascending by the attribute, across pages."""
    seen, after = [], None
    for _ in range(4):
        page = search(crowd, 'family_name ^= ""', limit=1, after=after)
        seen += named(page)
        after = page.after
    assert (seen, after) == (["cem", "ada", "bob", "dan"], None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("username", "Error while parsing filter"),
        ('username = "a" and x = "b"', "Error while parsing filter"),
        ("username = 'a'", "Error while parsing filter"),
        ('locale = "x"', "Invalid search attribute: locale"),
        ('custom:x = "x"', "Input fails to satisfy the constraints."),
    ],
)
def test_filters_that_are_refused(crowd, text, message):
    """COG-API-LIST-003."""
    assert text_of(InvalidParameterException, search, crowd, text) == message


def test_quotes_in_a_filter(world):
    """COG-API-LIST-001: escaped with a backslash."""
    create(world, attributes={"name": 'A "B"'})
    assert named(search(world, 'name = "A \\"B\\""')) == ["ada"]


def test_the_inbox_keeps_its_order_when_the_clock_goes_back(world):
    """Newest last means last sent, also at one instant and after time travel."""
    create(world, "a", {"email": "a@example.com"})
    create(world, "b", {"email": "b@example.com"})
    world.clock.advance(-3600)
    create(world, "c", {"email": "c@example.com"})
    create(world, "d", {"email": "d@example.com"})
    assert [message.username for message in list_messages(world.services)] == list("abcd")
    assert [m.username for m in list_messages(world.services, recipient="c@example.com")] == ["c"]
    assert list_messages(world.services, pool_id="eu-west-1_Other") == []
    clear_messages(world.services)
    with world.services.store.read() as tx:
        assert list(tx.scan(Message)) == []
