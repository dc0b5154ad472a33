"""Key sets that are fetched anew before their time is over, by a thread in the background."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import CacheTimes, CognitoVerifier, ConfigurationError, UnknownKey

Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]
START = 1_800_000_000
TIMES = CacheTimes(ttl=100, max_stale=1000, cooldown=10, refresh_ahead=20)


class BackgroundFetcher:
    """Lets a test hold each fetch, and tells when one is over."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.threads: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)

    def fetch(self, uri: str) -> bytes:
        self.threads.append(threading.get_ident())
        self.begun.release()
        assert self.gate.wait(10)
        if isinstance(self.document, Exception):
            raise self.document
        return json.dumps(self.document).encode()

    async def fetch_async(self, uri: str) -> bytes:
        return self.fetch(uri)


@pytest.fixture
def fetcher(jwks: dict[str, Any]) -> BackgroundFetcher:
    return BackgroundFetcher(jwks)


@pytest.fixture
def verifier(
    fetcher: BackgroundFetcher, make_verifier: MakeVerifier, clock: Any, make_token: Make
) -> CognitoVerifier:
    """One that has fetched its keys, and was told to refresh them ahead."""
    made = make_verifier(jwks=None, fetcher=fetcher, clock=clock, times=TIMES)
    made.verify(make_token(exp=START + 10_000))
    assert fetcher.begun.acquire(timeout=10)
    return made


def end_of_refresh() -> None:
    """Wait for the background to be done."""
    for thread in threading.enumerate():
        if thread.name == "cognito-verify-keys":
            thread.join(10)


def test_nobody_waits_for_a_refresh_ahead(
    verifier: CognitoVerifier, fetcher: BackgroundFetcher, clock: Any, make_token: Make
) -> None:
    """The token is verified while the fetch hangs; one fetch is enough for many tokens."""
    token = make_token(exp=START + 10_000)
    clock.now += 85
    fetcher.gate.clear()

    for _ in range(5):
        assert verifier.verify(token)
    assert asyncio.run(verifier.verify_async(token))
    assert fetcher.begun.acquire(timeout=10)
    assert verifier.verify(token)

    fetcher.gate.set()
    end_of_refresh()
    assert len(fetcher.threads) == 2
    assert fetcher.threads[1] != threading.get_ident()


def test_a_refresh_ahead_begins_a_new_time(
    verifier: CognitoVerifier, fetcher: BackgroundFetcher, clock: Any, make_token: Make
) -> None:
    """Long after the first set would have ended, no caller has fetched."""
    token = make_token(exp=START + 10_000)
    clock.now += 85
    verifier.verify(token)
    end_of_refresh()

    clock.now += 70  # 155 seconds after the first fetch
    assert verifier.verify(token)
    assert len(fetcher.threads) == 2


def test_before_that_nothing_is_fetched(
    verifier: CognitoVerifier, fetcher: BackgroundFetcher, clock: Any, make_token: Make
) -> None:
    """The set is young."""
    clock.now += 79

    assert verifier.verify(make_token(exp=START + 10_000))
    assert len(fetcher.threads) == 1


def test_a_refresh_ahead_withdraws_keys(
    verifier: CognitoVerifier, fetcher: BackgroundFetcher, clock: Any, make_token: Make
) -> None:
    """What the pool does not publish any more is refused."""
    token = make_token(exp=START + 10_000)
    fetcher.document = {"keys": fetcher.document["keys"][1:]}
    fetcher.gate.clear()
    clock.now += 85
    assert verifier.verify(token)
    fetcher.gate.set()
    end_of_refresh()

    with pytest.raises(UnknownKey):
        verifier.verify(token)


@pytest.mark.parametrize("error", [OSError("down"), ValueError("a bug")], ids=["outage", "bug"])
def test_a_failed_refresh_ahead_backs_off_and_harms_nobody(
    verifier: CognitoVerifier,
    fetcher: BackgroundFetcher,
    clock: Any,
    make_token: Make,
    error: Exception,
) -> None:
    """The keys are good until their time is over; the endpoint is not asked with each token."""
    token = make_token(exp=START + 10_000)
    fetcher.document = error
    clock.now += 85
    for _ in range(20):
        assert verifier.verify(token)
        end_of_refresh()

    assert len(fetcher.threads) == 3  # the first, one in the background, one more at once


@pytest.mark.parametrize("ahead", [-1, 100, 101])
def test_more_than_the_whole_time_is_refused(make_verifier: MakeVerifier, ahead: float) -> None:
    """It would fetch for ever."""
    with pytest.raises(ConfigurationError, match="refresh_ahead"):
        make_verifier(jwks=None, times=CacheTimes(ttl=100, refresh_ahead=ahead))
