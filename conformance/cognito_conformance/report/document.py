"""``report.json``: the same run gives the same document, apart from the times in it."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import hypothesis

from cognito_conformance.model import Level
from cognito_conformance.protocol.messages import PROTOCOL_VERSION
from cognito_conformance.report.matrix import badge
from cognito_conformance.report.summary import (
    Conclusion,
    JudgedCase,
    RequirementResult,
    settle_times,
)
from cognito_conformance.runner.outcome import Status
from cognito_conformance.version import SUITE_VERSION

SCHEMA_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What was run, before anything came of it."""

    adapter: str
    catalogue_sha256: str
    profile: str | None
    selection: str | None
    level: str
    seed: int | None
    examples: int
    started: dt.datetime
    #: Where the report goes, if anywhere; not part of it.
    report_folder: str | None = None
    #: The command and the option that name the subject; not part of it either.
    command: str = "run --adapter"


def report_document(
    conclusion: Conclusion | None, facts: RunFacts, *, error: str | None = None
) -> dict[str, Any]:
    """Return the report; without a conclusion it says why there is none."""
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "suite": SUITE_VERSION,
        "protocol": PROTOCOL_VERSION,
        "catalogue_sha256": facts.catalogue_sha256,
        "profile": facts.profile,
        "selection": {"pattern": facts.selection, "level": facts.level},
        "seed": facts.seed,
        "hypothesis": {"version": hypothesis.__version__, "examples": facts.examples},
        "started": facts.started.isoformat(timespec="seconds"),
        "adapter": {"spec": facts.adapter},
        "error": error,
        "exit_code": 3,
        "executed": 0,
        "summary": {level.value: _counts([]) for level in Level},
        "requirements": [],
        "behaviours": {},
        "settle_time": {},
        "unsupported": {},
        "untested_capabilities": [],
        "stale_baseline": [],
        "suite_errors": [],
    }
    if conclusion is None:
        return document
    info = conclusion.implementation
    document["adapter"] |= {
        "name": info.name,
        "version": info.version,
        "language": info.language,
        "homepage": info.homepage,
        "capabilities": sorted(info.capabilities),
        "limits": dict(sorted(info.limits.items())),
    }
    document |= {
        "exit_code": int(conclusion.exit_code),
        "executed": conclusion.executed,
        "summary": {
            level.value: _counts(
                [each for each in conclusion.results if each.requirement.level is level]
            )
            for level in Level
        },
        "requirements": [_requirement(result) for result in conclusion.results],
        "behaviours": _behaviours(conclusion),
        "settle_time": {
            situation.value: asdict(latency)
            for situation, latency in settle_times(conclusion).items()
        },
        "unsupported": dict(conclusion.unsupported),
        "untested_capabilities": list(conclusion.untested),
        "stale_baseline": list(conclusion.stale),
        "suite_errors": list(conclusion.errors),
    }
    return document


def write_report(
    folder: Path, conclusion: Conclusion | None, facts: RunFacts, *, error: str | None = None
) -> None:
    """Write ``report.json``, ``badge.json`` and a replay file per failure into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    document = report_document(conclusion, facts, error=error)
    _write(folder / "report.json", document)
    if conclusion is not None:
        _write(folder / "badge.json", badge(document))
    for result in conclusion.results if conclusion else ():
        for case in result.cases:
            if case.status.failed and case.outcome.replay is not None:
                target = folder / replay_name(case.outcome.id)
                target.parent.mkdir(exist_ok=True)
                _write(target, case.outcome.replay)


def replay_name(case_id: str) -> str:
    """Return the path of a failure's replay file inside the report's folder."""
    return f"failures/{re.sub(r'[^A-Za-z0-9._-]+', '-', case_id)}.json"


def _requirement(result: RequirementResult) -> dict[str, Any]:
    requirement = result.requirement
    return {
        "id": requirement.id,
        "level": requirement.level.value,
        "threat": requirement.threat.value,
        "status": result.status.value,
        "cases": [_case(case) for case in result.cases],
    }


def _case(case: JudgedCase) -> dict[str, Any]:
    outcome = case.outcome
    members: dict[str, Any] = {
        "id": outcome.id,
        "status": case.status.value,
        "verdict": outcome.verdict,
        "reason": outcome.reason,
        "ms": round(outcome.ms, 3),
    }
    if case.detail:
        members["detail"] = case.detail
    if outcome.fault:
        members["fault"] = outcome.fault
    if case.status.failed:
        members["breaches"] = [each.value for each in case.breaches]
        members["recipe"] = outcome.recipe
        if outcome.replay is not None:
            members["replay"] = replay_name(outcome.id)
    if case.expected:
        members["expected"] = {"reason": case.expected.reason, "issue": case.expected.issue}
    return members


def _counts(results: list[RequirementResult]) -> dict[str, int]:
    names = ("pass", "fail", "xfail", "vacuous", "recorded", "skip")
    return {name: sum(each.status.value == name for each in results) for name in names}


def _behaviours(conclusion: Conclusion) -> dict[str, str | None]:
    return {
        case.outcome.id: case.outcome.verdict
        for result in conclusion.results
        for case in result.cases
        if case.status is Status.RECORDED
    }


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
