"""Our own web integrations before our own judge, as their examples start them."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from cognito_conformance.testing import suite_issuer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = sys.executable
SERVERS = {
    "fastapi": (PYTHON, "-m", "uvicorn", "main:app", "--log-level", "warning", "--port"),
    "flask": (PYTHON, "-m", "flask", "--app", "app", "run", "--port"),
    "django": (PYTHON, "manage.py", "runserver", "--noreload"),
}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[str]:
    """Start a server and return its address."""
    port = free_port()
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, str(port)],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail(f"nothing listens on {port}: {log.read_text()}")


@pytest.mark.parametrize("name", SERVERS)
def test_an_example_meets_every_must(name: str, tmp_path: Path) -> None:
    """The command ends with 0, and has asked what HTTP can ask."""
    log = tmp_path / "server.log"

    with (
        suite_issuer() as issuer,
        served(SERVERS[name], EXAMPLES / name, issuer.environment(), log) as address,
    ):
        done = subprocess.run(
            [
                *(PYTHON, "-m", "cognito_conformance.cli", "run", "--adapter", f"{address}/me"),
                *("--issuer", issuer.url, "--seed", str(issuer.seed), "--examples", "20"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    executed = re.search(r"^(\d+) cases executed: as expected$", done.stdout, re.MULTILINE)
    assert executed is not None, done.stdout
    assert int(executed[1]) > 500
