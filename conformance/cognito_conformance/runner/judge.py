"""Turn observations into an outcome: the verdict rules of the suite, without any I/O.

* Every step's verdict must be among those it permits; a case that permits several is recorded.
* ``error`` is never a rejection: a 500 is not a 401. It fails its case and ``diag/clean-errors``.
* The claims of a permitted accept are compared with the signed ones: ``state/claims-faithful``.
* A reason is only looked at where a step forbids some.
* A vacuous rejection needs the twin's outcome, which `Runner` has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from cognito_conformance.adapters.faults import AdapterFault, AdapterLost
from cognito_conformance.adapters.subject import Answer, CookieAnswer
from cognito_conformance.model import Case, CookiesStep, FetchesStep, Scenario, Verdict, VerifyStep
from cognito_conformance.runner.claims import difference
from cognito_conformance.runner.execute import Observation
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Finding, Status

CLEAN_ERRORS: Final = "diag/clean-errors"
CLAIMS_FAITHFUL: Final = "state/claims-faithful"
ABOUT_CLAIMS: Final = frozenset({"state/no-cross-talk", "state/header-not-trusted"})
"""Whose cases are about the returned claims, so that wrong ones fail the case itself."""
NO_TOKEN_ECHO: Final = "diag/no-token-echo"  # noqa: S105  (a requirement's id)
NO_CLAIMS_ON_REJECT: Final = "diag/no-claims-on-reject"

_CRASH: Final = re.compile(
    r"(?:\w+\.)*(RecursionError|TypeError|KeyError|IndexError|AttributeError|OverflowError|MemoryError"
    r"|ZeroDivisionError|AssertionError|NameError|UnboundLocalError|ReferenceError|RangeError"
    r"|URIError|UnicodeDecodeError|UnicodeEncodeError|NullPointerException|ClassCastException"
    r"|StackOverflowError|NullReferenceException|IndexOutOfRangeException|NoMethodError"
    r"|nil pointer dereference|index out of range|Segmentation fault|panicked at|panic:)"
)
"""At the start of a text it is the reason; further on, a library may be quoting its own cause."""

_ECHO_LENGTH: Final = 24
"""A shorter piece of the token in a message may be chance."""


_Problem: TypeAlias = tuple[Breach, str]


@dataclass(slots=True)
class _Sheet:
    """What is wrong so far."""

    requirement: str
    problems: list[str] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    findings: dict[str, tuple[Breach, str]] = field(default_factory=dict)

    def hold(self, problems: Iterable[_Problem], place: str = "") -> None:
        """Hold problems against this case."""
        for breach, detail in problems:
            self.problems.append(place + detail)
            self.breaches.append(breach)

    def find(self, requirement: str, breach: Breach, detail: str) -> None:
        """Hold something against another requirement, or against this case if it is the one."""
        if requirement == self.requirement:
            self.hold([(breach, detail)])
        else:
            self.findings.setdefault(requirement, (breach, detail))


def judge(case: Case, scenario: Scenario, observations: Sequence[Observation]) -> CaseOutcome:
    """Return the outcome of ``case``, not yet compared with its twin's."""
    sheet = _Sheet(case.requirement)
    verdict: Verdict | None = None
    reason: str | None = None
    fault: AdapterFault | None = None
    for number, seen in enumerate(observations, 1):
        place = f"step {number}: " if len(observations) > 1 else ""
        if seen.fault is not None:
            fault = seen.fault
            sheet.hold([(Breach.CRASHED, f"{fault.kind}: {fault}")], place)
            verdict = Verdict.ERROR
        elif seen.refusal is not None:
            verdict = Verdict.REJECT if scenario.refusal_is_reject else Verdict.ERROR
            if verdict not in case.expect:
                said = f"refused to be configured: {seen.refusal.message}"
                sheet.hold([(Breach.REFUSED, said)])
        elif seen.answer is not None and isinstance(seen.step, VerifyStep):
            verdict, reason = seen.answer.verdict, seen.answer.reason
            sheet.hold(_wrong_verdict(seen.step, seen.answer), place)
            _look_around(sheet, seen.step, seen.answer)
        elif seen.cookies is not None and isinstance(seen.step, CookiesStep):
            verdict = _cookie_verdict(seen.cookies)
            # Several answers may be permitted; an exception is none.
            if len(case.expect) == 1 or verdict is Verdict.ERROR:
                sheet.hold(_wrong_cookies(seen.step, seen.cookies), place)
            if verdict is Verdict.ERROR:
                sheet.find(CLEAN_ERRORS, Breach.CRASHED, seen.cookies.error)
        elif seen.fetches is not None and isinstance(seen.step, FetchesStep):
            sheet.hold(_wrong_fetches(seen.step, seen.fetches), place)
    return CaseOutcome(
        id=case.id,
        requirement=case.requirement,
        status=_status(case, sheet, fault),
        verdict=verdict.value if verdict else None,
        reason=reason,
        detail="; ".join(sheet.problems),
        fault=fault.kind if fault else None,
        breaches=tuple(dict.fromkeys(sheet.breaches)),
        findings=tuple(
            Finding(requirement=name, detail=detail, breach=breach)
            for name, (breach, detail) in sorted(sheet.findings.items())
        ),
        ms=sum(_ms(seen) for seen in observations),
        needs=tuple(sorted(case.needs)),
    )


