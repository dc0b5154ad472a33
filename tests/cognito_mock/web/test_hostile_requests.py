"""Whole requests that nobody sends in good faith: forged forms, floods, tokens of others.

The tables are as long as the list of addresses: a new one that is missing here fails.
"""

from base64 import urlsafe_b64encode
from urllib.parse import urlencode

import pytest

from cognito_mock.core.grants import BrowserSession, Message, RefreshGrant
from cognito_mock.core.users import User

CALLBACK = "https://app.example/cb"
BASE = "http://demo.auth.eu-west-1.localhost:9229"
PASSWORD = "Passw0rd!x"
SECRET = "1t5n0v8q2w4e6r7y9u1i3o5p7a9s1d3f5g7h9j1k3l5z7x9c1v3b"
LARGE = b"a=" + b"x" * (1 << 20)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Every form of the pages, with fields that would do something.
FORMS = {
    "/login": {"username": "ada", "password": PASSWORD},
    "/signup": {"username": "eve", "password": PASSWORD, "requiredAttributes[email]": "e@x.y"},
    "/confirm": {"username": "una", "code": "000000"},
    "/resendcode": {"username": "una"},
    "/forgotPassword": {"username": "ada"},
    "/confirmforgotPassword": {"username": "ada", "code": "0", "new_password": PASSWORD},
    "/changePassword": {"session": "s", "new_password": PASSWORD, "confirm_password": PASSWORD},
    "/mfa": {"session": "s", "code": "000000"},
    "/mfa/select": {"session": "s", "answer": "SMS_MFA"},
    "/mfa/setup": {"session": "s", "answer": "SOFTWARE_TOKEN_MFA"},
    "/mfa/setup/token": {"session": "s", "code": "000000"},
    "/mfa/setup/email": {"session": "s", "email": "eve@example.com"},
}
PROGRAMS = {"/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"}


def taking_posts(site):
    """The addresses that read a body."""
    return {route.path for route in site.app.routes if "POST" in (route.methods or ())}


@pytest.fixture
def site(site):
    site.new_user()
    return site


@pytest.fixture
def query(site):
    """The address of a page for a client of the pool."""
    return site.authorize_url(site.new_client()).partition("?")[2]


def state(site):
    """What a request may change."""
    return [site.all(kind) for kind in (User, BrowserSession, RefreshGrant, Message)]


def test_no_address_is_missing_in_these_tables(site):
    """The tables below are complete."""
    by_pool = {path for path in taking_posts(site) if path.startswith("/{pool_id}")}

    assert taking_posts(site) - by_pool == {*FORMS, *PROGRAMS}
    assert by_pool == {"/{pool_id}/token", "/{pool_id}/userInfo"}  # nothing is read of these


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("forgery", ["no-token", "another", "no-cookie", "planted", "swapped"])
def test_a_form_without_this_browsers_token_does_nothing(site, query, path, forgery):
    """COG-PAG-014: neither from another site, nor with the token of another browser."""
    browser = site.browser(BASE)
    token = site.csrf_of(browser.get(f"/login?{query}").text)
    attackers = site.csrf_of(site.browser(BASE).get(f"/login?{query}").text)
    # The page after this one is nobody's without it.
    browser.post(f"/forgotPassword?{query}", data={"_csrf": token, "username": "ada"})
    cookie, field = {
        "no-token": (token, None),
        "another": (token, attackers),
        "no-cookie": (None, token),
        "planted": ("planted", "planted"),  # equal, but of no form that is given out
        "swapped": (attackers, token),
    }[forgery]
    for held in [held for held in browser.cookies.jar if held.name == "XSRF-TOKEN"]:
        browser.cookies.jar.clear(held.domain, held.path, held.name)
    if cookie is not None:
        browser.cookies.set("XSRF-TOKEN", cookie)
    fields = FORMS[path] if field is None else {**FORMS[path], "_csrf": field}
    before = state(site)

    response = browser.post(f"{path}?{query}", data=fields)

    assert response.status_code == 403
    assert "location" not in response.headers
    assert "cognito" not in browser.cookies
    assert state(site) == before


@pytest.mark.parametrize("path", sorted({*FORMS, *PROGRAMS}))
def test_more_than_a_mebibyte_is_not_read(site, query, path):
    """413, for people as a page and for programs in their protocol's words."""
    before = state(site)

    response = site.browser(BASE).post(f"{path}?{query}", content=LARGE, headers=FORM)

    assert response.status_code == 413
    assert response.headers["x-frame-options"] == "DENY"
    if path in PROGRAMS:
        assert response.text == '{"error":"invalid_request"}'
    else:
        assert "An error was encountered with the requested page." in response.text
    assert state(site) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", sorted({*FORMS, *PROGRAMS, "/oauth2/authorize", "/logout"}))
def test_other_methods_do_nothing(site, query, path, method):
    """405, whatever the address is."""
    before = state(site)

    response = site.browser(BASE).request(method, f"{path}?{query}")

    assert response.status_code == 405
    assert state(site) == before


