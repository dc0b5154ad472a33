"""Requests that nobody sends in good faith: every parameter of every address, bent in every way.

Whatever comes, the answer is an ordinary one: no crash, no redirect to a place that was not
registered, nothing echoed but as text, no header that a parameter can write into.
"""

import re
from html import unescape
from urllib.parse import quote, urlencode, urlsplit

import pytest

from cognito_mock.core.grants import BrowserSession, RefreshGrant
from cognito_mock.core.users import User
from cognito_mock.flows.browser_sessions import start_session

CALLBACK = "https://app.example/cb"
BYE = "https://app.example/bye"
BASE = "http://demo.auth.eu-west-1.localhost:9229"
PAGES = [
    "/oauth2/authorize",
    "/login",
    "/signup",
    "/forgotPassword",
    "/confirmforgotPassword",
    "/confirm",
    "/logout",
]
FORMS = [
    *("/login", "/signup", "/forgotPassword", "/confirm", "/resendcode", "/changePassword"),
    *("/confirmforgotPassword", "/mfa", "/mfa/select", "/mfa/setup/token", "/mfa/setup/email"),
]
PARAMETERS = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "login_hint",
    "logout_uri",
    "identity_provider",
    "idp_identifier",
    "resource",
    "notice",
    "username",
]
MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7654321}}"
# As they stand in the address: what urlencode would make harmless is the point here.
BENDS = {
    "missing": "",
    "empty": "{name}=",
    "doubled": "{name}={good}&{name}=https%3A%2F%2Fevil.test%2F",
    "overlong": "{name}=" + "a" * 20_000,
    "not-utf-8": "{name}=%ff%fe",
    "surrogate": "{name}=%ed%a0%80",
    "bad-percent": "{name}=%zz%",
    "nul": "{name}=%00",
    "line-breaks": "{name}=x%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0aevil",
    "markup": "{name}=" + quote(MARKUP, safe=""),
    "script": "{name}=javascript%3Aalert(1)",
    "data": "{name}=data%3Atext%2Fhtml%2C%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "elsewhere": "{name}=https%3A%2F%2Fevil.test%2F",
    "relative": "{name}=%2F%2Fevil.test%2F",
    "backslash": "{name}=https%3A%2F%2Fapp.example%5C%40evil.test%2Fcb",
    "user-info": "{name}=https%3A%2F%2Fapp.example%40evil.test%2Fcb",
    "unicode": "{name}=" + quote("\u202e\u0430dmin\u200d\U0001f9d1"),
}


def good_query(client):
    return {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": CALLBACK,
        "scope": "openid email",
        "state": "s",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }


def bent_query(good, name, bend):
    """The good query as it is sent, with one parameter bent."""
    others = urlencode({key: value for key, value in good.items() if key != name})
    bent = BENDS[bend].format(name=name, good=quote(good.get(name, "good"), safe=""))
    return f"{others}&{bent}"


def assert_ordinary(response):
    """The promise of this module's first lines."""
    assert response.status_code in {200, 302, 400, 401, 403, 413, 414}
    assert response.headers.get("x-frame-options") == "DENY"
    assert response.headers.get("x-content-type-options") == "nosniff"
    if response.headers.get("content-type", "").startswith("text/html"):
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
    assert "evil" not in response.headers.get("set-cookie", "")
    location = response.headers.get("location")
    if location is not None:
        assert location.isascii()
        target = urlsplit(location)
        place = f"{target.scheme}://{target.netloc}"
        assert place == BASE or location.startswith((f"{CALLBACK}?", f"{CALLBACK}#", BYE))
    assert "<img" not in response.text
    assert "<script" not in response.text.lower()
    assert "53580247" not in response.text
    assert not re.search(r"(href|action|src)=\"(javascript|data:text|https?:|//)", response.text)
    assert "Traceback" not in response.text


