"""When fetched keys may be used, and when they must be fetched again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    CacheTimes,
    CognitoVerifier,
    KeysUnreachable,
    MalformedToken,
    SignatureInvalid,
    UnknownKey,
    VerificationError,
)
from cognito_verify._key_cache import Flight, KeyCache, Lead
from cognito_verify.jwks import key_set_from

TTL, STALE, COOLDOWN = 3600.0, 86400.0, 10.0
TIMES = CacheTimes(ttl=TTL, max_stale=STALE, cooldown=COOLDOWN)
Make = Callable[..., str]


@pytest.fixture
def verifier(fetcher: Any, clock: Any) -> CognitoVerifier:
    return CognitoVerifier(
        user_pool_id="eu-west-1_AbCdEfGhI",
        client_id="1h57kf5cpq17m0eml12EXAMPLE",
        token_use="access",
        times=TIMES,
        fetcher=fetcher,
        clock=clock,
    )


@pytest.fixture
def token(make_token: Make, clock: Any) -> Callable[..., str]:
    """Tokens that are good for a week, so that only keys matter."""

    def make(_key: str = "a", **changes: Any) -> str:
        return make_token(_key=_key, exp=clock.now + 7 * 86400, **changes)

    return make


def without(jwks: dict[str, Any], position: int) -> dict[str, Any]:
    return {"keys": [jwk for i, jwk in enumerate(jwks["keys"]) if i != position]}


def test_keys_are_fetched_once_for_many_tokens(
    verifier: CognitoVerifier, fetcher: Any, token: Make
) -> None:
    """From the pool's own address, with the first token."""
    assert fetcher.uris == []

    for key in "abab":
        verifier.verify(token(key))

    assert fetcher.uris == [
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json"
    ]


@pytest.mark.parametrize("text", ["", "a.b.c", "x" * 100_000])
def test_a_malformed_token_fetches_nothing(
    text: str, verifier: CognitoVerifier, fetcher: Any
) -> None:
    """Garbage costs the pool nothing."""
    with pytest.raises(MalformedToken):
        verifier.verify(text)

    assert fetcher.uris == []


def test_a_header_without_business_fetches_nothing(
    verifier: CognitoVerifier, fetcher: Any, token: Make
) -> None:
    """Neither do other algorithms, extensions, or addresses that a token brings along."""
    headers: list[dict[str, Any]] = [{"alg": "HS256"}, {"crit": []}, {"kid": None}]
    for header in headers:
        with pytest.raises(VerificationError):
            verifier.verify(token(_header=header))
    assert fetcher.uris == []

    verifier.verify(token(_header={"jku": "https://evil.example/jwks.json"}))

    assert len(fetcher.uris) == 1
    assert "evil" not in fetcher.uris[0]


def test_keys_are_fetched_again_when_they_are_old(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, token: Make
) -> None:
    """At the end of the time to live, not before."""
    verifier.verify(token())
    clock.now += TTL - 1
    verifier.verify(token())
    assert len(fetcher.uris) == 1

    clock.now += 1
    verifier.verify(token())

    assert len(fetcher.uris) == 2


def test_a_new_key_is_picked_up_at_once(
    verifier: CognitoVerifier, fetcher: Any, jwks: dict[str, Any], token: Make
) -> None:
    """COG-JWK-007: A key id that is not known yet is worth a fetch."""
    fetcher.document = without(jwks, 1)
    verifier.verify(token("a"))
    fetcher.document = jwks

    assert verifier.verify(token("b"))
    assert len(fetcher.uris) == 2


def test_unknown_ids_cause_one_fetch_per_cooldown(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, token: Make
) -> None:
    """CVE-2026-48524: strangers cannot make this server flood the pool."""
    verifier.verify(token())
    fetcher.uris.clear()
    for n in range(100):
        clock.now += COOLDOWN / 101
        with pytest.raises(UnknownKey):
            verifier.verify(token(_header={"kid": f"unknown {n}"}))
    assert len(fetcher.uris) == 1

    clock.now += COOLDOWN
    with pytest.raises(UnknownKey):
        verifier.verify(token(_header={"kid": "unknown"}))

    assert len(fetcher.uris) == 2


def test_unknown_ids_cause_one_fetch_on_a_cold_start(
    verifier: CognitoVerifier, fetcher: Any, token: Make
) -> None:
    """The first fetch has answered the question already."""
    for n in range(10):
        with pytest.raises(UnknownKey):
            verifier.verify(token(_header={"kid": f"unknown {n}"}))

    assert len(fetcher.uris) == 1
    assert verifier.verify(token())


