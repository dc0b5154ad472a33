"""How the mock misbehaves on demand: what is to happen to which requests.

The first fault in the list that fits a request happens to it.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cognito_mock.core.json_types import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``status`` None: the real answer comes after the delay. ``times`` None: until lifted."""

    target: str
    status: int | None = None
    delay_ms: int = 0
    body: JsonValue = None
    times: int | None = None


class Faults:
    """The faults in force. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()

    @property
    def current(self) -> tuple[Fault, ...]:
        """What is in force, with the times that are left."""
        return self._faults

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these in force, and no others."""
        with self._lock:
            self._faults = tuple(faults)

    def take(self, targets: tuple[str, ...]) -> Fault | None:
        """Return the fault that happens to a request with these targets, and count it."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.target in targets:
                    self._count(index, fault)
                    return fault
        return None

    def _count(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        rest = () if fault.times == 1 else (replace(fault, times=fault.times - 1),)
        self._faults = (*self._faults[:index], *rest, *self._faults[index + 1 :])
