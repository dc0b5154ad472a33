"""Cookies that nobody honest sends, and those of other people's sites. Over real HTTP."""

import pytest

from cognito_verify import ANY_CLIENT, ANY_TOKEN_USE, CognitoVerifier
from cognito_verify.web._credentials import CognitoCookies

from ..conftest import CLIENT, NOW, POOL  # noqa: TID252  (not a package that is installed)
from .live import amplify_cookies, raw_get, send

PREFIX = f"CognitoIdentityServiceProvider.{CLIENT}"


@pytest.fixture(scope="module")
def lenient_port(service, jwks):
    """The API with cookies, and with a verifier that takes whatever the pool has signed."""
    verifier = CognitoVerifier(
        user_pool_id=POOL,
        client_id=ANY_CLIENT,
        token_use=ANY_TOKEN_USE,
        jwks=jwks,
        clock=lambda: NOW,
    )
    with service.start(verifier, CognitoCookies(CLIENT)) as port:
        yield port


def authorization(token):
    return ("Authorization", f"Bearer {token}")


def test_the_first_of_several_cookies_of_one_name_counts(lenient_port, make_token):
    """RFC 6265 §5.4: it has the longest path. One that follows changes nothing."""
    other = make_token(sub="mallory")
    line = f"{amplify_cookies(make_token())}; {PREFIX}.ada.accessToken={other}"

    assert send(lenient_port, "GET", "/api/me", [("Cookie", line)]).json["sub"] != "mallory"


def test_cookies_of_another_client_are_not_read(lenient_port, make_token):
    """Not even if the verifier takes that client's tokens."""
    line = amplify_cookies(make_token(client_id="another")).replace(CLIENT, "another")

    assert send(lenient_port, "GET", "/api/me", [("Cookie", line)]).status == 401


def test_another_clients_token_is_not_taken_from_this_ones_cookie(lenient_port, make_token):
    """Not even if the verifier takes it in the header."""
    token = make_token(client_id="another")

    cookie = send(lenient_port, "GET", "/api/me", [("Cookie", amplify_cookies(token))])
    header = send(lenient_port, "GET", "/api/me", [authorization(token)])

    assert (cookie.status, header.status) == (401, 200)
    assert "another client" in cookie.headers["www-authenticate"]


def test_header_and_cookie_of_two_users_are_the_headers(lenient_port, make_token):
    """The header wins; it is what no other site can send."""
    lines = [("Cookie", amplify_cookies(make_token())), authorization(make_token(sub="grace"))]

    assert send(lenient_port, "GET", "/api/me", lines).json["sub"] == "grace"


def test_hostile_cookies_are_no_token(lenient_port):
    """Reading cookies never raises."""
    for last_user in ("%ff", "%00", '"', "a" * 5_000, "../../ada", "%25" * 500):
        line = f"{PREFIX}.LastAuthUser={last_user}; {PREFIX}.{last_user}.accessToken=\xff\xfe"
        status, _ = raw_get(lenient_port, b"Cookie: " + line.encode("latin-1"))
        assert status == 401


def test_a_method_in_a_header_changes_nothing(lenient_port, make_token):
    """Another site's form cannot call its POST a GET."""
    lines = [
        ("Cookie", amplify_cookies(make_token())),
        ("Sec-Fetch-Site", "cross-site"),
        ("X-HTTP-Method-Override", "GET"),
    ]

    answer = send(lenient_port, "POST", "/api/me?_method=GET", lines)

    assert answer.status == 401


def test_a_cache_is_told_that_the_cookie_matters(service, lenient_port, make_token):
    """RFC 9110 §12.5.5: or else it may give the answer to somebody else."""
    answer = send(lenient_port, "GET", "/api/me", [("Cookie", amplify_cookies(make_token()))])

    names = {name.strip() for name in answer.headers.get("vary", "").split(",")}
    # A function's handler makes its own answer, and nothing is added to that.
    assert ({"Authorization", "Cookie"} <= names) is not service.id.startswith("lambda")


def test_several_cookie_lines_are_one(service, lenient_port, make_token):
    """RFC 9113 §8.2.3: HTTP/2 may split them. What a WSGI server joins with a comma is no token."""
    pieces = [("Cookie", piece) for piece in amplify_cookies(make_token()).split("; ")]
    is_wsgi = service.id in {"flask", "django-wsgi", "django-rest"}

    assert send(lenient_port, "GET", "/api/me", pieces).status == (401 if is_wsgi else 200)
    assert send(lenient_port, "GET", "/api/me", pieces[:2]).status == 401


@pytest.mark.parametrize("sites", [("same-origin", "cross-site"), ("cross-site", "same-origin")])
def test_two_origins_are_none(lenient_port, make_token, sites):
    """What a browser says once must not be said twice."""
    lines = [("Sec-Fetch-Site", site) for site in sites]
    cookie = ("Cookie", amplify_cookies(make_token()))

    assert send(lenient_port, "POST", "/api/me", [cookie, *lines]).status == 401
