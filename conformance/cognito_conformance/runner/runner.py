"""Run one case: decide whether it can be asked, ask, judge, compare with the twin."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from cognito_conformance.adapters.subject import Subject
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.model import Case, Requirement, Scenario, Verdict
from cognito_conformance.report.replay import case_as_toml, replay_document
from cognito_conformance.runner.execute import Executor, way_to_keys
from cognito_conformance.runner.judge import judge
from cognito_conformance.runner.outcome import CaseOutcome, Status


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
    ) -> None:
        self.subject = subject
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
        outcome = judge(case, scenario, self._executor.play(scenario))
        known = tuple(each for each in outcome.findings if each.requirement in self._requirements)
        return replace(outcome, findings=known, needs=tuple(sorted(needs)))

    def _needs(self, case: Case) -> frozenset[str]:
        return case.needs | self._requirements[case.requirement].needs

    def _unless_vacuous(self, outcome: CaseOutcome, twin: str) -> CaseOutcome:
        if self.accepts(twin):
            return outcome
        detail = f"rejected, but so is its twin {twin}, which must be accepted"
        return replace(outcome, status=Status.VACUOUS, detail=detail)


def _skipped(case: Case, absent: Collection[str]) -> CaseOutcome:
    return CaseOutcome(
        id=case.id,
        requirement=case.requirement,
        status=Status.SKIP,
        detail=f"not supported: {', '.join(sorted(absent))}",
    )
