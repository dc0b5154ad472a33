"""One line per requirement; what failed, in full."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cognito_conformance.model import Level, Requirement
from cognito_conformance.protocol.messages import PROTOCOL_VERSION
from cognito_conformance.report.document import RunFacts, replay_name
from cognito_conformance.report.summary import (
    Conclusion,
    ExitCode,
    JudgedCase,
    RequirementResult,
    RequirementStatus,
    counts_against,
    settle_times,
)
from cognito_conformance.runner.outcome import MEASURED, Situation, Status
from cognito_conformance.version import SUITE_VERSION

_MARKS: Final = {
    RequirementStatus.PASS: ("✓", "green"),
    RequirementStatus.FAIL: ("✗", "red"),
    RequirementStatus.VACUOUS: ("✗", "red"),
    RequirementStatus.XFAIL: ("x", "yellow"),
    RequirementStatus.RECORDED: ("~", "cyan"),
    RequirementStatus.SKIP: ("-", ""),
}
_ENDINGS: Final = {
    ExitCode.AS_EXPECTED: ("as expected", "green"),
    ExitCode.UNEXPECTED_FAILURE: ("unexpected failures", "red"),
    ExitCode.NOTHING_RAN: ("nothing was executed", "red"),
    ExitCode.STALE_BASELINE: ("only stale baseline entries", "yellow"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text and its colour, or none."""

    text: str
    colour: str = ""


def render(conclusion: Conclusion, facts: RunFacts, *, strict: bool) -> tuple[Line, ...]:
    """Return the report as lines."""
    return (
        *_head(conclusion, facts),
        *(_requirement_line(result, strict=strict) for result in conclusion.results),
        *_failures(conclusion, facts, strict=strict),
        *_foot(conclusion),
    )


def _head(conclusion: Conclusion, facts: RunFacts) -> Iterator[Line]:
    info = conclusion.implementation
    yield Line(text=f"{info.name} {info.version} ({info.language})")
    yield Line(
        text=f"cognito-conformance {SUITE_VERSION}, protocol {PROTOCOL_VERSION}, "
        f"catalogue {facts.catalogue_sha256[:12]}"
    )
    yield Line(text="")


def _requirement_line(result: RequirementResult, *, strict: bool) -> Line:
    mark, colour = _MARKS[result.status]
    if colour == "red" and not counts_against(result, strict=strict):
        mark, colour = "!", "yellow"
    requirement = result.requirement
    count = f" ({len(result.cases)} cases)" if len(result.cases) > 1 else ""
    said = _verdicts(result) if result.status is RequirementStatus.RECORDED else ""
    unmet = f"  [{result.status.value}]" if colour in {"red", "yellow"} else ""
    return Line(
        text=f"{mark} {requirement.level.value:6} {requirement.id}{count}{said}{unmet}",
        colour=colour,
    )


def _verdicts(result: RequirementResult) -> str:
    seen = sorted({case.outcome.verdict or "nothing" for case in result.cases})
    return f": {' and '.join(seen)}"


def _failures(conclusion: Conclusion, facts: RunFacts, *, strict: bool) -> Iterator[Line]:
    for result in conclusion.results:
        failed = [case for case in result.cases if case.status.failed]
        if not failed:
            continue
        binding = counts_against(result, strict=strict)
        yield Line(text="")
        yield Line(
            text=f"{result.requirement.id} ({result.requirement.level.value})",
            colour="red" if binding else "yellow",
        )
        yield from _sentence(result.requirement)
        for case in failed:
            yield from _failed_case(case, facts)


def _sentence(requirement: Requirement) -> Iterator[Line]:
    yield Line(text=f"  {requirement.text}")
    for source in requirement.sources:
        quote = f' "{source.quote}"' if source.quote else ""
        yield Line(text=f"  source: {source.ref}{quote}")
    yield Line(text=f"  threat: {requirement.threat.value}")


def _failed_case(case: JudgedCase, facts: RunFacts) -> Iterator[Line]:
    outcome = case.outcome
    yield Line(text=f"  {case.status.value}: {outcome.id}: {case.detail}")
    if case.expected:
        link = f" ({case.expected.issue})" if case.expected.issue else ""
        yield Line(text=f"    expected: {case.expected.reason}{link}")
    for text in outcome.recipe.splitlines()[:12]:
        yield Line(text=f"    {text[:200]}")
    for text in outcome.stderr.splitlines()[-6:]:
        yield Line(text=f"    stderr: {text[:200]}")
    adapter = shlex.quote(facts.adapter)
    if facts.report_folder and outcome.replay is not None:
        file = shlex.quote(f"{facts.report_folder}/{replay_name(outcome.id)}")
        yield Line(text=f"    again: cognito-conformance replay --adapter {adapter} {file}")
    else:
        name = shlex.quote(outcome.id)
        yield Line(text=f"    again: cognito-conformance {facts.command} {adapter} -k {name}")


def _settle_times(conclusion: Conclusion) -> Iterator[Line]:
    found = settle_times(conclusion)
    for situation, latency in found.items():
        meanwhile = ", with made-up key ids in between" if situation is Situation.STORM else ""
        if latency.seconds is None:
            said = f"not accepted within {latency.limit_s:g} s"
        else:
            said = f"accepted after {latency.seconds:g} s"
        yield Line(text=f"a new key{meanwhile}: {said} (asked every {latency.interval_s:g} s)")
    unasked = [
        case.detail
        for result in conclusion.results
        if result.requirement.id == Situation.QUIET.requirement
        for case in result.cases
        if case.outcome.id.endswith(f"/{MEASURED}") and case.status is Status.SKIP
    ]
    if any("clock.cache" in detail and "jwks.http" not in detail for detail in unasked):
        yield Line(text="a new key: not waited for; --settle-time does")


def _foot(conclusion: Conclusion) -> Iterator[Line]:
    yield Line(text="")
    for level in Level:
        results = [each for each in conclusion.results if each.requirement.level is level]
        asked = [each for each in results if each.status is not RequirementStatus.SKIP]
        met = [
            each
            for each in asked
            if each.status in {RequirementStatus.PASS, RequirementStatus.RECORDED}
        ]
        if asked:
            yield Line(text=f"{level.value.upper()}: {len(met)} of {len(asked)} met")
    yield from _settle_times(conclusion)
    for name, count in conclusion.unsupported.items():
        yield Line(text=f"not supported: {name} ({count} cases not asked)")
    for name in conclusion.untested:
        yield Line(text=f"declared, but nothing exercised it: {name}", colour="red")
    for sentence in conclusion.stale:
        yield Line(text=f"stale baseline entry: {sentence}", colour="yellow")
    for error in conclusion.errors:
        yield Line(text=f"error in the suite itself: {error}", colour="red")
    ending, colour = _ENDINGS[conclusion.exit_code]
    yield Line(text=f"{conclusion.executed} cases executed: {ending}", colour=colour)
