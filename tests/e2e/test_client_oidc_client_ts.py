"""oidc-client-ts in a page of another origin, configured by discovery alone."""

import pytest

from cognito_mock import MockCognito

from .apps import signs_in
from .visitor import a_minute_ago
from .web_page import WebPage

pytestmark = pytest.mark.e2e


class Application:
    """A page with the package's user manager, and the pool that it is configured for."""

    def __init__(self, mock, web):
        self.mock = mock
        self.web = web
        self.home = f"{web.url}/"
        # As seen from the mock at 127.0.0.1 the first is another site, as an application is from
        # PREFIX.auth.REGION.amazoncognito.com, the second the same, as with a custom domain.
        self.elsewhere, self.same_site = self.home, self.home.replace("localhost", "127.0.0.1")
        self.pool = mock.create_pool("app")
        self.client = self.pool.create_client(
            "web",
            callback_urls=[f"{home}callback" for home in (self.elsewhere, self.same_site)],
            settings={"LogoutURLs": [self.home]},
        )

    def settings(self, home):
        """As the package's guide has it: all else is in the discovery document."""
        return {
            "authority": self.pool.issuer,
            "client_id": self.client.id,
            "redirect_uri": f"{home}callback",
            "scope": "openid email profile",
            "loadUserInfo": True,
        }


class Tab:
    """A page of the browser with the application in it."""

    def __init__(self, page, app, home):
        self.page = page
        app.web.settings = app.settings(home)
        page.goto(home)

    def manager(self, function, *words):
        """What one of the user manager's functions gives, or the error that it throws."""
        return self.page.evaluate("manager", [function, *words])

    def stored(self):
        """What the package keeps in the local storage."""
        return self.page.evaluate("({...localStorage})")

    def leave(self, function, **options):
        """The functions that never answer: the page is left."""
        self.page.evaluate("wish => void manager(wish)", [function, options])

    def sign_in(self, user):
        self.leave("signinRedirect")
        signs_in(self.page, user)
        self.page.wait_for_url("**/callback?*")
        self.page.locator("#user").wait_for()
        return self.manager("getUser")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc-client-ts")
    with MockCognito() as mock, WebPage("oidc-client-ts", folder) as web:
        yield Application(mock, web)


@pytest.fixture
def tab(app, page):
    return Tab(page, app, app.elsewhere)


@pytest.fixture
def user(app):
    """Another one for each test."""
    return app.pool.create_user(attributes={"name": "Grace Hopper"})


def test_sign_in(tab, user, expect):
    """Discovery, code and PKCE, id token and userInfo, all across origins."""
    signed_in = tab.sign_in(user)

    expect(tab.page.locator("#user")).to_have_text(user.email)
    assert signed_in["profile"]["sub"] == user.sub
    assert signed_in["profile"]["name"] == "Grace Hopper"  # of both
    assert signed_in["token_type"] == "Bearer"
    assert not signed_in["expired"]


def test_silent_renewal(app, tab, user):
    """By the refresh token; the package compares sub, auth_time and azp with the first ones."""
    with a_minute_ago(app.mock):
        before = tab.sign_in(user)

    after = tab.manager("signinSilent")

    assert after["access_token"] != before["access_token"]
    assert after["id_token"] != before["id_token"]
    assert after["refresh_token"] == before["refresh_token"]
    assert after["profile"]["sub"] == user.sub


def test_silent_sign_in_in_a_frame(app, page, user):
    """``prompt=none``, a code at once (COG-AUT-024): the pages know who is there."""
    tab = Tab(page, app, app.same_site)
    tab.sign_in(user)
    tab.manager("removeUser")

    again = tab.manager("signinSilent")

    assert again["profile"]["sub"] == user.sub


def test_a_frame_of_another_site_knows_nobody(tab, user):
    """The pages' cookie is ``SameSite=Lax`` (COG-COO-009): a frame elsewhere goes without it."""
    tab.sign_in(user)
    tab.manager("removeUser")

    assert tab.manager("signinSilent")["error"] == "login_required"


def test_silent_sign_in_of_nobody(tab):
    """``login_required`` reaches the application (COG-AUT-024)."""
    assert tab.manager("signinSilent")["error"] == "login_required"


def test_sign_out(app, tab, user, expect):
    """With Cognito's parameters (COG-DIS-006) it comes back, and the pages know nobody."""
    tab.sign_in(user)
    logout = {"client_id": app.client.id, "logout_uri": app.home}

    tab.leave("signoutRedirect", extraQueryParams=logout)

    expect(tab.page).to_have_url(app.home)
    assert tab.manager("getUser") == {}
    tab.leave("signinRedirect")
    expect(tab.page.locator("input[name=password]:visible")).to_be_visible()


def test_revocation(app, tab, user):
    """``revokeTokens`` of the refresh token; who kept it cannot renew with it any more."""
    tab.sign_in(user)
    kept = tab.stored()

    assert tab.manager("revokeTokens", ["refresh_token"]) == {}
    assert tab.manager("getUser")["refresh_token"] is None
    tab.page.evaluate("kept => Object.assign(localStorage, kept)", kept)

    assert tab.manager("signinSilent")["error"] == "invalid_grant"


def test_access_tokens_cannot_be_revoked(tab, user):
    """The package's default is to revoke them first; Cognito refuses (COG-REV-005)."""
    tab.sign_in(user)

    refused = tab.manager("revokeTokens")

    assert refused["error"] == "unsupported_token_type"


def test_a_callback_is_good_once(tab, user):
    """The package forgets its state with the first use; a second load signs nobody in."""
    tab.sign_in(user)
    callback = tab.page.url

    again = tab.manager("signinRedirectCallback", callback)

    assert again["message"] == "No matching state found in storage"


def test_sign_out_with_the_standards_parameters(app, tab, user, expect):
    """``post_logout_redirect_uri`` is not what Cognito asks for (COG-DIS-006, COG-LOG-006)."""
    tab.sign_in(user)

    tab.leave("signoutRedirect", post_logout_redirect_uri=app.home)

    tab.page.wait_for_url(f"{app.mock.url}/**")
    expect(tab.page.locator("body")).to_contain_text("Required String parameter")


def test_an_address_that_is_not_registered(tab, expect):
    """The browser stays on the pool's error page (COG-AUT-041)."""
    tab.leave("signinRedirect", redirect_uri="http://localhost:1/elsewhere")

    tab.page.wait_for_url("**/error?error=redirect_mismatch*")
