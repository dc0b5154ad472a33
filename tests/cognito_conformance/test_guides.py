"""The guides, followed to the letter: their files are written and their commands are typed."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

DOCS = Path(__file__).parents[2] / "docs" / "conformance"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
PROMPT = "$ "


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def steps(text: str, folder: Path) -> tuple[str, list[str]]:
    """Write the files that a guide names; return its commands as a script, and what it promises."""
    script, promised, end = ["set -m"], [], 0
    for block in BLOCK.finditer(text):
        language, content = block.groups()
        if language == "python":
            named = re.findall(r"`(\w+\.py)`", text[end : block.start()])
            (folder / named[-1]).write_text(content, encoding="utf-8")
        for line in content.splitlines() if language == "console" else ():
            if not line.startswith(PROMPT):
                promised.append(line)
            elif not line.startswith(f"{PROMPT}pip install"):
                script.append(line.removeprefix(PROMPT))
        end = block.end()
    # What was started in the background ends with the reader's terminal.
    script.append('kill $(jobs -p) 2>/dev/null; echo "the end"')
    return "\n".join(script), [*promised, "the end"]


@pytest.mark.parametrize("name", ["judge-your-library.md", "judge-your-api.md"])
def test_a_guide_does_what_it_says(name: str, tmp_path: Path) -> None:
    """Each line it shows is printed, in this order."""
    text = (DOCS / name).read_text(encoding="utf-8").replace("8000", free_port())
    script, promised = steps(text, tmp_path)
    # Other tests may have an issuer of their own at the usual place.
    script = script.replace("serve-issuer", f"serve-issuer --issuer http://127.0.0.1:{free_port()}")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
    )

    printed = iter(done.stdout.splitlines())
    for line in promised:
        assert any(line in each for each in printed), (line, done.stdout, done.stderr)
