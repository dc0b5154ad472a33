"""Signing up at the pages, and confirming."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cognito_mock.core.grants import BrowserSession
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.inbox import list_messages

CALLBACK = "https://app.example/cb"
PASSWORD = "Passw0rd!x"
MEMBERS = {
    "AutoVerifiedAttributes": ["email"],
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True},
        {"Name": "given_name", "AttributeDataType": "String", "Mutable": True, "Required": True},
    ],
}


class Newcomer:
    """A browser on its way from the sign-up page to the client."""

    def __init__(self, site, client):
        self.site = site
        self.client = client
        self.browser = site.browser("http://localhost:9229")

    def open(self, path="/signup", **parameters):
        url = self.site.authorize_url(self.client, **parameters).replace("/oauth2/authorize", path)
        self.page = self.browser.get(url)
        return self.page

    def send(self, path=None, **fields):
        """Post to the page's own address, or to another with the same query."""
        url = str(self.page.url)
        if path is not None:
            url = f"{path}?{urlsplit(url).query}"
        form = {"_csrf": self.site.csrf_of(self.page.text), **fields}
        response = self.browser.post(url, data=form)
        if response.status_code == 200:
            self.page = response
        return response

    def follow(self, response):
        self.page = self.browser.get(response.headers["location"])
        return self.page

    def sign_up(self, **fields):
        return self.send(
            **{
                "username": "eve",
                "password": PASSWORD,
                "requiredAttributes[email]": "eve@example.com",
                "requiredAttributes[given_name]": "Eve",
                **fields,
            }
        )

    def code(self):
        return list_messages(self.site.services)[-1].code


@pytest.fixture
def newcomer(site):
    pool = site.new_pool(**MEMBERS)
    return Newcomer(site, site.new_client(pool_id=pool.id))


def test_the_page_asks_for_required_attributes(newcomer):
    """COG-PAG-021: username, each required attribute in the schema's order, password."""
    page = newcomer.open()

    names = re.findall(r'<input[^>]* name="([^"_][^"]*)"', page.text.split("</form>")[0])
    assert names == [
        "cognitoAsfData",
        "username",
        "requiredAttributes[given_name]",
        "requiredAttributes[email]",
        "password",
    ]


def test_sign_up_code_and_straight_to_the_client(newcomer):
    """COG-PAG-013: the browser that signed up is signed in by the right code."""
    newcomer.open()
    sent = newcomer.sign_up()
    confirm = newcomer.follow(sent)

    wrong = newcomer.send(username="eve", code="000000x")
    done = newcomer.send(username="eve", code=newcomer.code())

    assert sent.status_code == 302
    assert urlsplit(sent.headers["location"]).path == "/confirm"
    assert 'id="verification_code"' in confirm.text
    assert "Invalid verification code provided, please try again." in wrong.text
    assert done.headers["location"].startswith(f"{CALLBACK}?code=")
    (user,) = newcomer.site.all(User)
    assert user.status is UserStatus.CONFIRMED
    assert user.attributes["email_verified"] == "true"
    assert len(newcomer.site.all(BrowserSession)) == 1


def test_another_browser_with_the_code_must_sign_in(newcomer):
    """Who has only the code has not shown the password."""
    newcomer.open()
    newcomer.sign_up()
    newcomer.browser = newcomer.site.browser("http://localhost:9229")
    newcomer.open("/confirm", username="eve")

    done = newcomer.send(username="eve", code=newcomer.code())

    target = urlsplit(done.headers["location"])
    assert target.path == "/login"
    assert parse_qs(target.query)["login_hint"] == ["eve"]
    assert newcomer.site.all(BrowserSession) == []
    assert "Your account is confirmed." in newcomer.follow(done).text


