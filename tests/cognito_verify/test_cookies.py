"""Sessions in cookies, as Amplify and the CloudFront helpers write them."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    ANY_TOKEN_USE,
    CognitoVerifier,
    MalformedToken,
    SignatureInvalid,
    SubjectMismatch,
    TokenUseMismatch,
)
from cognito_verify.cookies import (
    SessionCookies,
    check_cookies,
    check_cookies_async,
    encode_name,
    read_cookies,
    verify_cookies,
    verify_cookies_async,
    write_cookies,
)

CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
P = f"CognitoIdentityServiceProvider.{CLIENT}"
NOTHING = SessionCookies()
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


def session(user: str, name: str | None = None, *, last: str | None = None) -> str:
    """A header with three tokens: the user as ``LastAuthUser`` has it, and as names have it."""
    name = user if name is None else name
    last = user if last is None else last
    return (
        f"{P}.LastAuthUser={last}; {P}.{name}.idToken=i.d.t; "
        f"{P}.{name}.accessToken=a.c.t; {P}.{name}.refreshToken=r.e.f.r.t"
    )


def found(user: str) -> SessionCookies:
    return SessionCookies(user, "i.d.t", "a.c.t", "r.e.f.r.t")


def read(header: Any) -> SessionCookies:
    return read_cookies(header, client_id=CLIENT)


# Expected spellings are those of COG-AMP-024, -025 and -030, worked out by hand.
@pytest.mark.parametrize(
    ("user", "last", "name"),
    [
        pytest.param("ada", "ada", "ada", id="plain"),
        pytest.param("7c1de2aa-40f1-70c3", "7c1de2aa-40f1-70c3", "7c1de2aa-40f1-70c3", id="uuid"),
        pytest.param("a@b.com", "a@b.com", "a%40b.com", id="e-mail, js-cookie"),
        pytest.param("a@b.com", "a%40b.com", "a%40b.com", id="e-mail, both encoded"),
        pytest.param("a@b.com", "a@b.com", "a@b.com", id="e-mail, raw"),
        pytest.param("a@b.com", "a@b.com", "a%2540b.com", id="e-mail, encoded twice"),
        pytest.param("a+b@c.com", "a+b@c.com", "a+b%40c.com", id="plus"),
        pytest.param("a+b@c.com", "a%2Bb%40c.com", "a%2Bb%40c.com", id="plus, encoded"),
        pytest.param(
            "user.name.with.dots", "user.name.with.dots", "user.name.with.dots", id="dots"
        ),
        pytest.param("a%40b.com", "a%2540b.com", "a%2540b.com", id="percent sign"),
        pytest.param("100%", "100%25", "100%25", id="percent at the end"),
        pytest.param("a b", "a%20b", "a%20b", id="space"),
        pytest.param("a;b,c", "a%3Bb%2Cc", "a%3Bb%2Cc", id="separators"),
        pytest.param("a(b)", "a(b)", "a%28b%29", id="parentheses, js-cookie"),
        pytest.param("a(b)", "a(b)", "a(b)", id="parentheses, server"),
        pytest.param("LastAuthUser", "LastAuthUser", "LastAuthUser", id="LastAuthUser"),
        pytest.param("a.*+?[]{}^$|\\", "a.*+?[]{}^$|%5C", "a.*+%3F%5B%5D%7B%7D^$|%5C", id="regex"),
        pytest.param("google_123", "google_123", "google_123", id="federated"),
        pytest.param("größe", "gr%C3%B6%C3%9Fe", "gr%C3%B6%C3%9Fe", id="umlaut"),
        pytest.param("größe", "gr\xc3\xb6\xc3\x9fe", "gr\xc3\xb6\xc3\x9fe", id="umlaut, raw UTF-8"),
        pytest.param("größe", "größe", "größe", id="umlaut, decoded by the server"),
        pytest.param("😀", "%F0%9F%98%80", "%F0%9F%98%80", id="emoji"),
        pytest.param("=", "=", "%3D", id="equals sign"),
    ],
)
def test_the_session_is_found_under_every_spelling(user: str, last: str, name: str) -> None:
    """COG-AMP-026: Whatever version of whatever library wrote it."""
    assert read(session(user, name, last=last)) == found(user)


def test_the_spelling_of_an_encoded_name_is_another_users() -> None:
    """A user called ``a%40b.com`` is not the user ``a@b.com``."""
    header = session("a%40b.com", "a%40b.com", last="a%2540b.com")

    assert read(header) == SessionCookies("a%40b.com")


def test_the_usual_spelling_wins() -> None:
    """Leftovers of another user whose name looks alike do not count."""
    both = (
        f"{P}.a%2540b.com.accessToken=other.users.token; "
        f"{P}.LastAuthUser=a@b.com; {P}.a%40b.com.accessToken=a.c.t"
    )

    assert read(both) == SessionCookies("a@b.com", None, "a.c.t", None)


def test_tokens_of_several_spellings_are_not_mixed() -> None:
    """One session is written by one library."""
    header = f"{P}.LastAuthUser=a@b.com; {P}.a%40b.com.accessToken=a.c.t; {P}.a@b.com.idToken=o.l.d"

    assert read(header) == SessionCookies("a@b.com", None, "a.c.t", None)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(session("ada").replace(f"{P}.LastAuthUser=ada; ", ""), id="missing"),
        pytest.param(session("ada", last=""), id="empty"),
        pytest.param(session("username").partition("; ")[2], id="Amplify's fallback"),
        pytest.param(session("ada", last="%FF"), id="no UTF-8"),
        pytest.param(session("ada", last="%C3"), id="half a character"),
        pytest.param(session("ada", last="%ED%A0%80"), id="surrogate"),
        pytest.param(session("ada").replace("LastAuthUser", "lastAuthUser"), id="another case"),
        pytest.param(session("ada").replace(P, P.lower()), id="prefix in another case"),
        pytest.param(session("ada").replace(CLIENT, CLIENT + "x"), id="longer client"),
        pytest.param(session("ada").replace(CLIENT, CLIENT[:-1]), id="shorter client"),
        pytest.param("AWSELBAuthSessionCookie-0=a.b.c; AWSELBAuthSessionCookie-1=d", id="ALB"),
        *("", ";", " ; ;", None, b"", []),
    ],
)
def test_without_a_user_there_is_no_session(header: object) -> None:
    """And nothing is guessed."""
    assert read(header) == NOTHING


def test_tokens_of_another_user_are_not_returned() -> None:
    """Only those of the user who signed in last."""
    assert read(session("ada", "bob", last="ada")) == SessionCookies("ada")


@pytest.mark.parametrize(
    "last", ["..", "ada.accessToken", "*", "%", "%2", "%zz", "x" * 5000, "\x00", "\ud800", '"'],
    ids=repr,
)  # fmt: skip
def test_a_hostile_user_finds_nothing(last: str) -> None:
    """It is looked up, and that is all."""
    assert read(session("ada", last=last)) in {SessionCookies(last), NOTHING}


@pytest.mark.parametrize(
    "foreign",
    [
        't={"k":1}', "flag", "b{=2", "a@b=1", "=", "==", "x=%FF", "%FF=x", "t=\xe4\xff", '"', 'q="',
        'q="a;b"', "Path=/", "HttpOnly", "x=" + "y" * 60_000, f"{P}=x", f"{P}.=x",
        f"{P}..idToken=x",
        f"{P}.%FF.accessToken=x", f"{P}.bob.accessToken=x", "\x00=\x01", "ä=ö", "\ud800=x",
    ],
    ids=lambda foreign: repr(foreign)[:30],
)  # fmt: skip
def test_foreign_cookies_are_harmless(foreign: str) -> None:
    """Before, after and between ours."""
    first, *others = session("ada").split("; ")

    assert read("; ".join([foreign, first, foreign, *others, foreign])) == found("ada")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(session("ada").replace("; ", ";"), id="no space"),
        pytest.param(session("ada").replace("; ", "  ;\t "), id="more space"),
        pytest.param(session("ada").replace("=", " = "), id="space around equals"),
        pytest.param(session("ada") + ";", id="semicolon at the end"),
        pytest.param(session("ada").split("; "), id="several headers"),
        pytest.param(iter(session("ada").split("; ")), id="an iterator of headers"),
        pytest.param(session("ada").encode(), id="bytes"),
        pytest.param(session("ada").replace("=a.c.t", '="a.c.t"'), id="quoted"),
        pytest.param(session("ada") + f"; {P}.ada.accessToken=second", id="duplicate"),
        pytest.param(session("ada") + f"; {P}.LastAuthUser=bob", id="duplicate user"),
    ],
)
def test_headers_are_read_as_browsers_write_them(header: object) -> None:
    """RFC 6265 §5.2 and 5.4, RFC 9113 §8.2.3."""
    assert read(header) == found("ada")


def test_an_equals_sign_belongs_to_the_value() -> None:
    """RFC 6265 §4.1.1: only the first one separates."""
    assert read(f"{P}.LastAuthUser=ada; {P}.ada.idToken=a=b==").id_token == "a=b=="


def test_an_empty_token_is_none() -> None:
    """Sign-out may leave empty values behind."""
    header = f"{P}.LastAuthUser=ada; {P}.ada.idToken=; {P}.ada.accessToken=a.c.t"

    assert read(header) == SessionCookies("ada", None, "a.c.t", None)


def test_the_layout_of_cognito_at_edge_is_read() -> None:
    """COG-CFE-001."""
    header = (
        f"{P}.ada@b.com.accessToken=a.c.t; {P}.ada@b.com.idToken=i.d.t; "
        f"{P}.ada@b.com.refreshToken=r.e.f.r.t; "
        f"{P}.ada@b.com.tokenScopesString=phone%20email; {P}.LastAuthUser=ada@b.com"
    )

    assert read(header) == found("ada@b.com")


def test_a_client_id_is_no_pattern() -> None:
    """A dot in it is a dot."""
    header = session("ada").replace(CLIENT, "aXb")

    assert read_cookies(header, client_id="a.b") == NOTHING
    assert read_cookies(header, client_id="a*b") == NOTHING
    assert read_cookies(header, client_id="aXb") == found("ada")


def test_reading_takes_linear_time() -> None:
    """Also for a header that no server would let through."""
    headers = (
        "; ".join(f"{P}.user{n}.idToken=x" for n in range(30_000)),
        ";" * 1_000_000,
        "=" * 1_000_000,
        f"{P}.LastAuthUser=" + "%41" * 300_000,
        f"{P}.LastAuthUser=" + "%" * 1_000_000,
    )
    started = time.perf_counter()

    for header in headers:
        read(header)

    assert time.perf_counter() - started < 20  # quadratic: hours


@pytest.mark.parametrize(
    ("username", "encoded"),
    [
        ("a@b.com", "a%40b.com"),
        ("a(b)", "a%28b%29"),
        ("#$&+^`|", "#$&+^`|"),
        ("ä %", "%C3%A4%20%25"),
    ],
)
def test_names_are_encoded_as_js_cookie_does(username: str, encoded: str) -> None:
    """COG-AMP-024."""
    assert encode_name(username) == encoded


def test_what_is_written_is_read() -> None:
    """In Amplify's order, and without what is missing."""
    cookies = write_cookies(
        client_id=CLIENT, session=SessionCookies("a@b.com", None, "a.c.t", "r.e.f.r.t")
    )

    assert cookies == {
        f"{P}.LastAuthUser": "a@b.com",
        f"{P}.a%40b.com.accessToken": "a.c.t",
        f"{P}.a%40b.com.refreshToken": "r.e.f.r.t",
    }
    assert next(iter(cookies)) == f"{P}.LastAuthUser"


