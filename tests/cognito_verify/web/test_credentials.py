"""Where a token may be. RFC 6750 §2."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_verify.web._credentials import (
    BearerRequest,
    CognitoCookies,
    CredentialsMalformed,
    CredentialsMissing,
    find_token,
)

from ..conftest import CLIENT  # noqa: TID252  (not a package that is installed)
from .live import amplify_cookies

COOKIES = CognitoCookies(CLIENT)


@pytest.mark.parametrize(
    ("lines", "token"),
    [
        (["Bearer abc"], "abc"),
        (["bEaReR abc"], "abc"),
        (["Bearer  abc "], "abc"),
        (["\tBearer abc"], "abc"),
        (["Bearer mF_9.B5f-4.1JqM"], "mF_9.B5f-4.1JqM"),  # the example of RFC 6750 §2.1
        (["Bearer a~b+c/d=="], "a~b+c/d=="),
    ],
)
def test_one_b64token_after_the_scheme_is_a_token(lines, token):
    """RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token."""
    assert find_token(BearerRequest("GET", lines), None).text == token


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["  "],
        ["Basic YTpi"],
        ['Digest username="a", realm="b"'],
        ["Bearerabc"],
        ["Bearer-abc abc"],
        ["Token abc"],
        ["abc"],
        ["Basic YTpi", "Basic YTpi"],
    ],
)
def test_other_schemes_are_no_credentials_here(lines):
    """RFC 6750 §3.1: that client gets a challenge without an error."""
    with pytest.raises(CredentialsMissing):
        find_token(BearerRequest("GET", lines), None)


@pytest.mark.parametrize(
    "lines",
    [
        ["Bearer"],
        ["Bearer "],
        ["Bearer a b"],
        ["Bearer a,b"],
        ["Bearer =a"],
        ["Bearer a=b"],
        ['Bearer token="a"'],
        ["Bearer\ta"],
        ["Bearer a\nb"],
        ["Bearer ä"],
        ["Bearer a\u212a"],  # KELVIN SIGN, a k to those who ignore case
        ["Bearer a", "Bearer a"],
        ["Bearer a,Bearer a"],
        ["Bearer a", ""],
        ["Bearer a", "Basic b"],
        ["Basic b", "Bearer a"],
        ["Basic b,bearer a"],
        ["", "Bearer a"],
    ],
)
def test_what_cannot_be_one_token_is_malformed(lines):
    """RFC 6750 §3.1 invalid_request; never a guess which one is meant."""
    with pytest.raises(CredentialsMalformed):
        find_token(BearerRequest("GET", lines), None)


@pytest.mark.parametrize(
    "line",
    [
        "Bearer " + "a" * 81_920,
        "Bearer" + " " * 1_048_576 + "a",
        ",\tbearer" * 131_072,
        "a" * 99_999,
    ],
)
def test_what_is_longer_than_any_token_is_malformed(line):
    """It is not even looked at: some servers take lines of any length."""
    with pytest.raises(CredentialsMalformed):
        find_token(BearerRequest("GET", [line]), None)
    with pytest.raises(CredentialsMalformed):
        find_token(BearerRequest("GET", [line[:50_000], line[50_000:]]), None)


def test_the_longest_token_is_found():
    """The verifier's limit is 64 KiB; it is for the verifier to say so."""
    token = "a" * 65_536

    assert find_token(BearerRequest("GET", [f"Bearer {token}"]), None).text == token


def test_too_many_cookies_are_none():
    """Browsers and proxies send far less."""
    line = amplify_cookies("a.b.c")
    many = "; ".join(["a=" + "b" * 4_000] * 15)

    assert find_token(BearerRequest("GET", cookie=[many, line]), COOKIES).text == "a.b.c"
    with pytest.raises(CredentialsMissing):
        find_token(BearerRequest("GET", cookie=[many, many, line]), COOKIES)


PIECES = st.sampled_from(
    [
        "Bearer",
        "bearer",
        "BEARER",
        "Basic",
        " ",
        "  ",
        "\t",
        ",",
        "=",
        "a",
        "Z9",
        "-._~+/",
        "é",
        "\0",
    ]
)
WORD = string.ascii_letters + string.digits + "-._~+/"


@given(st.lists(st.lists(PIECES, max_size=7).map("".join), max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_one_token_or_refused(lines):
    """RFC 6750 §2.1: "Bearer" 1*SP b64token, and nothing else in all the lines."""
    scheme, _, rest = ",".join(lines).strip(" \t").partition(" ")
    token = rest.strip(" ")
    body = token.rstrip("=")
    is_one = scheme.lower() == "bearer" and body != "" and set(body) <= {*WORD}

    try:
        found = find_token(BearerRequest("GET", lines), None).text
    except (CredentialsMissing, CredentialsMalformed):
        found = None

    assert found == (token if is_one else None)


def test_malformed_credentials_are_not_made_good_by_a_cookie():
    """Who sends a bearer header means it."""
    with pytest.raises(CredentialsMalformed):
        find_token(BearerRequest("GET", ["Bearer"], [amplify_cookies("a.b.c")]), COOKIES)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_methods_may_use_the_cookie(method):
    """RFC 9110 §9.2.1: they change nothing."""
    request = BearerRequest(method, cookie=[amplify_cookies("a.b.c")])

    assert find_token(request, COOKIES) == ("a.b.c", "access")


@pytest.mark.parametrize("method", ["POST", "DELETE", "get", "", "WEBSOCKET"])
def test_other_methods_need_a_page_of_the_same_origin(method):
    """Other sites can make a browser send those, with cookies; methods are case-sensitive."""
    cookie = [amplify_cookies("a.b.c")]

    assert find_token(BearerRequest(method, (), cookie, "same-origin"), COOKIES).text == "a.b.c"
    for site in ("", "cross-site", "same-site", "same-origin,cross-site"):
        with pytest.raises(CredentialsMissing):
            find_token(BearerRequest(method, (), cookie, site), COOKIES)


def test_cookies_of_http2_may_be_in_pieces():
    """RFC 9113 §8.2.3."""
    request = BearerRequest("GET", cookie=amplify_cookies("a.b.c").split("; "))

    assert find_token(request, COOKIES).text == "a.b.c"


def test_the_id_token_can_be_wanted():
    """An application that serves pages may know its users by their id tokens."""
    prefix = f"CognitoIdentityServiceProvider.{CLIENT}"
    line = f"{prefix}.LastAuthUser=ada; {prefix}.ada.idToken=i.i.i; {prefix}.ada.accessToken=a.a.a"
    cookies = CognitoCookies(CLIENT, token_use="id")

    assert find_token(BearerRequest("GET", cookie=[line]), cookies) == ("i.i.i", "id")
