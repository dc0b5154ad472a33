"""Pages followed to the letter: their files are written, their commands are typed.

A ``python`` block is written to the file that the text before it names last. Of a ``console``
block, lines after ``$`` are typed into one shell and the others are promised to be printed.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
PROMPT = "$ "
_END = "the end"


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def follow(text: str, folder: Path, replaced: Mapping[str, str]) -> None:
    """Do in ``folder`` what the page says, with other ports say; fail where it prints otherwise."""
    for written, meant in replaced.items():
        text = text.replace(written, meant)
    script, promised = steps(text, folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PATH": path},
    )

    printed = iter(done.stdout.splitlines())
    for line in promised:
        assert any(line in each for each in printed), (line, done.stdout, done.stderr)


def steps(text: str, folder: Path) -> tuple[str, list[str]]:
    """Write the files that a page names; return its commands as a script, and what it promises."""
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
    script.append(f'kill $(jobs -p) 2>/dev/null; echo "{_END}"')
    return "\n".join(script), [*promised, _END]
