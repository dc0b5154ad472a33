"""The adapters for released libraries: small, pinned, and working where their library is there."""

import json
import re
import shutil
from pathlib import Path

import pytest

from cognito_conformance.adapters.opening import open_subject
from cognito_conformance.cli.probe import probe

ADAPTERS = Path(__file__).parents[2] / "conformance" / "adapters"
PYTHON = sorted(path.parent.name for path in ADAPTERS.glob("*/requirements.txt"))
NODE = sorted(path.parent.name for path in ADAPTERS.glob("*/adapter.mjs"))
LINE_LIMIT = 60


@pytest.mark.parametrize("name", [*PYTHON, *NODE, "golang-jwt"])
def test_an_adapter_is_small(name: str) -> None:
    """What needs more than this is no glue any longer."""
    (program,) = (ADAPTERS / name).glob("adapter.*")

    assert len(program.read_text(encoding="utf-8").splitlines()) <= LINE_LIMIT


@pytest.mark.parametrize("name", PYTHON)
def test_a_python_library_is_pinned(name: str) -> None:
    """A result is about one release."""
    lines = (ADAPTERS / name / "requirements.txt").read_text(encoding="utf-8").splitlines()

    assert all(re.fullmatch(r"[\w-]+(\[\w+\])?==[\w.]+", line) for line in lines), lines


@pytest.mark.parametrize("manifest", sorted(ADAPTERS.glob("*/package.json")), ids=str)
def test_a_node_library_is_pinned(manifest: Path) -> None:
    """Likewise."""
    wanted = json.loads(manifest.read_text(encoding="utf-8"))["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values()), wanted


def command(name: str) -> str | None:
    """Return how to start the adapter, or None where its library is not installed."""
    folder = ADAPTERS / name
    if name == "golang-jwt":
        there = shutil.which("go") and Path("/usr/share/gocode/src/github.com/golang-jwt").exists()
        return str(folder / "run.sh") if there else None
    if name in NODE:
        return f"node {folder}/adapter.mjs" if (folder / "node_modules").exists() else None
    python = folder / ".venv" / "bin" / "python"
    return f"{python} {folder}/adapter.py" if python.exists() else None


@pytest.mark.matrix
@pytest.mark.parametrize("name", [*NODE, *PYTHON, "golang-jwt"])
def test_an_adapter_tells_good_tokens_from_bad_ones(name: str) -> None:
    """`check-adapter` finds nothing but what the library itself gets wrong."""
    start = command(name)
    if start is None:
        pytest.skip("its library is not installed")
    said: list[str] = []
    subject = open_subject(f"exec:{start}")
    subject.start()

    try:
        probe(subject, said.append)
    finally:
        subject.close()

    wrong = [line for line in said if line.startswith("WRONG")]
    # Two of the libraries let their base64 decoder's own exceptions out.
    assert all("that is no token" in line for line in wrong), wrong


def test_the_python_loop_needs_nothing_of_the_suite() -> None:
    """It runs where only the library is installed."""
    text = (ADAPTERS / "cvap.py").read_text(encoding="utf-8")

    assert not re.search(r"^\s*(from|import) cognito_", text, re.MULTILINE)
