"""Reports made by hand: one case a requirement, in the form that a run writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from cognito_conformance.catalogue import load_requirements

Report = dict[str, Any]
KINDS = {each.id: (each.level.value, each.threat.value) for each in load_requirements()}


def case(
    status: str, verdict: str | None, detail: str = "", *, breaches: Sequence[str] = ()
) -> Report:
    """Return one case of a report, still without an id."""
    found: Report = {"status": status, "verdict": verdict, "reason": None, "ms": 1.0}
    if detail:
        found["detail"] = detail
    if status in {"fail", "vacuous", "lost"}:
        found |= {"breaches": list(breaches), "recipe": "[[case]]", "replay": "failures/x.json"}
    return found


PASSED = case("pass", "reject")
GOOD = case("pass", "accept")
ACCEPTED = case("fail", "accept", "accept, expected reject", breaches=["accepted"])
REFUSED = case("fail", "reject", "reject (no), expected accept", breaches=["refused"])
CRASHED = case("fail", "error", "error (KeyError: 'kid'), expected reject", breaches=["crashed"])


def vacuous(twin: str) -> Report:
    """Return a rejection that proves nothing."""
    said = f"rejected, but so is its twin {twin}, which must be accepted"
    return case("vacuous", "reject", said, breaches=["refused"])


def line(name: str, status: str, cases: Mapping[str, Report]) -> Report:
    """Return one requirement with its cases by id."""
    level, threat = KINDS[name]
    found = [{"id": each, **one} for each, one in cases.items()]
    return {"id": name, "level": level, "threat": threat, "status": status, "cases": found}


def report(
    results: Mapping[str, Report] | Sequence[Report],
    *,
    name: str = "lib",
    catalogue: str = "0" * 64,
    **members: Any,
) -> Report:
    """Return a report: of one case a requirement, or of given lines."""
    lines = (
        [line(each, one["status"], {f"{each}/case": one}) for each, one in results.items()]
        if isinstance(results, Mapping)
        else list(results)
    )
    counts = dict.fromkeys(("pass", "fail", "xfail", "vacuous", "recorded", "skip"), 0)
    return {
        "schema_version": 1,
        "suite": "0.1.0",
        "protocol": 1,
        "catalogue_sha256": catalogue,
        "profile": None,
        "selection": {"pattern": None, "level": "may"},
        "seed": 1,
        "hypothesis": {"version": "6", "examples": 5},
        "started": "2026-01-02T03:04:05+00:00",
        "adapter": {
            "spec": "exec:/home/me/adapter",
            "name": name,
            "version": "1.0",
            "language": "python",
            "homepage": "https://example.org",
            "capabilities": ["verify"],
            "limits": {},
        },
        "error": None,
        "exit_code": 1,
        "executed": 77,
        "summary": {level: dict(counts) for level in ("must", "should", "may")},
        "requirements": lines,
        "behaviours": {},
        "settle_time": {},
        "unsupported": {"cookies": 9},
        "untested_capabilities": [],
        "stale_baseline": [],
        "suite_errors": [],
        **members,
    }


def statuses(document: Report) -> dict[str, str]:
    """Return the status of each requirement."""
    return {each["id"]: each["status"] for each in document["requirements"]}
