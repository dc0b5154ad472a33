"""Keys of pools that have gone, for the pools to come.

Making an RSA-2048 key takes tens of milliseconds, more than everything else that a test's fresh
pool costs. A pool of a finished test has two that nobody uses any more.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock

from cognito_mock.core.ids import Entropy
from cognito_mock.core.keys import new_signing_key
from cognito_mock.core.pools import SigningKey
from cognito_mock.key_prefetch import PrefetchedKeys

_KID_BYTES = 32


class RecycledKeys(PrefetchedKeys):
    """Hands out keys that were given back, each under a new kid; else new ones. Thread-safe.

    With another kid, the tokens of a pool that has gone name a key that no pool lists.
    """

    def __init__(self, entropy: Entropy) -> None:
        super().__init__(lambda: new_signing_key(entropy))
        self._entropy = entropy
        self._free: list[SigningKey] = []
        self._free_lock = Lock()

    def give_back(self, keys: Iterable[SigningKey]) -> None:
        """Take the keys of a pool that was deleted."""
        with self._free_lock:
            self._free.extend(keys)

    def new_key(self) -> SigningKey:
        """Return a key that no pool has."""
        with self._free_lock:
            used = self._free.pop() if self._free else None
        if used is None:
            return super().new_key()
        return replace(used, kid=b64encode(self._entropy.token_bytes(_KID_BYTES)).decode())
