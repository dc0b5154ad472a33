"""A person at a pool's pages, in headless Chromium: where each kind of sign-in ends.

Scripts are switched off: the pages have to do without.
"""

import re

import pytest

from .people import NEW_PASSWORD, PASSWORD, TOKENS, Person, Pool, running_app, totp

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def callback():
    """The address of a running app."""
    with running_app() as address:
        yield address


@pytest.fixture
def page(browser):
    """A page without scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def person(page):
    return Person(page)


@pytest.fixture
def pool(mock_url, idp, callback):
    made = Pool(mock_url, idp, callback)
    yield made
    made.control("clock", {"reset": True})
    idp.delete_user_pool(UserPoolId=made.id)


@pytest.fixture
def says(page, expect):
    """Assert what the page tells its reader, in the one copy that can be seen."""

    def check(text):
        told = page.locator(".errorMessage-customizable, .notice").locator("visible=true")
        expect(told).to_have_text(text)

    return check


@pytest.fixture
def arrives(page, expect, callback):
    """Assert that the person has come to the app with a code."""

    def check():
        expect(page.locator("h1")).to_have_text("At the app")
        assert re.fullmatch(rf"{callback}\?code=[0-9a-f-]{{36}}&state=st", page.url), page.url

    return check


@pytest.mark.parametrize(
    ("username", "message"),
    [("ada", "Incorrect username or password."), ("nobody", "User does not exist.")],
)
def test_a_wrong_password_and_an_unknown_user_stay(pool, person, says, username, message):
    """COG-PAG-016, -017, -018: the form again, with the name that was typed."""
    pool.user()
    person.page.goto(pool.address())

    person.sign_in(username, "Wrong1!xx")

    says(message)
    assert person.page.locator("input[name=username]:visible").input_value() == username


def test_an_unknown_user_may_look_like_a_wrong_password(pool, person, says):
    """COG-PAG-017, -043: where the client prevents user existence errors."""
    client = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    settings = pool.idp.describe_user_pool_client(**client)["UserPoolClient"]
    for unwanted in ("CreationDate", "LastModifiedDate", "ClientSecret"):
        settings.pop(unwanted, None)
    pool.idp.update_user_pool_client(**{**settings, "PreventUserExistenceErrors": "ENABLED"})
    person.page.goto(pool.address())

    person.sign_in("nobody", "Wrong1!xx")

    says("Incorrect username or password.")


def test_an_unconfirmed_user_is_led_to_the_code(pool, page, person, says, arrives):
    """COG-PAG-018: the right password, and a way on: the code page, then the sign-in page."""
    page.goto(pool.address("/signup"))
    person.send(
        "Sign up",
        username="eve",
        password=PASSWORD,
        **{"requiredAttributes[email]": "eve@example.com"},
    )
    code = pool.message()["code"]
    page.context.clear_cookies()

    page.goto(pool.address())
    person.sign_in("eve")
    says("User is not confirmed.")
    person.click("Enter the code that was sent to you")
    person.send("Confirm account", code=code)
    says("Your account is confirmed. You can sign in now.")
    person.send("Sign in", password=PASSWORD)

    arrives()


def test_a_sign_up_ends_at_the_app(pool, page, person, arrives):
    """Name, address, password, code."""
    page.goto(pool.address())
    person.click("Sign up")
    person.send(
        "Sign up",
        username="eve",
        password=PASSWORD,
        **{"requiredAttributes[email]": "eve@example.com"},
    )
    person.send("Confirm account", code=pool.message()["code"])

    arrives()


def test_a_disabled_user_stays(pool, page, person, says):
    """COG-PAG-018."""
    pool.idp.admin_disable_user(**pool.user())
    page.goto(pool.address())

    person.sign_in()

    says("User is disabled.")


def test_a_temporary_password_is_changed_first(pool, page, person, says, arrives):
    """COG-API-NEWPWD-001: differing and weak ones are refused on the spot."""
    pool.user(permanent=False)
    page.goto(pool.address())

    person.sign_in()
    person.send("Change password", new_password=NEW_PASSWORD, confirm_password="Other1!xx")
    says("The two passwords do not match.")
    person.send("Change password", new_password="short", confirm_password="short")
    says("Password did not conform with policy: Password not long enough")
    person.send("Change password", new_password=NEW_PASSWORD, confirm_password=NEW_PASSWORD)

    arrives()


def test_a_new_password_comes_with_what_the_pool_requires(pool, page, person, says, arrives):
    """COG-API-NEWPWD-001: who was created without a required attribute is asked for it."""
    pool.user(permanent=False, nickname="Ada")
    page.goto(pool.address())

    person.sign_in()
    person.send(
        "Change password",
        new_password=NEW_PASSWORD,
        confirm_password=NEW_PASSWORD,
        **{"requiredAttributes[email]": "ada@example.com"},
    )

    arrives()
    made = pool.idp.admin_get_user(UserPoolId=pool.id, Username="ada")
    assert made["UserStatus"] == "CONFIRMED"
    assert {"Name": "email", "Value": "ada@example.com"} in made["UserAttributes"]


def test_a_step_that_takes_too_long_begins_anew(pool, page, person, says):
    """COG-API-AUTH-008, -009: after three minutes the sign-in page says why."""
    pool.user(permanent=False)
    page.goto(pool.address())

    person.sign_in()
    pool.control("clock", {"advance": 181})
    person.send("Change password", new_password=NEW_PASSWORD, confirm_password=NEW_PASSWORD)

    says("Invalid session for the user, session is expired.")
    assert page.locator("input[name=password]:visible").count() == 1


def test_a_forgotten_password_is_replaced(pool, person, says, expect, arrives):
    """COG-PAG-003: link, code, new password, sign-in."""
    pool.user()
    person.page.goto(pool.address())

    person.click("Forgot your password?")
    person.send("Reset my password", username="ada")
    expect(person.page.get_by_text("a password reset code by email to a***@e***")).to_be_visible()
    changed = {"new_password": NEW_PASSWORD, "confirm_password": NEW_PASSWORD}
    person.send("Change password", code="12345x", **changed)
    says("Invalid verification code provided, please try again.")
    person.send("Change password", code=pool.message()["code"], **changed)
    says("Your password was changed. You can sign in now.")
    person.send("Sign in", password=NEW_PASSWORD)

    arrives()


def test_an_expired_code_is_told(pool, page, person, says):
    """COG-API-SIGNUP-007, -008: a day later; a new one can be had."""
    page.goto(pool.address("/signup"))
    person.send(
        "Sign up",
        username="eve",
        password=PASSWORD,
        **{"requiredAttributes[email]": "eve@example.com"},
    )
    old = pool.message()["code"]
    pool.control("clock", {"advance": 24 * 3600})

    person.send("Confirm account", code=old)
    says("Invalid code provided, please request a code again.")
    person.send("Send a new code")
    says("A new code was sent to e***@e***.")
    person.send("Confirm account", code=pool.message()["code"])

    # The browser's own part of the sign-up is over by now.
    says("Your account is confirmed. You can sign in now.")


def test_an_expired_reset_code_is_told(pool, page, person, says):
    """COG-PAG-018, COG-API-RESET-003: an hour later; the former password is still the password."""
    pool.user()
    page.goto(pool.address("/forgotPassword"))
    person.send("Reset my password", username="ada")
    old = pool.message()["code"]
    pool.control("clock", {"advance": 3600})

    person.send(
        "Change password", code=old, new_password=NEW_PASSWORD, confirm_password=NEW_PASSWORD
    )

    says("Invalid code provided, please request a code again.")
    page.goto(pool.address())
    person.sign_in("ada", NEW_PASSWORD)
    says("Incorrect username or password.")


def test_a_reset_password_leads_to_the_code(pool, page, person, says, arrives):
    """COG-API-RESET-006: what an administrator began is finished here."""
    pool.idp.admin_reset_user_password(**pool.user())
    page.goto(pool.address())

    person.sign_in()
    person.send(
        "Change password",
        code=pool.message()["code"],
        new_password=NEW_PASSWORD,
        confirm_password=NEW_PASSWORD,
    )
    says("Your password was changed. You can sign in now.")
    person.send("Sign in", password=NEW_PASSWORD)

    arrives()


def test_an_authenticator_app_is_set_up_and_asked_for(pool, page, person, says, arrives):
    """COG-API-MFA-007: by the key that the page shows; the next time its code is asked for."""
    pool.user()
    pool.require_factors(**TOKENS)
    page.goto(pool.address())

    person.sign_in()
    key, now = person.key, pool.control("clock")["now"]
    person.send("Verify and sign in", code="12345x")
    says("Code mismatch")
    assert person.key == key
    person.send("Verify and sign in", code=totp(key, now), device_name="phone")
    arrives()
    page.context.clear_cookies()
    page.goto(pool.address())
    person.sign_in()
    person.send("Sign in", code="12345x")
    says("Invalid code received for user")
    pool.control("clock", {"advance": 60})
    person.send("Sign in", code=totp(key, pool.control("clock")["now"]))

    arrives()


def test_the_link_of_a_message_confirms(pool, page, person, expect, arrives):
    """COG-PAG-050, -051."""
    pool.idp.update_user_pool(
        UserPoolId=pool.id,
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    )
    page.goto(pool.address("/signup"))
    person.send(
        "Sign up",
        username="eve",
        password=PASSWORD,
        **{"requiredAttributes[email]": "eve@example.com"},
    )
    mail = page.context.new_page()
    mail.goto(pool.message()["link"])
    expect(mail.locator("h1")).to_have_text("Your registration has been confirmed")

    person.click("Continue")
    person.sign_in("eve")

    arrives()
