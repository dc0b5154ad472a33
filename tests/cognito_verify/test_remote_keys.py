"""Fetching by one caller at a time: threads, event loops, and both."""

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cognito_verify import (
    CacheTimes,
    CognitoVerifier,
    JwksFetchError,
    KeysUnreachable,
    VerificationError,
)

Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]
CALLERS = 20


class GatedFetcher:
    """Serves keys when the gate is opened."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.calls = 0
        self.begun = threading.Event()
        self.gate = threading.Event()

    def fetch(self, uri: str) -> bytes:
        self.calls += 1
        self.begun.set()
        assert self.gate.wait(10)
        if isinstance(self.document, Exception):
            raise self.document
        return json.dumps(self.document).encode()

    async def fetch_async(self, uri: str) -> bytes:
        return await asyncio.to_thread(self.fetch, uri)


@pytest.fixture
def gated(jwks: dict[str, Any]) -> GatedFetcher:
    return GatedFetcher(jwks)


@pytest.fixture
def remote(make_verifier: MakeVerifier, clock: Any) -> Callable[..., CognitoVerifier]:
    """Build a verifier that fetches, with times short enough to play with."""

    def make(fetcher: object) -> CognitoVerifier:
        times = CacheTimes(ttl=100, max_stale=1000, cooldown=10)
        return make_verifier(jwks=None, fetcher=fetcher, clock=clock, times=times)

    return make


def test_threads_share_one_fetch(gated: GatedFetcher, remote: Make, make_token: Make) -> None:
    """All wait for the first one."""
    verifier: Any = remote(gated)
    token = make_token()

    with ThreadPoolExecutor(CALLERS) as pool:
        results = [pool.submit(verifier.verify, token) for _ in range(CALLERS)]
        assert gated.begun.wait(10)
        gated.gate.set()

        assert {result.result(10).sub for result in results} == {verifier.verify(token).sub}
    assert gated.calls == 1


def test_tasks_share_one_fetch(gated: GatedFetcher, remote: Make, make_token: Make) -> None:
    """And the event loop is free meanwhile."""
    verifier: Any = remote(gated)
    token = make_token()

    async def main() -> int:
        tasks = [asyncio.create_task(verifier.verify_async(token)) for _ in range(CALLERS)]
        await asyncio.to_thread(gated.begun.wait, 10)
        gated.gate.set()
        return len(await asyncio.gather(*tasks))

    assert asyncio.run(main()) == CALLERS
    assert gated.calls == 1


def test_a_task_waits_for_a_thread(gated: GatedFetcher, remote: Make, make_token: Make) -> None:
    """One verifier may serve both worlds."""
    verifier: Any = remote(gated)
    token = make_token()

    async def main() -> None:
        thread = asyncio.create_task(asyncio.to_thread(verifier.verify, token))
        await asyncio.to_thread(gated.begun.wait, 10)
        task = asyncio.create_task(verifier.verify_async(token))
        await asyncio.sleep(0)
        gated.gate.set()
        assert await thread == await task

    asyncio.run(main())
    assert gated.calls == 1


def test_a_sync_call_does_not_wait_for_a_task_of_its_own_thread(
    jwks: dict[str, Any], remote: Make, make_token: Make
) -> None:
    """That task could never finish; so the call fetches for itself, and both get their keys."""
    raw = json.dumps(jwks).encode()

    class SuspendedFetcher:
        begun = asyncio.Event()
        gate = asyncio.Event()

        def fetch(self, uri: str) -> bytes:
            return raw

        async def fetch_async(self, uri: str) -> bytes:
            self.begun.set()
            await self.gate.wait()
            return raw

    fetcher = SuspendedFetcher()
    verifier: Any = remote(fetcher)
    token = make_token()

    async def main() -> None:
        task = asyncio.create_task(verifier.verify_async(token))
        await fetcher.begun.wait()
        assert verifier.verify(token)
        fetcher.gate.set()
        assert await task

    asyncio.run(main())


def test_a_failure_is_shared_too(gated: GatedFetcher, remote: Make, make_token: Make) -> None:
    """Nobody repeats at once what has just failed for somebody else."""
    gated.document = JwksFetchError("HTTP 503")
    verifier: Any = remote(gated)
    token = make_token()

    async def main() -> list[Any]:
        tasks = [asyncio.create_task(verifier.verify_async(token)) for _ in range(CALLERS)]
        await asyncio.to_thread(gated.begun.wait, 10)
        await asyncio.sleep(0)
        gated.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    failures = asyncio.run(main())

    assert {type(failure) for failure in failures} == {KeysUnreachable}
    assert len({id(failure) for failure in failures}) == CALLERS
    assert gated.calls == 1


def test_a_known_key_does_not_wait_for_a_refresh(
    gated: GatedFetcher, remote: Make, make_token: Make, clock: Any
) -> None:
    """While somebody refreshes old keys, the others go on with them."""
    gated.gate.set()
    verifier: Any = remote(gated)
    token = make_token()
    verifier.verify(token)
    gated.gate.clear()
    gated.begun.clear()
    clock.now += 100

    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(verifier.verify, token)
        assert gated.begun.wait(10)
        assert verifier.verify(token)
        assert not refreshing.done()
        gated.gate.set()
        assert refreshing.result(10)
    assert gated.calls == 2


def test_a_known_key_does_not_wait_for_an_unknown_one(
    gated: GatedFetcher, remote: Make, make_token: Make
) -> None:
    """A stranger's key id holds nobody up."""
    gated.gate.set()
    verifier: Any = remote(gated)
    verifier.verify(make_token())
    gated.gate.clear()
    gated.begun.clear()

    with ThreadPoolExecutor(1) as pool:
        stranger = pool.submit(verifier.verify, make_token(_header={"kid": "unknown"}))
        assert gated.begun.wait(10)
        assert verifier.verify(make_token())
        gated.gate.set()
        with pytest.raises(VerificationError):
            stranger.result(10)


