"""Next.js with NextAuth.js 4 and its Cognito provider (examples/next-auth)."""

import re

import pytest

from cognito_mock import MockCognito

from .apps import ASK_FOR_EMAIL, Person, free_ports, installed, run, running, signs_in

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SECRET = "the application's own secret"
COOKIE = "next-auth.session-token"
MAKE_COOKIE = """
import { encode } from "next-auth/jwt";
const [secret, maxAge] = process.argv.slice(1);
const token = { name: "mallory", email: "mallory@example.com", sub: "1" };
process.stdout.write(await encode({ token, secret, maxAge: Number(maxAge) }));
"""


class Application:
    """The built application on a port of its own, and the pool that it trusts."""

    def __init__(self, mock):
        self.folder = installed("next-auth")
        (self.port,) = free_ports(1)
        self.url = f"http://localhost:{self.port}"
        self.pool = mock.create_pool("blog", settings=ASK_FOR_EMAIL)
        self.client = self.pool.create_client(
            "web",
            secret=True,
            callback_urls=[f"{self.url}/api/auth/callback/cognito"],
            settings={
                "AllowedOAuthScopes": ["openid", "email", "profile"],
                "LogoutURLs": [f"{self.url}/"],
            },
        )
        self.environment = {
            "COGNITO_ISSUER": self.pool.issuer,
            "COGNITO_CLIENT_ID": self.client.id,
            "COGNITO_CLIENT_SECRET": self.client.secret,
            "NEXTAUTH_URL": self.url,
            "NEXTAUTH_SECRET": SECRET,
        }

    def make_cookie(self, secret, seconds):
        """A session cookie, made with the package's own function."""
        node = ["node", "--input-type=module", "--eval", MAKE_COOKIE, secret, str(seconds)]
        return run(self.folder, node, {})

    def give_cookie(self, page, value):
        page.context.add_cookies([{"name": COOKIE, "value": value, "url": self.url}])


@pytest.fixture(scope="module")
def app():
    with MockCognito() as mock:
        application = Application(mock)
        run(application.folder, ["npm", "run", "build"], {})
        start = ["npm", "start", "--", "--port", str(application.port)]
        with running(application.folder, start, application.environment, ports=[application.port]):
            yield application


def test_sign_up_see_the_protected_page_and_sign_out(app, page, expect):
    """The whole way, twice: signing out ends the pool's session, too."""
    mary = Person()
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    mary.signs_up(page, app.pool)

    expect(page).to_have_url(f"{app.url}/protected")
    expect(page.locator("#email")).to_have_text(mary.email)
    page.get_by_role("link", name="Home").click()
    expect(page.locator("h1")).to_have_text(f"Welcome, {mary.email}")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
    page.goto(f"{app.url}/protected")
    expect(page).to_have_url(f"{app.url}/")

    page.get_by_role("button", name="Sign in").click()
    signs_in(page, mary)
    expect(page.locator("#email")).to_have_text(mary.email)


def test_a_name_comes_with_the_profile_scope(app, page, expect):
    """The provider's profile is made from the id token's claims (COG-NXA-007)."""
    user = app.pool.create_user("ada", attributes={"name": "Ada Lovelace"})
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    signs_in(page, user)
    expect(page.locator("#email")).to_have_text(user.email)

    page.goto(app.url)
    expect(page.locator("h1")).to_have_text("Welcome, Ada Lovelace")


@pytest.mark.parametrize(
    ("secret", "seconds"), [("another secret", 60), (SECRET, -60)], ids=["forged", "expired"]
)
def test_a_bad_session_cookie_opens_nothing(app, page, expect, secret, seconds):
    """The server decrypts the cookie before it renders (COG-NXA-005)."""
    app.give_cookie(page, app.make_cookie(SECRET, 60))
    page.goto(f"{app.url}/protected")
    expect(page.locator("#email")).to_have_text("mallory@example.com")  # a good one would do

    app.give_cookie(page, app.make_cookie(secret, seconds))
    page.goto(f"{app.url}/protected")

    expect(page).to_have_url(f"{app.url}/")
    expect(page.locator("h1")).to_have_text("Nobody is signed in")


def test_an_answer_that_was_not_asked_for_signs_nobody_in(app, page, expect):
    """A callback without this browser's state is refused (RFC 6749 §10.12)."""
    page.goto(f"{app.url}/api/auth/callback/cognito?code=stolen&state=other")

    expect(page).to_have_url(re.compile(r"/api/auth/(?:signin|error)\?"))
    page.goto(f"{app.url}/protected")
    expect(page).to_have_url(f"{app.url}/")
