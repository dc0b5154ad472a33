"""The runner with real forge, real cases and in-process subjects."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cognito_conformance.adapters.builtin.cognito_verify import CognitoVerifyAdapter
from cognito_conformance.adapters.opening import subject_for
from cognito_conformance.adapters.subject import Subject
from cognito_conformance.forge import Forge
from cognito_conformance.model import Adapter
from cognito_conformance.properties import PROPERTIES, Property
from cognito_conformance.properties.rotation import walk
from cognito_conformance.properties.search import search
from cognito_conformance.report.replay import read_replay
from cognito_conformance.runner import Runner, Status
from cognito_conformance.selection import Catalogue

from . import subjects

MakeRunner = Callable[[Adapter], Runner]
CATALOGUE = Catalogue.load()
CASES = {case.id: case for case in CATALOGUE.cases}


@pytest.fixture(scope="module")
def forge() -> Forge:
    """Keys for the whole module."""
    return Forge.create(1)


@pytest.fixture
def runner_for(forge: Forge) -> Iterator[MakeRunner]:
    """Make runners; all are closed at the end."""
    runners: list[Runner] = []

    def make(adapter: Adapter) -> Runner:
        subject = subject_for(adapter)
        subject.start()
        runner = Runner(
            subject,
            forge.render,
            requirements=CATALOGUE.requirements,
            cases=CATALOGUE.cases,
        )
        runners.append(runner)
        return runner

    yield make
    for runner in runners:
        runner.close()


def law(name: str) -> Property:
    """Return the property called ``name``."""
    return next(each for each in PROPERTIES if each.name == name)


def test_a_good_subject_passes(runner_for: MakeRunner) -> None:
    """An accept and its reject."""
    runner = runner_for(subjects.Good())

    assert runner.run(CASES["base/access"]).status is Status.PASS
    assert runner.run(CASES["time/exp/at-now"]).status is Status.PASS


def test_rejecting_everything_is_vacuous(runner_for: MakeRunner) -> None:
    """Who refuses the twin as well has shown nothing."""
    outcome = runner_for(subjects.RejectsAll()).run(CASES["time/exp/at-now"])

    assert outcome.status is Status.VACUOUS
    assert "time/exp/one-second-left" in outcome.detail


def test_accepting_everything_fails(runner_for: MakeRunner) -> None:
    """The verdict itself is wrong; the twin does not matter."""
    outcome = runner_for(subjects.AcceptsAll()).run(CASES["time/exp/at-now"])

    assert outcome.status is Status.FAIL


def test_a_case_is_skipped_for_a_capability_declared_absent(runner_for: MakeRunner) -> None:
    """And for nothing else; the missing capability is named."""
    case = next(case for case in CATALOGUE.cases if case.id.startswith("cookie/"))

    outcome = runner_for(subjects.Good()).run(case)

    assert (outcome.status, outcome.detail) == (Status.SKIP, "not supported: cookies")


def test_the_claims_are_compared(runner_for: MakeRunner) -> None:
    """An invented claim is held against faithful claims."""
    outcome = runner_for(subjects.AddsAClaim()).run(CASES["base/access"])

    assert outcome.fails("state/claims-faithful")
    assert not outcome.fails("base/access")


def test_a_subject_that_exits_does_not_end_the_run(runner_for: MakeRunner) -> None:
    """In this process an exit would take the suite along."""
    runner = runner_for(subjects.ExitsOnReset())

    outcomes = [runner.run(CASES["base/access"]) for _ in range(3)]

    assert [each.fault for each in outcomes] == ["crash", "crash", "adapter_lost"]
    assert outcomes[2].status is Status.LOST


def test_a_failure_can_be_replayed(runner_for: MakeRunner) -> None:
    """The replay document holds the very token; the recipe is a case to paste."""
    outcome = runner_for(subjects.LateByASecond()).run(CASES["time/exp/at-now"])

    assert outcome.replay is not None
    case, scenario = read_replay(outcome.replay)
    assert (case.id, case.expect) == ("time/exp/at-now", CASES["time/exp/at-now"].expect)
    assert scenario.steps[0].token.count(".") == 2
    assert outcome.recipe.startswith('[[case]]\nid = "time/exp/at-now"\nexpect = "reject"\n')


def test_a_fixed_set_is_served_to_a_subject_that_only_fetches(runner_for: MakeRunner) -> None:
    """Whoever cannot take its keys from the configuration gets them over HTTP."""

    class OnlyFetches(subjects.Good):
        @property
        def info(self):
            capabilities = frozenset({"verify", "jwks.http", "clock.token"})
            return replace(super().info, capabilities=capabilities)

        def configure(self, config):
            assert config.jwks is None
            super().configure(config)

    outcome = runner_for(OnlyFetches()).run(CASES["base/access"])

    assert (outcome.status, "jwks.http" in outcome.needs) == (Status.PASS, True)


@pytest.mark.parametrize("each", PROPERTIES, ids=[each.name for each in PROPERTIES])
def test_a_good_subject_obeys_every_law(runner_for: MakeRunner, each) -> None:
    """The oracles are right, at least where the verifier is."""
    outcomes = search(each, runner_for(CognitoVerifyAdapter()), examples=25, seed=None)

    assert {outcome.status for outcome in outcomes} == {Status.PASS}
    assert {outcome.requirement for outcome in outcomes} <= set(each.requirements)


def test_a_broken_law_is_reported_as_its_smallest_case(runner_for: MakeRunner) -> None:
    """The example that remains has one second to live, and nothing else."""
    outcomes = search(
        law("expiry-step"), runner_for(subjects.LateByASecond()), examples=100, seed=None
    )

    broken = {each.requirement: each for each in outcomes if each.failed}
    assert set(broken) <= {"time/exp/at-now", "time/leeway/at-edge"}
    assert 'claims = { exp = "now+1" }' in broken["time/exp/at-now"].recipe


def test_a_law_that_is_obeyed_by_rejecting_everything_is_vacuous(runner_for: MakeRunner) -> None:
    """Properties have twins, too."""
    outcomes = search(
        law("flipped-bits"), runner_for(subjects.RejectsAll()), examples=10, seed=None
    )

    assert {outcome.status for outcome in outcomes} == {Status.VACUOUS}


def test_the_same_law_is_searched_in_the_same_way(forge: Forge, runner_for: MakeRunner) -> None:
    """A conformance run must not fail differently on another day."""

    class Listens(subjects.RejectsAll):
        def __init__(self):
            super().__init__()
            self.heard = []

        def verify(self, token, *, now):
            self.heard.append(token)
            return super().verify(token, now=now)

    heard = []
    for _ in range(2):
        adapter = Listens()
        search(law("kids"), runner_for(adapter), examples=20, seed=None)
        heard.append(adapter.heard)

    assert heard[0] == heard[1]


def test_the_rotation_machine_accepts_a_good_subject(runner_for: MakeRunner) -> None:
    """Whatever the walk, the server's log permits what it does."""
    outcomes = walk(runner_for(subjects.Good()), examples=10, given_seed=None)

    assert {outcome.status for outcome in outcomes} == {Status.PASS}


