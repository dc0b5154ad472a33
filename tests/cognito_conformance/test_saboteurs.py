"""The suite is tested by those who should fail it: each saboteur fails exactly what it declares."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from cognito_conformance.adapters.subject import Answer, CookieAnswer, Refusal
from cognito_conformance.cases import load_cases
from cognito_conformance.catalogue import load_profiles, load_requirements
from cognito_conformance.forge import Forge
from cognito_conformance.jwks_server import JwksServer, ServedSet
from cognito_conformance.model import (
    SUITE_JWKS_URI,
    Case,
    ConfigurationRefused,
    ConfigureStep,
    CookieAdapter,
    CookiesStep,
    FetchesStep,
    JwksStep,
    Reason,
    Rejected,
    Scenario,
    Step,
    Verdict,
    VerifyStep,
)
from cognito_conformance.runner import CaseOutcome, Observation, judge
from cognito_conformance.saboteurs import SABOTEURS, Reference, Saboteur
from cognito_conformance.tables import read_file

CASES = {case.id: case for case in load_cases()}
EXTREMES = {"always_accept", "always_reject", "always_error"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The engine's judgement without its channel: what a thousand verdicts a second need."""

    scenarios: Mapping[str, Scenario]
    server: JwksServer

    def failed(self, make: Callable[[], CookieAdapter], cases: Mapping[str, Case]) -> set[str]:
        """Return the requirements that an adapter fails."""
        adapter = make()
        outcomes = {
            case.id: judge(
                case, self.scenarios[case.id], tuple(self.play(adapter, self.scenarios[case.id]))
            )
            for case in cases.values()
        }
        broken = {
            requirement
            for outcome in outcomes.values()
            for requirement in outcome.requirements
            if outcome.fails(requirement)
        }
        vacuous = {
            outcome.requirement for outcome in outcomes.values() if self.vacuous(outcome, outcomes)
        }
        return broken | vacuous

    def vacuous(self, outcome: CaseOutcome, outcomes: Mapping[str, CaseOutcome]) -> bool:
        """Tell whether a rejection says nothing, because its twin is rejected as well."""
        case = CASES[outcome.id]
        if case.expect != {Verdict.REJECT} or case.twin is None:
            return False
        twin = outcomes[case.twin]
        return twin.status.failed or twin.verdict != Verdict.ACCEPT.value

    def play(self, adapter: CookieAdapter, scenario: Scenario) -> Iterator[Observation]:
        """Configure the adapter and take the steps."""
        config, steps = scenario.config, list(scenario.steps)
        served = self.server.new_set() if config.jwks_uri == SUITE_JWKS_URI else None
        if served is not None:
            config = replace(config, jwks_uri=served.url)
            _serve(served, steps.pop(0))
        try:
            adapter.reset()
            adapter.configure(config)
        except ConfigurationRefused as refusal:
            yield Observation(step=None, refusal=Refusal(message=str(refusal)))
            return
        for step in steps:
            if isinstance(step, VerifyStep):
                yield Observation(step=step, answer=_answer(adapter, step))
            elif isinstance(step, CookiesStep):
                yield Observation(step=step, cookies=_cookies(adapter, step))
            elif isinstance(step, ConfigureStep):
                adapter.configure(step.config)
            elif isinstance(step, FetchesStep):
                yield Observation(step=step, fetches=served.take_count() if served else 0)
            else:
                _serve(served, step)
                yield Observation(step=step)


def _serve(served: ServedSet | None, step: Step) -> None:
    assert served is not None
    assert isinstance(step, JwksStep)
    if step.jwks is not None:
        served.publish(step.jwks)
    served.outage(step.outage)


def _answer(adapter: CookieAdapter, step: VerifyStep) -> Answer:
    try:
        claims = adapter.verify(step.token, now=step.now)
    except Rejected as rejected:
        return Answer(
            verdict=Verdict.REJECT, reason=Reason(rejected.reason), message=rejected.message
        )
    except Exception as error:  # noqa: BLE001  (a saboteur may crash in any way)
        return Answer(verdict=Verdict.ERROR, message=f"{type(error).__name__}: {error}"[:300])
    return Answer(verdict=Verdict.ACCEPT, claims=claims)


def _cookies(adapter: CookieAdapter, step: CookiesStep) -> CookieAnswer:
    try:
        found = adapter.cookies(step.headers, layout=step.layout, client_id=step.client_id)
    except Exception as error:  # noqa: BLE001  (likewise)
        return CookieAnswer(found=None, error=f"{type(error).__name__}: {error}"[:300])
    return CookieAnswer(found=found)


@pytest.fixture(scope="module")
def court() -> Iterator[Court]:
    """Every case rendered once, and a key set server."""
    forge = Forge.create()
    server = JwksServer.start()
    yield Court(scenarios={case.id: forge.render(case) for case in CASES.values()}, server=server)
    server.close()


def test_the_reference_passes_everything(court: Court) -> None:
    """What the saboteurs are made from has no flaw."""
    assert court.failed(Reference, CASES) == set()


@pytest.mark.parametrize("saboteur", SABOTEURS.values(), ids=lambda saboteur: saboteur.name)
def test_a_saboteur_fails_exactly_what_it_declares(saboteur: Saboteur, court: Court) -> None:
    """The failing set is the declared set: no case is blind, and none is hit by accident."""
    cases = _worth_asking(saboteur)

    assert court.failed(saboteur.factory, cases) == saboteur.fails


def _worth_asking(saboteur: Saboteur) -> dict[str, Case]:
    """Leave out what is slow (fetches, megabytes) where the flaw has nothing to do with it.

    Flaws in fetching, in order and in memory are asked everything.
    """
    module = saboteur.factory.__module__.rpartition(".")[2]
    if module in ("fetching", "conduct", "extremes"):
        return CASES
    asked = {
        name: case
        for name, case in CASES.items()
        if case.requirement in saboteur.fails
        or not (case.id.startswith(("dos/", "jwks/", "rotation/")) or case.id.endswith("/long"))
    }
    twins = {case.twin: CASES[case.twin] for case in asked.values() if case.twin}
    return asked | twins


def test_every_scored_requirement_is_failed_by_somebody_with_one_flaw() -> None:
    """A requirement that nobody can fail proves nothing."""
    failed = {
        requirement
        for saboteur in SABOTEURS.values()
        if saboteur.name not in EXTREMES
        for requirement in saboteur.fails
    }
    scored = {case.requirement for case in CASES.values() if len(case.expect) == 1}

    assert scored - failed == set()
    assert load_profiles()["core"] <= failed


def test_every_requirement_is_failed_by_somebody_with_one_flaw() -> None:
    """Where either verdict is permitted, an exception is still a failure."""
    failed = {
        requirement
        for saboteur in SABOTEURS.values()
        if saboteur.name not in EXTREMES
        for requirement in saboteur.fails
    }

    assert len(failed) >= 230
    assert failed == {each.id for each in load_requirements()}


def test_declarations_name_saboteurs_and_requirements_that_exist() -> None:
    """Nothing is declared for nobody, and every saboteur declares something."""
    known = {each.id for each in load_requirements()}

    assert read_file("saboteurs", "declared.toml").keys() == SABOTEURS.keys()
    assert all(saboteur.fails and saboteur.fails <= known for saboteur in SABOTEURS.values())


def test_one_answer_for_everything_never_passes() -> None:
    """Accepting, rejecting or crashing always fails most of the suite."""
    assert all(len(SABOTEURS[name].fails) > 150 for name in EXTREMES)
