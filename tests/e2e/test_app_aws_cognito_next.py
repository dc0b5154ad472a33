"""aws-cognito-next 3 with Amplify 3 (examples/aws-cognito-next), on AWS's own host names.

The application is configured as for production: the pool's issuer and domain are AWS's. The browser
is told where these names lead; `local/` of the example tells ``prepare-pems``.
"""

import json

import jwt
import pytest

from cognito_mock import MockCognito
from cognito_verify.cli import main as cognito_verify

from .apps import ASK_FOR_EMAIL, Person, free_ports, installed, running, signs_in
from .conftest import CHROMIUM, CHROMIUM_FLAGS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

DOMAIN = "club.auth.us-east-1.amazoncognito.com"
OTHERS_PEM = "a key of another pool"


class Application:
    """The built application, the keys that it was given, and the pool that it trusts."""

    def __init__(self, mock):
        self.mock = mock
        self.folder = installed("aws-cognito-next")
        self.pems = self.folder / "pems.json"
        self.port, self.tls_port = free_ports(2)
        self.url = f"http://localhost:{self.port}"
        self.pool = mock.create_pool("club", domain="club", settings=ASK_FOR_EMAIL)
        self.client = self.pool.create_client(
            "web",
            callback_urls=[f"{self.url}/token"],
            settings={
                "AllowedOAuthFlows": ["implicit"],
                "AllowedOAuthScopes": ["openid", "email"],
                "LogoutURLs": [f"{self.url}/"],
            },
        )
        self.other_client = self.pool.create_client("other")
        self.user = self.pool.create_user("grace")
        self.environment = {
            "USER_POOL_REGION": "us-east-1",
            "USER_POOL_ID": self.pool.id,
            "USER_POOL_CLIENT_ID": self.client.id,
            "AUTH_COOKIE_DOMAIN": "localhost",
            "IDP_DOMAIN": DOMAIN,
            "REDIRECT_SIGN_IN": f"{self.url}/token",
            "REDIRECT_SIGN_OUT": f"{self.url}/",
            "COGNITO_MOCK_URL": mock.url,
            "TLS_PORT": str(self.tls_port),
            "PORT": str(self.port),
        }
        self.prefix = f"CognitoIdentityServiceProvider.{self.client.id}"

    def tokens(self, kind):
        """The two tokens of the user: good, or bad in one way."""
        client = self.other_client if kind == "another client's" else self.client
        tamper = None if kind == "another client's" else kind
        return {
            f"{use}Token": self.pool.mint(self.user, client=client, use=use, tamper=tamper)
            for use in ("id", "access")
        }

    def give_cookies(self, page, tokens):
        """Put tokens where Amplify puts them (COG-AMP-001)."""
        name = self.user.username
        values = {f"{self.prefix}.{name}.{item}": token for item, token in tokens.items()}
        values[f"{self.prefix}.LastAuthUser"] = name
        page.context.add_cookies(
            [{"name": key, "value": value, "url": self.url} for key, value in values.items()]
        )


@pytest.fixture(scope="module")
def app():
    with MockCognito(issuer="aws") as mock:
        application = Application(mock)
        before = {"us-east-1": {"us-east-1_Another": {"kid": OTHERS_PEM}}}
        application.pems.write_text(json.dumps(before))
        server = ["sh", "-c", "npm run build && npm start"]
        with running(
            application.folder,
            ["node", "local/with-mock.mjs", *server],
            application.environment,
            ports=[application.port],
        ):
            yield application


@pytest.fixture(scope="module")
def chromium(app, browser):
    """A browser for which the pool's domain is the TLS front."""
    rule = f"--host-resolver-rules=MAP {DOMAIN}:443 127.0.0.1:{app.tls_port}"
    launched = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, rule])
    yield launched
    launched.close()


@pytest.fixture
def page(chromium):
    """A page of a profile that nobody used before; it takes the front's self-made certificate."""
    context = chromium.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_prepare_pems_adds_the_pools_keys(app, tmp_path):
    """The package's own command reads the mock's JWKS; ours makes the same of it."""
    ours = tmp_path / "pems.json"
    words = ["--region", "us-east-1", "--user-pool-id", app.pool.id, "--endpoint", app.mock.url]
    assert cognito_verify(["prepare-pems", *words, "--output", str(ours)]) == 0

    pems = json.loads(app.pems.read_text())["us-east-1"]

    assert pems[app.pool.id] == json.loads(ours.read_text())["us-east-1"][app.pool.id]
    assert pems["us-east-1_Another"] == {"kid": OTHERS_PEM}


def test_sign_up_see_the_members_page_and_sign_out(app, page, expect):
    """Amplify takes the tokens from the fragment to cookies, and the server reads them."""
    mary = Person()
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"https://{DOMAIN}/login?*")
    assert "response_type=token" in page.url
    assert "scope=email+openid" in page.url
    mary.signs_up(page, app.pool)

    expect(page.locator("h1")).to_have_text(f"Welcome, {mary.username}")
    expect(page).to_have_url(f"{app.url}/")
    page.get_by_role("link", name="Members").click()
    expect(page.locator("#email")).to_have_text(mary.email)
    page.goto(f"{app.url}/static")
    expect(page.locator("h1")).to_have_text(f"Welcome, {mary.username}")

    page.goto(app.url)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
    page.goto(f"{app.url}/members")
    expect(page).to_have_url(f"{app.url}/")

    page.get_by_role("button", name="Sign in").click()
    signs_in(page, mary)
    expect(page.locator("h1")).to_have_text(f"Welcome, {mary.username}")


def test_the_cookies_are_amplifys(app, page, expect):
    """Names as in COG-AMP-001, and AWS's issuer in the tokens (COG-TOK-008)."""
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    signs_in(page, app.user)
    expect(page.locator("h1")).to_have_text(f"Welcome, {app.user.username}")

    cookies = {held["name"]: held["value"] for held in page.context.cookies(app.url)}
    assert cookies[f"{app.prefix}.LastAuthUser"] == app.user.username
    token = cookies[f"{app.prefix}.{app.user.username}.idToken"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{app.pool.id}"
    assert f"{app.prefix}.{app.user.username}.accessToken" in cookies


def test_a_second_tab_follows(app, page, expect):
    """It shows the user as soon as the first tab has signed in, and nobody after the sign-out."""
    second = page.context.new_page()
    second.goto(app.url)
    expect(second.locator("h1")).to_have_text("Nobody is signed in")
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    signs_in(page, app.user)
    expect(page.locator("h1")).to_have_text(f"Welcome, {app.user.username}")
    expect(second.locator("h1")).to_have_text(f"Welcome, {app.user.username}")

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
    second.bring_to_front()
    second.evaluate("window.dispatchEvent(new Event('focus'))")  # headless tabs never lose it

    expect(second.locator("h1")).to_have_text("Nobody is signed in")


@pytest.mark.parametrize(
    "kind", ["expired", "bad-signature", "unknown-kid", "alg-none", "another client's"]
)
def test_bad_cookies_open_nothing(app, page, expect, kind):
    """The package checks signature, expiry and client on the server (COG-ACN-005)."""
    app.give_cookies(page, app.tokens(None))
    page.goto(f"{app.url}/members")
    expect(page.locator("#email")).to_have_text(app.user.email)  # good ones would do

    app.give_cookies(page, app.tokens(kind))
    page.goto(f"{app.url}/members")

    expect(page).to_have_url(f"{app.url}/")
    expect(page.locator("h1")).to_have_text("Nobody is signed in")
