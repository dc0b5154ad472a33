"""Application 1, whichever names its pool has: what it is given, and what a person does there."""

import jwt

from .apps import ASK_FOR_EMAIL, free_ports, signs_in

REGION = "us-east-1"


class Application:
    """A pool, a client for implicit sign-in, and the application's settings for them."""

    def __init__(self, mock, *, oauth_domain):
        self.mock = mock
        self.oauth_domain = oauth_domain
        (self.port,) = free_ports(1)
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
        self.prefix = f"CognitoIdentityServiceProvider.{self.client.id}"

    @property
    def environment(self):
        """The variables of the example's README."""
        return {
            "USER_POOL_REGION": REGION,
            "USER_POOL_ID": self.pool.id,
            "USER_POOL_CLIENT_ID": self.client.id,
            "AUTH_COOKIE_DOMAIN": "localhost",
            "IDP_DOMAIN": self.oauth_domain,
            "REDIRECT_SIGN_IN": f"{self.url}/token",
            "REDIRECT_SIGN_OUT": f"{self.url}/",
            "PORT": str(self.port),
        }

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


def signs_up_sees_the_members_page_and_signs_out(app, page, expect, mary):
    """The whole way, and in again: signing out ended the pool's session, too."""
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"https://{app.oauth_domain}/login?*")
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


def the_issuer_of_amplifys_id_token(app, page, expect):
    """Sign in; the names of the cookies are as in COG-AMP-001."""
    page.goto(app.url)
    page.get_by_role("button", name="Sign in").click()
    signs_in(page, app.user)
    expect(page.locator("h1")).to_have_text(f"Welcome, {app.user.username}")
    cookies = {held["name"]: held["value"] for held in page.context.cookies(app.url)}
    assert cookies[f"{app.prefix}.LastAuthUser"] == app.user.username
    assert f"{app.prefix}.{app.user.username}.accessToken" in cookies
    token = cookies[f"{app.prefix}.{app.user.username}.idToken"]
    return jwt.decode(token, options={"verify_signature": False})["iss"]
