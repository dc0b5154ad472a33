"""Several reports side by side: requirements down, subjects across."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias

from cognito_conformance.model import Requirement
from cognito_conformance.report.disclosure import WITHHELD

ABSENT: Final = "absent"
"""The requirement was not part of this run."""

Hints: TypeAlias = Mapping[tuple[str, str], str]
"""What to do, by subject and requirement."""

NO_HINTS: Final[Hints] = {}

_MET: Final = frozenset({"pass", "recorded"})
_NOT_ASKED: Final = frozenset({"skip", WITHHELD, ABSENT})
_TOLD: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many of a level's requirements are met, of those that were asked and may be told."""

    met: int
    asked: int
    withheld: int

    @property
    def complete(self) -> bool:
        """Tell whether nothing is missing and nothing is held back."""
        return self.met == self.asked > 0 and not self.withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a requirement came to for one subject, and a sentence for each failed case."""

    status: str
    details: tuple[str, ...] = ()
    #: How this library is made to meet the requirement, where somebody has written that down.
    hint: str = ""
    #: The verdicts that were recorded.
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One subject."""

    name: str
    version: str
    language: str
    homepage: str
    must: Score
    should: Score
    #: For how long a new key's tokens were refused, as the report has it, by situation.
    settle_times: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requirement and its cells, in the order of the columns."""

    requirement: Requirement
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole comparison: rows by area."""

    suite: str
    columns: tuple[Column, ...]
    areas: tuple[tuple[str, tuple[Row, ...]], ...]


def build_matrix(
    reports: Sequence[Mapping[str, Any]],
    requirements: Sequence[Requirement],
    hints: Hints = NO_HINTS,
) -> Matrix:
    """Bring reports together. Raises `ValueError` when they asked different questions."""
    if not reports:
        raise ValueError("nothing to compare")
    if len({report["catalogue_sha256"] for report in reports}) > 1:
        raise ValueError("the reports are of different catalogues: run the suite again")
    if failed := [_name(report) for report in reports if report["error"]]:
        raise ValueError(f"no result: {', '.join(failed)}")
    found = [{each["id"]: each for each in report["requirements"]} for report in reports]
    rows = [
        Row(
            requirement=each,
            cells=tuple(
                _cell(results.get(each.id), report, hints)
                for report, results in zip(reports, found, strict=True)
            ),
        )
        for each in requirements
        if any(each.id in results for results in found)
    ]
    return Matrix(
        suite=reports[0]["suite"],
        columns=tuple(_column(report) for report in reports),
        areas=tuple(
            (area, tuple(own)) for area, own in groupby(rows, lambda row: row.requirement.area)
        ),
    )


def score(report: Mapping[str, Any], level: str) -> Score:
    """Count one level of one report."""
    statuses = [each["status"] for each in report["requirements"] if each["level"] == level]
    return Score(
        met=sum(status in _MET for status in statuses),
        asked=sum(status not in _NOT_ASKED for status in statuses),
        withheld=statuses.count(WITHHELD),
    )


def badge(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a badge in the form of shields.io's endpoint. A baselined failure is a failure."""
    must = score(report, "must")
    major_minor = ".".join(report["suite"].split(".")[:2])
    held_back = f", {must.withheld} withheld" if must.withheld else ""
    return {
        "schemaVersion": 1,
        "label": f"cognito-conformance {major_minor}",
        "message": f"{must.met}/{must.asked} MUST{held_back}",
        "color": "brightgreen" if must.complete else "orange",
    }


def _column(report: Mapping[str, Any]) -> Column:
    adapter = report["adapter"]
    return Column(
        name=adapter["name"],
        version=adapter["version"],
        language=adapter["language"],
        homepage=adapter["homepage"],
        must=score(report, "must"),
        should=score(report, "should"),
        settle_times=report["settle_time"],
    )


def _cell(result: Mapping[str, Any] | None, report: Mapping[str, Any], hints: Hints) -> Cell:
    if result is None:
        return Cell(status=ABSENT)
    name = result["id"]
    failed = [case for case in result["cases"] if case["status"] in {"fail", "vacuous", "lost"}]
    told = [f"{case['id']}: {case.get('detail', '')[:300]}" for case in failed[:_TOLD]]
    if len(failed) > _TOLD:
        told.append(f"and {len(failed) - _TOLD} more")
    said = {
        str(verdict)
        for case, verdict in report["behaviours"].items()
        if verdict and (case == name or case.startswith(f"{name}/"))
    }
    return Cell(
        status=result["status"],
        details=tuple(told),
        hint=hints.get((_name(report), name), "") if failed else "",
        recorded=tuple(sorted(said)) if result["status"] == "recorded" else (),
    )


def _name(report: Mapping[str, Any]) -> str:
    adapter = report["adapter"]
    return str(adapter.get("name", adapter.get("spec", "")))
