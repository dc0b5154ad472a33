"""What of a report may be published: nothing that shows a way into somebody else's program.

The rule is closed by default. A failed line may be told when every failure in it is known to be one
that keeps people out - a good token refused, an exception, too many requests for keys - or when
the project has decided so by name (`Decisions`). Any other failed line, one that is not understood
included, is *withheld* together with its whole area, until its maintainers have had their time
(SECURITY.md).

A published report is built up from what may be told, never cut down from the raw one, and so is
every number in it. What a case of a withheld area brought to light elsewhere is left out, too.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from cognito_conformance.model import area_of
from cognito_conformance.report.decisions import NO_DECISIONS, Decisions
from cognito_conformance.runner.outcome import Breach, Situation

WITHHELD: Final = "withheld"
STORM: Final = Situation.STORM.requirement
"""Whose failure tells how to keep others out, without a key."""

TELLABLE: Final = frozenset({Breach.REFUSED, Breach.CRASHED, Breach.FETCHED})
"""Whoever knows of these can get nothing by them that was meant for others."""

_GAINFUL: Final = frozenset({"forged", "replayed", "expired"})
_FINE: Final = frozenset({"pass", "skip", "recorded"})
_FACTS: Final = (
    "schema_version",
    "suite",
    "protocol",
    "catalogue_sha256",
    "profile",
    "selection",
    "seed",
    "hypothesis",
)
_ADAPTER: Final = ("name", "version", "language", "homepage", "capabilities", "limits")
_LATENCY: Final = ("seconds", "interval_s", "limit_s", "clock")
_TWIN: Final = re.compile(r"rejected, but so is its twin ([\w/.-]+), which must be accepted")
_UNSAYABLE: Final = re.compile(
    r"JSON (?:compliant|serializable|cannot hold)|serializ|circular structure|call stack",
    re.IGNORECASE,
)
_LONGEST: Final = 200
#: Of this machine or this run: addresses, paths, and anything as long as a token.
_OWN: Final = re.compile(
    r"0x[0-9a-f]{4,}|(?<![\w:])/[\w.@-]+/[\w./@-]*|127\.0\.0\.1:\d+|[\w-]{40,}"
)


class Unpublishable(ValueError):  # noqa: N818  (it describes the report)
    """A report from which nothing may be published; its text says why."""


def findings(report: Mapping[str, Any], decisions: Decisions = NO_DECISIONS) -> tuple[str, ...]:
    """Return the requirements that are to be reported to the maintainers first."""
    return tuple(
        each["id"] for each in report["requirements"] if _in_doubt(each, report, decisions)
    )


def publishable(report: Mapping[str, Any], decisions: Decisions = NO_DECISIONS) -> dict[str, Any]:
    """Return what may be told. A report that was published before comes out as it went in.

    Raises `Unpublishable` for a run that did not go well.
    """
    if report["error"] or report.get("suite_errors"):
        raise Unpublishable(f"{_subject(report)}: something went wrong in the run itself")
    hidden = _hidden_areas(report, decisions)
    lines = (
        _told(each, hidden)
        if _area(each) not in hidden or decisions.tell(_subject(report), each["id"])
        else {**_identity(each), "status": WITHHELD, "cases": []}
        for each in report["requirements"]
    )
    requirements = [line for line in lines if line is not None]
    return {
        **{name: report[name] for name in _FACTS},
        "started": report["started"][:10],
        "adapter": {
            name: report["adapter"][name] for name in _ADAPTER if name in report["adapter"]
        },
        "error": None,
        "summary": _summary(requirements, report["summary"]),
        "requirements": requirements,
        "behaviours": _behaviours(report, hidden, decisions),
        "settle_time": _settle_times(report, decisions),
    }


def _hidden_areas(report: Mapping[str, Any], decisions: Decisions) -> frozenset[str]:
    hidden = {_area(each) for each in report["requirements"] if each["status"] == WITHHELD}
    hidden |= {area_of(name) for name in findings(report, decisions)}
    # Who is told that a rejection is vacuous is told what became of its twin.
    while (
        more := {
            _area(each)
            for each in report["requirements"]
            if any(area_of(twin) in hidden for twin in _twins(each))
        }
        - hidden
    ):
        hidden |= more
    return frozenset(hidden)


def _in_doubt(
    requirement: Mapping[str, Any], report: Mapping[str, Any], decisions: Decisions
) -> bool:
    subject = _subject(report)
    if subject in decisions.own or decisions.tell(subject, requirement["id"]):
        return False
    if requirement["status"] == WITHHELD:
        return False
    failed = [case for case in requirement["cases"] if case["status"] not in _FINE]
    if requirement["status"] not in _FINE and not failed:
        return True
    if requirement["id"] == STORM and failed:
        # Good tokens are refused, but a stranger brings it about.
        return True
    return not all(_keeps_people_out(case) for case in failed)


def _keeps_people_out(case: Mapping[str, Any]) -> bool:
    """Tell whether a failure is understood, and harmless to tell."""
    if case["status"] == "vacuous":
        return _TWIN.fullmatch(case.get("detail", "")) is not None
    breaches = case.get("breaches", ())
    # What broke when the claims were to be handed out had been accepted before.
    accepted = _UNSAYABLE.search(case.get("detail", "")) is not None
    return bool(breaches) and all(each in TELLABLE for each in breaches) and not accepted


def _twins(requirement: Mapping[str, Any]) -> list[str]:
    matches = (
        _TWIN.fullmatch(case.get("detail", ""))
        for case in requirement["cases"]
        if case["status"] == "vacuous"
    )
    return [match[1] for match in matches if match]


def _told(requirement: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any] | None:
    """Return a line as if no case of a hidden area had ever been asked; None if nothing is left."""
    own = _area(requirement)
    cases = [
        case
        for case in requirement["cases"]
        if (area := area_of(case["id"])) not in hidden or area == own
    ]
    status = requirement["status"]
    if len(cases) < len(requirement["cases"]):
        if not cases:
            return None
        status = _status(cases)
    return {
        **_identity(requirement),
        "status": status,
        "cases": [_case(case) for case in cases if case["status"] not in _FINE],
    }


def _status(cases: Sequence[Mapping[str, Any]]) -> str:
    """Return what these cases come to, by the rules of `summary`."""
    failed = [case for case in cases if case["status"] not in _FINE]
    unexpected = [case["status"] for case in failed if "expected" not in case]
    if unexpected:
        return "vacuous" if set(unexpected) == {"vacuous"} else "fail"
    if failed:
        return "xfail"
    statuses = {case["status"] for case in cases}
    return next(each for each in ("pass", "recorded", "skip") if each in statuses)


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    told = {"id": case["id"], "status": case["status"], "verdict": case["verdict"]}
    if case.get("breaches"):
        told["breaches"] = list(case["breaches"])
    if case.get("detail"):
        # The one sentence that is read again, and the suite's own.
        whole = _TWIN.fullmatch(case["detail"])
        told["detail"] = case["detail"] if whole else _clean(case["detail"])
    return told


def _clean(detail: str) -> str:
    """Leave out what says more about this machine than about the library."""
    line = " ".join(_OWN.sub("…", detail).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _behaviours(
    report: Mapping[str, Any], hidden: Collection[str], decisions: Decisions
) -> dict[str, Any]:
    """Return what was recorded, except where somebody might gain by it."""
    own = _subject(report) in decisions.own
    harmless = tuple(
        f"{each['id']}/"
        for each in report["requirements"]
        if own or (each["threat"] not in _GAINFUL and _area(each) not in hidden)
    )
    return {
        name: verdict
        for name, verdict in report["behaviours"].items()
        if f"{name}/".startswith(harmless)
    }


def _settle_times(report: Mapping[str, Any], decisions: Decisions) -> dict[str, Any]:
    """Return for how long a new key is refused, and of a storm only what was decided on.

    The first is what a library documents, and a good token that is refused lets nobody in: it is
    told whatever else is withheld. The second says what a stranger can do to a service. It is left
    out of every report alike, for leaving out the bad ones would point at them.
    """
    subject = _subject(report)
    may_tell_storm = subject in decisions.own or decisions.tell(subject, STORM)
    situations = tuple(Situation) if may_tell_storm else (Situation.QUIET,)
    return {
        each.value: {name: measured[name] for name in _LATENCY}
        for each in situations
        if (measured := report["settle_time"].get(each.value)) is not None
    }


def _summary(
    requirements: list[dict[str, Any]], before: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    return {
        level: {
            status: sum(
                each["level"] == level and each["status"] == status for each in requirements
            )
            for status in dict.fromkeys([*counts, WITHHELD])
        }
        for level, counts in before.items()
    }


def _subject(report: Mapping[str, Any]) -> str:
    return str(report["adapter"].get("name", ""))


def _area(requirement: Mapping[str, Any]) -> str:
    return area_of(requirement["id"])


def _identity(requirement: Mapping[str, Any]) -> dict[str, Any]:
    return {name: requirement[name] for name in ("id", "level", "threat")}
