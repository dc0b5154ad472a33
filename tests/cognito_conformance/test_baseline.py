"""Expected failures: what the file must say, and when an entry has outlived itself."""

import datetime as dt
from pathlib import Path

import pytest

from cognito_conformance.baseline import (
    Baseline,
    BaselineError,
    baseline_for,
    load_baseline,
)
from cognito_conformance.model import Case, Verdict
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Finding, Status

TODAY = dt.date(2027, 1, 1)


def a_case(case_id: str) -> Case:
    requirement = "/".join(case_id.split("/")[:2])
    return Case(id=case_id, requirement=requirement, expect=frozenset({Verdict.REJECT}), recipe={})


CASES = [a_case(each) for each in ("alg/none/a", "alg/none/b", "time/exp/a", "rotation/pickup")]


def an_outcome(case_id: str, status: Status, findings: tuple[Finding, ...] = ()) -> CaseOutcome:
    requirement = a_case(case_id).requirement
    return CaseOutcome(id=case_id, requirement=requirement, status=status, findings=findings)


@pytest.fixture
def load(tmp_path: Path):
    """Load a baseline from its text."""

    def from_text(text: str) -> Baseline:
        path = tmp_path / "baseline.toml"
        path.write_text(f'suite = "0.1"\n{text}')
        return load_baseline(path, CASES)

    return from_text


def test_a_failure_is_expected_by_glob(load) -> None:
    """The entry covers what it names and nothing else."""
    baseline = load('[[xfail]]\ncase = "alg/none/*"\nreason = "no alg check"')

    entry = baseline.entry_for("alg/none/a", "alg/none")
    assert entry is not None
    assert entry.reason == "no alg check"
    assert baseline.entry_for("time/exp/a", "time/exp") is None


@pytest.mark.parametrize("reason", ["", 'reason = ""', 'reason = "TODO"', "reason = 1"])
def test_a_reason_is_mandatory(load, reason: str) -> None:
    """The placeholder of --write-baseline is none."""
    with pytest.raises(BaselineError, match="reason"):
        load(f'[[xfail]]\ncase = "alg/none/a"\n{reason}')


def test_a_written_baseline_is_refused_until_reasons_are_given(load) -> None:
    """Writing it is the first half of the work."""
    text = baseline_for(
        [an_outcome("alg/none/a", Status.FAIL), an_outcome("time/exp/a", Status.PASS)]
    )
    body = text.split("\n", 2)[2]

    with pytest.raises(BaselineError, match="reason"):
        load(body)
    entries = load(body.replace("TODO", "because")).entries
    assert [entry.pattern for entry in entries] == ["alg/none/a"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('suite = "1.0"', "for suite 1.0"),
        ("", "which suite"),
        ('suite = "0.1"\n[[xfail]]\nreason = "r"', "without a case"),
        ('suite = "0.1"\n[[xfail]]\ncase = "a"\nreason = "r"\nwhy = 1', "unknown member why"),
        ('suite = "0.1"\nxfails = []', "unknown member xfails"),
        ('suite = "0.1"\n[[xfail]]\ncase = "a"\nreason = "r"\nuntil = "soon"', "until is a date"),
        ('suite = "0.1"\n[[flaky]]\ncase = "alg/*"\nreason = "r"', "only rotation"),
        ("suite =", "baseline.toml"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, complaint: str) -> None:
    """Each mistake has a sentence."""
    path = tmp_path / "baseline.toml"
    path.write_text(text)

    with pytest.raises(BaselineError, match=complaint):
        load_baseline(path, CASES)


def test_one_case_is_not_covered_at_both_levels(load) -> None:
    """By its requirement or by itself."""
    with pytest.raises(BaselineError, match="keep one"):
        load(
            '[[xfail]]\ncase = "alg/none"\nreason = "r"\n'
            '[[xfail]]\ncase = "alg/none/a"\nreason = "r"'
        )


@pytest.mark.parametrize(
    ("entry", "statuses", "sentences"),
    [
        ('case = "alg/none/*"', (Status.FAIL, Status.FAIL), 0),
        ('case = "alg/none/*"', (Status.FAIL, Status.PASS), 1),
        ('case = "alg/none"', (Status.FAIL, Status.PASS), 0),
        ('case = "alg/none"', (Status.PASS, Status.PASS), 1),
        ('case = "alg/none/*"', (Status.SKIP, Status.SKIP), 0),
        ('case = "alg/never/*"', (Status.FAIL, Status.FAIL), 1),
        ('case = "alg/none/*"\nuntil = 2026-12-31', (Status.FAIL, Status.FAIL), 1),
        ('case = "alg/none/*"\nuntil = "2027-01-01"', (Status.FAIL, Status.FAIL), 0),
    ],
)
def test_an_entry_is_stale_when_it_no_longer_describes_the_subject(
    load, entry: str, statuses: tuple[Status, Status], sentences: int
) -> None:
    """A glob is stale for each case that passes, a requirement when all of them do."""
    baseline = load(f'[[xfail]]\n{entry}\nreason = "r"')
    outcomes = [
        an_outcome("alg/none/a", statuses[0]),
        an_outcome("alg/none/b", statuses[1]),
    ]

    stale = baseline.stale(outcomes, [case.id for case in CASES], TODAY)

    assert len(stale) == sentences


def test_an_entry_that_was_not_run_is_not_stale(load) -> None:
    """A selection says nothing about the rest."""
    baseline = load('[[xfail]]\ncase = "time/exp/a"\nreason = "r"')

    assert baseline.stale([], [case.id for case in CASES], TODAY) == ()


def test_a_flaky_case_may_pass(load) -> None:
    """That is what the second list is for."""
    baseline = load('[[flaky]]\ncase = "rotation/pickup"\nreason = "wall clock"')

    assert baseline.stale([an_outcome("rotation/pickup", Status.PASS)], [], TODAY) == ()


def test_what_was_found_along_the_way_can_be_expected(load) -> None:
    """By the case it was found in."""
    finding = Finding(
        requirement="state/claims-faithful", detail="claims differ", breach=Breach.MISREAD
    )
    baseline = load('[[xfail]]\ncase = "time/exp/a"\nreason = "drops a claim"')

    assert baseline.entry_for("time/exp/a", finding.requirement) is not None
    outcome = an_outcome("time/exp/a", Status.PASS, (finding,))
    assert baseline.stale([outcome], [], TODAY) == ()
