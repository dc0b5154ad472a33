"""Keys that several verifiers share: one fetch and one set for each address."""

import threading
from collections.abc import Callable

from cognito_verify._key_cache import CacheTimes
from cognito_verify._system_time import system_time
from cognito_verify.fetching import HttpFetcher, JwksFetcher
from cognito_verify.remote_keys import RemoteKeys

__all__ = ["JwksCache"]


class JwksCache:
    """Fetched keys, by the address they came from. For threads and event loops alike.

    ::

        keys = JwksCache()
        for_users = CognitoVerifier(..., token_use="id", jwks_cache=keys)
        for_machines = CognitoVerifier(..., token_use="access", jwks_cache=keys)

    Only keys are shared: each verifier decides by its own rules, and remembers its own tokens.
    Nothing is ever taken from one address for another. # conformance: rotation/pools-isolated

    Args:
        times: How long fetched keys are used, and how soon they are fetched again.
        fetcher: How to fetch, if not with httpx.
        clock: The time for fetched keys, in seconds since the epoch.

    """

    def __init__(
        self,
        *,
        times: CacheTimes = CacheTimes(),  # noqa: B008  (immutable)
        fetcher: JwksFetcher = HttpFetcher(),  # noqa: B008  (immutable)
        clock: Callable[[], float] = system_time,
    ) -> None:
        self._times = times
        self._fetcher = fetcher
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, RemoteKeys] = {}

    def keys_of(self, uri: str) -> RemoteKeys:
        """Return the keys of an address; the same object each time."""
        with self._lock:
            keys = self._keys.get(uri)
            if keys is None:
                keys = RemoteKeys(uri, self._fetcher, self._times, self._clock)
                self._keys[uri] = keys
            return keys
