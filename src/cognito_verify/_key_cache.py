"""Decide when a fetched key set may be used, and when it must be fetched again.

No I/O here: `KeyCache.begin` says what to do, the caller fetches, `KeyCache.finish` takes what that
brought, `KeyCache.settle` says what to make of it. The lock is held for these decisions only, never
during a fetch, and a fresh known key is found without it.

The rules: a set is fresh for ``ttl`` seconds. A key of it stays usable for ``max_stale`` seconds
more while a refresh is under way or fails. A key id that is not in a fresh set makes one fetch; if
that does not bring it, no unknown id makes another for ``cooldown`` seconds. Failing endpoints are
asked less and less often, but at least once per ``cooldown``. Two callers never fetch at once: the
others wait, but not for ever; who loses patience declares the fetch lost, and the next one begins.
In the last ``refresh_ahead`` seconds of its time a set is fetched again while it is still good.
"""

import math
import threading
from collections.abc import Callable
from typing import NamedTuple

from cognito_verify._rsa import RsaKey
from cognito_verify.errors import ConfigurationError, KeysUnreachable
from cognito_verify.jwks import KeySet

#: A time longer ago than any other.
NEVER = -math.inf


class CacheTimes(NamedTuple):
    """How long things last, in seconds.

    With ``refresh_ahead`` a set that ends in less than that is fetched anew by a thread in the
    background, and no caller waits. 0 switches it off: where a process is frozen between requests,
    as in AWS Lambda, a thread in the background comes to nothing.
    """

    ttl: float = 3600.0
    max_stale: float = 24 * 3600.0
    cooldown: float = 10.0
    refresh_ahead: float = 0.0


class Flight:
    """One fetch under way, and those who wait for it."""

    __slots__ = ("_callbacks", "_done", "_lock", "failure", "number", "started_at", "thread")

    def __init__(self, started_at: float, number: int = 0) -> None:
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._callbacks: list[Callable[[], None]] = []
        self.started_at = started_at
        #: Later flights have higher numbers; times may go backwards.
        self.number = number
        #: Whose it is; 0 for one in the background.
        self.thread = threading.get_ident()
        #: Why it failed, in words; None if it has brought keys or was abandoned.
        self.failure: str | None = None

    def has_landed(self) -> bool:
        """Tell whether it is over, or was declared lost."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Block until it has landed; return False if it has not in that time."""
        return self._done.wait(seconds)

    def when_landed(self, callback: Callable[[], None]) -> None:
        """Call back, from whatever thread it lands in; at once if it has landed."""
        with self._lock:
            if not self._done.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def land(self) -> None:
        """Wake everybody up."""
        with self._lock:
            self._done.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()


class Lead(NamedTuple):
    """The caller is to fetch and then to call `KeyCache.finish`."""

    flight: Flight


class Follow(NamedTuple):
    """Somebody else is fetching; wait for that."""

    flight: Flight


