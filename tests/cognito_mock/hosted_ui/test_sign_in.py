"""The sign-in page and its form."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from cognito_mock.core.grants import AuthorizationCode, BrowserSession
from cognito_mock.core.users import UserStatus
from cognito_mock.flows.domains_admin import create_user_pool_domain, delete_user_pool_domain

CALLBACK = "https://app.example/cb"
PASSWORD = "Passw0rd!x"
WRONG = "Incorrect username or password."
# COG-COO-010
DOMAIN_HEADERS = {
    "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
    "strict-transport-security": "max-age=31536000 ; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-xss-protection": "1; mode=block",
    "server": "Server",
    "content-length": "0",
}


def login_url(site, client, **parameters):
    """The page's address for an authorize request."""
    return site.authorize_url(client, **parameters).replace("/oauth2/authorize", "/login")


def open_page(site, client, browser=None, **parameters):
    """A browser that has the page open, and the page."""
    browser = browser or site.browser()
    return browser, browser.get(login_url(site, client, **parameters))


def submit(site, browser, page, **fields):
    """Send the form of ``page``, with a good password unless said otherwise."""
    form = {
        "_csrf": site.csrf_of(page.text),
        "username": "ada",
        "password": PASSWORD,
        "cognitoAsfData": "",
        "signInSubmitButton": "Sign in",
        **fields,
    }
    sent = {name: value for name, value in form.items() if value is not None}
    return browser.post(str(page.url), data=sent)


def test_what_one_browser_sees_is_not_what_another_sent(site):
    """A page is kept between visits: without the token, the query or the name of a visit."""
    client = site.new_client()
    first, one = open_page(site, client, state='">mine', login_hint="ada<b>")
    second, two = open_page(site, client, state="theirs")

    for browser, page, own, foreign in (
        (first, one, "mine", "theirs"),
        (second, two, "theirs", "mine"),
    ):
        assert page.text.count(f'name="_csrf" value="{browser.cookies["XSRF-TOKEN"]}"') == 2
        assert page.text.count('name="_csrf"') == 2
        assert own in page.text
        assert foreign not in page.text
    assert "ada&lt;b&gt;" in one.text
    assert "ada" not in two.text
    assert '">mine' not in one.text


def test_the_page_has_the_classic_form_twice(site):
    """COG-PAG-010 to 013: the same names and ids in both copies, the query in the action."""
    client = site.new_client()
    browser, page = open_page(site, client)

    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(forms) == 2
    for form in forms:
        assert 'name="cognitoSignInForm" class="cognito-asf"' in form
        assert f"/login?response_type=code&amp;client_id={client.id}&amp;" in form
        assert f'name="_csrf" value="{browser.cookies["XSRF-TOKEN"]}"' in form
        assert 'id="signInFormUsername" name="username"' in form
        assert 'id="signInFormPassword" name="password" type="password"' in form
        assert 'type="hidden" name="cognitoAsfData" value=""' in form
        assert 'name="signInSubmitButton" type="submit" value="Sign in"' in form
        assert "btn btn-primary submitButton-customizable" in form
    assert "modal-content-mobile visible-md visible-lg" in page.text
    assert "modal-content-mobile visible-xs visible-sm" in page.text


def test_the_page_runs_no_script_and_cannot_be_framed(site):
    """Nothing from elsewhere, nothing inline, nothing kept (COG-COO-010); no CORS (COG-TKE-007)."""
    _, page = open_page(site, site.new_client())

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"
    assert "access-control-allow-origin" not in page.headers
    assert "<script" not in page.text
    assert " style=" not in page.text


def test_the_style_sheet_is_served(site):
    """What the policy allows is there."""
    _, page = open_page(site, site.new_client())
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)[1]

    response = site.browser().get(address)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/css; charset=utf-8"


