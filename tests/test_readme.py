"""The README says what is true."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_verifying_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """The example runs as printed; a junk token is malformed."""
    example = next(block for block in _blocks("python") if "CognitoVerifier(" in block)

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102

    assert capsys.readouterr().out == "malformed\n"


def test_ci_calls_the_test_command_of_the_readme() -> None:
    """What a reader types is what CI runs."""
    command = next(block for block in _blocks("sh") if "nox" in block).strip()
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    for part in command.split(" && "):
        words = [w for w in shlex.split(part) if w != "-q"]
        lines = [[w for w in line.split() if w != "-q"] for line in script.splitlines()]
        assert words in lines


def test_every_link_into_the_tree_exists() -> None:
    """No link of the README leads nowhere."""
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", README) if "://" not in t]

    assert [t for t in targets if not (ROOT / t).exists()] == []
