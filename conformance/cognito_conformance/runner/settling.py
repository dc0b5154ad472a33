"""How long a newly published key is refused: the pickup latency, as a number of seconds.

A subject that has just fetched its keys is shown a token of a key that was published a moment
later, at once and then again and again until it accepts. So do the users of a service whose keys
were rotated: each attempt may itself be what makes a subject fetch, or what puts it off. In a
*storm* somebody presents key ids that nobody published, before and between the good tokens.

Where the cache follows the clock of the suite (``clock.cache``) nothing has to be waited for.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from cognito_conformance.adapters.subject import Answer, Refusal, Subject
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.model import Scenario, Verdict, VerifyStep
from cognito_conformance.runner.outcome import Latency, Situation

INTERVAL_S: Final = 1.0
LIMIT_S: Final = 65.0
"""A little more than the minute that a subject should need at most."""


class Clock(Protocol):
    """Measures from the publication of the key on."""

    name: str

    def start(self) -> None:
        """Begin at zero."""

    def elapsed(self) -> float:
        """Return the seconds since then."""

    def wait_until(self, seconds: float) -> None:
        """Return when ``seconds`` have passed. Raises `Interrupted`."""


class MovedClock:
    """The clock that the suite sends along: it is moved, and costs nothing."""

    name = "moved"

    def __init__(self) -> None:
        self._elapsed = 0.0

    def start(self) -> None:
        """Begin at zero."""
        self._elapsed = 0.0

    def elapsed(self) -> float:
        """Return the seconds since then."""
        return self._elapsed

    def wait_until(self, seconds: float) -> None:
        """Move on."""
        self._elapsed = seconds


class Interrupted(Exception):  # noqa: N818  (somebody did)
    """The measurement was given up."""


class WallClock:
    """The clock that a subject's cache has of its own: it is waited for."""

    name = "waited"

    def __init__(self, given_up: threading.Event | None = None) -> None:
        self._given_up = given_up or threading.Event()
        self._started = 0.0

    def start(self) -> None:
        """Begin at zero."""
        self._started = time.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since then."""
        return time.monotonic() - self._started

    def wait_until(self, seconds: float) -> None:
        """Sleep for the rest. Raises `Interrupted`."""
        if self._given_up.wait(max(0.0, seconds - self.elapsed())):
            raise Interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a token is presented, and for how long at most, in seconds."""

    interval_s: float = INTERVAL_S
    limit_s: float = LIMIT_S

    def attempts(self) -> Iterator[float]:
        """Return when tokens are presented: at once, and in the middle between whole intervals.

        A rest of whole seconds ends between two attempts then, not together with one.
        """
        yield 0.0
        for number in range(int(self.limit_s / self.interval_s)):
            yield (number + 0.5) * self.interval_s

    def rounded(self, seconds: float) -> float:
        """Return the nearest whole interval."""
        return round(round(seconds / self.interval_s) * self.interval_s, 3)


class Unmeasurable(Exception):  # noqa: N818  (it describes the subject)
    """It does not take even the first key's token."""

    def __init__(self, text: str, verdict: Verdict) -> None:
        super().__init__(text)
        self.verdict = verdict


class Unsupported(Exception):  # noqa: N818  (likewise)
    """It has no setting for something in the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What is presented, signed beforehand."""

    scenario: Scenario
    old: VerifyStep
    new: VerifyStep
    unknown: tuple[VerifyStep, ...]
    first: Any
    both: Any


def recipe(pace: Pace) -> dict[str, Any]:
    """Return the recipe of everything that is presented."""
    unknown = [
        {"token": {"header": {"kid": f"unknown-{number}"}}, "expect": "reject"}
        for number, _ in enumerate((None, *pace.attempts()))
    ]
    return {
        "config": {"jwks_uri": "suite://jwks"},
        "jwks": ["k1"],
        "steps": [
            {"token": {}},
            {"jwks": ["k1", "k3"]},
            {"token": {"sign": {"key": "k3"}}},
            *unknown,
        ],
    }


def presented(scenario: Scenario) -> Presented:
    """Take a rendered `recipe` apart."""
    sets = [step for step in scenario.steps if not isinstance(step, VerifyStep)]
    old, new, *unknown = (step for step in scenario.steps if isinstance(step, VerifyStep))
    first, both = (getattr(each, "jwks", None) for each in sets)
    return Presented(
        scenario=scenario, old=old, new=new, unknown=tuple(unknown), first=first, both=both
    )


def measure(
    subject: Subject,
    server: JwksServer,
    tokens: Presented,
    situation: Situation,
    *,
    clock: Clock,
    pace: Pace,
) -> Latency:
    """Return how long ``subject`` refuses a new key's token.

    Raises an adapter's fault, `Unmeasurable`, `Unsupported` and the clock's `Interrupted`.
    """
    served = server.new_set()
    served.publish(tokens.first)
    subject.mark_stderr()
    subject.reset()
    refusal = subject.configure(replace(tokens.scenario.config, jwks=None, jwks_uri=served.url))
    if refusal is not None:
        raise _no_configuration(refusal)
    if (answer := _present(subject, tokens.old, 0.0)).verdict is not Verdict.ACCEPT:
        said = f" ({answer.message[:200]})" if answer.message else ""
        raise Unmeasurable(f"the first key: {answer.verdict}{said}", answer.verdict)
    strangers = iter(tokens.unknown if situation is Situation.STORM else ())
    _present_next(subject, strangers, 0.0)
    served.publish(tokens.both)
    clock.start()
    refused_at: float | None = None
    for attempt in pace.attempts():
        clock.wait_until(attempt)
        _present_next(subject, strangers, clock.elapsed())
        asked_at = clock.elapsed()
        if _present(subject, tokens.new, asked_at).verdict is Verdict.ACCEPT:
            # It was picked up between the last refusal and now.
            between = 0.0 if refused_at is None else (refused_at + asked_at) / 2
            return _latency(pace.rounded(between), clock, pace)
        refused_at = asked_at
    return _latency(None, clock, pace)


def _latency(seconds: float | None, clock: Clock, pace: Pace) -> Latency:
    return Latency(
        seconds=seconds, interval_s=pace.interval_s, limit_s=pace.limit_s, clock=clock.name
    )


def _present(subject: Subject, step: VerifyStep, elapsed: float) -> Answer:
    return subject.verify(step.token, step.now + elapsed)


def _present_next(subject: Subject, steps: Iterator[VerifyStep], elapsed: float) -> None:
    if (step := next(steps, None)) is not None:
        _present(subject, step, elapsed)


def _no_configuration(refusal: Refusal) -> Exception:
    if refusal.unsupported:
        names = ", ".join(f"config.{name}" for name in sorted(refusal.unsupported))
        return Unsupported(names)
    return Unmeasurable(f"refused to be configured: {refusal.message}", Verdict.ERROR)
