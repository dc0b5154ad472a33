"""The judge before real subjects: one that meets every MUST, one with gaps that are known."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

OURS = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
ADAPTERS = Path(__file__).parents[2] / "conformance" / "adapters"
AWS = ADAPTERS / "aws-jwt-verify" / "adapter.mjs"


def judged(adapter, folder, *options):
    """Run the command as a user does; return its exit code and report."""
    command = ["cognito-conformance", "run", "--adapter", adapter, "--report", str(folder)]
    command[0] = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, timeout=280, cwd=folder
    )
    return done.returncode, json.loads((folder / "report.json").read_text("utf-8"))


def verdicts(report):
    """Everything that a report says about a subject, without times.

    And without what only threads can ask: one pipe is one queue.
    """
    return {
        case["id"]: (case["status"], case.get("verdict"), case.get("reason"))
        for requirement in report["requirements"]
        for case in requirement["cases"]
        if case["id"] != "rotation/single-flight/threads"
    }


def test_our_verifier_meets_every_must_alike_in_process_and_over_the_pipe(tmp_path):
    """0 MUST failures, 0 vacuous; and the pipe changes no verdict."""
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()

    code, here = judged(OURS, tmp_path / "here")
    served = f"exec:{sys.executable} -m cognito_conformance.serve {OURS}"
    code_there, there = judged(served, tmp_path / "there")

    assert (code, code_there) == (0, 0)
    assert here["summary"]["must"]["fail"] == here["summary"]["must"]["vacuous"] == 0
    assert here["summary"]["must"]["pass"] >= 184
    assert verdicts(here) == verdicts(there)


def test_the_report_on_aws_jwt_verify_names_its_known_gaps(tmp_path):
    """CONFORMANCE 5: tokens without ``exp``, unknown ``crit``, 1024-bit keys are let in."""
    code, report = judged(f"exec:node {AWS}", tmp_path, "--examples", "20")

    failed = {each["id"] for each in report["requirements"] if each["status"] == "fail"}
    assert code == 1
    assert {"time/exp/missing", "header/crit-unknown", "jwk/rsa-1024"} <= failed
    assert report["summary"]["must"]["vacuous"] == 0
    assert not {each for each in failed if each.startswith(("base/", "alg/", "sig/", "kid/"))}


def test_a_verifier_in_go_is_judged_to_the_end(tmp_path):
    """From Debian's packages: it takes every good token, and nothing is lost on the way."""
    code, report = judged(
        f"exec:{ADAPTERS / 'golang-jwt' / 'run.sh'}", tmp_path, "--examples", "20"
    )

    cases = [case for each in report["requirements"] for case in each["cases"]]
    good = [each for each in report["requirements"] if each["id"].startswith("base/")]
    assert code in {0, 1}
    assert report["adapter"]["language"] == "go"
    assert report["executed"] > 600
    assert not [case for case in cases if "fault" in case]
    assert {each["status"] for each in good} == {"pass"}
