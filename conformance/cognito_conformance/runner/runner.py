"""Run one case: decide whether it can be asked, ask, judge, compare with the twin."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cognito_conformance.adapters.subject import Subject
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.model import (
    Case,
    Config,
    ConfigureStep,
    Requirement,
    Scenario,
    Verdict,
    VerifyStep,
)
from cognito_conformance.report.replay import case_as_toml, replay_document
from cognito_conformance.runner.execute import Executor, Observation, way_to_keys
from cognito_conformance.runner.judge import (
    ABOUT_CLAIMS,
    CLAIMS_FAITHFUL,
    NO_CLAIMS_ON_REJECT,
    judge,
)
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status

_ONLY_CLAIMS: Final = frozenset({CLAIMS_FAITHFUL, NO_CLAIMS_ON_REJECT})
_CLOCK_MARGIN_S: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What a subject that was configured by hand can be asked, declared as ``fixed``."""

    config: Config
    #: Whether a token reaches the subject as it is.
    can_carry: Callable[[str], bool]


class Runner:
    """Everything one run shares: the subject, the forge, the catalogue and the twins' outcomes."""

    def __init__(
        self,
        subject: Subject,
        render: Callable[[Case], Scenario],
        *,
        requirements: Sequence[Requirement],
        cases: Sequence[Case],
        open_server: Callable[[], JwksServer] = JwksServer.start,
        premises: Premises | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.subject = subject
        self._premises = premises
        self._wall_clock = wall_clock
        #: Turns a case into what is presented, with this run's keys.
        self.render = render
        self._requirements: Mapping[str, Requirement] = {each.id: each for each in requirements}
        self._cases: Mapping[str, Case] = {each.id: each for each in cases}
        self._executor = Executor(subject, open_server)
        self._accepted: dict[str, bool] = {}

    @property
    def executor(self) -> Executor:
        """What plays the scenarios."""
        return self._executor

    def run(self, case: Case) -> CaseOutcome:
        """Return what became of ``case``."""
        needs = self._needs(case)
        if absent := needs - self.subject.info.capabilities:
            return _skipped(case, absent)
        scenario = self.render(case)
        way = way_to_keys(scenario, self.subject.info)
        if way not in self.subject.info.capabilities:
            return _skipped(case, {way})
        if absent := self._unaskable(case, scenario):
            return _skipped(case, absent)
        outcome = self._judged(case, scenario)
        if case.expect == {Verdict.REJECT} and case.twin and outcome.status is Status.PASS:
            outcome = self._unless_vacuous(outcome, case.twin)
        if outcome.failed:
            return replace(
                outcome,
                stderr=self.subject.stderr()[-4000:],
                recipe=case_as_toml(case),
                replay=replay_document(case, scenario),
            )
        return outcome

    def accepts(self, case_id: str) -> bool:
        """Tell whether the subject accepts the case called ``case_id``; asked once a run."""
        if case_id not in self._accepted:
            twin = self._cases[case_id]
            outcome = self._judged(twin, self.render(twin))
            self._accepted[case_id] = (
                outcome.status in {Status.PASS, Status.RECORDED}
                and outcome.verdict == Verdict.ACCEPT.value
            )
        return self._accepted[case_id]

    def close(self) -> None:
        """End the subject and the JWKS server."""
        self._executor.close()
        self.subject.close()

    def _judged(self, case: Case, scenario: Scenario) -> CaseOutcome:
        needs = self._needs(case) | {way_to_keys(scenario, self.subject.info)}
        if any(isinstance(step, VerifyStep) and step.threads > 1 for step in scenario.steps):
            needs |= {"concurrency"}
        observations = self._executor.play(scenario)
        if unsupported := _unsupported(observations):
            return _skipped(case, unsupported)
        outcome = judge(case, scenario, observations)
        known = tuple(each for each in outcome.findings if each.requirement in self._requirements)
        return replace(outcome, findings=known, needs=tuple(sorted(needs)))

    def _needs(self, case: Case) -> frozenset[str]:
        return case.needs | self._requirements[case.requirement].needs

    def _unaskable(self, case: Case, scenario: Scenario) -> frozenset[str]:
        """Return what the subject would need for this scenario, beyond what the case says."""
        absent = set()
        threads = any(isinstance(step, VerifyStep) and step.threads > 1 for step in scenario.steps)
        if threads and "concurrency" not in self.subject.info.capabilities:
            absent.add("concurrency")
        presented = [step for step in scenario.steps if isinstance(step, VerifyStep)]
        if "clock.token" not in self.subject.info.capabilities:
            wall = self._wall_clock()
            if any(abs(step.now - wall) > _CLOCK_MARGIN_S for step in presented):
                absent.add("clock.token")
        if (premises := self._premises) is not None:
            again = any(isinstance(step, ConfigureStep) for step in scenario.steps)
            if scenario.config != premises.config or again:
                absent.add("configure")
            if not all(premises.can_carry(step.token) for step in presented):
                absent.add("transport")
            accepted = case.requirement in ABOUT_CLAIMS and case.expect == {Verdict.ACCEPT}
            if accepted or case.requirement in _ONLY_CLAIMS:
                absent.add("claims")
        return frozenset(absent)

    def _unless_vacuous(self, outcome: CaseOutcome, twin: str) -> CaseOutcome:
        if self.accepts(twin):
            return outcome
        detail = f"rejected, but so is its twin {twin}, which must be accepted"
        return replace(outcome, status=Status.VACUOUS, detail=detail, breaches=(Breach.REFUSED,))


def _unsupported(observations: Sequence[Observation]) -> frozenset[str]:
    refusals = (seen.refusal for seen in observations if seen.refusal is not None)
    return frozenset(f"config.{name}" for refusal in refusals for name in refusal.unsupported)


def _skipped(case: Case, absent: Collection[str]) -> CaseOutcome:
    return CaseOutcome(
        id=case.id,
        requirement=case.requirement,
        status=Status.SKIP,
        detail=f"not supported: {', '.join(sorted(absent))}",
    )