def test_a_storm_does_not_put_off_a_new_key(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, jwks: dict[str, Any], token: Make
) -> None:
    """A refusal inside the cooldown does not begin another cooldown."""
    fetcher.document = without(jwks, 1)
    verifier.verify(token("a"))
    with pytest.raises(UnknownKey):
        verifier.verify(token(_header={"kid": "storm"}))
    fetcher.document = jwks
    for _ in range(9):
        clock.now += COOLDOWN / 10
        with pytest.raises(UnknownKey):
            verifier.verify(token(_header={"kid": "storm"}))

    clock.now += COOLDOWN / 10

    assert verifier.verify(token("b"))


def test_known_keys_work_during_the_cooldown(
    verifier: CognitoVerifier, fetcher: Any, token: Make
) -> None:
    """A storm of unknown ids does not disturb anybody."""
    verifier.verify(token())
    with pytest.raises(UnknownKey):
        verifier.verify(token(_header={"kid": "storm"}))

    assert verifier.verify(token())
    assert len(fetcher.uris) == 2


def test_a_retired_key_is_refused_after_the_time_to_live(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, jwks: dict[str, Any], token: Make
) -> None:
    """A withdrawn key does not live for ever."""
    verifier.verify(token("a"))
    fetcher.document = without(jwks, 0)
    clock.now += TTL

    with pytest.raises(UnknownKey):
        verifier.verify(token("a"))
    assert verifier.verify(token("b"))


def test_new_material_under_an_old_id_replaces_it(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, jwks: dict[str, Any], token: Make
) -> None:
    """RFC 7517 §4.5: ids may be used again."""
    a, b = jwks["keys"]
    old = token("a")
    verifier.verify(old)
    fetcher.document = {"keys": [{**b, "kid": a["kid"]}]}
    clock.now += TTL

    assert verifier.verify(token("b", _header={"kid": a["kid"]}))
    with pytest.raises(SignatureInvalid):
        verifier.verify(old)


OUTAGES: dict[str, Any] = {
    "HTML": b"<html>It works!</html>",
    "empty": b"",
    "no keys": b"{}",
    "empty list": {"keys": []},
    "truncated": b'{"keys":[{"kty":"RSA"',
    "time-out": TimeoutError(),
    "reset": ConnectionResetError("reset"),
    "status": None,
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=list(OUTAGES))
class TestOutage:
    """A pool that cannot be reached, or answers nonsense."""

    @staticmethod
    def begin(fetcher: Any, outage: Any) -> None:
        if outage is None:
            fetcher.break_down()
        else:
            fetcher.document = outage

    def test_good_keys_are_kept_for_a_time(
        self, outage: Any, verifier: CognitoVerifier, fetcher: Any, clock: Any, token: Make
    ) -> None:
        """GHSA-fhv5-28vv-h8m8: a failed refresh neither wipes the keys nor keeps them for ever."""
        verifier.verify(token())
        self.begin(fetcher, outage)
        clock.now += TTL

        for _ in range(5):
            assert verifier.verify(token())
        assert len(fetcher.uris) == 1 + 2  # the first failure may have been an accident
        clock.now += STALE - 1
        assert verifier.verify(token())
        clock.now += 1
        with pytest.raises(KeysUnreachable):
            verifier.verify(token())

    def test_a_cold_start_fails_and_recovers(
        self,
        outage: Any,
        verifier: CognitoVerifier,
        fetcher: Any,
        jwks: dict[str, Any],
        token: Make,
    ) -> None:
        """Without keys nothing is accepted; the next token tries again."""
        self.begin(fetcher, outage)
        with pytest.raises(KeysUnreachable) as caught:
            verifier.verify(token())
        fetcher.document = jwks

        assert verifier.verify(token())
        assert caught.value.code == "key"
        assert caught.value.uri == fetcher.uris[0]

    def test_a_failing_endpoint_is_asked_less_and_less(
        self, outage: Any, verifier: CognitoVerifier, fetcher: Any, clock: Any, token: Make
    ) -> None:
        """At once, then after 1, 2, 4, 8 seconds, and never more seldom than the cooldown."""
        self.begin(fetcher, outage)
        started = clock.now
        asked = []
        while clock.now < started + 60:
            before = len(fetcher.uris)
            with pytest.raises(KeysUnreachable):
                verifier.verify(token())
            if len(fetcher.uris) > before:
                asked.append(clock.now - started)
            clock.now += 0.5

        assert asked == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 25.5, 35.5, 45.5, 55.5]

    def test_recovery_is_noticed_within_the_cooldown(
        self,
        outage: Any,
        verifier: CognitoVerifier,
        fetcher: Any,
        clock: Any,
        token: Make,
    ) -> None:
        """A long outage does not make a longer one here."""
        jwks = fetcher.document
        self.begin(fetcher, outage)
        for _ in range(50):
            with pytest.raises(KeysUnreachable):
                verifier.verify(token())
            clock.now += COOLDOWN
        fetcher.document = jwks

        assert verifier.verify(token())
        fetched = len(fetcher.uris)
        assert verifier.verify(token())
        assert len(fetcher.uris) == fetched

    def test_an_unknown_key_stays_unknown(
        self, outage: Any, verifier: CognitoVerifier, fetcher: Any, token: Make
    ) -> None:
        """Keys that are kept do not stand in for others."""
        verifier.verify(token())
        self.begin(fetcher, outage)

        with pytest.raises(KeysUnreachable):
            verifier.verify(token(_header={"kid": "unknown"}))
        assert verifier.verify(token())