HEADER = urlsafe_b64encode(b'{"alg":"none","kid":"x"}').decode().rstrip("=")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        pytest.param(b"", 400, id="empty"),
        pytest.param(b"Bearer", 400, id="no-token"),
        pytest.param(b"Basic YTpi", 400, id="basic"),
        pytest.param(b"Bearer \xff\xfe", 401, id="no-text"),
        pytest.param(b"Bearer a.b.c d.e.f", 401, id="two"),
        pytest.param(b"Bearer " + b"a" * 20_000, 401, id="overlong"),
        pytest.param(b"Bearer " + b"." * 10_000, 401, id="dots"),
        pytest.param(b"Bearer " + HEADER.encode() + b".e30.", 401, id="alg-none"),
        pytest.param(b"Bearer e30.e30.e30", 401, id="no-header"),
        pytest.param(b"Bearer <script>alert(1)</script>", 401, id="markup"),
        pytest.param(b"Bearer %00%0d%0aSet-Cookie:%20evil=1", 401, id="escapes"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bent_authorization_header_of_userinfo(site, header, status, method):
    """COG-UI-013, -014: refused in the protocol's words; nothing of it is repeated."""
    response = site.browser(BASE).request(
        method, "/oauth2/userInfo", headers={b"Authorization": header}
    )

    assert response.status_code == status
    assert set(response.json()) == {"error", "error_description"}
    assert response.headers["www-authenticate"].startswith('error="invalid_')
    for evil in ("<script", "evil", "a" * 40):
        assert evil not in response.text + str(response.headers)


def test_a_token_counts_in_the_header_only(site):
    """RFC 6750 §2.3: addresses end in logs; and a form's field is no documented way."""
    token = site.tokens(site.new_client(), site.all(User)[0])["access_token"]
    browser = site.browser(BASE)

    in_query = browser.get(f"/oauth2/userInfo?access_token={token}")
    in_form = browser.post("/oauth2/userInfo", data={"access_token": token})

    assert (in_query.status_code, in_form.status_code) == (400, 400)


@pytest.mark.parametrize(
    "name", ["grant_type", "client_id", "code", "redirect_uri", "code_verifier"]
)
def test_of_a_doubled_parameter_the_first_counts_at_the_token_endpoint(site, name):
    """So that nothing behind a good request changes it; a bad one in front spoils it."""
    client, user = site.new_client(), site.all(User)[0]
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}

    def redeem(*, first):
        fields = {
            "grant_type": "authorization_code",
            "client_id": client.id,
            "code": site.code(client, user, **pkce),
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        }
        good, evil = urlencode(fields), f"{name}=evil"
        body = f"{evil}&{good}" if first else f"{good}&{evil}"
        return site.browser(BASE).post("/oauth2/token", content=body, headers=FORM)

    assert redeem(first=False).status_code == 200
    assert redeem(first=True).status_code == 400


@pytest.mark.parametrize("what", ["code", "refresh_token", "access_token", "revocation"])
def test_what_one_pool_gave_is_worth_nothing_at_anothers_domain(site, what):
    """Mix-up of pools: with the client that it is for, and with one of the other pool."""
    client, user = site.new_client(), site.all(User)[0]
    other = site.new_pool()
    site.domain("other", other.id)
    foreign = site.new_client(pool_id=other.id)
    there = site.browser("http://other.auth.eu-west-1.localhost:9229")
    tokens = site.tokens(client, user)
    code = site.code(client, user)
    before = site.all(RefreshGrant)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}

    for named in (client, foreign):
        form = {"client_id": named.id, "redirect_uri": CALLBACK}
        if what == "code":
            form |= {"grant_type": "authorization_code", "code": code}
            response = there.post("/oauth2/token", data=form)
        elif what == "refresh_token":
            form |= {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
            response = there.post("/oauth2/token", data=form)
        elif what == "revocation":
            form |= {"token": tokens["refresh_token"]}
            response = there.post("/oauth2/revoke", data=form)
        else:
            response = there.get("/oauth2/userInfo", headers=bearer)
        assert response.status_code in {400, 401}

    assert site.all(RefreshGrant) == before


def test_refusals_repeat_no_secret(site):
    """Neither a page nor an answer for programs shows a password, secret, code or token."""
    client, user = site.new_client(secrets=[SECRET]), site.all(User)[0]
    browser = site.browser(BASE)
    code = site.code(client, user)
    given = site.redeem(client, code, client_secret=SECRET).json()
    query = site.authorize_url(client).partition("?")[2]
    csrf = site.csrf_of(browser.get(f"/login?{query}").text)
    wrong = "a-wrong-passw0rd"

    def token(**form):
        return browser.post("/oauth2/token", data={"client_id": client.id, **form})

    refusals = [
        token(grant_type="authorization_code", code=code, client_secret=SECRET[:-1]),
        token(grant_type="authorization_code", code=code, client_secret=SECRET, redirect_uri="x"),
        token(grant_type=given["refresh_token"], client_secret=SECRET),
        token(grant_type="refresh_token", refresh_token=given["id_token"], client_secret=SECRET),
        browser.post("/oauth2/revoke", data={"client_id": client.id, "token": given["id_token"]}),
        browser.get(f"/oauth2/userInfo?access_token={given['access_token']}"),
        browser.get(f"/logout?{urlencode({'client_id': client.id, 'logout_uri': code})}"),
        browser.get(f"/error?{urlencode({'error': code})}"),
        browser.get(f"/confirmUser?{urlencode({'client_id': client.id, 'user_name': code})}"),
        browser.post(f"/login?{query}", data={"_csrf": csrf, "username": "ada", "password": wrong}),
        browser.post(
            f"/login?{query}", data={"_csrf": "x", "username": "ada", "password": PASSWORD}
        ),
    ]

    secrets = [SECRET[:-1], code, PASSWORD, wrong, *(t for n, t in given.items() if "_token" in n)]
    for response in refusals:
        assert response.status_code in {200, 302, 400, 401, 403}
        shown = response.text + str(response.headers)
        assert [secret for secret in secrets if secret in shown] == []
