"""What is said to whom, before any framework."""

import logging
import re

import pytest

from cognito_verify import Claims, ConfigurationError, VerificationError
from cognito_verify.web._bearer import _DESCRIPTIONS, BearerGuard, Refusal, requirement
from cognito_verify.web._credentials import BearerRequest, CognitoCookies, find_token

from ..conftest import MemoryFetcher  # noqa: TID252  (not a package that is installed)

NOBODY = BearerRequest("GET")


def bearer(token):
    return BearerRequest("GET", [f"Bearer {token}"])


def all_errors(kind=VerificationError):
    return {kind}.union(*map(all_errors, kind.__subclasses__()))


@pytest.mark.parametrize("code", sorted({error.code for error in all_errors()}))
def test_every_error_has_a_description_that_a_header_can_hold(code):
    """RFC 6750 §3: error_description has no quote, no backslash, no control character."""
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", _DESCRIPTIONS[code])


def test_a_missing_token_is_a_challenge_without_an_error(make_verifier):
    """RFC 6750 §3.1: no error code or other information."""
    assert BearerGuard(make_verifier(), realm="shop").check(NOBODY) == Refusal(
        401,
        None,
        "A bearer token is needed",
        (("WWW-Authenticate", 'Bearer realm="shop"'), ("Cache-Control", "no-store")),
    )


@pytest.mark.parametrize("realm", ['a"b', "a\\b", "a\r\nSet-Cookie: x=y", "é"])
def test_a_realm_cannot_end_its_quotes(make_verifier, realm):
    """What would have to be escaped is not accepted."""
    with pytest.raises(ConfigurationError):
        BearerGuard(make_verifier(), realm=realm)


@pytest.mark.parametrize("scope", ["a b", 'a"', "a\\", "", "a\n", "é"])
def test_a_scope_is_one_scope(scope):
    """RFC 6749 §3.3 scope-token."""
    with pytest.raises(ConfigurationError):
        requirement(scopes=[scope])


def test_one_name_may_stand_for_itself():
    """A string is one group, not its letters."""
    assert requirement(groups="admins").groups == {"admins"}


def test_groups_and_scopes_are_both_needed(make_verifier, make_token):
    """One of the groups, and one of the scopes."""
    guard = BearerGuard(make_verifier())

    both = guard.check(bearer(make_token()), requirement(["admins"], ["openid"]))
    no_scope = guard.check(bearer(make_token()), requirement(["admins"], ["email"]))
    no_group = guard.check(bearer(make_token()), requirement(["owners"], ["openid"]))

    assert isinstance(both, Claims)
    assert (no_scope.status, no_group.status) == (403, 403)


def test_several_requirements_are_all_needed(make_verifier, make_token):
    """A router's requirement is not undone by that of a route."""
    guard = BearerGuard(make_verifier())

    refusal = guard.check(
        bearer(make_token()), requirement(scopes="openid"), requirement(scopes="email")
    )

    assert refusal.status == 403
    assert 'scope="email"' in dict(refusal.headers)["WWW-Authenticate"]


@pytest.mark.parametrize("rule", [{"groups": "owners"}, {"scopes": "orders/write"}])
def test_what_the_verifier_requires_is_403_as_well(make_verifier, make_token, rule):
    """Not to have a group or a scope makes no token invalid, wherever it is required."""
    refusal = BearerGuard(make_verifier(**rule)).check(bearer(make_token()))

    assert (refusal.status, refusal.error) == (403, "insufficient_scope")


def test_an_id_token_has_no_scopes(make_verifier, make_token):
    """Whatever a trigger has written into it (COG-TOK-063)."""
    guard = BearerGuard(make_verifier(token_use="id"))

    refusal = guard.check(bearer(make_token("id", scope="openid")), requirement(scopes="openid"))

    assert refusal.status == 403


def test_the_log_names_the_reason_and_never_the_token(make_verifier, make_token, caplog):
    """An operator sees codes."""
    token = make_token(client_id="another")

    with caplog.at_level(logging.DEBUG):
        BearerGuard(make_verifier()).check(bearer(token))

    assert caplog.messages == ["refused a token: audience"]
    assert not any(part in caplog.text for part in token.split("."))


def test_an_outage_is_a_warning_with_the_address(make_verifier, make_token, caplog):
    """An operator sees what is broken; the caller does not see where."""
    fetcher = MemoryFetcher(b"")
    fetcher.break_down()
    guard = BearerGuard(make_verifier(jwks=None, fetcher=fetcher))

    refusal = guard.check(bearer(make_token()))

    assert refusal.status == 503
    assert refusal.headers == (("Retry-After", "10"), ("Cache-Control", "no-store"))
    assert "amazonaws" not in refusal.description
    assert [(r.levelname, r.name) for r in caplog.records] == [("WARNING", "cognito_verify.web")]
    assert "amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json" in caplog.text


def test_a_mistake_of_the_program_is_not_the_callers(make_token):
    """Only refusals are answers; everything else stays an error."""

    class Broken:
        def verify(self, _token):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        BearerGuard(Broken()).check(bearer(make_token()))


@pytest.mark.parametrize("empty", [[], (), set(), "", [""]])
@pytest.mark.parametrize("what", ["groups", "scopes"])
def test_an_empty_list_is_a_mistake_and_no_open_door(what, empty):
    """It is what a setting that somebody forgot looks like; to want none is to leave it out."""
    with pytest.raises(ConfigurationError):
        requirement(**{what: empty})
    assert requirement(**{what: None}) == requirement()


@pytest.mark.parametrize(
    "cookies", [CognitoCookies(""), CognitoCookies(["a"]), CognitoCookies("a", "refresh")]
)
def test_cookies_that_cannot_be_are_a_mistake(make_verifier, cookies):
    """It shows when the program starts."""
    with pytest.raises(ConfigurationError):
        BearerGuard(make_verifier(), cookies=cookies)


def test_what_holds_a_token_does_not_show_it(make_token):
    """Reports of errors list the variables of all frames."""
    token = make_token()
    request = BearerRequest("GET", [f"Bearer {token}"], [token])

    for value in (request, find_token(request, None)):
        assert not any(part in repr(value) for part in token.split("."))


def test_a_scope_that_no_header_can_hold_is_not_named(make_verifier, make_token):
    """RFC 6750 §3: a scope attribute has at least one scope in it."""
    refusal = BearerGuard(make_verifier(scopes='a"b')).check(bearer(make_token()))

    assert refusal.status == 403
    assert "scope=" not in dict(refusal.headers)["WWW-Authenticate"]
