"""Verify for a long time, from threads and tasks, while the pool's keys change and fail.

::

    python -m tests.soak.soak_verify --minutes 60

Exits with 1 if any verdict was wrong, if fetches overlapped or became too many, or if memory grew.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import threading
import time
import tracemalloc
from collections import Counter, deque
from itertools import pairwise
from pathlib import Path
from typing import Any

import cognito_verify
from cognito_verify import CacheTimes, CognitoVerifier, HttpFetcher, VerificationError

from .world import CLIENT, OUTAGES, Published, Token, World, serve

TIMES = CacheTimes(ttl=2.0, max_stale=6.0, cooldown=1.0)
FETCHER = HttpFetcher(connect_timeout=1.0, read_timeout=1.5, total_timeout=2.0)
REMEMBERED = 200
#: How long after its answer was written a fetch may still be unread, on a busy machine.
GRACE = 1.0
#: When every good token must be accepted again after a change.
PICKUP = TIMES.ttl + TIMES.cooldown + FETCHER.total_timeout
MAX_REQUESTS_PER_SECOND = 4.0
KINDS = {
    "good": 8,
    "newest": 3,
    "short": 6,
    "withdrawn": 2,
    "forged": 2,
    "unknown": 1,
    "expired": 1,
    "client": 1,
    "use": 1,
    "junk": 1,
    "replay": 12,
}
SOURCES = str(Path(cognito_verify.__file__).parent / "*")


class Pulse:
    """How late this process gets things done: a busy machine may stop all of it for seconds."""

    def __init__(self) -> None:
        self._late: deque[float] = deque(maxlen=150)

    def beat(self, stop: threading.Event) -> None:
        """Measure, ten times in a second."""
        before = time.monotonic()
        while not stop.wait(0.1):
            now = time.monotonic()
            self._late.append(now - before - 0.1)
            before = now

    def grace(self) -> float:
        """Return how long after it was written an answer may still be unread."""
        return GRACE + 2 * max(self._late, default=0.0)


class Watched:
    """Fetches, and tells the world which of its answers have been read, and how it went."""

    total_timeout = FETCHER.total_timeout

    def __init__(self, world: World) -> None:
        self._world = world

    def fetch(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError`."""
        with self._world.fetching():
            body = FETCHER.fetch(uri)
            self._world.note_read(body)
            return body

    async def fetch_async(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError`."""
        with self._world.fetching():
            body = await FETCHER.fetch_async(uri)
            self._world.note_read(body)
            return body


class Judge:
    """Compares verdicts with the server's log."""

    def __init__(self, world: World, pulse: Pulse) -> None:
        self._world = world
        self._pulse = pulse
        self._lock = threading.Lock()
        self.verdicts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def judge(
        self, token: Token, begun: float, ended: float, error: VerificationError | None
    ) -> None:
        """Record one verdict."""
        complaint = self._accepted(token, begun, ended) if error is None else None
        if error is not None and token.key is not None and ended < token.expires_at:
            complaint = self._rejected(token, begun, ended)
        verdict = "accepted" if error is None else type(error).__name__
        with self._lock:
            self.verdicts[f"{token.kind} {verdict}"] += 1
            if complaint is not None and len(self.wrong) < 50:
                self.wrong.append(
                    f"{begun:.3f} to {ended:.3f} {token.kind} {token.key} {verdict}: {complaint}"
                )
                print(self.wrong[-1], flush=True)

    def _accepted(self, token: Token, begun: float, ended: float) -> str | None:
        if token.key is None:
            return "never to be accepted"
        if begun >= token.expires_at:
            return "expired"
        known, certain = self._answers(begun, ended)
        if not any(token.key in answer for answer in known):
            return f"not in the keys that were served ({certain} of {len(known)} answers read)"
        return None

    def _rejected(self, token: Token, begun: float, ended: float) -> str | None:
        if token.key is None:
            return None
        known, certain = self._answers(begun, ended)
        if certain and all(token.key in answer for answer in known):
            return "its key was served"
        since = self._world.published.get(token.key)
        changed = max(since or begun, self._world.healthy_since)
        if (
            self._world.mode == "ok"
            and not self._world.is_slow()
            and begun > changed + PICKUP + self._pulse.grace()
        ):
            return f"its key has been published for {begun - changed:.1f} s"
        return None

    def _answers(self, begun: float, ended: float) -> tuple[list[frozenset[Published]], bool]:
        """Return the key sets that may have been in use, and whether one of them surely was."""
        grace = self._pulse.grace()
        limit = TIMES.ttl + TIMES.max_stale
        recent = self._world.exchanges_until(ended)
        got = self._world.numbers_read()
        # On a machine so busy that a loopback answer takes seconds, some answers are never read.
        unread = [
            one
            for one in recent
            if one.answered > begun - grace
            or (one.serial not in got and one.arrived > begun - limit - grace)
        ]
        read = [one for one in recent if one.answered <= begun - grace and one.serial in got][:1]
        usable = [one for one in read if begun - one.arrived < limit + grace]
        certain = any(ended - one.arrived < limit - grace for one in usable)
        return [one.keys for one in unread + usable], certain


class Supply:
    """Makes tokens, and gives out old ones again."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._random = random.Random(seed)  # noqa: S311  (a schedule, no secret)
        self._old: deque[Token] = deque(maxlen=12)

    def next(self) -> Token:
        """Return a token; an equal string is never the same object."""
        kind = self._random.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "replay" and self._old:
            old = self._random.choice(self._old)
            return old._replace(text=old.text.encode().decode())
        token = self._world.make("good" if kind == "replay" else kind)
        self._old.append(token)
        return token


def direct(world: World, stop: threading.Event, seed: int) -> None:
    """Change the pool now and then."""
    dice = random.Random(seed)  # noqa: S311  (a schedule, no secret)
    while not stop.wait(dice.uniform(0.3, 3.0)):
        event = dice.choice(("rotate", "rotate", "reuse", "outage", "recovery", "recovery"))
        if event == "rotate":
            world.rotate()
        elif event == "reuse":
            world.reuse()
        else:
            world.set_mode(dice.choice(OUTAGES) if event == "outage" else "ok")
            if event == "recovery" and dice.random() < 0.5:
                stop.wait(PICKUP + 1)  # long enough for the stricter rule to apply


def in_thread(
    verifier: CognitoVerifier, supply: Supply, judge: Judge, stop: threading.Event, pause: float
) -> None:
    """Verify token after token."""
    while not stop.wait(pause):
        token, begun = supply.next(), time.time()
        try:
            verifier.verify(token.text)
        except VerificationError as error:
            judge.judge(token, begun, time.time(), error)
        else:
            judge.judge(token, begun, time.time(), None)


async def in_task(
    verifier: CognitoVerifier, supply: Supply, judge: Judge, stop: threading.Event, pause: float
) -> None:
    """Verify token after token without blocking the loop."""
    while not stop.is_set():
        await asyncio.sleep(pause)
        token, begun = supply.next(), time.time()
        try:
            await verifier.verify_async(token.text)
        except VerificationError as error:
            judge.judge(token, begun, time.time(), error)
        else:
            judge.judge(token, begun, time.time(), None)


def soak(seconds: float, *, rate: float, seed: int, report_every: float = 60.0) -> dict[str, Any]:
    """Run everything for a time and return what was found; ``failures`` is empty if all is well."""
    world = World(seed)
    pulse = Pulse()
    judge = Judge(world, pulse)
    stop = threading.Event()
    workers = 6
    pause = workers / rate
    with serve(world):
        verifier = CognitoVerifier(
            issuer=world.issuer,
            client_id=CLIENT,
            token_use="access",
            times=TIMES,
            fetcher=Watched(world),
            cache=REMEMBERED,
        )

        async def tasks() -> None:
            supplies = [Supply(world, seed + n) for n in range(3)]
            await asyncio.gather(*(in_task(verifier, s, judge, stop, pause) for s in supplies))

        threads = [
            threading.Thread(target=pulse.beat, args=(stop,)),
            threading.Thread(target=direct, args=(world, stop, seed)),
        ]
        threads += [threading.Thread(target=asyncio.run, args=(tasks(),))]
        for n in range(3):
            supply = Supply(world, seed + 10 + n)
            threads.append(
                threading.Thread(target=in_thread, args=(verifier, supply, judge, stop, pause))
            )
        tracemalloc.start()
        started = time.time()
        for thread in threads:
            thread.start()
        samples: list[tuple[float, int, int]] = []
        while time.time() < started + seconds:
            time.sleep(min(report_every, max(0.0, started + seconds - time.time())))
            samples.append((time.time() - started, _resident(), _held()))
            _print(samples[-1], world, judge)
        stop.set()
        for thread in threads:
            thread.join(30)
        elapsed = time.time() - started
    tracemalloc.stop()
    failures = [*judge.wrong, *_overlaps(world)]
    if world.requests > MAX_REQUESTS_PER_SECOND * elapsed + 10:
        failures.append(f"{world.requests} requests in {elapsed:.0f} s")
    if any(thread.is_alive() for thread in threads):
        failures.append("somebody waits for ever")
    failures += _growth(samples)
    return {
        "seconds": round(elapsed),
        "requests": world.requests,
        "verdicts": dict(sorted(judge.verdicts.items())),
        "memory": [samples[0], samples[len(samples) // 2], samples[-1]],
        "failures": failures,
    }


def _overlaps(world: World) -> list[str]:
    """Name answers that were made at once; those that hang outlive their readers."""
    got = {0, *world.numbers_read()}
    quick = [one for one in world.exchanges if one.mode != "hang" and one.serial in got]
    quick.sort()
    return [f"overlap at {b.arrived:.3f}" for a, b in pairwise(quick) if b.arrived < a.answered]


def _growth(samples: list[tuple[float, int, int]]) -> list[str]:
    """Compare the last third with the second: by then everything that is bounded is full."""
    third = len(samples) // 3
    if third < 3:
        return []
    middle, last = samples[third : 2 * third], samples[-third:]
    resident = min(s[1] for s in last) - min(s[1] for s in middle)
    held = min(s[2] for s in last) - min(s[2] for s in middle)
    found = []
    if resident > 8 * 2**20:
        found.append(f"resident memory has grown by {resident} bytes")
    if held > 256 * 2**10:
        found.append(f"memory held by the library has grown by {held} bytes")
    return found


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _held() -> int:
    """Return the bytes that the library's own code has allocated and not released."""
    mine = tracemalloc.take_snapshot().filter_traces((tracemalloc.Filter(True, SOURCES),))
    return sum(trace.size for trace in mine.traces)


def _print(sample: tuple[float, int, int], world: World, judge: Judge) -> None:
    elapsed, resident, held = sample
    print(
        f"{elapsed:6.0f} s  {sum(judge.verdicts.values())} verdicts, {len(judge.wrong)} wrong, "
        f"{world.requests} requests, resident {resident / 2**20:.1f} MiB, held {held / 2**10:.0f} "
        "KiB",
        flush=True,
    )


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=30.0, help="tokens per second")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    result = soak(options.minutes * 60, rate=options.rate, seed=options.seed)
    print(json.dumps(result, indent=1))
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
