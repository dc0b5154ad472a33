"""Ask an issuer everything, and turn what came of it into outcomes."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import httpx

from cognito_conformance.issuers.checks import CHECKS
from cognito_conformance.issuers.requirements import load_issuer_cases, load_issuer_requirements
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.target import CIRCUMSTANCES, FEATURES
from cognito_conformance.issuers.wire import Wrong, without_tokens
from cognito_conformance.model import Case, Implementation, Threat, Verdict
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status

_ATTEMPTS: Final = 2
_LONGEST: Final = 400
_GAINFUL: Final = frozenset({Threat.FORGED, Threat.REPLAYED, Threat.EXPIRED})
#: What reading an answer of an unexpected shape raises.
_OF_ANOTHER_SHAPE: Final = (AttributeError, LookupError, TypeError, ValueError)


class Judge:
    """Everything one run shares: the conversation, and the outcomes that twins need."""

    def __init__(
        self,
        session: Session,
        *,
        provisioned: bool,
        hidden: Sequence[str] = (),
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._session = session
        self._provisioned = provisioned
        self._hidden = tuple(hidden)
        self._stopwatch = stopwatch
        self._cases: Mapping[str, Case] = {case.id: case for case in load_issuer_cases()}
        self._asked: dict[str, CaseOutcome] = {}

    @property
    def capabilities(self) -> frozenset[str]:
        """What the issuer is asked about: all that its user does not declare absent."""
        absent = set(self._session.without)
        if not self._provisioned:
            absent.add("provision")
            if self._session.target.confidential is None:
                absent.add("secret")
        return frozenset({*FEATURES, *CIRCUMSTANCES}) - absent

    def implementation(self, name: str, version: str) -> Implementation:
        """Return the issuer as reports name it."""
        return Implementation(
            name=name, version=version, language="issuer", capabilities=self.capabilities
        )

    def run(self, case: Case) -> CaseOutcome:
        """Return what came of ``case``, compared with its twin."""
        if absent := case.needs - self.capabilities:
            detail = f"not supported: {', '.join(sorted(absent))}"
            return _outcome(case, Status.SKIP, detail=detail)
        outcome = self._ask(case)
        if case.twin is None or outcome.status is not Status.PASS:
            return outcome
        if self._ask(self._cases[case.twin]).status is Status.PASS:
            return outcome
        detail = f"rejected, but so is its twin {case.twin}, which must be accepted"
        return replace(outcome, status=Status.VACUOUS, detail=detail)

    def _ask(self, case: Case) -> CaseOutcome:
        if case.id not in self._asked:
            started = self._stopwatch()
            outcome = self._outcome(case)
            elapsed = (self._stopwatch() - started) * 1000
            self._asked[case.id] = replace(outcome, ms=elapsed)
        return self._asked[case.id]

    def _outcome(self, case: Case) -> CaseOutcome:
        # A connection that the other end has just given up, or a machine that is busy for a
        # moment, is no verdict: who is silent is asked once more.
        silence: httpx.HTTPError | None = None
        for _ in range(_ATTEMPTS):
            try:
                detail = self._wrong(case)
            except httpx.HTTPError as error:
                silence = error
            else:
                return _outcome(case, Status.FAIL if detail else Status.PASS, detail=detail)
        detail = self._told(f"no answer: {type(silence).__name__}: {silence}")
        # Silence lets nobody in, whatever was asked.
        return replace(_outcome(case, Status.FAIL, detail=detail), breaches=(Breach.CRASHED,))

    def _wrong(self, case: Case) -> str:
        """Return what is wrong, or nothing. Raises `httpx.HTTPError` where nobody answers."""
        try:
            CHECKS[case.id](self._session)
        except Wrong as wrong:
            return self._told(str(wrong)) or "wrong"
        except _OF_ANOTHER_SHAPE as error:
            return self._told(f"an answer of another shape: {type(error).__name__}: {error}")
        return ""

    def _told(self, text: str) -> str:
        """Return ``text`` without tokens and passwords, whatever the issuer wrote into it."""
        for secret in self._hidden:
            text = text.replace(secret, "<secret>")
        return without_tokens(text)[:_LONGEST]


def _outcome(case: Case, status: Status, *, detail: str) -> CaseOutcome:
    verdict = None if status is Status.SKIP else _verdict(case, passed=status is Status.PASS)
    return CaseOutcome(
        id=case.id,
        requirement=case.requirement,
        status=status,
        verdict=verdict,
        detail=detail,
        breaches=(_breach(case),) if status is Status.FAIL else (),
        needs=tuple(sorted(case.needs)),
    )


def _breach(case: Case) -> Breach:
    """Tell what a failure amounts to: the worst, where somebody might gain by it."""
    threat = next(each.threat for each in load_issuer_requirements() if each.id == case.id)
    if threat not in _GAINFUL:
        return Breach.REFUSED
    return Breach.ACCEPTED if case.twin else Breach.MISREAD


def _verdict(case: Case, *, passed: bool) -> str:
    expected = next(iter(case.expect))
    other = Verdict.REJECT if expected is Verdict.ACCEPT else Verdict.ACCEPT
    return (expected if passed else other).value
