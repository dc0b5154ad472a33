"""From outcomes to a conclusion: what each requirement came to, the score, the exit code."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cognito_conformance.baseline import Baseline, Entry
from cognito_conformance.model import Case, Implementation, Level, Requirement
from cognito_conformance.runner.outcome import (
    Breach,
    CaseOutcome,
    Latency,
    Situation,
    Status,
)


class ExitCode(IntEnum):
    """What the command ends with."""

    AS_EXPECTED = 0
    UNEXPECTED_FAILURE = 1
    USAGE = 2
    NOTHING_RAN = 3
    STALE_BASELINE = 4


class RequirementStatus(StrEnum):
    """What a requirement came to, its cases taken together."""

    PASS = "pass"  # noqa: S105  (not a password)
    FAIL = "fail"
    VACUOUS = "vacuous"
    #: Every failing case is in the baseline.
    XFAIL = "xfail"
    RECORDED = "recorded"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """A case's outcome beside what the baseline says about it."""

    outcome: CaseOutcome
    #: The requirement it counts for: its own, or one that was broken along the way.
    requirement: str
    status: Status
    detail: str
    #: In which ways that requirement was broken.
    breaches: tuple[Breach, ...]
    expected: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementResult:
    """One line of the report."""

    requirement: Requirement
    status: RequirementStatus
    cases: tuple[JudgedCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A whole run."""

    implementation: Implementation
    results: tuple[RequirementResult, ...]
    executed: int
    stale: tuple[str, ...]
    #: Declared capabilities that no executed case exercised.
    untested: tuple[str, ...]
    #: Absent capabilities and the number of cases they kept from running.
    unsupported: Mapping[str, int]
    #: What went wrong in the suite itself; never the subject's fault.
    errors: tuple[str, ...]
    exit_code: ExitCode


def conclude(
    outcomes: Sequence[CaseOutcome],
    *,
    implementation: Implementation,
    requirements: Sequence[Requirement],
    cases: Sequence[Case],
    baseline: Baseline,
    today: dt.date,
    strict: bool = False,
    complete: bool = True,
    errors: Sequence[str] = (),
) -> Conclusion:
    """Bring the outcomes of a run together.

    ``complete`` is false when the user asked for a selection: then a declared capability may well
    be exercised by nothing.
    """
    order = {case.id: index for index, case in enumerate(cases)}
    ordered = sorted(outcomes, key=lambda each: (order.get(each.id, len(order)), each.id))
    judged = [each for outcome in ordered for each in _judged(outcome, baseline)]
    results = tuple(
        RequirementResult(requirement=requirement, status=_status(own), cases=own)
        for requirement in requirements
        if (own := tuple(each for each in judged if each.requirement == requirement.id))
    )
    executed = [each for each in ordered if each.status.executed]
    exercised = frozenset(name for each in executed for name in each.needs)
    untested = sorted(implementation.capabilities - exercised) if complete and executed else []
    stale = baseline.stale(ordered, order, today)
    return Conclusion(
        implementation=implementation,
        results=results,
        executed=len(executed),
        stale=stale,
        untested=tuple(untested),
        unsupported=_unsupported(ordered),
        errors=tuple(sorted(errors)),
        exit_code=_exit_code(
            results,
            executed=bool(executed),
            broken=bool(untested or errors),
            stale=bool(stale),
            strict=strict,
        ),
    )


def counts_against(result: RequirementResult, *, strict: bool) -> bool:
    """Tell whether a failed requirement fails the run: MUST does, SHOULD only when strict."""
    level = result.requirement.level
    return level is Level.MUST or (strict and level is Level.SHOULD)


def settle_times(conclusion: Conclusion) -> dict[Situation, Latency]:
    """Return how long a new key was refused, in the situations in which that was measured."""
    measured = {
        case.requirement: case.outcome.latency
        for result in conclusion.results
        for case in result.cases
        if case.outcome.latency is not None
    }
    return {each: measured[each.requirement] for each in Situation if each.requirement in measured}


def _judged(outcome: CaseOutcome, baseline: Baseline) -> list[JudgedCase]:
    own = JudgedCase(
        outcome=outcome,
        requirement=outcome.requirement,
        status=outcome.status,
        detail=outcome.detail,
        breaches=outcome.breaches,
        expected=baseline.entry_for(outcome.id, outcome.requirement)
        if outcome.status.failed
        else None,
    )
    along_the_way = [
        JudgedCase(
            outcome=outcome,
            requirement=finding.requirement,
            status=Status.FAIL,
            detail=finding.detail,
            breaches=(finding.breach,),
            expected=baseline.entry_for(outcome.id, finding.requirement),
        )
        for finding in outcome.findings
    ]
    return [own, *along_the_way]


def _status(cases: Sequence[JudgedCase]) -> RequirementStatus:
    failed = [each for each in cases if each.status.failed]
    unexpected = [each for each in failed if each.expected is None]
    if unexpected:
        if all(each.status is Status.VACUOUS for each in unexpected):
            return RequirementStatus.VACUOUS
        return RequirementStatus.FAIL
    if failed:
        return RequirementStatus.XFAIL
    if any(each.status is Status.PASS for each in cases):
        return RequirementStatus.PASS
    if any(each.status is Status.RECORDED for each in cases):
        return RequirementStatus.RECORDED
    return RequirementStatus.SKIP


def _unsupported(outcomes: Sequence[CaseOutcome]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in outcomes:
        if outcome.status is Status.SKIP:
            for name in outcome.detail.removeprefix("not supported: ").split(", "):
                counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _exit_code(
    results: Sequence[RequirementResult],
    *,
    executed: bool,
    broken: bool,
    stale: bool,
    strict: bool,
) -> ExitCode:
    if not executed and not broken:
        return ExitCode.NOTHING_RAN
    failing = {RequirementStatus.FAIL, RequirementStatus.VACUOUS}
    failed = any(
        result.status in failing and counts_against(result, strict=strict) for result in results
    )
    if failed or broken:
        return ExitCode.UNEXPECTED_FAILURE
    return ExitCode.STALE_BASELINE if stale else ExitCode.AS_EXPECTED
