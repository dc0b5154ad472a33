"""For how long a newly published key is refused: measured, judged and reported. CONFORMANCE 4.4."""

import json
import shlex
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cognito_conformance.adapters.opening import is_command, open_subject, subject_for
from cognito_conformance.cli import main
from cognito_conformance.forge import Forge
from cognito_conformance.model import Adapter
from cognito_conformance.runner import CaseOutcome, Runner, Status
from cognito_conformance.runner.outcome import Breach, Situation
from cognito_conformance.runner.settle_time import SettleTime
from cognito_conformance.runner.settling import Pace
from cognito_conformance.saboteurs import SABOTEURS, Reference
from cognito_conformance.selection import Catalogue

from .own_clocks import DiesOfANewKey, NeverAgain, RefusesEverybody, RestsForTwoSeconds

CATALOGUE = Catalogue.load()
QUICK = Pace(interval_s=0.2, limit_s=5.0)
QUIET, STORM = Situation.QUIET.requirement, Situation.STORM.requirement


@pytest.fixture(scope="module")
def forge() -> Forge:
    """Keys for the whole module."""
    return Forge.create(1)


@pytest.fixture
def measured(forge: Forge) -> Iterator[Callable[..., dict[str, CaseOutcome]]]:
    """Measure adapters; return the outcomes by requirement."""
    opened: list[SettleTime | Runner] = []

    def measure(
        adapter: Adapter, *, waits: bool = True, pace: Pace = QUICK, aside: bool = False
    ) -> dict[str, CaseOutcome]:
        subject = subject_for(adapter)
        subject.start()
        runner = Runner(
            subject,
            forge.render,
            requirements=CATALOGUE.requirements,
            cases=CATALOGUE.cases,
        )
        settle_time = SettleTime(
            runner,
            waits=waits,
            open_another=(lambda: subject_for(type(adapter)())) if aside else None,
            pace=pace,
        )
        opened.extend((settle_time, runner))
        settle_time.begin()
        return {each.requirement: each for each in settle_time.outcomes()}

    yield measure
    for each in opened:
        each.close()


def seconds(outcome: CaseOutcome) -> float | None:
    """Return what was measured."""
    assert outcome.latency is not None
    return outcome.latency.seconds


@pytest.mark.parametrize("aside", [False, True], ids=["one-after-the-other", "side-by-side"])
def test_a_cooldown_on_the_wall_clock_is_measured_by_waiting(
    measured: Callable[..., dict[str, CaseOutcome]], *, aside: bool
) -> None:
    """Two seconds of real time, over real HTTP; a busy machine is late by some attempts."""
    outcomes = measured(RestsForTwoSeconds(), aside=aside)

    for name in (QUIET, STORM):
        assert outcomes[name].status is Status.PASS
        assert seconds(outcomes[name]) == pytest.approx(2.0, abs=0.6)
        assert outcomes[name].latency.clock == "waited"


def test_a_key_that_is_never_picked_up_is_waited_for_up_to_a_limit(
    measured: Callable[..., dict[str, CaseOutcome]],
) -> None:
    """That is no number, and a failure that keeps people out; nobody had to starve it."""
    started = time.monotonic()

    outcomes = measured(NeverAgain(), pace=Pace(interval_s=0.2, limit_s=1.0))

    assert time.monotonic() - started < 10
    assert outcomes.keys() == {QUIET}
    assert seconds(outcomes[QUIET]) is None
    assert outcomes[QUIET].status is Status.FAIL
    assert outcomes[QUIET].breaches == (Breach.REFUSED,)
    assert outcomes[QUIET].detail == "not accepted in 1 s, expected within 60 s"


@pytest.mark.parametrize(
    ("name", "quiet", "storm"),
    [
        ("reference", 10, 10),
        ("fetches_for_every_unknown_kid", 0, 0),
        ("caches_forever", None, None),
        ("rests_for_two_minutes", None, None),
        ("puts_off_whoever_asks_again", None, None),
        ("unknown_kids_prolong_the_cooldown", None, None),
    ],
)
def test_a_cache_that_follows_our_clock_is_measured_without_waiting(
    measured: Callable[..., dict[str, CaseOutcome]],
    name: str,
    quiet: float | None,
    storm: float | None,
) -> None:
    """A minute of its time costs none of ours, so that every run has the number."""
    adapter = Reference() if name == "reference" else SABOTEURS[name].factory()

    outcomes = measured(adapter, waits=False, pace=Pace())

    assert seconds(outcomes[QUIET]) == quiet
    assert outcomes[QUIET].status is (Status.FAIL if quiet is None else Status.PASS)
    assert (STORM in outcomes) is (quiet is not None)
    if STORM in outcomes:
        assert seconds(outcomes[STORM]) == storm


def test_strangers_who_keep_a_new_key_out_are_found(
    measured: Callable[..., dict[str, CaseOutcome]],
) -> None:
    """Left in peace the subject picks the key up at once."""
    outcomes = measured(SABOTEURS["strangers_keep_new_keys_out"].factory(), pace=Pace())

    assert seconds(outcomes[QUIET]) == 0
    assert seconds(outcomes[STORM]) is None
    assert outcomes[STORM].status is Status.FAIL
    assert outcomes[STORM].detail == "not accepted in 65 s, expected within 60 s"