def test_a_good_password_leads_to_the_callback_with_a_code_and_a_session(site):
    """COG-PAG-015, -045, COG-COO-009, -010: straight there, an hour's cookie, a new XSRF token."""
    client = site.new_client()
    user = site.new_user()
    browser, page = open_page(site, client)
    token = browser.cookies["XSRF-TOKEN"]

    response = submit(site, browser, page)

    assert response.status_code == 302
    assert response.headers["location"].startswith(f"{CALLBACK}?code=")
    assert site.answer_of(response)["state"] == "st 1+/é"
    assert len(response.headers["x-amz-cognito-request-id"]) == 36
    assert {name: response.headers[name] for name in DOMAIN_HEADERS} == DOMAIN_HEADERS
    session = next(c for c in response.headers.get_list("set-cookie") if c.startswith("cognito="))
    assert "; HttpOnly; Max-Age=3600; Path=/; SameSite=lax" in session
    assert "Secure" not in session
    assert browser.cookies["XSRF-TOKEN"] != token
    # The store has a digest, not what the browser holds.
    (record,) = site.all(BrowserSession)
    assert record.digest != browser.cookies["cognito"]
    assert record.sub == user.sub
    again = browser.get(site.authorize_url(client))
    assert again.headers["location"].startswith(f"{CALLBACK}?code=")


def test_over_tls_the_cookies_are_secure(site):
    """COG-COO-006, -009; the proxy in front says so, and only one on this machine is believed."""
    client = site.new_client()
    headers = {"X-Forwarded-Proto": "https"}

    near = site.browser().get(login_url(site, client), headers=headers)
    far = site.browser(peer="192.0.2.7").get(login_url(site, client), headers=headers)

    assert "; Secure" in near.headers["set-cookie"]
    assert "Secure" not in far.headers["set-cookie"]


def test_the_forwarded_host_names_the_pool_only_from_this_machine(site):
    """A stranger cannot speak for another domain."""
    site.domain("other", site.new_pool().id)
    client = site.new_client()
    headers = {"X-Forwarded-Host": "other.auth.eu-west-1.amazoncognito.com"}

    near = site.browser().get(login_url(site, client), headers=headers)
    far = site.browser(peer="192.0.2.7").get(login_url(site, client), headers=headers)

    assert "Client+does+not+exist" in near.headers["location"]
    assert far.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "demo.auth.eu-west-1.amazoncognito.com",
        "demo.auth-fips.eu-west-1.amazoncognito.com",
        "DEMO.auth.eu-west-1.localhost:9229",
        "login.example.com",
        "127.0.0.1:9229",
        "[::1]:9229",
    ],
)
def test_hosts_of_the_pool(site, host):
    """COG-HOST-001, -003, COG-PAG-006, and the mock's own addresses."""
    site.domain("login.example.com", custom=True)

    _, page = open_page(site, site.new_client(), site.browser(f"http://{host}"))

    assert page.status_code == 200


def test_a_domain_serves_from_the_moment_it_is_attached_until_it_is_taken_away(site):
    """COG-HOST-002: pages and token endpoint."""
    pool = site.new_pool()
    client = site.new_client(pool_id=pool.id)
    browser = site.browser("http://later.auth.eu-west-1.localhost:9229")
    form = {"grant_type": "refresh_token", "client_id": client.id, "refresh_token": "x"}

    def seen():
        page = browser.get(login_url(site, client))
        return page.status_code, browser.post("/oauth2/token", data=form).json()["error"]

    before = seen()
    create_user_pool_domain(site.services, pool_id=pool.id, domain="later")
    during = seen()
    delete_user_pool_domain(site.services, pool_id=pool.id, domain="later")
    after = seen()

    assert before == after == (302, "invalid_client")
    assert during == (200, "invalid_grant")


@pytest.mark.parametrize(
    "host",
    [
        "free.auth.eu-west-1.localhost",
        "demo.auth.us-east-1.localhost",
        "x.auth.eu-west-1.localhost",
    ],
)
def test_a_domain_that_nobody_holds_serves_nobody(site, host):
    """COG-HOST-002: another prefix, another region, another pool's domain."""
    site.domain("x", site.new_pool().id)

    _, page = open_page(site, site.new_client(), site.browser(f"http://{host}"))

    assert "Client+does+not+exist" in page.headers["location"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"password": "wrong"}, WRONG, id="wrong-password"),
        pytest.param({"password": ""}, WRONG, id="empty-password"),
        pytest.param({"password": None}, WRONG, id="no-password"),
        pytest.param({"username": "nobody"}, "User does not exist.", id="unknown-user"),
        pytest.param({"username": None}, "User does not exist.", id="no-username"),
        pytest.param({"username": "una"}, "User is not confirmed.", id="unconfirmed"),
    ],
)
def test_a_failed_sign_in_is_the_form_again_with_the_reason(site, fields, message):
    """COG-PAG-016 to 018: HTTP 200, no redirect, no session, no code."""
    client = site.new_client()
    site.new_user()
    site.new_user("una", status=UserStatus.UNCONFIRMED)
    browser, page = open_page(site, client)

    response = submit(site, browser, page, **fields)

    assert response.status_code == 200
    assert "location" not in response.headers
    assert f'errorMessage-customizable" role="alert">{message}</p>' in response.text
    assert "cognito" not in browser.cookies
    assert site.all(BrowserSession) == []
    assert site.all(AuthorizationCode) == []


