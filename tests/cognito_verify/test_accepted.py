"""Remembering accepted tokens: the same verdict as without, at once."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    ANY_CLIENT,
    CacheTimes,
    Claims,
    ClientMismatch,
    CognitoVerifier,
    ConfigurationError,
    CustomCheckFailed,
    GroupMissing,
    IssuerMismatch,
    MalformedToken,
    ScopeMissing,
    SignatureInvalid,
    TokenExpired,
    TokenNotYetValid,
    UnknownKey,
    VerificationError,
)

NOW = 1_800_000_000
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


def again(token: str) -> str:
    """Return an equal token in another object, as the next request brings it."""
    return token.encode().decode()


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Call `verify`, or `verify_async`."""

    def verify(verifier: CognitoVerifier, token: str, **options: Any) -> Any:
        if request.param == "sync":
            return verifier.verify(token, **options)
        return asyncio.run(verifier.verify_async(token, **options))

    return verify


@pytest.fixture
def remote(make_verifier: MakeVerifier, clock: Any, fetcher: Any) -> CognitoVerifier:
    """Fetch keys, and remember tokens."""
    times = CacheTimes(ttl=100, max_stale=100, cooldown=10)
    return make_verifier(cache=10, jwks=None, clock=clock, fetcher=fetcher, times=times)


