"""Play a scenario to a subject and write down what it answered; no opinion here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.adapters.subject import Answer, CookieAnswer, Refusal, Subject
from cognito_conformance.jwks_server import JwksServer, ServedSet
from cognito_conformance.model import (
    SUITE_JWKS_URI,
    ConfigureStep,
    CookiesStep,
    FetchesStep,
    Implementation,
    JwksStep,
    Scenario,
    Step,
    VerifyStep,
)

FIXED: Final = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One step and what came back: an answer, a count of requests, or a fault."""

    step: Step | None
    answer: Answer | None = None
    cookies: CookieAnswer | None = None
    fetches: int | None = None
    refusal: Refusal | None = None
    fault: AdapterFault | None = None


class Executor:
    """Plays scenarios to one subject, serving keys over HTTP where a scenario asks for it."""

    def __init__(self, subject: Subject, open_server: Callable[[], JwksServer]) -> None:
        self._subject = subject
        self._open_server = open_server
        self._server: JwksServer | None = None

    @property
    def server(self) -> JwksServer:
        """The JWKS server of this run, started on first use."""
        if self._server is None:
            self._server = self._open_server()
        return self._server

    def play(self, scenario: Scenario) -> tuple[Observation, ...]:
        """Configure, then take the steps in order; a fault or a refusal ends the scenario."""
        served: ServedSet | None = None
        config = scenario.config
        if way_to_keys(scenario, self._subject.info) == "jwks.http":
            served = self.server.new_set()
            if config.jwks is not None:
                served.publish(config.jwks)
            config = replace(config, jwks=None, jwks_uri=served.url)
        steps = list(scenario.steps)
        if served and steps and isinstance(steps[0], JwksStep):
            # An implementation may fetch as soon as it is configured.
            _serve(served, steps.pop(0))
        self._subject.mark_stderr()
        try:
            self._subject.reset()
            refusal = self._subject.configure(config)
        except AdapterFault as fault:
            return (Observation(step=None, fault=fault),)
        if refusal is not None:
            return (Observation(step=None, refusal=refusal),)
        observations: list[Observation] = []
        for step in steps:
            try:
                seen = self._take(step, served)
                observations.append(seen)
                if seen.refusal is not None:
                    break
            except AdapterFault as fault:
                observations.append(Observation(step=step, fault=fault))
                break
        return tuple(observations)

    def close(self) -> None:
        """Stop the JWKS server."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _take(self, step: Step, served: ServedSet | None) -> Observation:
        match step:
            case VerifyStep():
                answer = self._ask(step)
                if FIXED in self._subject.info.capabilities:
                    answer = replace(answer, claims=None)
                return Observation(step=step, answer=answer)
            case ConfigureStep():
                return self._configure_again(step)
            case CookiesStep():
                found = self._subject.cookies(
                    step.headers, layout=step.layout, client_id=step.client_id
                )
                return Observation(step=step, cookies=found)
            case JwksStep():
                _serve(served, step)
                return Observation(step=step)
            case FetchesStep():
                return Observation(step=step, fetches=served.take_count() if served else 0)

    def _ask(self, step: VerifyStep) -> Answer:
        """Return the answer, or of several the first that is not permitted."""
        if step.threads == 1:
            return self._subject.verify(step.token, step.now)
        answers = self._subject.verify_together(step.token, step.now, threads=step.threads)
        wrong = (answer for answer in answers if answer.verdict not in step.expect)
        return next(wrong, answers[0])

    def _configure_again(self, step: ConfigureStep) -> Observation:
        config = step.config
        if config.jwks is not None and "jwks.static" not in self._subject.info.capabilities:
            served = self.server.new_set()
            served.publish(config.jwks)
            config = replace(config, jwks=None, jwks_uri=served.url)
        return Observation(step=step, refusal=self._subject.configure(config))


def way_to_keys(scenario: Scenario, info: Implementation) -> str:
    """Return the capability by which the subject gets the scenario's keys, or ``verify``.

    A fixed set is served over HTTP to a subject that cannot take its keys from the configuration.
    """
    if scenario.config.jwks_uri == SUITE_JWKS_URI:
        return "jwks.http"
    if scenario.config.jwks is None:
        return "verify"
    if FIXED in info.capabilities:
        return FIXED
    only_fetches = info.capabilities & {"jwks.static", "jwks.http"} == {"jwks.http"}
    return "jwks.http" if only_fetches else "jwks.static"


def _serve(served: ServedSet | None, step: Step) -> None:
    if served is None or not isinstance(step, JwksStep):
        raise ValueError("a JWKS step needs config.jwks_uri to be the suite's")
    if step.jwks is not None:
        served.publish(step.jwks)
    served.outage(step.outage)
