"""Every page in headless Chromium: whether it fits, and whether everybody can use it.

The pictures are for people: ``out/screenshots/NAME-WIDTH.png`` and ``NAME-dark.png``.
"""

import struct
import zlib
from pathlib import Path

import pytest

from cognito_mock.starter import ADA

from .people import EMAIL, NEW_PASSWORD, PASSWORD, SMS, TOKENS, Person, Pool, running_app, totp

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).parents[2] / "out" / "screenshots"
PHONE, DESKTOP = 390, 1280
CSS = """
.banner-customizable { background: #14342b; }
.submitButton-customizable { background: #14342b; color: #fff; border-radius: 2rem; }
.background-customizable { background: #fff; }
.label-customizable { font-weight: 400; }
"""
# Where Tab leads, in turn, once around; and where an eye would go: down, then to the right.
_FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const found = [...document.querySelectorAll('*')].indexOf(e);
  return {found, seen: getComputedStyle(e).outlineStyle !== 'none'};
}"""
_FOCUSABLE = """() => {
  const all = [...document.querySelectorAll('*')];
  const place = e => e.getBoundingClientRect();
  return all
    .filter(e => e.matches('a[href], button, input, textarea, summary, [tabindex]'))
    .filter(e => e.checkVisibility())
    .sort((a, b) => place(a).bottom <= place(b).top + 4 ? -1
      : place(b).bottom <= place(a).top + 4 ? 1 : place(a).left - place(b).left)
    .map(e => all.indexOf(e));
}"""
_VIOLATIONS = """async () => (await axe.run({resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => [v.id, v.nodes.map(n => n.html)])"""


class Gallery:
    """Takes pictures of an open page, and keeps what is wrong with it."""

    def __init__(self, page):
        self.page = page
        self.wrong = {}
        self._axe = AXE.read_text(encoding="utf-8")
        PICTURES.mkdir(parents=True, exist_ok=True)

    def take(self, name):
        """Look at the page as a phone, as a desktop and in the dark."""
        self.page.wait_for_load_state()
        self.page.evaluate(self._axe)
        self._look(name, PHONE, "light")
        self._tab_through(name)
        self._axe_says(f"{name}, phone")
        self._look(name, DESKTOP, "light")
        self._look(name, DESKTOP, "dark")
        self._axe_says(f"{name}, desktop, dark")
        self.page.emulate_media(color_scheme="light")

    def _look(self, name, width, scheme):
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 844})
        picture = f"{name}-{'dark' if scheme == 'dark' else width}.png"
        self.page.screenshot(path=PICTURES / picture, full_page=True)
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.wrong[name, width] = "scrolls sideways"

    def _axe_says(self, where):
        for rule, nodes in self.page.evaluate(_VIOLATIONS):
            self.wrong[where, rule] = nodes

    def _tab_through(self, name):
        expected = self.page.evaluate(_FOCUSABLE)
        met = []
        for _ in range(len(expected) + 1):
            self.page.keyboard.press("Tab")
            if focus := self.page.evaluate(_FOCUSED):
                met.append(focus)
        first = next((i for i, focus in enumerate(met) if focus["found"] == expected[0]), 0)
        order = [focus["found"] for focus in met]
        if (order[first:] + order[:first])[: len(expected)] != expected:
            self.wrong[name, "focus order"] = (order, expected)
        if not all(focus["seen"] for focus in met):
            self.wrong[name, "focus"] = "cannot be seen"


@pytest.fixture
def page(browser):
    assert AXE.is_file(), f"run npm install in {AXE.parents[2]}"
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def gallery(page):
    return Gallery(page)


@pytest.fixture
def pool(mock_url, idp):
    with running_app() as callback:
        made = Pool(mock_url, idp, callback)
        made.user()
        yield made
        made.control("clock", {"reset": True})
        domain = idp.describe_user_pool(UserPoolId=made.id)["UserPool"].get("Domain")
        if domain:
            idp.delete_user_pool_domain(UserPoolId=made.id, Domain=domain)
        idp.delete_user_pool(UserPoolId=made.id)


def logo():
    """A PNG of 160 by 48 pixels, of one colour."""

    def chunk(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    pixels = (b"\0" + b"\xf2\xc1\x4e" * 160) * 48
    head = struct.pack(">IIBBBBB", 160, 48, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_pages_of_signing_in(pool, page, gallery):
    """Sign-in with its messages, new password, forgotten password, errors, a look of one's own."""
    person = Person(page)
    pool.user("bob", permanent=False, nickname="Bob")

    page.goto(pool.address())
    gallery.take("sign-in")
    person.sign_in("ada", "Wrong1!xx")
    gallery.take("sign-in-refused")
    person.click("Forgot your password?")
    gallery.take("forgot-password")
    person.send("Reset my password", username="ada")
    gallery.take("reset-password")
    changed = {"new_password": NEW_PASSWORD, "confirm_password": NEW_PASSWORD}
    person.send("Change password", code="12345x", **changed)
    gallery.take("reset-password-refused")
    person.send("Change password", code=pool.message()["code"], **changed)
    gallery.take("sign-in-after-reset")
    page.goto(pool.address())
    person.sign_in("bob")
    gallery.take("new-password")
    page.goto(pool.address("/logout"))
    gallery.take("signed-out")
    page.goto(pool.address().replace("%2Fcb", "%2Fother"))
    gallery.take("error")
    client = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="round-table")
    pool.idp.set_ui_customization(**client, CSS=CSS, ImageFile=logo())
    page.goto(pool.address())
    gallery.take("sign-in-customised")

    assert gallery.wrong == {}


def test_pages_of_signing_up(pool, page, gallery):
    """Form, refusal, code, link, and what becomes of a sign-in before that."""
    person = Person(page)
    sign_up = {"username": "eve", "requiredAttributes[email]": "eve@example.com"}

    page.goto(pool.address("/signup"))
    gallery.take("sign-up")
    person.send("Sign up", password="short", **sign_up)
    gallery.take("sign-up-refused")
    person.send("Sign up", password=PASSWORD, **sign_up)
    gallery.take("confirm")
    person.send("Confirm account", code="12345x")
    gallery.take("confirm-refused")
    person.send("Send a new code")
    gallery.take("confirm-sent-again")
    page.goto(pool.address())
    person.sign_in("eve")
    gallery.take("sign-in-unconfirmed")
    pool.idp.update_user_pool(
        UserPoolId=pool.id,
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    )
    page.goto(pool.address("/signup"))
    person.send("Sign up", password=PASSWORD, **{**sign_up, "username": "uma"})
    gallery.take("confirm-by-link")
    link = pool.message()["link"]
    page.goto(link)
    gallery.take("confirmed")
    page.goto(link)
    gallery.take("confirmed-before")

    assert gallery.wrong == {}


def test_pages_of_second_factors(pool, page, gallery):
    """Choosing, setting up and being asked for each of them."""
    person = Person(page)
    pool.user("zoe", nickname="Zoe")
    pool.require_factors(**TOKENS, **EMAIL)

    page.goto(pool.address())
    person.sign_in("zoe")
    gallery.take("set-up-choice")
    person.send("Email")
    gallery.take("set-up-email")
    person.send("Send a code", email="zoe@example.org")
    gallery.take("email-code")
    pool.require_factors(**TOKENS)
    page.goto(pool.address())
    person.sign_in("zoe")
    gallery.take("set-up-token")
    now = pool.control("clock")["now"]
    person.send("Verify and sign in", code=totp(person.key, now))
    page.context.clear_cookies()
    page.goto(pool.address())
    person.sign_in("zoe")
    gallery.take("token-code")
    person.send("Sign in", code="12345x")
    gallery.take("token-code-refused")
    _take_text_messages(pool)
    page.goto(pool.address())
    person.sign_in("zoe")
    gallery.take("choice")
    person.send("Text message")
    gallery.take("sms-code")

    assert gallery.wrong == {}


def _take_text_messages(pool):
    pool.require_factors(**TOKENS, SmsMfaConfiguration={"SmsConfiguration": SMS})
    zoe = {"UserPoolId": pool.id, "Username": "zoe"}
    phone = [
        {"Name": "phone_number", "Value": "+15555550123"},
        {"Name": "phone_number_verified", "Value": "true"},
    ]
    pool.idp.admin_update_user_attributes(**zoe, UserAttributes=phone)
    choice = {"Enabled": True, "PreferredMfa": False}
    pool.idp.admin_set_user_mfa_preference(
        **zoe, SoftwareTokenMfaSettings=choice, SMSMfaSettings=choice
    )


def test_pages_of_the_mock_itself(mock_url, pool, page, gallery):
    """Start page, the sign-in it offers, console, client, token; with messages and without."""
    pool.idp.forgot_password(ClientId=pool.client_id, Username="ada")

    page.goto(mock_url)
    gallery.take("start")
    page.locator("a[data-client]").first.click()
    Person(page).sign_in(ADA.username, ADA.password)
    gallery.take("start-signed-in")
    token = page.locator("#id-token").text_content()
    page.goto(f"{mock_url}/_mock/callback?error=access_denied")
    gallery.take("start-not-signed-in")
    page.goto(f"{mock_url}/_mock/")
    gallery.take("console")
    page.get_by_role("button", name="Empty the inbox").click()
    page.get_by_role("button", name="A day later").click()
    gallery.take("console-empty")
    page.get_by_label("An id or access token").fill(token)
    page.get_by_role("button", name="Inspect").click()
    gallery.take("console-token")
    page.goto(f"{mock_url}/_mock/clients/{pool.client_id}")
    gallery.take("console-client")

    assert gallery.wrong == {}


def test_long_names_fit_a_small_phone(pool, gallery):
    """A long name is cut or wrapped, not wider than a small phone."""
    name = "W" * 128
    pool.idp.update_user_pool(UserPoolId=pool.id, PoolName=name)
    pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName=name)
    pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, MessageAction="SUPPRESS")
    gallery.page.set_viewport_size({"width": 320, "height": 640})

    for address in (pool.address(), pool.address("/signup"), pool.mock_url, "/_mock/"):
        gallery.page.goto(address if "//" in address else pool.mock_url + address)
        wide = gallery.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, address