def test_an_unknown_user_may_look_like_a_wrong_password(site):
    """COG-PAG-017, -043."""
    client = site.new_client(PreventUserExistenceErrors="ENABLED")
    browser, page = open_page(site, client)

    response = submit(site, browser, page, username="nobody")

    assert WRONG in response.text


@pytest.mark.parametrize("fault", ["no-field", "wrong-field", "no-cookie", "foreign-cookie"])
def test_a_form_from_elsewhere_does_not_sign_in(site, fault):
    """COG-PAG-014: the field must equal this browser's cookie."""
    client = site.new_client()
    site.new_user()
    browser, page = open_page(site, client)
    token = site.csrf_of(page.text)
    if fault == "no-cookie":
        browser.cookies.clear()
    elif fault == "foreign-cookie":
        browser.cookies.clear()
        browser.cookies.set("XSRF-TOKEN", "planted")
        token = "planted"
    elif fault == "wrong-field":
        token = "00000000-0000-4000-8000-000000000000"
    else:
        token = None

    response = submit(site, browser, page, _csrf=token)

    assert response.status_code == 403
    assert "location" not in response.headers
    assert "cognito" not in browser.cookies
    assert site.all(BrowserSession) == []


def test_the_form_shown_after_a_refused_one_works(site):
    """A person whose form was stale just sends it again."""
    client = site.new_client()
    site.new_user()
    browser, page = open_page(site, client)
    refused = submit(site, browser, page, _csrf="stale")

    response = submit(site, browser, refused)

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("parameters", "headers"),
    [
        ({"ui_locales": "de"}, {}),
        ({"lang": "fr"}, {}),
        ({}, {"Accept-Language": "ja, de;q=0.9"}),
    ],
    ids=["ui-locales", "lang", "accept-language"],
)
def test_the_pages_speak_english_only(site, parameters, headers):
    """COG-AUT-020, -021: a language is for managed login."""
    url = login_url(site, site.new_client(), **parameters)

    page = site.browser().get(url, headers=headers)

    assert '<html lang="en">' in page.text
    assert "Sign in with your username and password" in page.text
    assert "lang=" not in page.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/login", "/signup", "/forgotPassword"])
@pytest.mark.parametrize(
    ("parameters", "place"),
    [
        ({"client_id": "nosuchclient"}, "/error?error=Client+does+not+exist"),
        ({"redirect_uri": "https://evil.test/"}, "/error?error=redirect_mismatch&client_id="),
        ({"redirect_uri": None}, None),
    ],
    ids=["unknown-client", "unregistered-redirect", "no-redirect"],
)
def test_every_page_knows_its_client_and_redirect(site, path, parameters, place):
    """COG-PAG-002, -004: the error page, as authorize would show it."""
    url = site.authorize_url(site.new_client(), **parameters)

    response = site.browser().get(url.replace("/oauth2/authorize", path))

    if place is None:
        assert response.status_code == 400
        assert "Required String parameter &#39;redirect_uri&#39;" in response.text
    else:
        assert response.status_code == 302
        assert place in response.headers["location"]


def test_a_login_hint_fills_the_username(site):
    """COG-AUT-022."""
    _, page = open_page(site, site.new_client(), login_hint="ada")

    assert 'name="username" type="text" value="ada"' in page.text


HOSTILE = "\"><script>alert(1)</script>'{{7654321*7}}"