class KeyCache:
    """The last good key set of one address, and the history of fetching it."""

    def __init__(self, uri: str, times: CacheTimes, clock: Callable[[], float]) -> None:
        if not 0 <= times.refresh_ahead < times.ttl:
            raise ConfigurationError("refresh_ahead must be less than ttl, and not negative")
        self._uri = uri
        self._times = times
        self._clock = clock
        self._young = times.ttl - times.refresh_ahead
        self._lock = threading.Lock()
        # One attribute, so that readers without the lock see a set with its own date.
        self._entry = (KeySet({}, {}), NEVER)
        self._missed_at = NEVER
        self._failed_at = NEVER
        self._failures = 0
        self._flight: Flight | None = None
        self._begun = self._landed = 0

    def fresh(self, kid: str) -> RsaKey | None:
        """Return the key if the set is fresh and has it. Takes no lock."""
        keys, fetched_at = self._entry
        return keys.get(kid) if 0 <= self._clock() - fetched_at < self._times.ttl else None

    def young(self, kid: str) -> RsaKey | None:
        """Return the key if the set is fresh, has it, and need not be fetched yet. No lock."""
        keys, fetched_at = self._entry
        return keys.get(kid) if 0 <= self._clock() - fetched_at < self._young else None

    def ahead(self) -> Lead | None:
        """Return a flight for the background if the set will soon be too old, or None."""
        with self._lock:
            fetched_at = self._entry[1]
            if (
                self._flight is not None
                or self._within(fetched_at, self._young)
                or not self._within(fetched_at, self._times.ttl)
                or self._within(self._failed_at, self._backoff())
            ):
                return None
            self._flight = self._new_flight()
            self._flight.thread = 0
            return Lead(self._flight)

    def begin(self, kid: str | None, *, blocking: bool) -> KeySet | Lead | Follow:
        """Return the set to look for ``kid`` in, or say how to get it; None is for any fresh set.

        A caller that is ``blocking`` stops its thread while it waits.

        Raises:
            KeysUnreachable: There is none, and it is too early to ask again.

        """
        with self._lock:
            keys, fetched_at = self._entry
            if self._within(fetched_at, self._times.ttl) and (
                kid is None
                or keys.get(kid) is not None
                # conformance: rotation/unknown-kid-storm
                or self._within(self._missed_at, self._times.cooldown)
            ):
                return keys
            if self._flight is not None:
                if self._is_usable(kid):  # a key that is known does not wait
                    return keys
                if blocking and self._flight.thread == threading.get_ident():
                    # A task of this very thread is fetching: to wait for it here is for ever.
                    return Lead(self._new_flight())
                return Follow(self._flight)  # conformance: rotation/single-flight
            if self._within(self._failed_at, self._backoff()):
                if self._is_usable(kid):  # conformance: rotation/outage-warm
                    return keys
                raise KeysUnreachable(uri=self._uri, why="the last attempts have failed")
            # conformance: rotation/pickup, rotation/outage-cold
            self._flight = self._new_flight()
            return Lead(self._flight)

    def finish(self, flight: Flight, kid: str | None, outcome: KeySet | str | None) -> None:
        """Take what the fetch brought: keys, a failure in words, or None if it was abandoned."""
        with self._lock:
            if isinstance(outcome, KeySet):
                self._take(outcome, flight, kid)
            elif outcome is not None and not flight.has_landed():
                # The good keys stay. # conformance: rotation/bad-response-keeps-cache
                self._failed_at = self._clock()
                self._failures += 1
                flight.failure = outcome
            if self._flight is flight:
                self._flight = None
        flight.land()

    def settle(self, flight: Flight, kid: str | None) -> KeySet | None:
        """Return the set to look for ``kid`` in after a flight; None if it is to begin again.

        Raises:
            KeysUnreachable: The flight failed, and the key is in no set recent enough.

        """
        with self._lock:
            keys, _ = self._entry
            if flight.failure is None:
                return keys if flight.number == self._landed else None
            if self._is_usable(kid):  # conformance: rotation/outage-warm
                return keys
            raise KeysUnreachable(uri=self._uri, why=flight.failure)

    def _take(self, keys: KeySet, flight: Flight, kid: str | None) -> None:
        self._failed_at, self._failures, flight.failure = NEVER, 0, None
        if flight.number < self._landed:
            return  # A straggler could bring back a key that was withdrawn meanwhile.
        # conformance: rotation/retired-after-ttl, rotation/same-kid-new-material
        self._entry, self._landed = (keys, flight.started_at), flight.number
        if kid is not None and keys.get(kid) is None:
            # Only a fruitless fetch starts the cooldown, so that strangers cannot put off the
            # pickup of a new key. # conformance: rotation/storm-does-not-starve
            self._missed_at = self._clock()

    def _new_flight(self) -> Flight:
        self._begun += 1
        return Flight(self._clock(), self._begun)

    def _is_usable(self, kid: str | None) -> bool:
        """Tell whether there is such a key in a set that is not too old for any use."""
        keys, fetched_at = self._entry
        limit = self._times.ttl + self._times.max_stale
        return kid is not None and keys.get(kid) is not None and self._within(fetched_at, limit)

    def _backoff(self) -> float:
        """Return how long to leave a failing endpoint alone: 0, 1, 2, 4 ... seconds."""
        if self._failures < 2:  # noqa: PLR2004  (one failure may be an accident)
            return 0.0
        return float(min(self._times.cooldown, 2 ** min(self._failures - 2, 16)))

    def _within(self, since: float, seconds: float) -> bool:
        """Tell whether less than ``seconds`` have passed.

        The clock is the wall's, because a monotonic one stops while a Lambda function is frozen;
        so time may go backwards, and then the answer is no.
        """
        return 0 <= self._clock() - since < seconds
