"""The pytest plugin costs nothing, and does nothing, until it is asked."""

import subprocess
import sys

ADAPTER = "cognito_conformance.adapters.builtin.cognito_verify:adapter"


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    """It is loaded in every pytest run of its host environment."""
    heavy = "hypothesis jsonschema cryptography cognito_verify cognito_conformance.pytest_session"
    code = (
        "import sys, cognito_conformance.pytest_plugin;"
        f"sys.exit([name for name in {heavy.split()!r} if name in sys.modules] or None)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_cases_are_ordinary_items(tmp_path) -> None:
    """Named after the case, selectable with pytest's own means."""
    arguments = ["--pyargs", "cognito_conformance.suite", f"--cognito-adapter={ADAPTER}"]
    options = ["-p", "no:cacheprovider", "-v", "-k", "time/exp/at-now and test_verify_case"]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_verify_case[time/exp/at-now] PASSED" in done.stdout
    assert "✓ must   time/exp/at-now" in done.stdout


def test_a_suite_without_an_adapter_says_what_is_missing(tmp_path) -> None:
    """Nothing is green that was not judged."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs",
         "cognito_conformance.suite"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )  # fmt: skip

    assert done.returncode != 0
    assert "--cognito-adapter" in done.stdout + done.stderr
