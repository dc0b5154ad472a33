"""Time as an argument. Only `SystemClock` reads the machine's clock."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return time.time()


class AdjustableClock:
    """A clock that tests can move; it keeps running from where it was put."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base: Clock = base if base is not None else SystemClock()
        self._offset = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Seconds since the epoch, UTC, as moved."""
        return self._base.now() + self._offset

    @property
    def offset(self) -> float:
        """How many seconds it was moved, forward or back."""
        return self._offset

    def advance(self, seconds: float) -> None:
        """Move by ``seconds``, forward or back."""
        with self._lock:
            self._offset += seconds

    def set(self, epoch: float) -> None:
        """Put the clock at ``epoch`` seconds."""
        with self._lock:
            self._offset = epoch - self._base.now()

    def reset(self) -> None:
        """Back to the underlying clock."""
        with self._lock:
            self._offset = 0.0