def test_a_new_code_replaces_the_former(newcomer):
    """COG-PAG-003: the link on the code page."""
    newcomer.open()
    newcomer.follow(newcomer.sign_up())
    first = newcomer.code()
    newcomer.send("/resendcode", username="eve")
    second = newcomer.code()

    assert "e***@e***" in newcomer.page.text
    assert len(list_messages(newcomer.site.services)) == 2
    newcomer.open("/confirm", username="eve")
    if first != second:
        assert newcomer.send(username="eve", code=first).status_code == 200
    assert newcomer.send(username="eve", code=second).status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"password": "short"}, "Password not long enough", id="weak"),
        pytest.param(
            {"requiredAttributes[given_name]": ""}, "The attribute is required", id="missing"
        ),
        pytest.param({"requiredAttributes[email]": "eve"}, "Invalid email address", id="email"),
        pytest.param(
            {"requiredAttributes[email_verified]": "true"}, "unauthorized attribute", id="verified"
        ),
        pytest.param({"requiredAttributes[nope]": "x"}, "could not be determined", id="unknown"),
        pytest.param({"_csrf": "stale"}, "This form is no longer valid", id="csrf"),
    ],
)
def test_a_refused_sign_up_is_the_form_again_and_makes_nobody(newcomer, fields, message):
    """COG-PAG-018: the API's words, what was typed stays, the password does not."""
    newcomer.open()

    response = newcomer.sign_up(**fields)

    assert response.status_code in {200, 403}
    assert message in response.text
    assert 'value="eve"' in response.text
    assert PASSWORD not in response.text
    assert newcomer.site.all(User) == []


def test_a_taken_name_is_told(newcomer):
    """COG-PAG-018."""
    newcomer.open()
    newcomer.sign_up()
    newcomer.open()

    assert "User already exists" in newcomer.sign_up().text


def test_a_closed_pool_offers_no_sign_up(site):
    """COG-API-SIGNUP-003."""
    pool = site.new_pool(**MEMBERS, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    newcomer = Newcomer(site, site.new_client(pool_id=pool.id))

    login = newcomer.open("/login")
    newcomer.open()
    refused = newcomer.sign_up()

    assert "/signup" not in login.text
    assert "SignUp is not permitted for this user pool" in refused.text


def test_without_verification_the_user_is_told_to_wait(site):
    """COG-PAG-042."""
    pool = site.new_pool()
    newcomer = Newcomer(site, site.new_client(pool_id=pool.id))
    newcomer.open()

    page = newcomer.follow(newcomer.send(username="eve", password=PASSWORD))

    assert "An administrator has to confirm it" in page.text


def test_an_email_is_the_username_where_the_pool_says_so(site):
    """COG-API-NAME-002: asked once, and the client with a secret works too."""
    pool = site.new_pool(**MEMBERS, UsernameAttributes=["email"])
    newcomer = Newcomer(site, site.new_client(pool_id=pool.id, secrets=["s3cret" * 9]))
    page = newcomer.open()

    newcomer.follow(
        newcomer.send(
            username="eve@example.com",
            password=PASSWORD,
            **{"requiredAttributes[given_name]": "Eve"},
        )
    )
    done = newcomer.send(username="eve@example.com", code=newcomer.code())

    assert "requiredAttributes[email]" not in page.text
    assert 'name="username" type="email"' in page.text
    assert done.headers["location"].startswith(f"{CALLBACK}?code=")


def test_a_link_confirms_by_itself(newcomer):
    """COG-PAG-050 to 052."""
    newcomer.open()
    newcomer.sign_up()
    query = {"client_id": newcomer.client.id, "user_name": "eve"}

    def follow(code):
        address = "/confirmUser?" + urlencode({**query, "confirmation_code": code})
        return newcomer.browser.get(address)

    wrong, right, again = follow("nope"), follow(newcomer.code()), follow("used")

    assert (wrong.status_code, right.status_code, again.status_code) == (400, 200, 400)
    assert "Invalid verification code provided" in wrong.text
    assert "confirmed" in right.text
    assert [u.status for u in newcomer.site.all(User)] == [UserStatus.CONFIRMED]