def test_a_cancelled_fetch_is_taken_over(remote: Make, make_token: Make) -> None:
    """If the caller who fetches goes away, one of those who wait begins again."""
    verifier_holder: list[Any] = []
    calls = 0

    class Hanging:
        def fetch(self, uri: str) -> bytes:
            raise AssertionError

        async def fetch_async(self, uri: str) -> bytes:
            nonlocal calls
            calls += 1
            if calls == 1:
                await asyncio.sleep(60)
            raise JwksFetchError("second call")

    verifier_holder.append(remote(Hanging()))
    token = make_token()

    async def main() -> object:
        first = asyncio.create_task(verifier_holder[0].verify_async(token))
        await asyncio.sleep(0)
        second = asyncio.create_task(verifier_holder[0].verify_async(token))
        await asyncio.sleep(0)
        first.cancel()
        return (await asyncio.gather(first, second, return_exceptions=True))[1]

    assert "second call" in str(asyncio.run(main()))
    assert calls == 2


def test_a_fetcher_that_breaks_does_not_block_the_next_call(
    remote: Make, make_token: Make, jwks: dict[str, Any]
) -> None:
    """A mistake in somebody's fetcher comes out as it is, and nobody waits for ever."""

    class Broken:
        broken = True

        def fetch(self, uri: str) -> bytes:
            if self.broken:
                raise ZeroDivisionError
            return json.dumps(jwks).encode()

        async def fetch_async(self, uri: str) -> bytes:
            return self.fetch(uri)

    fetcher = Broken()
    verifier: Any = remote(fetcher)
    with pytest.raises(ZeroDivisionError):
        verifier.verify(make_token())
    with pytest.raises(ZeroDivisionError):
        asyncio.run(verifier.verify_async(make_token()))
    fetcher.broken = False

    assert verifier.verify(make_token())


def test_one_verifier_serves_several_event_loops(
    fetcher: Any, remote: Make, make_token: Make, clock: Any
) -> None:
    """Nothing is tied to the loop that fetched first."""
    verifier: Any = remote(fetcher)

    for _ in range(3):
        assert asyncio.run(verifier.verify_async(make_token()))
        clock.now += 100

    asyncio.run(verifier.hydrate_async())
    assert len(fetcher.uris) == 4


def test_a_follower_whose_loop_has_closed_is_no_trouble(
    gated: GatedFetcher, remote: Make, make_token: Make
) -> None:
    """A loop that ended while somebody else was fetching is not woken up."""
    verifier: Any = remote(gated)
    token = make_token()

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(verifier.verify_async(token), 0.01)

    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(verifier.verify, token)
        assert gated.begun.wait(10)
        asyncio.run(give_up())
        gated.gate.set()

        assert leader.result(10)


class HangingFetcher(GatedFetcher):
    """Gives itself little time, and does not keep to it."""

    total_timeout = 0.05


@pytest.fixture
def hanging(jwks: dict[str, Any]) -> HangingFetcher:
    return HangingFetcher(jwks)


def test_nobody_waits_for_ever_for_somebody_else(
    hanging: HangingFetcher, remote: Make, make_token: Make
) -> None:
    """Threads and tasks give up when the fetcher should have, and say so."""
    verifier: Any = remote(hanging)
    token = make_token()

    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(verifier.verify, token)
        assert hanging.begun.wait(10)
        with pytest.raises(KeysUnreachable, match=r"brought nothing in 0\.05 s"):
            verifier.verify(token)
        hanging.gate.set()

        assert leader.result(10)
    assert hanging.calls == 1


def test_no_task_waits_for_ever_either(
    hanging: HangingFetcher, remote: Make, make_token: Make
) -> None:
    """The same, in an event loop."""
    verifier: Any = remote(hanging)
    token = make_token()

    async def main() -> None:
        leader = asyncio.create_task(verifier.verify_async(token))
        await asyncio.to_thread(hanging.begun.wait, 10)
        with pytest.raises(KeysUnreachable, match=r"brought nothing in 0\.05 s"):
            await verifier.verify_async(token)
        hanging.gate.set()
        assert await leader

    asyncio.run(main())
    assert hanging.calls == 1


def test_after_a_lost_fetch_the_next_caller_fetches(
    hanging: HangingFetcher, remote: Make, make_token: Make
) -> None:
    """A thread that hangs for good takes nobody with it."""
    verifier: Any = remote(hanging)
    token = make_token()

    with ThreadPoolExecutor(2) as pool:
        lost = pool.submit(verifier.verify, token)
        assert hanging.begun.wait(10)
        with pytest.raises(KeysUnreachable):
            verifier.verify(token)
        hanging.begun.clear()
        second = pool.submit(verifier.verify, token)
        assert hanging.begun.wait(10)
        hanging.gate.set()

        assert second.result(10)
        assert lost.result(10)
    assert hanging.calls == 2
