"""A person at a pool's pages, in headless Chromium: where each kind of sign-in ends.

Scripts are switched off where people walk: the pages have to do without. Where the pages are looked
at (screenshots, axe-core) they are on, for the tools' sake.
"""

import json
import re
import threading
import urllib.request
from base64 import b32decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

pytestmark = pytest.mark.e2e

PASSWORD = "Passw0rd!x"
NEW_PASSWORD = "NewPassw0rd!"
TOKENS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAIL = {"EmailMfaConfiguration": {"Message": "Use {####}.", "Subject": "Sign-in"}}
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"


class Pool:
    """A pool of its own, made over the API, and what a person knows of it."""

    def __init__(self, mock_url, idp, callback):
        self.callback = callback
        self.mock_url = mock_url
        self.idp = idp
        pool = idp.create_user_pool(
            PoolName="Round Table",
            AutoVerifiedAttributes=["email"],
            EmailConfiguration={
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
            },
            UsernameConfiguration={"CaseSensitive": False},
            Schema=[{"Name": "email", "AttributeDataType": "String", "Required": True}],
        )
        self.id = pool["UserPool"]["Id"]
        self.client_id = idp.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid", "email"],
            SupportedIdentityProviders=["COGNITO"],
            CallbackURLs=[callback],
        )["UserPoolClient"]["ClientId"]

    def require_factors(self, **factors):
        """Demand a second factor: one of these."""
        self.idp.set_user_pool_mfa_config(UserPoolId=self.id, MfaConfiguration="ON", **factors)

    def user(self, username="ada", password=PASSWORD, *, permanent=True, **attributes):
        given = attributes or {"email": f"{username}@example.com", "email_verified": "true"}
        who = {"UserPoolId": self.id, "Username": username}
        self.idp.admin_create_user(
            **who,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": k, "Value": v} for k, v in given.items()],
        )
        self.idp.admin_set_user_password(**who, Password=password, Permanent=permanent)
        return who

    def address(self, path="/oauth2/authorize"):
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": "openid email",
            "state": "st",
        }
        return f"{self.mock_url}{path}?{urlencode(query)}"

    def message(self):
        """The newest message of the pool."""
        return self.control(f"messages?pool={self.id}")["messages"][-1]

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.mock_url}/_mock/api/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)


class Person:
    """Fills in the form that can be seen: the sign-in page has a copy for each size."""

    def __init__(self, page):
        self.page = page

    def send(self, button, **fields):
        self.page.wait_for_load_state()  # the style sheet hides one of two copies (COG-PAG-012)
        for name, value in fields.items():
            self.page.locator(f"input[name='{name}']:visible").fill(value)
        self.page.get_by_role("button", name=button, exact=True).locator("visible=true").click()

    def sign_in(self, username="ada", password=PASSWORD):
        self.send("Sign in", username=username, password=password)

    def click(self, link):
        self.page.wait_for_load_state()
        self.page.get_by_role("link", name=link).locator("visible=true").click()

    @property
    def key(self):
        """The key of the authenticator app that the page shows."""
        return self.page.locator("#totp_secret").inner_text().replace(" ", "")


def totp(secret, at):
    """A code, computed independently of the mock."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
    return TOTP(key, 6, sha1, 30, enforce_key_length=False).generate(int(at)).decode()


class App(BaseHTTPRequestHandler):
    """Where the pages send people in the end."""

    def do_GET(self):
        """Say that they have arrived."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>At the app</h1>")

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture(scope="module")
def callback():
    """The address of a running app."""
    with ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/cb"
        server.shutdown()
        thread.join()


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


def test_an_unconfirmed_user_is_led_to_the_code(pool, page, person, says, arrives):
    """The right password, and a way on: the code page, then the sign-in page."""
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


def walk(pool, person):
    """Go through all pages, and yield the name of each while it is open."""
    page = person.page
    page.goto(pool.address())
    yield "sign-in"
    person.sign_in("ada", "Wrong1!xx")
    yield "sign-in-refused"
    person.click("Forgot your password?")
    yield "forgot-password"
    person.send("Reset my password", username="ada")
    yield "forgot-password-code"
    page.goto(pool.address("/signup"))
    yield "sign-up"
    sign_up = {"username": "eve", "requiredAttributes[email]": "eve@example.com"}
    person.send("Sign up", password="short", **sign_up)
    yield "sign-up-refused"
    person.send("Sign up", password=PASSWORD, **sign_up)
    yield "confirm"
    page.goto(pool.address())
    person.sign_in("bob")
    yield "new-password"
    yield from walk_factors(pool, person)
    pool.idp.update_user_pool(
        UserPoolId=pool.id,
        AutoVerifiedAttributes=["email"],
        MfaConfiguration="OPTIONAL",
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    )
    page.goto(pool.address("/signup"))
    person.send("Sign up", password=PASSWORD, **{**sign_up, "username": "uma"})
    yield "confirm-by-link"
    page.goto(pool.message()["link"])
    yield "confirmed"
    page.goto(pool.address().replace("%2Fcb", "%2Fother"))
    yield "error"


def walk_factors(pool, person):
    """Go through the pages of second factors."""
    page = person.page
    pool.require_factors(**TOKENS, **EMAIL)
    page.goto(pool.address())
    person.sign_in("zoe")
    yield "set-up-choice"
    person.send("Email")
    yield "set-up-email"
    person.send("Send a code", email="zoe@example.org")
    yield "email-code"
    pool.require_factors(**TOKENS)
    page.goto(pool.address())
    person.sign_in("zoe")
    yield "set-up-token"
    key = person.key
    person.send("Verify and sign in", code=totp(key, pool.control("clock")["now"]))
    page.context.clear_cookies()
    page.goto(pool.address())
    person.sign_in("zoe")
    yield "token-code"
    pool.require_factors(**TOKENS, SmsMfaConfiguration={"SmsConfiguration": SMS})
    phone = {"Name": "phone_number", "Value": "+15555550123"}
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id, Username="zoe", UserAttributes=[phone]
    )
    choice = {"Enabled": True, "PreferredMfa": False}
    pool.idp.admin_set_user_mfa_preference(
        UserPoolId=pool.id,
        Username="zoe",
        SoftwareTokenMfaSettings=choice,
        SMSMfaSettings=choice,
    )
    page.goto(pool.address())
    person.sign_in("zoe")
    yield "choice"


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark"), (390, "dark")]
)
def test_every_page_fits_and_can_be_used_by_everybody(pool, browser, tmp_path, width, scheme):
    """No sideways scrolling, and nothing serious that axe-core finds; screenshots to look at."""
    assert AXE.is_file(), f"run npm install in {AXE.parents[2]}"
    pool.user()
    pool.user("bob", permanent=False)
    pool.user("zoe", nickname="Zoe")
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    found = {}

    for name in walk(pool, Person(page)):
        page.wait_for_load_state()
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found[name, "scrolls"] = True
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for violation in page.evaluate("axe.run()")["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                nodes = [node["html"] for node in violation["nodes"]]
                found[name, violation["id"]] = nodes

    context.close()
    assert found == {}