def test_the_rotation_machine_finds_a_cache_that_never_refreshes(runner_for: MakeRunner) -> None:
    """In a few steps: a miss, a publication, a presentation."""
    outcomes = walk(runner_for(subjects.CachesForever()), examples=40, given_seed=None)

    (broken,) = [each for each in outcomes if each.failed]
    assert broken.requirement == "rotation/pickup"
    assert broken.recipe.count("token =") <= 3
    assert broken.replay is not None


def test_what_a_library_has_no_setting_for_is_skipped(runner_for: MakeRunner) -> None:
    """And nothing else: the other cases of the same subject are asked."""
    runner = runner_for(subjects.KnowsNoScopes())

    skipped = runner.run(CASES["authz/scope/absent/others"])

    assert (skipped.status, skipped.detail) == (
        Status.SKIP,
        "not supported: config.required_scopes",
    )
    assert runner.run(CASES["base/access"]).status is Status.PASS


def test_threads_that_fetch_one_by_one_are_found(runner_for: MakeRunner) -> None:
    """Eight threads ask at once; who does not wait for a fetch under way asks eight times."""

    class FetchesEachTime(subjects.Threaded):
        def verify(self, token, *, now):
            fresh = subjects.Good()
            fresh.configure(self._config)
            return fresh.verify(token, now=now)

    flawed = runner_for(FetchesEachTime()).run(CASES["rotation/single-flight/threads"])
    good = runner_for(subjects.Threaded()).run(CASES["rotation/single-flight/threads"])

    assert flawed.status is Status.FAIL
    assert "8 requests" in flawed.detail
    assert good.status is Status.PASS


def test_a_pipe_takes_no_threads(start: Callable[..., Subject]) -> None:
    """Whatever its other end declares."""
    assert "concurrency" not in start("threads").info.capabilities


def test_what_needs_threads_is_skipped_without_them(runner_for: MakeRunner) -> None:
    """A subject that does not declare them may be right not to have them."""
    outcome = runner_for(subjects.Good()).run(CASES["rotation/single-flight/threads"])

    assert (outcome.status, outcome.detail) == (Status.SKIP, "not supported: concurrency")
