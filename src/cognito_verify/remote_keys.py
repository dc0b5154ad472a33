"""Keys from a pool's address, fetched when they are needed, by one caller at a time."""

import threading
from collections.abc import Callable
from contextlib import suppress

from cognito_verify._key_cache import CacheTimes, Flight, Follow, KeyCache
from cognito_verify._rsa import RsaKey
from cognito_verify.errors import JwksFetchError
from cognito_verify.fetching import HttpFetcher, JwksFetcher
from cognito_verify.jwks import KeySet, NotAKeySet, parse_key_set


class RemoteKeys:
    """A key source that remembers what it has fetched. For threads and event loops alike."""

    def __init__(
        self, uri: str, fetcher: JwksFetcher, times: CacheTimes, clock: Callable[[], float]
    ) -> None:
        self._uri = uri
        self._fetcher = fetcher
        self._cache = KeyCache(uri, times, clock)
        self._patience = patience_with(fetcher)

    def get(self, kid: str) -> RsaKey | None:
        """Return the key if it is in a fresh set."""
        return self._cache.fresh(kid)

    def find(self, kid: str) -> RsaKey:
        """Return the key. Raises `cognito_verify.errors.KeyUnavailable`."""
        return self._cache.young(kid) or self._keys_for(kid).find(kid)

    async def find_async(self, kid: str) -> RsaKey:
        """Return the key. Raises `cognito_verify.errors.KeyUnavailable`."""
        return self._cache.young(kid) or (await self._keys_for_async(kid)).find(kid)

    def hydrate(self) -> None:
        """Fetch the keys unless they are fresh. Raises `KeysUnreachable`."""
        self._keys_for(None)

    async def hydrate_async(self) -> None:
        """Fetch the keys unless they are fresh. Raises `KeysUnreachable`."""
        await self._keys_for_async(None)

    def _keys_for(self, kid: str | None) -> KeySet:
        self._refresh_ahead()
        keys: KeySet | None = None
        while keys is None:
            step = self._cache.begin(kid, blocking=True)
            if isinstance(step, KeySet):
                return step
            if isinstance(step, Follow):
                if not step.flight.wait(self._patience):
                    self._cache.finish(step.flight, None, self._lost())
            else:
                outcome: KeySet | str | None = None
                try:
                    outcome = _read(self._fetcher.fetch(self._uri))
                except (JwksFetchError, OSError) as error:
                    outcome = in_words(error)
                finally:
                    self._cache.finish(step.flight, kid, outcome)
            keys = self._cache.settle(step.flight, kid)
        return keys

    async def _keys_for_async(self, kid: str | None) -> KeySet:
        self._refresh_ahead()
        keys: KeySet | None = None
        while keys is None:
            step = self._cache.begin(kid, blocking=False)
            if isinstance(step, KeySet):
                return step
            if isinstance(step, Follow):
                if not await landing(step.flight, self._patience):
                    self._cache.finish(step.flight, None, self._lost())
            else:
                outcome: KeySet | str | None = None
                try:
                    outcome = _read(await self._fetcher.fetch_async(self._uri))
                except (JwksFetchError, OSError) as error:
                    outcome = in_words(error)
                finally:
                    # Also if this task is cancelled: then one of those who wait begins again.
                    self._cache.finish(step.flight, kid, outcome)
            keys = self._cache.settle(step.flight, kid)
        return keys

    def _refresh_ahead(self) -> None:
        """Have a set that will soon be too old fetched by a thread of its own."""
        lead = self._cache.ahead()
        if lead is None:
            return
        thread = threading.Thread(
            target=self._fetch_behind, args=(lead.flight,), name="cognito-verify-keys", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the interpreter is ending, or there are too many threads
            self._cache.finish(lead.flight, None, "no thread could be started")

    def _fetch_behind(self, flight: Flight) -> None:
        try:
            outcome = _read(self._fetcher.fetch(self._uri))
        except Exception as error:  # noqa: BLE001  (nobody is there to get it, and it counts)
            outcome = in_words(error)
        self._cache.finish(flight, None, outcome)

    def _lost(self) -> str:
        return f"another caller's fetch has brought nothing in {self._patience} s"


def patience_with(fetcher: JwksFetcher) -> float:
    """Return how long to wait for what somebody else is fetching, in seconds.

    As long as a fetcher gives itself, and as `HttpFetcher` does if it does not say.
    """
    return float(getattr(fetcher, "total_timeout", HttpFetcher().total_timeout))


async def landing(flight: Flight, seconds: float) -> bool:
    """Do the same as `Flight.wait`, for a flight of another thread or event loop."""
    import asyncio  # noqa: PLC0415  (slow to import, and here it is in use already)

    loop = asyncio.get_running_loop()
    landed = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # a loop that has been closed has nobody waiting in it
            loop.call_soon_threadsafe(landed.set)

    flight.when_landed(wake)
    try:
        async with asyncio.timeout(seconds):
            await landed.wait()
    except TimeoutError:
        return False
    return True


def _read(raw: bytes) -> KeySet | str:
    """Return the key set, or why there is none."""
    try:
        return parse_key_set(raw)
    except NotAKeySet as error:
        return str(error)


def in_words(error: Exception) -> str:
    """Name a failure; never empty."""
    return str(error) or type(error).__name__