def _status(case: Case, sheet: _Sheet, fault: AdapterFault | None) -> Status:
    if isinstance(fault, AdapterLost):
        return Status.LOST
    if sheet.problems:
        return Status.FAIL
    return Status.RECORDED if len(case.expect) > 1 else Status.PASS


def breach_by(verdict: Verdict) -> Breach:
    """Return what a verdict that is not permitted means."""
    return {
        Verdict.ACCEPT: Breach.ACCEPTED,
        Verdict.REJECT: Breach.REFUSED,
        Verdict.ERROR: Breach.CRASHED,
    }[verdict]


def _wrong_verdict(step: VerifyStep, answer: Answer) -> Iterator[_Problem]:
    if answer.verdict not in step.expect:
        wanted = " or ".join(sorted(step.expect))
        said = f" ({answer.message[:300]})" if answer.message else ""
        yield breach_by(answer.verdict), f"{answer.verdict}{said}, expected {wanted}"
    elif answer.verdict is Verdict.REJECT and answer.reason in step.forbidden_reasons:
        said = f"rejected as {answer.reason!s}, which says that all the rest was good"
        yield Breach.MASKED, said


def _look_around(sheet: _Sheet, step: VerifyStep, answer: Answer) -> None:
    """Check what holds for every token, whatever the case is about."""
    if answer.verdict is Verdict.ERROR:
        said = f"unexpected exception: {answer.message[:300]}"
        sheet.find(CLEAN_ERRORS, Breach.CRASHED, said)
    elif answer.verdict is Verdict.REJECT:
        if crash := _CRASH.match(answer.message):
            said = f"{crash[1]} surfaced as a rejection: {answer.message[:300]}"
            sheet.find(CLEAN_ERRORS, Breach.CRASHED, said)
        if answer.claims:
            sheet.find(NO_CLAIMS_ON_REJECT, Breach.LEAKED, "the rejection carries claims")
    elif (
        step.claims is not None
        # A subject that returns no claims at all says so: see `Executor`.
        and answer.claims is not None
        # Where an accept is wrong, its claims are beside the point.
        and Verdict.ACCEPT in step.expect
        and (wrong := difference(step.claims, answer.claims))
    ):
        own = sheet.requirement in ABOUT_CLAIMS
        sheet.find(sheet.requirement if own else CLAIMS_FAITHFUL, Breach.MISREAD, wrong)
    signature = step.token.rpartition(".")[2]
    if len(signature) >= _ECHO_LENGTH and signature in answer.message:
        said = "the error text contains the token's signature"
        sheet.find(NO_TOKEN_ECHO, Breach.LEAKED, said)


def _cookie_verdict(answer: CookieAnswer) -> Verdict:
    if answer.found is None:
        return Verdict.ERROR
    found = any(token is not None for token in answer.found["tokens"].values())
    return Verdict.ACCEPT if found else Verdict.REJECT


def _wrong_cookies(step: CookiesStep, answer: CookieAnswer) -> Iterator[_Problem]:
    if answer.found is None:
        yield Breach.CRASHED, f"error ({answer.error[:300]})"
        return
    expected: dict[str, Any] = dict(step.expect)
    if "refresh" not in answer.found["tokens"]:
        # Whoever verifies has no use for it: a subject may say that it does not look for it.
        expected["tokens"] = {
            name: token for name, token in expected["tokens"].items() if name != "refresh"
        }
    if wrong := difference(expected, answer.found, "cookies"):
        yield _cookie_breach(expected, answer.found), wrong


def _cookie_breach(expected: Any, found: Mapping[str, Any]) -> Breach:
    """Tell somebody else's tokens from missing ones."""
    wanted, given = expected["tokens"], found["tokens"]
    if any(token is not None and token != wanted.get(name) for name, token in given.items()):
        return Breach.ACCEPTED
    if any(token is not None and given.get(name) != token for name, token in wanted.items()):
        return Breach.REFUSED
    return Breach.MISREAD


def _wrong_fetches(step: FetchesStep, count: int) -> Iterator[_Problem]:
    if not step.at_least <= count <= step.at_most:
        said = f"{count} requests for keys, expected {step.at_least} to {step.at_most}"
        if count < step.at_least:
            yield Breach.REFUSED, said
        else:
            yield Breach.FETCHED if step.at_most else Breach.CONTACTED, said


def _ms(seen: Observation) -> float:
    return seen.answer.ms if seen.answer else seen.cookies.ms if seen.cookies else 0.0
