"""Next.js App Router in front of Express with jsonwebtoken and jwks-rsa (app-router-express)."""

import http.client

import pytest

from cognito_mock import MockCognito

from .apps import ASK_FOR_EMAIL, Person, free_ports, installed, run, running, signs_in

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

COOKIE = "accessToken"


class Application:
    """The built application, its API, and the pool that they trust."""

    def __init__(self, mock):
        self.mock = mock
        self.folder = installed("app-router-express")
        self.port, self.api_port = free_ports(2)
        self.url = f"http://localhost:{self.port}"
        self.pool = mock.create_pool("orders", settings=ASK_FOR_EMAIL)
        self.client = self.pool.create_client(
            "web",
            callback_urls=[f"{self.url}/auth/callback"],
            settings={
                "AllowedOAuthScopes": ["openid", "email", "profile"],
                "LogoutURLs": [f"{self.url}/"],
            },
        )
        self.other_client = self.pool.create_client("other")
        self.user = self.pool.create_user("grace")
        self.environment = {
            "NEXT_PUBLIC_COGNITO_DOMAIN": mock.url,
            "NEXT_PUBLIC_COGNITO_CLIENT_ID": self.client.id,
            "NEXT_PUBLIC_COGNITO_REDIRECT_URI": f"{self.url}/auth/callback",
            "NEXT_PUBLIC_COGNITO_SIGN_OUT_URI": f"{self.url}/",
            "COGNITO_ISSUER": self.pool.issuer,
            "API_URL": f"http://127.0.0.1:{self.api_port}",
            "PORT": str(self.port),
        }

    def token(self, kind):
        """A token of the user: good, or bad in one way."""
        if kind == "another client's":
            return self.pool.mint(self.user, client=self.other_client)
        if kind == "id":
            return self.pool.mint(self.user, client=self.client, use="id")
        return self.pool.mint(self.user, client=self.client, tamper=kind)

    def api_status(self, token):
        """What Express says to a request without the front end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=10)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        connection.request("GET", "/api/user/profile", headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture(scope="module")
def app():
    with MockCognito() as mock:
        application = Application(mock)
        run(application.folder, ["npm", "run", "build"], application.environment)
        with running(
            application.folder,
            ["npm", "start"],
            application.environment,
            ports=[application.port, application.api_port],
        ):
            yield application


def test_sign_up_see_the_dashboard_and_sign_out(app, page, expect):
    """The link carries neither state nor PKCE, the code is redeemed without a secret."""
    mary = Person()
    page.goto(app.url)
    page.get_by_role("link", name="Sign in").click()
    assert page.url.startswith(f"{app.mock.url}/login?client_id={app.client.id}&response_type=code")
    mary.signs_up(page, app.pool)

    expect(page).to_have_url(f"{app.url}/dashboard")
    expect(page.locator("#username")).to_have_text(mary.username)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{app.url}/")
    page.goto(f"{app.url}/dashboard")
    expect(page).to_have_url(f"{app.url}/")

    page.get_by_role("link", name="Sign in").click()
    signs_in(page, mary)
    expect(page.locator("#username")).to_have_text(mary.username)


def test_the_token_of_a_session_opens_the_api(app, page, expect):
    """The cookie holds what jwks-rsa finds the key for; script does not see it."""
    page.goto(app.url)
    page.get_by_role("link", name="Sign in").click()
    signs_in(page, app.user)
    expect(page.locator("#sub")).to_have_text(app.user.sub)

    (cookie,) = [held for held in page.context.cookies(app.url) if held["name"] == COOKIE]
    assert cookie["httpOnly"]
    assert app.api_status(cookie["value"]) == 200
    assert app.api_status(None) == 401


@pytest.mark.parametrize(
    "kind",
    [
        "expired",
        "bad-signature",
        "unknown-kid",
        "alg-none",
        "wrong-issuer",
        "another client's",
        "id",
    ],
)
def test_a_bad_cookie_passes_the_proxy_but_opens_nothing(app, page, expect, kind):
    """The proxy sees that there is a cookie; Express sees what it is worth."""

    def visit(token):
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": app.url}])
        page.goto(f"{app.url}/dashboard")

    visit(app.token(None))
    expect(page.locator("#username")).to_have_text(app.user.username)  # a good one would do
    visit(app.token(kind))

    expect(page).to_have_url(f"{app.url}/")
    assert app.api_status(app.token(kind)) == 401


def test_a_code_works_once(app, page, expect):
    """Whoever finds the callback's address in a history gets no token for it (COG-TKE-024)."""
    page.goto(app.url)
    page.get_by_role("link", name="Sign in").click()
    with page.expect_request(lambda request: "/auth/callback?code=" in request.url) as callback:
        signs_in(page, app.user)
    expect(page).to_have_url(f"{app.url}/dashboard")

    page.context.clear_cookies()
    page.goto(callback.value.url)

    expect(page).to_have_url(f"{app.url}/")
    assert not page.context.cookies(app.url)