@pytest.fixture
def visited(site):
    """A client, and a browser that has been at its sign-in page."""
    client = site.new_client()
    site.new_user()
    browser = site.browser(BASE)
    page = browser.get("/login?" + urlencode(good_query(client)))
    return client, browser, site.csrf_of(page.text)


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("path", PAGES)
def test_a_bent_parameter_of_a_page(site, visited, path, bend):
    """Each parameter in turn, in the address that a link can hold; the victim is signed in."""
    client, browser, _ = visited
    browser.cookies.set("cognito", start_session(site.services, user=site.all(User)[0]))
    good = good_query(client)
    if path == "/logout":
        good["logout_uri"] = BYE

    addresses = [f"{path}?{bent_query(good, name, bend)}" for name in PARAMETERS]
    for response in browser.requests(("GET", address, {}) for address in addresses):
        assert_ordinary(response)


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("path", FORMS)
def test_a_bent_field_of_a_form(site, visited, path, bend):
    """Each field in turn; nobody is signed in, nobody is made."""
    client, browser, csrf = visited
    query = urlencode(good_query(client))
    fields = {
        "_csrf": csrf,
        "username": "nobody",
        "password": "x",
        "code": "000000",
        "session": "s",
        "new_password": "x",
        "confirm_password": "x",
        "requiredAttributes[email]": "x",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    bodies = [bent_query(fields, name, bend) for name in fields]
    for response in browser.requests(
        ("POST", f"{path}?{query}", {"content": body, "headers": headers}) for body in bodies
    ):
        assert_ordinary(response)

    assert site.all(BrowserSession) == []
    assert [user.username for user in site.all(User)] == ["ada"]


@pytest.mark.parametrize(
    "grant_type", ["authorization_code", "refresh_token", "client_credentials"]
)
@pytest.mark.parametrize("bend", BENDS)
def test_a_bent_parameter_of_the_token_endpoint(site, visited, bend, grant_type):
    """JSON whatever comes, and never a token."""
    client, browser, _ = visited
    good = {
        "grant_type": grant_type,
        "client_id": client.id,
        "code": "nosuchcode",
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 43,
        "refresh_token": "r",
        "scope": "openid",
        "client_secret": "",
        "resource": "https://api.example",
        "aws_client_metadata": "{}",
        "token": "r",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    bodies = [bent_query(good, name, bend) for name in good]
    for path in ("/oauth2/token", "/oauth2/revoke"):
        for response in browser.requests(
            ("POST", path, {"content": body, "headers": headers}) for body in bodies
        ):
            # COG-REV-003: revoke says nothing when all is well, and so of an unknown token.
            said = response.json() if response.content else {"error": "none"}
            assert response.status_code in {200, 400, 401}
            assert set(said) <= {"error", "error_description"}
            assert "evil" not in response.text + response.headers["set-cookie"]
            assert "<" not in response.text

    assert site.all(RefreshGrant) == []


@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("name", ["client_id", "user_name", "confirmation_code"])
def test_a_bent_confirmation_link(visited, name, bend):
    """Whatever a mail program made of the link."""
    client, browser, _ = visited
    good = {"client_id": client.id, "user_name": "ada", "confirmation_code": "000000"}

    assert_ordinary(browser.get(f"/confirmUser?{bent_query(good, name, bend)}"))


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "https://evil.test/", "//evil.test/", BYE])
def test_only_a_registered_address_is_gone_to_after_sign_out(visited, uri):
    """COG-LOG-002, -006."""
    client, browser, _ = visited

    response = browser.get("/logout?" + urlencode({"client_id": client.id, "logout_uri": uri}))

    assert (response.headers.get("location") == uri) is (uri == BYE)
    assert_ordinary(response)


@pytest.mark.parametrize("name", ["state", "login_hint", "nonce", "unknown"])
def test_a_value_comes_back_as_text_everywhere(visited, name):
    """Through the redirect of authorize, into the pages and their links, and out to the client."""
    client, browser, _ = visited
    query = urlencode({**good_query(client), name: MARKUP})

    at_page = browser.get(f"/oauth2/authorize?{query}")
    first = browser.get(at_page.headers["location"])
    links = re.findall(r'href="(/[a-zA-Z]+\?[^"]*)"', first.text)
    others = [browser.get(unescape(link)) for link in links]

    assert len(others) > 1
    for page in (first, *others):
        assert page.status_code == 200
        assert_ordinary(page)


def test_too_many_parameters_are_refused(visited):
    """A bound on the work of reading them."""
    client, browser, csrf = visited
    query = urlencode(good_query(client))
    body = "&".join([f"_csrf={csrf}", *(f"f{n}=" for n in range(1001))])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert browser.post(f"/login?{query}", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize("length", [2048, 2049])
def test_a_field_has_at_most_the_length_of_an_attribute(visited, length):
    """COG-API-WIRE-040: beyond that it is no answer to a form of ours."""
    client, browser, csrf = visited
    form = {"_csrf": csrf, "username": "a" * length, "password": "x"}

    response = browser.post("/login?" + urlencode(good_query(client)), data=form)

    assert response.status_code == (200 if length == 2048 else 400)


def test_a_planted_session_is_not_adopted(site, visited):
    """Session fixation: what is in the browser before the sign-in is not what is good after it."""
    client, browser, csrf = visited
    browser.cookies.set("cognito", "planted")
    browser.cookies.set("page-data", "planted")
    form = {"_csrf": csrf, "username": "ada", "password": "Passw0rd!x"}

    response = browser.post("/login?" + urlencode(good_query(client)), data=form)

    attacker = site.browser(BASE)
    attacker.cookies.set("cognito", "planted")
    at_page = attacker.get("/oauth2/authorize?" + urlencode(good_query(client)))
    assert response.headers["location"].startswith(f"{CALLBACK}?code=")
    assert urlsplit(at_page.headers["location"]).path == "/login"


def test_a_form_of_one_client_is_not_answered_for_another(site, visited):
    """Mix-up: the code is for the client in the form's address, and for no other."""
    client, browser, csrf = visited
    other = site.new_client()
    form = {"_csrf": csrf, "username": "ada", "password": "Passw0rd!x"}
    query = {**good_query(other), "code_challenge": None, "code_challenge_method": None}
    address = "/login?" + urlencode({k: v for k, v in query.items() if v is not None})

    code = site.answer_of(browser.post(address, data=form))["code"]

    assert site.redeem(client, code).json() == {"error": "invalid_grant"}
    assert site.redeem(other, code).status_code == 200


def test_a_cookie_of_one_pool_is_worthless_at_another(site, visited):
    """On the mock's own address the pools share a host, but not their sessions."""
    client, _, _ = visited
    other_pool = site.new_pool()
    site.new_user(pool=other_pool)
    other = site.new_client(pool_id=other_pool.id)
    browser = site.signed_in(site.all(User)[0], base_url="http://localhost:9229")

    own = browser.get(site.authorize_url(client))
    foreign = browser.get(site.authorize_url(other))

    places = {urlsplit(own.headers["location"]).path, urlsplit(foreign.headers["location"]).path}
    assert places == {"/cb", "/login"}
