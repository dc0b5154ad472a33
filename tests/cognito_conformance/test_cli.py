"""The command as its users meet it: exit codes, reports, and what is printed."""

import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cognito_conformance.cli import main
from cognito_conformance.forge.keys import forget_seeded_keys

from .conftest import command

SUBJECTS = Path(__file__).parent
BUILT_IN = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command on in-process subjects, from an empty folder."""
    monkeypatch.syspath_prepend(str(SUBJECTS))
    monkeypatch.chdir(tmp_path)

    def run_subject(name: str, *arguments: str) -> int:
        spec = name if ":" in name or " " in name else f"subjects:{name}"
        return main(["run", "--adapter", spec, "--examples", "5", *arguments])

    return run_subject


def report_in(folder: Path) -> dict:
    """Return the report after holding it against its schema."""
    report = json.loads((folder / "report.json").read_text())
    text = files("cognito_conformance.report").joinpath("v1/report.schema.json").read_text()
    Draft202012Validator(json.loads(text)).validate(report)
    return report


def test_a_good_subject_ends_with_0(run: Run, tmp_path: Path, capsys) -> None:
    """And each requirement has its line."""
    status = run("Good", "-k", "time/exp/*", "--report", "out")

    assert status == 0
    report = report_in(tmp_path / "out")
    assert report["exit_code"] == 0
    assert report["summary"]["must"]["fail"] == 0
    assert "✓ must   time/exp/at-now" in capsys.readouterr().out


def test_a_flawed_subject_ends_with_1_and_can_be_replayed(run: Run, tmp_path: Path, capsys) -> None:
    """The failure is explained, and its file shows it again."""
    status = run("LateByASecond", "-k", "time/exp/at-now", "--report", "out")

    out = capsys.readouterr().out
    assert status == 1
    assert "on or after which the JWT MUST NOT be accepted" in out
    assert "threat: expired" in out
    report = report_in(tmp_path / "out")
    (requirement,) = report["requirements"]
    assert requirement["status"] == "fail"
    file = f"out/{requirement['cases'][0]['replay']}"
    assert main(["replay", "--adapter", "subjects:LateByASecond", file]) == 1
    assert main(["replay", "--adapter", "subjects:Good", file]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--profile", "no-such-profile"),
        ("--baseline", "no-such-file.toml"),
    ],
)
def test_bad_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    """Before anything is asked."""
    assert run("Good", *arguments) == 2


def test_an_adapter_of_neither_form_ends_with_2(run: Run) -> None:
    """It is a mistake in the command."""
    assert main(["run", "--adapter", "neither"]) == 2


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("exec:no-such-program-at-all", "never_started"),
        (command("version"), "version_mismatch"),
        (command("unknown-capability"), "invalid_answer"),
    ],
)
def test_an_adapter_that_never_started_ends_with_3(
    run: Run, tmp_path: Path, spec: str, fault: str
) -> None:
    """The report is a valid document all the same, and says why it is empty."""
    assert run(spec, "--report", "out") == 3
    assert report_in(tmp_path / "out")["error"].startswith(f"{fault}: ")


def test_nothing_executed_ends_with_3(run: Run, tmp_path: Path) -> None:
    """Zero cases are no success."""
    assert run("Good", "-k", "no/such/case", "--report", "out") == 3
    assert report_in(tmp_path / "out")["executed"] == 0


def test_only_skipped_cases_are_nothing_executed(run: Run) -> None:
    """Skipped is not green."""
    assert run("Good", "-k", "cookie/*") == 3


def test_expected_failures_end_with_0_and_count_all_the_same(run: Run, tmp_path: Path) -> None:
    """A baseline keeps a failure from surprising, not from being one."""
    Path("baseline.toml").write_text(
        'suite = "0.1"\n[[xfail]]\ncase = "time/exp/at-now*"\nreason = "off by one"\n'
    )

    status = run(
        "LateByASecond", "-k", "time/exp/at-now", "--baseline", "baseline.toml", "--report", "out"
    )

    assert status == 0
    report = report_in(tmp_path / "out")
    assert report["summary"]["must"] == {
        "pass": 0, "fail": 0, "xfail": 1, "vacuous": 0, "recorded": 0, "skip": 0
    }  # fmt: skip
    assert report["requirements"][0]["cases"][0]["expected"]["reason"] == "off by one"


def test_stale_entries_alone_end_with_4(run: Run) -> None:
    """So that somebody removes them."""
    Path("baseline.toml").write_text(
        'suite = "0.1"\n[[xfail]]\ncase = "time/exp/at-now"\nreason = "off by one"\n'
    )

    assert run("Good", "-k", "time/exp/at-now", "--baseline", "baseline.toml") == 4


def test_a_baseline_is_written(run: Run, tmp_path: Path) -> None:
    """With everything that fails now, and no reason yet."""
    run("LateByASecond", "-k", "time/exp/*", "--write-baseline", "new.toml")

    text = (tmp_path / "new.toml").read_text()
    assert 'case = "time/exp/at-now"\nreason = "TODO"' in text
    assert run("LateByASecond", "-k", "time/exp/*", "--baseline", "new.toml") == 2


def test_rejecting_everything_is_never_green(run: Run, tmp_path: Path) -> None:
    """Every rejection of a forged token is vacuous."""
    assert run("RejectsAll", "-k", "alg/none/*", "--report", "out") == 1
    (requirement,) = report_in(tmp_path / "out")["requirements"]
    assert requirement["status"] == "vacuous"


def test_a_broken_should_is_a_warning_unless_strict(run: Run) -> None:
    """SHOULD does not fail a run, except on request."""
    assert run("AcceptsAll", "-k", "compact/unused-bits") == 0
    assert run("AcceptsAll", "-k", "compact/unused-bits", "--strict") == 1


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("crash", "crash"),
        ("garbage", "garbage"),
        ("wrong-id", "wrong_id"),
    ],
)
def test_a_broken_adapter_never_stops_the_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, fault: str
) -> None:
    """Every case gets an outcome; those after the second fault are lost, not rejected."""
    monkeypatch.setenv("MISBEHAVE_ALWAYS", "1")

    assert run(command(way), "-k", "alg/none/*", "--report", "out") == 1

    cases = [c for r in report_in(tmp_path / "out")["requirements"] for c in r["cases"]]
    assert [case.get("fault") for case in cases[:3]] == [fault, fault, "adapter_lost"]
    assert {case["status"] for case in cases[2:]} == {"lost"}


def test_two_equal_runs_give_equal_reports(run: Run, tmp_path: Path) -> None:
    """But for the times; in this process, and through a pipe, which takes one call at a time."""
    piped = f"exec:{sys.executable} -m cognito_conformance.serve {BUILT_IN}"

    for folder, spec in (("one", BUILT_IN), ("two", BUILT_IN), ("three", piped)):
        run(spec, "-k", "time/*", "--report", folder)

    one, two, three = (timeless(report_in(tmp_path / each)) for each in ("one", "two", "three"))
    assert one == two
    three["adapter"]["spec"] = one["adapter"]["spec"]
    one["adapter"]["capabilities"].remove("concurrency")
    assert one == three


def test_workers_give_the_same_report(run: Run, tmp_path: Path) -> None:
    """Each has a subject of its own; the report is one."""
    run(BUILT_IN, "-k", "time/exp/*", "--report", "one")
    run(BUILT_IN, "-k", "time/exp/*", "--report", "two", "--", "-n", "2")

    assert timeless(report_in(tmp_path / "one")) == timeless(report_in(tmp_path / "two"))


def test_the_wire_is_written_down(run: Run, tmp_path: Path) -> None:
    """Both directions, one message a line."""
    run("Good", "-k", "base/access", "--trace", "wire.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "wire.jsonl").read_text().splitlines()]
    assert [line["dir"] for line in lines[:2]] == ["→", "←"]
    assert [line["message"].get("cmd") for line in lines[::2]][:4] == [
        "hello", "reset", "configure", "verify"
    ]  # fmt: skip


def test_check_adapter_explains_what_is_wrong(run: Run, capsys) -> None:
    """An adapter that accepts everything is told so."""
    assert main(["check-adapter", "--adapter", "subjects:Good"]) == 0
    assert main(["check-adapter", "--adapter", "subjects:AcceptsAll"]) == 1
    assert "WRONG: an unsigned token is rejected" in capsys.readouterr().out


def test_list_prints_the_catalogue_as_json(capsys) -> None:
    """With the members that tools rely on."""
    assert main(["list", "--json"]) == 0

    requirements = json.loads(capsys.readouterr().out)["requirements"]
    assert {"id", "level", "threat", "text"} <= requirements[0].keys()
    assert "time/exp/at-now" in {each["id"] for each in requirements}


def test_explain_prints_requirement_and_case(capsys) -> None:
    """Of either id; an unknown one is a usage error."""
    assert main(["explain", "time/exp/at-now"]) == 0
    assert "RFC7519#4.1.4" in capsys.readouterr().out
    assert main(["explain", "no/such-thing"]) == 2


def test_export_writes_frozen_vectors(tmp_path: Path) -> None:
    """Tokens, keys, times and verdicts, the same for the same seed."""
    for folder in ("one", "two"):
        forget_seeded_keys()
        assert main(["export", "--dir", str(tmp_path / folder), "--seed", "7", "-k", "time/*"]) == 0

    one, two = ((tmp_path / each / "time.json").read_text() for each in ("one", "two"))
    assert one == two
    case = json.loads(one)["cases"][0]
    assert case["scenario"]["steps"][0]["token"].count(".") == 2


def test_vectors_have_the_form_that_is_written_beside_them(tmp_path: Path, capsys) -> None:
    """Of every kind of step; what matches nothing is a mistake in the command."""
    # All but the largest, which are strings of megabytes.
    assert main(["export", "--dir", str(tmp_path), "--seed", "7", "-k", "[!d]*"]) == 0

    schema = json.loads((tmp_path / "vectors.schema.json").read_text())
    written = [path for path in tmp_path.iterdir() if path.name != "vectors.schema.json"]
    documents = [json.loads(path.read_text()) for path in written]
    for document in documents:
        Draft202012Validator(schema).validate(document)
    steps = [
        step
        for document in documents
        for case in document["cases"]
        for step in case["scenario"]["steps"]
    ]
    kinds = {each["properties"]["kind"]["const"] for each in _steps_of(schema)}
    assert {step["kind"] for step in steps} == kinds
    assert main(["export", "--dir", str(tmp_path), "-k", "no/*"]) == 2


def _steps_of(schema: dict) -> list[dict]:
    return schema["$defs"]["case"]["properties"]["scenario"]["properties"]["steps"]["items"][
        "oneOf"
    ]


def timeless(value):
    """Return a report without its times."""
    if isinstance(value, dict):
        return {
            name: timeless(member)
            for name, member in value.items()
            if name not in {"ms", "started"}
        }
    return [timeless(each) for each in value] if isinstance(value, list) else value