@pytest.mark.parametrize("name", ["login_hint", "state", "nonce", "unknown"])
def test_hostile_parameters_are_shown_as_text(site, name):
    """Whatever comes in the query goes out escaped, in attributes and links."""
    _, page = open_page(site, site.new_client(), **{name: HOSTILE})

    assert page.status_code == 200
    assert "<script" not in page.text
    assert "53580247" not in page.text


def test_a_hostile_username_is_shown_as_text(site):
    """The username comes back into the form as it was typed, and as nothing else."""
    client = site.new_client()
    browser, page = open_page(site, client)

    response = submit(site, browser, page, username=HOSTILE)

    assert "<script" not in response.text
    assert "&lt;script&gt;" in response.text


def test_the_redirect_uri_is_checked_again_when_the_form_comes(site):
    """The form's address is the browser's to change."""
    client = site.new_client()
    site.new_user()
    browser, page = open_page(site, client)

    response = browser.post(
        login_url(site, client, redirect_uri="https://evil.test/"),
        data={"_csrf": site.csrf_of(page.text), "username": "ada", "password": PASSWORD},
    )

    assert "/error?error=redirect_mismatch" in response.headers["location"]
    assert "cognito" not in browser.cookies
    assert site.all(AuthorizationCode) == []


def test_without_parameters_there_is_no_client(site):
    """COG-PAG-005."""
    response = site.browser().get("/login")

    assert response.headers["location"].endswith("/error?error=Client+does+not+exist")


def test_a_provider_that_is_not_there_cannot_be_chosen(site):
    """COG-AUT-004, COG-PAG-044: neither somebody else's, nor the pool's own if unoffered."""
    client = site.new_client()
    closed = site.new_client(SupportedIdentityProviders=[])
    user = site.new_user()

    asked = site.signed_in(user).get(site.authorize_url(client, identity_provider="Google"))
    _, page = open_page(site, client, identity_provider="Google")
    _, hidden = open_page(site, closed)

    assert "/login?" in asked.headers["location"]
    assert page.status_code == 401
    assert "Login option is not available. Please try another one" in page.text
    assert hidden.status_code == 401
    assert "cognitoSignInForm" not in hidden.text  # COG-PAG-044


def test_the_error_page_shows_only_texts_of_its_own(site):
    """COG-AUT-041, -042; it does not lend the pool's name to somebody else's words."""
    known = site.browser().get("/error?error=redirect_mismatch&client_id=x")
    foreign = site.browser().get("/error?error=Call+us+at+0900")

    assert (known.status_code, foreign.status_code) == (400, 400)
    assert "An error was encountered with the requested page." in known.text
    assert "redirect_mismatch" in known.text
    assert "0900" not in foreign.text


def test_a_temporary_password_must_be_changed_first(site):
    """The forced step of section 4.1: no session before, a code after."""
    client = site.new_client()
    site.new_user("bob", status=UserStatus.FORCE_CHANGE_PASSWORD)
    browser, page = open_page(site, client)
    change = submit(site, browser, page, username="bob")
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', change.text))
    address = re.search(r'action="(/changePassword[^"]+)"', change.text)[1].replace("&amp;", "&")

    def send(new, again):
        form = {**hidden, "new_password": new, "confirm_password": again}
        return browser.post(address, data=form)

    differing = send("NewPassw0rd!", "Other")
    weak = send("short", "short")
    done = send("NewPassw0rd!", "NewPassw0rd!")
    replayed = send("Another1!x", "Another1!x")

    assert change.status_code == 200
    assert "The two passwords do not match." in differing.text
    assert "Password did not conform with policy: Password not long enough" in weak.text
    assert done.headers["location"].startswith(f"{CALLBACK}?code=")
    assert len(site.all(BrowserSession)) == 1
    assert "location" not in replayed.headers
    code = parse_qs(urlsplit(done.headers["location"]).query)["code"][0]
    assert site.redeem(client, code).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"a=%ff", 400), (b"\xff", 400), (b"x" * ((1 << 20) + 1), 413)]
)
def test_what_is_no_form_is_refused_with_a_page(site, body, status):
    """No traceback, nothing read beyond a mebibyte."""
    response = site.browser().post(
        login_url(site, site.new_client()),
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert response.status_code == status
    assert "An error was encountered with the requested page." in response.text