def test_a_whole_session_is_written_in_amplifys_order() -> None:
    """COG-AMP-004, -005: the last user first; nobody's name is the literal ``username``."""
    session = SessionCookies("ada", "i.d.t", "a.c.t", "r.e.f.r.t")
    nobody = SessionCookies(None, None, "a.c.t", None)

    assert list(write_cookies(client_id=CLIENT, session=session).items()) == [
        (f"{P}.LastAuthUser", "ada"),
        (f"{P}.ada.accessToken", "a.c.t"),
        (f"{P}.ada.idToken", "i.d.t"),
        (f"{P}.ada.refreshToken", "r.e.f.r.t"),
    ]
    assert write_cookies(client_id=CLIENT, session=nobody)[f"{P}.username.accessToken"] == "a.c.t"


class TestVerify:
    """A token from a cookie is verified like any other."""

    @staticmethod
    def header(**tokens: str) -> str:
        cookies = write_cookies(client_id=CLIENT, session=SessionCookies("ada", **tokens))
        return "; ".join(f"{name}={value}" for name, value in cookies.items())

    def test_good_tokens_are_accepted(self, make_token: Make, make_verifier: MakeVerifier) -> None:
        """The access token, the id token, or both."""
        header = self.header(access_token=make_token(), id_token=make_token("id"))
        verifier = make_verifier(token_use=ANY_TOKEN_USE)

        user = verify_cookies(verifier, header, client_id=CLIENT)
        by_id = verify_cookies(verifier, header, client_id=CLIENT, tokens="id")
        both = verify_cookies(verifier, header, client_id=CLIENT, tokens="both")
        later = asyncio.run(verify_cookies_async(verifier, header, client_id=CLIENT, tokens="both"))

        assert user is not None
        assert (user.claims.token_use, user.id) == ("access", None)
        assert by_id is not None
        assert (by_id.claims.token_use, by_id.access) == ("id", None)
        assert both is not None
        assert both.access is not None
        assert both.claims is both.id
        assert (both.sub, both.username, both.groups) == (
            both.access.sub,
            both.access.username,
            both.access.groups,
        )
        assert later == both

    def test_a_forged_token_is_rejected(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """A cookie proves nothing."""
        header = self.header(access_token=make_token(_key="stranger"))

        assert verify_cookies(make_verifier(), header, client_id=CLIENT) is None
        with pytest.raises(SignatureInvalid):
            check_cookies(make_verifier(), header, client_id=CLIENT)

    @pytest.mark.parametrize("token_use", ["access", ANY_TOKEN_USE], ids=str)
    def test_an_id_token_in_the_access_tokens_place_is_rejected(
        self, token_use: object, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Also by a verifier that takes both."""
        header = self.header(access_token=make_token("id"))

        with pytest.raises(TokenUseMismatch):
            check_cookies(make_verifier(token_use=token_use), header, client_id=CLIENT)

    def test_tokens_of_two_users_are_nobodys(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """Each is good by itself."""
        foreign = make_token("id", sub="11111111-2222-3333-4444-555555555555")
        header = self.header(access_token=make_token(), id_token=foreign)
        verifier = make_verifier(token_use=ANY_TOKEN_USE)

        assert verify_cookies(verifier, header, client_id=CLIENT) is not None
        assert verify_cookies(verifier, header, client_id=CLIENT, tokens="id") is not None
        assert verify_cookies(verifier, header, client_id=CLIENT, tokens="both") is None
        with pytest.raises(SubjectMismatch):
            check_cookies(verifier, header, client_id=CLIENT, tokens="both")
        with pytest.raises(SubjectMismatch):
            asyncio.run(check_cookies_async(verifier, header, client_id=CLIENT, tokens="both"))

    def test_half_a_session_is_not_both(
        self, make_token: Make, make_verifier: MakeVerifier
    ) -> None:
        """What was asked for must be there."""
        header = self.header(access_token=make_token())
        verifier = make_verifier(token_use=ANY_TOKEN_USE)

        with pytest.raises(MalformedToken, match="no id token"):
            check_cookies(verifier, header, client_id=CLIENT, tokens="both")

    def test_no_session_is_nobody(self, make_verifier: MakeVerifier) -> None:
        """There is nothing to verify."""
        assert verify_cookies(make_verifier(), None, client_id=CLIENT) is None
        assert asyncio.run(verify_cookies_async(make_verifier(), "", client_id=CLIENT)) is None
        with pytest.raises(MalformedToken, match="no access token"):
            check_cookies(make_verifier(), None, client_id=CLIENT)
        with pytest.raises(MalformedToken, match="no id token"):
            asyncio.run(check_cookies_async(make_verifier(), "", client_id=CLIENT, tokens="id"))
