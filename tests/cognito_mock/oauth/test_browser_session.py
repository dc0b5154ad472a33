"""The cookies of a pool's domain: which there are, whose they are, what ends a session."""

import re
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from cognito_mock.core.grants import BrowserSession, RefreshGrant
from cognito_mock.core.users import User, UserStatus
from cognito_mock.flows.domains_admin import update_user_pool_domain
from cognito_mock.flows.users import admin_user_global_sign_out

CALLBACK = "https://app.example/cb"


def cookies_of(response):
    """The cookies that a response sets."""
    jar = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        jar.load(header)
    return jar


def test_the_domain_sets_only_cookies_of_the_services_names(site):
    """COG-COO-001, COG-HOST-005: and each for the very host that sets it, no wider.

    The service's domains lie under a public suffix; those below .localhost do not, so nothing
    but the missing Domain attribute keeps one pool's cookies from another's.
    """
    client = site.new_client()
    site.new_user("bob", status=UserStatus.FORCE_CHANGE_PASSWORD)
    browser = site.browser()
    at_page = browser.get(site.authorize_url(client))
    page = browser.get(at_page.headers["location"])
    form = {"_csrf": site.csrf_of(page.text), "username": "bob", "password": "Passw0rd!x"}
    change = browser.post(str(page.url), data=form)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', change.text))
    address = re.search(r'action="(/changePassword[^"]+)"', change.text)[1].replace("&amp;", "&")
    new = {"new_password": "NewPassw0rd!", "confirm_password": "NewPassw0rd!"}
    done = browser.post(address, data={**hidden, **new})
    out = browser.get(f"/logout?client_id={client.id}&logout_uri=https://app.example/bye")

    assert done.headers["location"].startswith(f"{CALLBACK}?code=")
    names = set()
    for response in (at_page, page, change, done, out):
        for name, cookie in cookies_of(response).items():
            names.add(name)
            assert cookie["domain"] == ""
            assert cookie["path"] == "/"
            assert cookie["httponly"]
    assert {"XSRF-TOKEN", "cognito"} <= names
    assert names <= {
        "XSRF-TOKEN", "csrf-state", "csrf-state-legacy", "cognito", "lang", "page-data"
    }  # fmt: skip


@pytest.mark.parametrize("what", ["attributes", "sign-out", "revocation"])
def test_a_session_outlives_what_happens_to_user_and_tokens(site, what):
    """COG-COO-004, COG-REV-013: the refresh tokens are gone, the browser is still signed in."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    tokens = site.redeem(client, site.answer_of(browser.get(site.authorize_url(client)))["code"])
    if what == "attributes":
        site.put(replace(site.all(User)[0], attributes={"email": "new@example.com"}))
    elif what == "sign-out":
        admin_user_global_sign_out(site.services, pool_id=site.pool.id, username="ada")
    else:
        form = {"token": tokens.json()["refresh_token"], "client_id": client.id}
        assert browser.post("/oauth2/revoke", data=form).status_code == 200

    again = browser.get(site.authorize_url(client))

    assert [grant.revoked for grant in site.all(RefreshGrant)] == [what != "attributes"]
    assert "cognito" not in cookies_of(again)
    assert again.headers["location"].startswith(f"{CALLBACK}?code=")


def test_another_kind_of_pages_ends_the_sessions_of_its_pool(site):
    """COG-HOST-007: switching the branding version does, and changing something else does not."""
    other = site.new_pool()
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    site.signed_in(site.new_user("eve", pool=other))

    def update(**request):
        update_user_pool_domain(site.services, pool_id=site.pool.id, domain="demo", request=request)
        return len(site.all(BrowserSession))

    left = [update(ManagedLoginVersion=1), update(Routing={}), update(ManagedLoginVersion=2)]

    assert left == [2, 2, 1]
    assert "/login?" in browser.get(site.authorize_url(client)).headers["location"]


def test_the_endpoints_for_programs_do_not_depend_on_the_kind_of_pages(site):
    """COG-HOST-008: token, userInfo and revoke answer under either branding version."""
    client, user = site.new_client(), site.new_user()
    shapes = []
    for version in (1, 2):
        update_user_pool_domain(
            site.services,
            pool_id=site.pool.id,
            domain="demo",
            request={"ManagedLoginVersion": version},
        )
        tokens = site.tokens(client, user)
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        info = site.browser().get("/oauth2/userInfo", headers=bearer)
        form = {"token": tokens["refresh_token"], "client_id": client.id}
        revoked = site.browser().post("/oauth2/revoke", data=form)
        again = site.redeem(client, "used")
        shapes.append((list(tokens), info.json(), (revoked.status_code, revoked.text), again.text))

    assert shapes[0] == shapes[1]
    assert shapes[0][1]["username"] == "ada"
    assert shapes[0][3] == '{"error":"invalid_grant"}'
