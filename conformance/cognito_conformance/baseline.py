"""Expected failures, kept in the implementer's repository. CONFORMANCE 4.7.

A baselined failure is still a failure in the score; the baseline only keeps it from surprising.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from cognito_conformance.model import Case
from cognito_conformance.report.toml import toml_value
from cognito_conformance.runner.outcome import CaseOutcome
from cognito_conformance.version import SUITE_VERSION

UNWRITTEN: Final = "TODO"
"""What ``--write-baseline`` puts in place of a reason, and `load_baseline` refuses."""

_MEMBERS: Final = frozenset({"case", "reason", "issue", "until"})


class BaselineError(ValueError):
    """A baseline file that cannot be used; its text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One expected failure: a glob over case ids, or a requirement's id."""

    pattern: str
    reason: str
    issue: str = ""
    until: dt.date | None = None
    flaky: bool = False
    #: True for the id of a requirement that is not a case's id as well.
    whole_requirement: bool = False

    def covers(self, case_id: str, requirement: str) -> bool:
        """Tell whether a failure of ``case_id`` to meet ``requirement`` is expected."""
        if self.whole_requirement:
            return self.pattern == requirement
        return fnmatchcase(case_id, self.pattern)

    def stale_because(self, outcomes: Sequence[CaseOutcome]) -> Iterable[str]:
        """Return a sentence for everything that passes although this entry expects a failure."""
        if self.whole_requirement:
            # Any of its cases fails a requirement: the others may pass.
            concerned = [each for each in outcomes if self.pattern in each.requirements]
            if concerned and not any(each.fails(self.pattern) for each in concerned):
                yield f"{self.pattern}: the requirement is met"
            return
        for outcome in outcomes:
            if fnmatchcase(outcome.id, self.pattern) and not outcome.failed:
                yield f"{self.pattern}: {outcome.id} passes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The entries of one file."""

    entries: tuple[Entry, ...] = ()

    def entry_for(self, case_id: str, requirement: str) -> Entry | None:
        """Return the entry that expects this failure, if any."""
        return next((entry for entry in self.entries if entry.covers(case_id, requirement)), None)

    def stale(
        self, outcomes: Sequence[CaseOutcome], case_ids: Iterable[str], today: dt.date
    ) -> tuple[str, ...]:
        """Return a sentence for each entry that no longer describes the subject."""
        known = {*case_ids, *(outcome.id for outcome in outcomes)}
        executed = [outcome for outcome in outcomes if outcome.status.executed]
        sentences: list[str] = []
        for entry in self.entries:
            if entry.until is not None and today > entry.until:
                sentences.append(f"{entry.pattern}: was expected to fail until {entry.until}")
            elif not entry.whole_requirement and not any(
                fnmatchcase(each, entry.pattern) for each in known
            ):
                sentences.append(f"{entry.pattern}: matches nothing in the suite")
            elif not entry.flaky:
                sentences.extend(entry.stale_because(executed))
        return tuple(sentences)


def load_baseline(path: Path, cases: Sequence[Case]) -> Baseline:
    """Read a baseline. Raises `BaselineError`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(f"cannot read the baseline {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: {error}") from error
    if unknown := document.keys() - {"suite", "xfail", "flaky"}:
        raise BaselineError(f"{path}: unknown member {', '.join(sorted(unknown))}")
    _check_suite(path, document.get("suite"))
    requirements = {case.requirement for case in cases} - {case.id for case in cases}
    entries = tuple(
        _entry(path, members, requirements, flaky=kind == "flaky")
        for kind in ("xfail", "flaky")
        for members in document.get(kind, [])
    )
    _check_levels(path, entries, cases)
    return Baseline(entries=entries)


def baseline_for(outcomes: Sequence[CaseOutcome]) -> str:
    """Return the baseline that expects exactly these failures, its reasons still to be written."""
    major_minor = ".".join(SUITE_VERSION.split(".")[:2])
    lines = [
        "# Expected failures. Write a reason into each entry: the file is refused without.\n",
        f"suite = {toml_value(major_minor)}\n",
    ]
    lines += (
        f"\n[[xfail]]\ncase = {toml_value(outcome.id)}\nreason = {toml_value(UNWRITTEN)}\n"
        for outcome in outcomes
        if outcome.failed
    )
    return "".join(lines)


def _entry(path: Path, members: Any, requirements: Collection[str], *, flaky: bool) -> Entry:
    if not isinstance(members, dict) or not isinstance(members.get("case"), str):
        raise BaselineError(f"{path}: an entry without a case")
    pattern = members["case"]
    if unknown := members.keys() - _MEMBERS:
        raise BaselineError(f"{path}: {pattern}: unknown member {', '.join(sorted(unknown))}")
    reason = members.get("reason")
    if not isinstance(reason, str) or not reason.strip() or reason.strip() == UNWRITTEN:
        raise BaselineError(f"{path}: {pattern}: write the reason why this fails")
    until = members.get("until")
    if isinstance(until, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", until):
        try:
            until = dt.date.fromisoformat(until)
        except ValueError as error:
            raise BaselineError(f"{path}: {pattern}: until: {error}") from error
    if until is not None and not isinstance(until, dt.date):
        raise BaselineError(f"{path}: {pattern}: until is a date such as 2027-06-01")
    if flaky and not pattern.startswith("rotation/"):
        raise BaselineError(f"{path}: {pattern}: only rotation/* may be flaky, it alone waits")
    return Entry(
        pattern=pattern,
        reason=reason,
        issue=str(members.get("issue", "")),
        until=until,
        flaky=flaky,
        whole_requirement=pattern in requirements,
    )


def _check_suite(path: Path, suite: object) -> None:
    if not isinstance(suite, str):
        raise BaselineError(f'{path}: say which suite it is for: suite = "{SUITE_VERSION}"')
    if suite.partition(".")[0] != SUITE_VERSION.partition(".")[0]:
        raise BaselineError(f"{path}: is for suite {suite}, this is {SUITE_VERSION}")


def _check_levels(path: Path, entries: Sequence[Entry], cases: Sequence[Case]) -> None:
    for case in cases:
        covering = [each for each in entries if each.covers(case.id, case.requirement)]
        if len({each.whole_requirement for each in covering}) > 1:
            raise BaselineError(
                f"{path}: {case.id} is covered both by itself and by its requirement "
                f"{case.requirement}: keep one"
            )
