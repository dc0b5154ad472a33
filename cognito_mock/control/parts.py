"""What the control routes are given; `app.py` fills it in."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cognito_mock.control.faults import Faults
from cognito_mock.core.clock import AdjustableClock
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlParts:
    """``known_passwords`` are those that the start page may show, by pool id and username.

    ``recent_requests`` are the latest lines of the log, where there is one.
    """

    services: Services
    clock: AdjustableClock
    reset: Callable[[], None]
    coverage: Callable[[], Sequence[JsonObject]]
    faults: Faults = field(default_factory=Faults)
    recent_requests: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    known_passwords: Mapping[tuple[str, str], str] = field(default_factory=dict)
