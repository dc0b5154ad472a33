"""The logout endpoint."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cognito_mock.core.grants import BrowserSession
from cognito_mock.flows.users import admin_user_global_sign_out

CALLBACK = "https://app.example/cb"
BYE = "https://app.example/bye"


def logout(browser, **parameters):
    """Ask to be signed out."""
    return browser.get("/logout?" + urlencode(parameters))


def test_logout_uri_ends_the_session_and_goes_there(site):
    """COG-LOG-002, -004, -011, COG-COO-005: nothing is added, everything else is ignored."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)

    response = logout(
        browser, client_id=client.id, logout_uri=BYE, redirect_uri=CALLBACK, state="s1"
    )

    assert (response.status_code, response.headers["location"]) == (302, BYE)
    assert site.all(BrowserSession) == []
    assert 'cognito=""; expires=' in response.headers.get_list("set-cookie")[-1]
    again = browser.get(site.authorize_url(client))
    assert "/login?" in again.headers["location"]


def test_a_client_of_another_pool_does_not_end_the_session(site):
    """On the mock's own address the pools share a browser."""
    client, user = site.new_client(), site.new_user()
    foreign = site.new_client(pool_id=site.new_pool().id)
    browser = site.signed_in(user, base_url="http://localhost:9229")

    logout(browser, client_id=foreign.id, logout_uri=BYE)

    assert len(site.all(BrowserSession)) == 1
    assert "code=" in browser.get(site.authorize_url(client)).headers["location"]


def test_tokens_survive(site):
    """COG-LOG-007."""
    client, user = site.new_client(), site.new_user()
    token = site.tokens(client, user)["access_token"]

    logout(site.signed_in(user), client_id=client.id, logout_uri=BYE)

    bearer = {"Authorization": f"Bearer {token}"}
    assert site.browser().get("/oauth2/userInfo", headers=bearer).status_code == 200


def test_signing_out_by_the_api_leaves_the_session(site):
    """COG-API-REV-007: the browser's cookie still signs in."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)

    admin_user_global_sign_out(site.services, pool_id=user.pool_id, username=user.username)

    assert len(site.all(BrowserSession)) == 1
    assert "code=" in browser.get(site.authorize_url(client)).headers["location"]


def test_without_a_session_the_redirect_still_happens(site):
    """COG-LOG-010."""
    response = logout(site.browser(), client_id=site.new_client().id, logout_uri=BYE)

    assert response.headers["location"] == BYE


def test_back_to_the_sign_in_page_with_the_same_parameters(site):
    """COG-LOG-003, -005, -009, -014, COG-SCO-001: no scope means all of the client's."""
    client = site.new_client()

    response = logout(
        site.signed_in(site.new_user()),
        client_id=client.id,
        redirect_uri=CALLBACK,
        response_type="code",
        state="s1",
        identity_provider="Google",
        idp_identifier="example.com",
    )

    target = urlsplit(response.headers["location"])
    assert target.path == "/login"
    assert parse_qs(target.query) == {
        "client_id": [client.id],
        "redirect_uri": [CALLBACK],
        "response_type": ["code"],
        "state": ["s1"],
        "scope": ["openid email phone profile aws.cognito.signin.user.admin"],
    }
    assert site.all(BrowserSession) == []


@pytest.mark.parametrize(
    "uri", [BYE + "/", "https://evil.test/", "//evil.test", BYE + "#x", "HTTPS://app.example/bye"]
)
def test_an_unregistered_logout_uri_falls_through_to_the_error_page(site, uri):
    """COG-LOG-006; the session stays, because nobody was signed out."""
    client, user = site.new_client(), site.new_user()

    response = logout(site.signed_in(user), client_id=client.id, logout_uri=uri)

    assert response.status_code == 400
    assert "Required String parameter &#39;redirect_uri&#39; is not present" in response.text
    assert len(site.all(BrowserSession)) == 1


def test_the_parameters_of_openid_connect_are_not_known(site):
    """COG-DIS-006: neither an id token nor post_logout_redirect_uri says who and where."""
    client, user = site.new_client(), site.new_user()
    browser = site.signed_in(user)
    hint = {"id_token_hint": "x.y.z", "post_logout_redirect_uri": BYE, "state": "s"}

    alone, with_client = logout(browser, **hint), logout(browser, client_id=client.id, **hint)

    assert (alone.status_code, with_client.status_code) == (400, 400)
    assert "&#39;client_id&#39;" in alone.text
    assert "&#39;redirect_uri&#39;" in with_client.text
    assert len(site.all(BrowserSession)) == 1


def test_the_logout_uri_may_be_a_sign_in_page(site):
    """COG-LOG-013: of another client, if it is registered; its own query comes along."""
    other = site.new_client()
    page = "https://demo.auth.eu-west-1.amazoncognito.com/login?" + urlencode(
        {"client_id": other.id, "response_type": "code", "redirect_uri": CALLBACK}
    )
    client = site.new_client(LogoutURLs=[page])

    response = logout(site.browser(), client_id=client.id, logout_uri=page)

    assert response.headers["location"] == page


def test_an_unregistered_redirect_uri_is_a_mismatch(site):
    """COG-LOG-003 leads to the sign-in page, which would say the same."""
    client = site.new_client()

    response = logout(
        site.browser(), client_id=client.id, redirect_uri="https://evil.test", response_type="code"
    )

    assert "/error?error=redirect_mismatch&client_id=" in response.headers["location"]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [({"logout_uri": BYE}, "client_id"), ({"redirect_uri": CALLBACK}, "response_type")],
)
def test_missing_parameters_are_named(site, parameters, name):
    """COG-LOG-001, -012."""
    if name != "client_id":
        parameters = {**parameters, "client_id": site.new_client().id}

    response = logout(site.browser(), **parameters)

    assert response.status_code == 400
    assert f"&#39;{name}&#39;" in response.text


def test_an_unknown_client_is_told_on_the_error_page(site):
    """COG-AUT-043."""
    response = logout(site.browser(), client_id="nosuchclient", logout_uri=BYE)

    assert response.headers["location"].endswith("/error?error=Client+does+not+exist")
