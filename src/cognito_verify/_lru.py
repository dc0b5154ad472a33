"""Remember a bounded number of things by their names; what was not used for longest goes first."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Lru(Generic[T]):
    """The ``size`` things used last. May be shared between threads."""

    __slots__ = ("_lock", "_size", "_things")

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._things: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._things)

    def recall(self, name: str) -> T | None:
        """Return what is remembered under exactly this name."""
        # Without the lock, which would double the time: each step is atomic, and if another thread
        # forgets the thing between them, then that is that.
        try:
            thing = self._things[name]
            self._things.move_to_end(name)
        except KeyError:
            return None
        return thing

    def remember(self, name: str, thing: T) -> None:
        """Put it in the first place."""
        with self._lock:
            self._things[name] = thing
            self._things.move_to_end(name)
            while len(self._things) > self._size:
                self._things.popitem(last=False)

    def forget(self, name: str) -> None:
        """Remember nothing under this name."""
        with self._lock:
            self._things.pop(name, None)
