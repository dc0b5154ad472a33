"""What the pytest plugin costs, and whether it flakes.

::

    python tests/benchmarks/bench_fixture.py

Prints, each beside its target: how long the first test's fixtures take after the import, what each
further test takes with a pool, client, user and tokens of its own, what the plugin adds to a suite
that does not use it, and how many of 1,000 tests failed under ``-n 2``, run after run (``--runs``).
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

FIXTURE_SUITE = """
import pytest

@pytest.mark.parametrize("turn", range({count}))
def test_tokens(turn, cognito_pool, cognito_client, cognito_user, cognito_tokens):
    assert cognito_tokens.access_token
"""
# The mock is imported here, and its tests' times are noted.
FIXTURE_CONFTEST = """
import json
import cognito_mock.testing.environment, cognito_mock.testing.mock

SECONDS = {}

def pytest_runtest_logreport(report):
    SECONDS.setdefault(report.nodeid, []).append(report.duration)

def pytest_sessionfinish():
    with open("seconds.json", "w") as file:
        json.dump([[setup, sum([setup, *rest])] for setup, *rest in SECONDS.values()], file)
"""
THOUSAND = Path(__file__).with_name("suites") / "thousand.py"
FIRST_TARGET, NEXT_TARGET, UNUSED_TARGET = 0.5, 0.010, 0.020
PLUGINS = ("cognito_mock.pytest_plugin", "cognito_conformance.pytest_plugin")


def run_pytest(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a suite in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def fixture_seconds(count: int) -> tuple[float, float]:
    """Return the setup of the first test and the median of the others, whole tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_suite.py").write_text(FIXTURE_SUITE.format(count=count))
        (folder / "conftest.py").write_text(FIXTURE_CONFTEST)
        done = run_pytest(folder, "-p", PLUGINS[0])
        assert done.returncode == 0, done.stdout
        (first, _), *others = json.loads((folder / "seconds.json").read_text())
    return first, statistics.median(whole for _, whole in others)


def unused_seconds(rounds: int) -> float:
    """Return the processor time that the plugins add to a suite without them, interleaved."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_suite.py").write_text("def test_nothing():\n    pass\n")
        # As where it is installed: compiled once, also where the environment says otherwise.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "cache")}
        with_them, without = [], []
        loaded = [option for plugin in PLUGINS for option in ("-p", plugin)]
        for turn in range(rounds + 1):
            for options, seconds in ((loaded, with_them), ([], without)):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                assert run_pytest(folder, *options, **compiled).returncode == 0
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                if turn:  # the first round compiles
                    user = after.ru_utime - before.ru_utime
                    seconds.append(user + after.ru_stime - before.ru_stime)
    return min(with_them) - min(without)


def thousand(run: int, runs: int) -> str:
    """Run the thousand tests on two workers; return what failed, an empty text if nothing did."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(THOUSAND, folder / "test_suite.py")
        (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
        started = time.monotonic()
        done = run_pytest(folder, "-n", "2", "-p", "xdist", "-p", PLUGINS[0])
    last = done.stdout.rstrip().rpartition("\n")[2]
    print(f"  run {run} of {runs}: {last} ({time.monotonic() - started:.0f} s)", flush=True)
    return "" if done.returncode == 0 and last.startswith("1000 passed") else done.stdout


def report(name: str, seconds: float, target: float) -> None:
    """Print a number beside its target."""
    verdict = "met" if seconds <= target else "missed"
    print(f"{name:52}{seconds * 1000:8.1f} ms   target {target * 1000:4.0f} ms   {verdict}")


def main() -> int:
    """Print everything; return 1 if a test failed in any run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of the thousand tests")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of each measurement; the best counts"
    )
    options = parser.parse_args()
    measured = [fixture_seconds(200) for _ in range(options.rounds)]
    report("first fixtures ready, after the import", min(m[0] for m in measured), FIRST_TARGET)
    report("each further test with tokens", min(m[1] for m in measured), NEXT_TARGET)
    report("a suite that does not use the plugin", unused_seconds(options.rounds), UNUSED_TARGET)
    failures = [thousand(run, options.runs) for run in range(1, options.runs + 1)]
    flaky = [output for output in failures if output]
    print(f"1,000 tests under -n 2: {len(flaky)} of {options.runs} runs had a failure")
    print("\n".join(flaky))
    return 1 if flaky else 0


@pytest.mark.bench
def test_fixture_costs() -> None:
    """Print the costs; the first test pays for the server, the others do not."""
    first, further = fixture_seconds(20)
    report("first fixtures ready, after the import", first, FIRST_TARGET)
    report("each further test with tokens", further, NEXT_TARGET)
    report("a suite that does not use the plugin", unused_seconds(1), UNUSED_TARGET)

    assert further < first


if __name__ == "__main__":
    raise SystemExit(main())