def test_a_clock_that_jumps_back_refreshes(
    verifier: CognitoVerifier, fetcher: Any, clock: Any, token: Make
) -> None:
    """Keys from the future are not fresh; otherwise a correction could keep them for years."""
    verifier.verify(token())
    clock.now -= 1000

    assert verifier.verify(token())
    assert len(fetcher.uris) == 2


def test_keys_can_be_fetched_ahead(verifier: CognitoVerifier, fetcher: Any, token: Make) -> None:
    """So that the first request does not wait."""
    verifier.hydrate()
    verifier.hydrate()
    verifier.verify(token())

    assert len(fetcher.uris) == 1


def test_fetching_ahead_reports_an_outage(verifier: CognitoVerifier, fetcher: Any) -> None:
    """A start that must have keys can fail early."""
    fetcher.break_down()

    with pytest.raises(KeysUnreachable, match="HTTP 503"):
        verifier.hydrate()


def test_who_comes_after_the_landing_is_not_forgotten() -> None:
    """A follower may be late; it is called back at once."""
    flight = Flight(0.0)
    called: list[str] = []
    flight.when_landed(lambda: called.append("early"))
    assert called == []

    flight.land()
    flight.when_landed(lambda: called.append("late"))

    assert called == ["early", "late"]


def test_a_straggler_brings_no_withdrawn_key_back(jwks: dict[str, Any], clock: Any) -> None:
    """What was asked for earlier is older, whenever it arrives, and whatever the clock says."""
    cache = KeyCache("https://keys.example", TIMES, clock)
    a, b = (jwk["kid"] for jwk in jwks["keys"])
    old, new = key_set_from(jwks), key_set_from(without(jwks, 0))
    first = cache.begin(a, blocking=True)
    assert isinstance(first, Lead)
    cache.finish(first.flight, None, "lost")
    clock.now -= 1
    second = cache.begin(a, blocking=True)
    assert isinstance(second, Lead)

    cache.finish(second.flight, b, new)
    cache.finish(first.flight, a, old)

    assert cache.fresh(a) is None
    assert cache.fresh(b) is new.get(b)
    assert cache.settle(first.flight, a) is None


def test_a_fetch_that_was_given_up_fails_once(clock: Any) -> None:
    """The failure of a lost fetch does not make the pool look worse than it is."""
    cache = KeyCache("https://keys.example", TIMES, clock)
    lead = cache.begin("a", blocking=True)
    assert isinstance(lead, Lead)
    cache.finish(lead.flight, None, "lost")
    cache.finish(lead.flight, "a", "HTTP 503")

    assert isinstance(cache.begin("a", blocking=True), Lead)


def test_pools_do_not_share_keys(
    jwks: dict[str, Any], fetcher: Any, clock: Any, token: Make
) -> None:
    """The same key id in two pools is two keys."""
    a, b = jwks["keys"]

    class ByPool:
        def fetch(self, uri: str) -> bytes:
            key = a if "eu-west-1" in uri else {**b, "kid": a["kid"]}
            return json.dumps({"keys": [key]}).encode()

        async def fetch_async(self, uri: str) -> bytes:
            return self.fetch(uri)

    settings: dict[str, Any] = {
        "client_id": "1h57kf5cpq17m0eml12EXAMPLE",
        "token_use": "access",
        "fetcher": ByPool(),
        "clock": clock,
    }
    mine = CognitoVerifier(user_pool_id="eu-west-1_AbCdEfGhI", **settings)
    other = CognitoVerifier(user_pool_id="us-east-1_AbCdEfGhI", **settings)

    assert mine.verify(token("a"))
    with pytest.raises(SignatureInvalid):
        other.verify(token("a"))