def test_nobody_waits_unasked(measured: Callable[..., dict[str, CaseOutcome]]) -> None:
    """An ordinary run stays short: what has a clock of its own is skipped."""
    outcomes = measured(RestsForTwoSeconds(), waits=False)

    assert {each.status for each in outcomes.values()} == {Status.SKIP}
    assert outcomes[QUIET].detail == "not supported: clock.cache"


def test_a_subject_that_refuses_the_first_key_is_not_measured(
    measured: Callable[..., dict[str, CaseOutcome]],
) -> None:
    """There is nothing to wait for, and no number."""
    outcomes = measured(RefusesEverybody())

    assert outcomes[QUIET].status is Status.FAIL
    assert outcomes[QUIET].latency is None
    assert outcomes[QUIET].detail == "the first key: reject (no such key)"


def test_attempts_fall_between_whole_intervals() -> None:
    """A rest of whole seconds never ends together with an attempt."""
    pace = Pace(interval_s=1.0, limit_s=65.0)

    attempts = list(pace.attempts())

    assert attempts[:4] == [0.0, 0.5, 1.5, 2.5]
    assert attempts[-1] == 64.5
    assert pace.rounded((29.5 + 30.5) / 2) == 30.0
    assert pace.rounded((29.61 + 30.84) / 2) == 30.0


def process(name: str) -> str:
    """Return the specification of a subject behind a pipe."""
    words = [sys.executable, "-m", "cognito_conformance.serve", f"own_clocks:{name}"]
    return f"exec:{shlex.join(words)}"


@pytest.fixture
def own_clocks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let other processes find the subjects."""
    here = Path(__file__).parent
    root = here.parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{here}:{root / 'conformance'}:{root / 'src'}")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("own_clocks")
@pytest.mark.parametrize("workers", [(), ("--", "-n", "2")], ids=["alone", "xdist"])
def test_the_command_waits_when_it_is_told_to(
    workers: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The number is in the terminal and in the report, whose form is the schema's."""
    arguments = ["-k", "rotation/s*", "--settle-time", "--report", "out", *workers]

    status = main(["run", "--adapter", process("RestsForTwoSeconds"), *arguments])

    assert status == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    schema = files("cognito_conformance.report").joinpath("v1/report.schema.json").read_text()
    Draft202012Validator(json.loads(schema)).validate(report)
    quiet = report["settle_time"]["quiet"]
    assert quiet == {**quiet, "interval_s": 1.0, "limit_s": 65.0, "clock": "waited"}
    assert quiet["seconds"] == pytest.approx(2.0, abs=1.0)
    assert report["settle_time"]["storm"]["clock"] == "waited"
    said = f"a new key: accepted after {quiet['seconds']:g} s (asked every 1 s)"
    assert said in capsys.readouterr().out


@pytest.mark.usefixtures("own_clocks")
def test_without_the_option_the_command_says_what_it_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the report has no number."""
    arguments = ["-k", "rotation/s*", "--report", "out"]

    main(["run", "--adapter", process("RestsForTwoSeconds"), *arguments])

    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["settle_time"] == {}
    assert "a new key: not waited for; --settle-time does" in capsys.readouterr().out


@pytest.mark.usefixtures("own_clocks")
def test_a_process_that_dies_of_a_new_key_is_a_crash(tmp_path: Path) -> None:
    """It ends no run."""
    arguments = ["-k", QUIET, "--settle-time", "--report", "out"]

    status = main(["run", "--adapter", process("DiesOfANewKey"), *arguments])

    assert status == 0  # a SHOULD warns
    (line,) = json.loads((tmp_path / "out" / "report.json").read_text())["requirements"]
    (case,) = (each for each in line["cases"] if each["status"] == "fail")
    assert case["fault"] == "crash"
    assert case["breaches"] == ["crashed"]


@pytest.mark.usefixtures("own_clocks")
def test_what_is_waited_for_can_be_given_up(forge: Forge) -> None:
    """An interrupted run does not go on for a minute."""
    subject = open_subject(process("NeverAgain"))
    subject.start()
    runner = Runner(
        subject, forge.render, requirements=CATALOGUE.requirements, cases=CATALOGUE.cases
    )
    settle_time = SettleTime(
        runner, waits=True, open_another=lambda: open_subject(process("NeverAgain"))
    )
    before = threading.active_count()
    settle_time.begin()
    started = time.monotonic()

    settle_time.close()
    runner.close()

    assert time.monotonic() - started < 20
    assert threading.active_count() <= before


def test_what_is_a_command_is_told_from_what_is_not() -> None:
    """Only of a process another one can be had."""
    assert is_command("exec:node adapter.mjs")
    assert is_command("node adapter.mjs")
    assert not is_command("package.module:attr")
    assert not is_command("http://127.0.0.1:8000/me")
    assert DiesOfANewKey().info.capabilities == RestsForTwoSeconds().info.capabilities
