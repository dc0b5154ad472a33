"""Measure a subject's pickup latency and judge it: `settling` in a run, in both situations.

A cache that keeps a clock of its own has to be waited for, a minute and more. That is done only
when it was asked for, and beside everything else where a second process of the subject can be had.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.adapters.subject import Subject
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.model import Case, Verdict
from cognito_conformance.runner import settling
from cognito_conformance.runner.outcome import (
    MEASURED,
    Breach,
    CaseOutcome,
    Latency,
    Situation,
    Status,
)
from cognito_conformance.runner.runner import Runner

REQUIREMENTS: Final = tuple(each.requirement for each in Situation)
SHOULD_S: Final = 60.0
"""Within which a new key should be accepted."""

_NEEDS: Final = frozenset({"verify", "jwks.http"})
_MOVES: Final = frozenset({"clock.token", "clock.cache"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What one measurement came to: a number, or why there is none."""

    latency: Latency | None = None
    status: Status = Status.FAIL
    detail: str = ""
    breach: Breach | None = None
    fault: str | None = None


class SettleTime:
    """Both measurements of one run."""

    def __init__(
        self,
        runner: Runner,
        *,
        waits: bool,
        open_another: Callable[[], Subject] | None = None,
        pace: settling.Pace | None = None,
    ) -> None:
        self._runner = runner
        self._waits = waits
        self._open_another = open_another
        self._pace = pace or settling.Pace()
        self._given_up = threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        self._running: dict[Situation, Future[Finished]] = {}

    def begin(self) -> None:
        """Begin to wait in processes of the subject's own, if there is something to wait for."""
        if self._open_another is None or self._moves or self._absent():
            return
        tokens = self._tokens()
        self._pool = ThreadPoolExecutor(len(Situation), "settle-time")
        self._running = {
            each: self._pool.submit(self._measure_another, self._open_another, tokens, each)
            for each in Situation
        }

    def outcomes(self) -> tuple[CaseOutcome, ...]:
        """Return both outcomes, measured now unless that has begun."""
        if absent := self._absent():
            detail = f"not supported: {', '.join(sorted(absent))}"
            skipped = Finished(status=Status.SKIP, detail=detail)
            return tuple(self._outcome(each, skipped) for each in Situation)
        quiet = self._finished(Situation.QUIET)
        if quiet.latency is None or quiet.latency.seconds is None:
            # Who never accepts, or cannot be asked, is not starved by anybody.
            return (self._outcome(Situation.QUIET, quiet),)
        storm = self._finished(Situation.STORM)
        return (
            self._outcome(Situation.QUIET, quiet),
            self._outcome(Situation.STORM, storm),
        )

    def close(self) -> None:
        """Give up what is still being waited for."""
        self._given_up.set()
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    @property
    def _moves(self) -> bool:
        return self._runner.subject.info.capabilities >= _MOVES

    def _absent(self) -> frozenset[str]:
        """Return what the subject would have to have."""
        needed = _NEEDS if self._waits or self._moves else _NEEDS | _MOVES
        return needed - self._runner.subject.info.capabilities

    def _tokens(self) -> settling.Presented:
        case = Case(
            id=f"{Situation.QUIET.requirement}/{MEASURED}",
            requirement=Situation.QUIET.requirement,
            expect=frozenset({Verdict.ACCEPT}),
            recipe=settling.recipe(self._pace),
        )
        return settling.presented(self._runner.render(case))

    def _finished(self, situation: Situation) -> Finished:
        if situation in self._running:
            return self._running[situation].result()
        clock = settling.MovedClock() if self._moves else settling.WallClock(self._given_up)
        server = self._runner.executor.server
        return self._measure(self._runner.subject, server, self._tokens(), situation, clock)

    def _measure_another(
        self, open_another: Callable[[], Subject], tokens: settling.Presented, situation: Situation
    ) -> Finished:
        subject, server = open_another(), JwksServer.start()
        try:
            subject.start()
            clock = settling.WallClock(self._given_up)
            return self._measure(subject, server, tokens, situation, clock)
        except AdapterFault as fault:
            return _faulty(fault)
        finally:
            subject.close()
            server.close()

    def _measure(
        self,
        subject: Subject,
        server: JwksServer,
        tokens: settling.Presented,
        situation: Situation,
        clock: settling.Clock,
    ) -> Finished:
        try:
            latency = settling.measure(
                subject, server, tokens, situation, clock=clock, pace=self._pace
            )
        except settling.Unsupported as absent:
            return Finished(status=Status.SKIP, detail=f"not supported: {absent}")
        except settling.Unmeasurable as refusal:
            crashed = refusal.verdict is Verdict.ERROR
            breach = Breach.CRASHED if crashed else Breach.REFUSED
            return Finished(detail=str(refusal), breach=breach)
        except AdapterFault as fault:
            return _faulty(fault)
        return _judged(latency)

    def _outcome(self, situation: Situation, finished: Finished) -> CaseOutcome:
        requirement = situation.requirement
        needs = _NEEDS | _MOVES if self._moves else _NEEDS
        accepted = finished.latency is not None and finished.latency.seconds is not None
        verdict = Verdict.ACCEPT if accepted else Verdict.REJECT
        return CaseOutcome(
            id=f"{requirement}/{MEASURED}",
            requirement=requirement,
            status=finished.status,
            verdict=None if finished.status is Status.SKIP else verdict.value,
            detail=finished.detail,
            fault=finished.fault,
            breaches=(finished.breach,) if finished.breach else (),
            needs=() if finished.status is Status.SKIP else tuple(sorted(needs)),
            latency=finished.latency,
        )


def _judged(latency: Latency) -> Finished:
    if latency.seconds is not None and latency.seconds <= SHOULD_S:
        return Finished(status=Status.PASS, latency=latency)
    if latency.seconds is None:
        said = f"not accepted in {latency.limit_s:g} s"
    else:
        said = f"accepted {latency.seconds:g} s after publication"
    detail = f"{said}, expected within {SHOULD_S:g} s"
    return Finished(latency=latency, detail=detail, breach=Breach.REFUSED)


def _faulty(fault: AdapterFault) -> Finished:
    return Finished(detail=f"{fault.kind}: {fault}", breach=Breach.CRASHED, fault=fault.kind)