def test_a_token_seen_again_is_not_verified_again(
    call: Any, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Its claims are the very same object, so nothing was parsed."""
    verifier = make_verifier(cache=10)
    token = make_token()

    claims = call(verifier, token)

    assert call(verifier, again(token)) is claims
    assert make_verifier().verify(token) == claims


def test_without_a_cache_nothing_is_remembered(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Remembering is asked for."""
    verifier = make_verifier()
    token = make_token()

    assert verifier.verify(token) is not verifier.verify(token)


def test_time_goes_on(call: Any, make_verifier: MakeVerifier, make_token: Make, clock: Any) -> None:
    """A remembered token expires at its second. # conformance: state/accept-then-expire."""
    verifier = make_verifier(cache=10, clock=clock)
    token = make_token(exp=NOW + 10, nbf=NOW - 5)
    call(verifier, token)

    clock.now = NOW + 9
    assert call(verifier, again(token))
    clock.now = NOW + 10
    with pytest.raises(TokenExpired):
        call(verifier, again(token))
    clock.now = NOW - 6
    with pytest.raises(TokenNotYetValid):
        call(verifier, again(token))
    clock.now = NOW - 5
    assert call(verifier, again(token))


@pytest.mark.parametrize("leeway", [0, 7])
@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_the_edges_are_those_of_a_fresh_verification(
    shift: int, leeway: int, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """With a leeway, and for the time of one call."""
    remembering = make_verifier(cache=10, leeway=leeway)
    token = make_token(exp=NOW + 10, nbf=NOW - 5)
    remembering.verify(token)

    for edge in (NOW + 10 + leeway, NOW - 5 - leeway):
        verdicts = []
        for verifier in (remembering, make_verifier(leeway=leeway)):
            try:
                verdicts.append(verifier.verify(again(token), now=edge + shift).sub)
            except VerificationError as error:
                verdicts.append(error.code)
        assert verdicts[0] == verdicts[1]


def test_a_clock_that_reads_nan_accepts_nothing(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Not even what is remembered."""
    verifier = make_verifier(cache=10)
    token = make_token()
    verifier.verify(token)

    with pytest.raises(VerificationError):
        verifier.verify(again(token), now=math.nan)


def test_groups_and_scopes_of_a_call_are_checked(
    call: Any, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """They replace those of the verifier, remembered or not."""
    verifier = make_verifier(cache=10, groups="admins", scopes="orders/read")
    token = make_token()

    for _ in range(2):
        assert call(verifier, again(token))
        assert call(verifier, again(token), groups="editors", scopes=["openid"])
        with pytest.raises(GroupMissing):
            call(verifier, again(token), groups="owners")
        with pytest.raises(ScopeMissing):
            call(verifier, again(token), scopes="orders/write")


def test_the_verifiers_own_groups_and_scopes_are_checked(
    call: Any, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """What a call with others accepts is not accepted by one without them."""
    token = make_token()
    for what, wanted, other in (
        ("groups", "owners", "admins"),
        ("scopes", "orders/write", "orders/read"),
    ):
        verifier = make_verifier(cache=10, **{what: wanted})
        call(verifier, token, **{what: other})

        with pytest.raises((GroupMissing, ScopeMissing)):
            call(verifier, again(token))


def test_the_applications_check_is_asked_each_time(
    call: Any, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """It may depend on anything."""
    answers = [True, True, False]
    verifier = make_verifier(cache=10, custom_check=lambda _: answers.pop(0))
    token = make_token()

    assert call(verifier, token)
    assert call(verifier, again(token))
    with pytest.raises(CustomCheckFailed):
        call(verifier, again(token))


@pytest.mark.parametrize("position", [0, 30, 60, 300, -2])
def test_another_text_is_another_token(
    position: int, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """All of the text counts (CVE-2026-35039)."""
    verifier = make_verifier(cache=10)
    token = make_token()
    verifier.verify(token)
    place = range(len(token))[position]
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(VerificationError):
        verifier.verify(changed)
    with pytest.raises(MalformedToken):
        verifier.verify(token + "=")


def test_a_refused_token_is_not_remembered(make_verifier: MakeVerifier, make_token: Make) -> None:
    """Not a forged one, nor one that is for somebody else; each is refused again."""
    verifier = make_verifier(cache=10)
    for token, refusal in (
        (make_token(_key="stranger"), SignatureInvalid),
        (make_token(client_id="another"), ClientMismatch),
        (make_token(exp=NOW), TokenExpired),
    ):
        for _ in range(2):
            with pytest.raises(refusal):
                verifier.verify(again(token))


@pytest.mark.parametrize("token", [None, 5, b"bytes", [], {}], ids=repr)
def test_what_is_no_text_is_malformed(token: Any, make_verifier: MakeVerifier) -> None:
    """Also if it cannot be looked up."""
    with pytest.raises(MalformedToken):
        make_verifier(cache=10).verify(token)


def test_a_text_that_claims_to_equal_another_is_verified(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Only real strings are looked up."""

    class Impostor(str):  # noqa: SLOT000  (made to misbehave)
        victim = ""

        def __hash__(self) -> int:
            return hash(self.victim)

        def __eq__(self, other: object) -> bool:
            return True

    verifier = make_verifier(cache=10)
    token = make_token()
    verifier.verify(token)
    impostor = Impostor("a.b.c")
    impostor.victim = token
    assert impostor == token

    with pytest.raises(MalformedToken):
        verifier.verify(impostor)


def test_a_withdrawn_key_withdraws_its_tokens(
    call: Any, remote: CognitoVerifier, make_token: Make, clock: Any, fetcher: Any
) -> None:
    """As soon as the key set without it is fetched, whoever caused that."""
    verifier, jwks = remote, fetcher.document
    token = make_token()
    call(verifier, token)
    fetcher.document = {"keys": jwks["keys"][1:]}
    clock.now += 50
    call(verifier, again(token))
    with pytest.raises(UnknownKey):
        call(verifier, make_token(_header={"kid": "unknown"}))

    with pytest.raises(UnknownKey):
        call(verifier, again(token))


def test_new_material_under_the_same_id_withdraws_tokens(
    call: Any, remote: CognitoVerifier, make_token: Make, clock: Any, fetcher: Any
) -> None:
    """The id is not the key."""
    verifier, jwks = remote, fetcher.document
    token = make_token()
    call(verifier, token)
    a, b = jwks["keys"]
    fetcher.document = {"keys": [{**b, "kid": a["kid"]}]}
    clock.now += 100

    with pytest.raises(SignatureInvalid):
        call(verifier, again(token))


def test_verifiers_do_not_share_what_they_remember(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Another policy has its own verdicts, even about the same text."""
    token = make_token()
    generous = make_verifier(cache=10, client_id=ANY_CLIENT)
    strict = make_verifier(cache=10, client_id="another")
    combined = CognitoVerifier.for_pools([generous])
    generous.verify(token)

    with pytest.raises(ClientMismatch):
        strict.verify(again(token))
    assert combined.verify(again(token)) is not generous.verify(token)


def test_pools_together_remember_as_much_as_each_alone(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """And the right one judges what is remembered."""
    other = "eu-west-1_Other"
    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{other}"
    asked: list[str] = []

    def note(where: str) -> Callable[[Claims], bool]:
        return lambda claims: not asked.append(f"{where} {claims.issuer[-9:]}")  # type: ignore[func-returns-value]

    here = make_verifier(cache=1, custom_check=note("here"))
    there = make_verifier(cache=1, user_pool_id=other, custom_check=note("there"))
    combined = CognitoVerifier.for_pools([here, there])
    tokens = [make_token(), make_token(iss=issuer)]
    first = [combined.verify(token) for token in tokens]

    second = [combined.verify(again(token)) for token in tokens]

    assert [id(claims) for claims in second] == [id(claims) for claims in first]
    assert asked == ["here AbCdEfGhI", "there t-1_Other"] * 2
    with pytest.raises(IssuerMismatch):
        combined.verify(make_token(iss="https://stranger.example"))


def test_the_memory_is_bounded(make_verifier: MakeVerifier, make_token: Make) -> None:
    """The token not used for longest is verified again."""
    verifier = make_verifier(cache=2)
    tokens = [make_token(n=n) for n in range(3)]
    claims = [verifier.verify(token) for token in tokens]

    assert verifier.verify(again(tokens[2])) is claims[2]
    assert verifier.verify(again(tokens[0])) is not claims[0]


@pytest.mark.parametrize("cache", [-1, 1_000_001, True, 2.5, "5", None], ids=repr)
def test_a_careless_size_is_refused(cache: Any, make_verifier: MakeVerifier) -> None:
    """At once."""
    with pytest.raises(ConfigurationError, match="cache"):
        make_verifier(cache=cache)


def test_nobody_can_change_the_claims_of_the_next(
    make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Lists and objects are copies. # conformance: state/no-cross-talk."""
    verifier = make_verifier(cache=10)
    token = make_token(nested={"roles": ["reader"], "deep": [{"a": 1}]})
    claims: Any = verifier.verify(token)
    claims["cognito:groups"].append("owners")
    claims["nested"]["roles"].append("owner")
    dict(claims)["nested"]["deep"][0]["a"] = 2
    next(value for name, value in claims.items() if name == "nested")["deep"].clear()
    claims.get("nested").clear()

    fresh: Any = verifier.verify(again(token))

    assert fresh is claims
    assert fresh.groups == ("editors", "admins")
    assert fresh["cognito:groups"] == ["editors", "admins"]
    assert fresh["nested"] == {"roles": ["reader"], "deep": [{"a": 1}]}
    with pytest.raises(TypeError):
        fresh["sub"] = "another"


def test_deeply_nested_claims_can_be_read(make_verifier: MakeVerifier, make_token: Make) -> None:
    """A copy is as deep as what can be parsed."""
    nested: list[Any] = []
    for _ in range(500):
        nested = [nested]
    claims = make_verifier(cache=1).verify(make_token(nested=nested))

    assert claims["nested"] == nested
