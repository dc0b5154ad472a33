"""How outcomes become a conclusion."""

import datetime as dt

import pytest

from cognito_conformance.baseline import Baseline, Entry
from cognito_conformance.model import Case, Implementation, Level, Requirement, Threat, Verdict
from cognito_conformance.report.summary import Conclusion, ExitCode, RequirementStatus, conclude
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Finding, Status

REQUIREMENTS = [
    Requirement(id=name, text="t", level=level, threat=Threat.NONE, since="0.1", sources=())
    for name, level in (("a/must", Level.MUST), ("a/should", Level.SHOULD), ("b/must", Level.MUST))
]
CASES = [
    Case(id=f"{each.id}/1", requirement=each.id, expect=frozenset({Verdict.ACCEPT}), recipe={})
    for each in REQUIREMENTS
]


def conclusion_of(
    *statuses: Status,
    capabilities: frozenset[str] = frozenset({"verify"}),
    findings: tuple[Finding, ...] = (),
    baseline: Baseline = Baseline(),  # noqa: B008  (immutable)
    complete: bool = True,
) -> Conclusion:
    """Conclude a run in which the cases ended like this, in order."""
    outcomes = [
        CaseOutcome(
            id=case.id,
            requirement=case.requirement,
            status=status,
            findings=findings,
            needs=("verify",),
        )
        for case, status in zip(CASES, statuses, strict=False)
    ]
    return conclude(
        outcomes,
        implementation=Implementation(
            name="x", version="1", language="x", capabilities=capabilities
        ),
        requirements=REQUIREMENTS,
        cases=CASES,
        baseline=baseline,
        today=dt.date(2027, 1, 1),
        complete=complete,
    )


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((Status.PASS, Status.PASS), ExitCode.AS_EXPECTED),
        ((Status.FAIL, Status.PASS), ExitCode.UNEXPECTED_FAILURE),
        ((Status.VACUOUS, Status.PASS), ExitCode.UNEXPECTED_FAILURE),
        ((Status.LOST, Status.PASS), ExitCode.UNEXPECTED_FAILURE),
        ((Status.PASS, Status.FAIL), ExitCode.AS_EXPECTED),
        ((Status.SKIP, Status.SKIP), ExitCode.NOTHING_RAN),
        ((), ExitCode.NOTHING_RAN),
    ],
)
def test_the_exit_code_follows_the_must_requirements(
    statuses: tuple[Status, ...], code: ExitCode
) -> None:
    """Their failure fails the run; a SHOULD warns; nothing executed is no success."""
    assert conclusion_of(*statuses).exit_code is code


def test_a_declared_capability_that_nothing_exercised_fails_the_run() -> None:
    """A claim without a test is no tick."""
    declared = frozenset({"verify", "cookies"})

    conclusion = conclusion_of(Status.PASS, Status.PASS, Status.PASS, capabilities=declared)

    assert conclusion.untested == ("cookies",)
    assert conclusion.exit_code is ExitCode.UNEXPECTED_FAILURE


def test_a_selection_may_leave_a_capability_untested() -> None:
    """The user asked for less than everything."""
    declared = frozenset({"verify", "cookies"})

    conclusion = conclusion_of(Status.PASS, capabilities=declared, complete=False)

    assert conclusion.exit_code is ExitCode.AS_EXPECTED


def test_a_finding_fails_the_requirement_it_is_about() -> None:
    """And not the one of the case it was found in."""
    finding = Finding(requirement="b/must", detail="broken along the way", breach=Breach.MISREAD)

    conclusion = conclusion_of(Status.PASS, findings=(finding,))

    statuses = {each.requirement.id: each.status for each in conclusion.results}
    assert statuses == {"a/must": RequirementStatus.PASS, "b/must": RequirementStatus.FAIL}
    assert conclusion.exit_code is ExitCode.UNEXPECTED_FAILURE


def test_an_expected_failure_is_shown_as_such() -> None:
    """It does not fail the run; in the score it is no pass."""
    baseline = Baseline(entries=(Entry(pattern="a/must/*", reason="known"),))

    conclusion = conclusion_of(Status.FAIL, Status.PASS, baseline=baseline)

    assert conclusion.results[0].status is RequirementStatus.XFAIL
    assert conclusion.exit_code is ExitCode.AS_EXPECTED


def test_a_real_failure_outweighs_a_stale_entry() -> None:
    """Stale entries have a code of their own only when nothing else is wrong."""
    baseline = Baseline(entries=(Entry(pattern="a/should/*", reason="known"),))

    assert conclusion_of(Status.PASS, Status.PASS, baseline=baseline).exit_code is (
        ExitCode.STALE_BASELINE
    )
    assert conclusion_of(Status.FAIL, Status.PASS, baseline=baseline).exit_code is (
        ExitCode.UNEXPECTED_FAILURE
    )
