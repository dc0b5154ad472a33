"""A key source that keeps a few RSA-2048 keys ready, so that making a pool does not wait for them.

Nothing runs until the first key is asked for (or `warm_up` is called); `close` ends the thread.
"""

import threading
from collections import deque
from collections.abc import Callable

from cognito_mock.core.pools import SigningKey

# A pool takes two keys (COG-TOK-005); two pools in a row should not wait.
DEFAULT_DEPTH = 4


class PrefetchedKeys:
    """Hands out keys made ahead of time in a background thread, or makes one on the spot."""

    def __init__(self, make: Callable[[], SigningKey], *, depth: int = DEFAULT_DEPTH) -> None:
        self._make = make
        self._depth = depth
        self._ready: deque[SigningKey] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def new_key(self) -> SigningKey:
        """Return a key that was never returned before."""
        self.warm_up()
        with self._changed:
            if self._ready:
                self._changed.notify_all()
                return self._ready.popleft()
        # Making one here, next to the thread, is faster than waiting for it: OpenSSL works without
        # the interpreter's lock.
        return self._make()

    def warm_up(self) -> None:
        """Start making keys, unless that is under way."""
        with self._changed:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(
                    target=self._keep_ready, name="cognito-mock-keys", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """End the thread, which finishes the key in hand at most; new keys are made on demand."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _keep_ready(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or len(self._ready) < self._depth)
                if self._closed:
                    return
            key = self._make()
            with self._changed:
                self._ready.append(key)
