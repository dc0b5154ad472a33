"""All integrations read cookies alike, if they are told to."""

import pytest

from cognito_verify import ANY_TOKEN_USE, CognitoVerifier
from cognito_verify.web._credentials import CognitoCookies

from ..conftest import CLIENT, NOW, POOL  # noqa: TID252  (not a package that is installed)
from .live import amplify_cookies, send


@pytest.fixture(scope="module")
def cookie_port(service, jwks):
    """The API for which cookies will do."""
    verifier = CognitoVerifier(
        user_pool_id=POOL, client_id=CLIENT, token_use=ANY_TOKEN_USE, jwks=jwks, clock=lambda: NOW
    )
    with service.start(verifier, CognitoCookies(CLIENT)) as port:
        yield port


@pytest.fixture
def cookie(make_token):
    """What a browser sends after Amplify has signed somebody in (COG-AMP-001)."""
    return ("Cookie", amplify_cookies(make_token()))


def test_a_cookie_will_do_if_that_is_wanted(cookie_port, cookie):
    """Amplify's cookies carry the token."""
    assert send(cookie_port, "GET", "/api/me", [cookie]).status == 200


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 401), ("cross-site", 401), (None, 401)],
)
def test_another_site_cannot_use_the_cookie(cookie_port, cookie, site, status):
    """A request that changes something must come from a page of the same origin."""
    lines = [cookie] if site is None else [cookie, ("Sec-Fetch-Site", site)]

    assert send(cookie_port, "POST", "/api/me", lines).status == status


def test_the_header_goes_before_the_cookie(cookie_port, cookie):
    """A bad token in the header is not made good by a cookie."""
    response = send(cookie_port, "GET", "/api/me", [cookie, ("Authorization", "Bearer a.b.c")])

    assert response.status == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_an_id_token_is_no_access_token_in_a_cookie_either(cookie_port, make_token):
    """What is in the cookie of the access token must be one, also if the verifier takes both."""
    cookie = ("Cookie", amplify_cookies(make_token("id")))

    response = send(cookie_port, "GET", "/api/me", [cookie])

    assert response.status == 401
    assert "of the wrong kind" in response.headers["www-authenticate"]
