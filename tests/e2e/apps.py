"""What the tests of the example applications share: npm, processes, and a person at the pages."""

import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE_SECONDS = 120
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def installed(name: str) -> Path:
    """The folder of an example, with its packages."""
    folder = EXAMPLES / name
    if not (folder / "node_modules").exists():
        npm = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def run(folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a command to its end; its output, which is also what a failure shows."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, none of those that the system gives to whoever asks for any.

    For they are used only after an application is built, when another test may have been given one.
    """
    held: list[socket.socket] = []
    for port in random.sample(range(10000, 32000), 1000):
        if len(held) == count:
            break
        with suppress(OSError):
            held.append(socket.create_server(("127.0.0.1", port)))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@contextmanager
def running(
    folder: Path, command: Sequence[str], environment: Mapping[str, str], *, ports: Sequence[int]
) -> Iterator[None]:
    """Keep a server running, from when all its ports accept connections."""
    with tempfile.NamedTemporaryFile("w+") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(environment),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # npm's children are stopped with it
        )
        try:
            for port in ports:
                _wait(process, port, Path(log.name))
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who makes an account."""

    username: str = "mary"
    email: str = "mary@example.com"
    password: str = "Somerville-1780"

    def signs_up(self, page, pool):
        """From the sign-in page to the callback, by the code that was sent."""
        _wait_for_page(page, "login")
        page.locator("a:visible", has_text="Sign up").click()
        _wait_for_page(page, "signup")
        page.locator("input[name=username]:visible").fill(self.username)
        page.locator("input[name='requiredAttributes[email]']:visible").fill(self.email)
        page.locator("input[name=password]:visible").fill(self.password)
        page.locator("button[name=signUpButton]:visible").click()
        _wait_for_page(page, "confirm")
        page.locator("#verification_code:visible").fill(pool.inbox.code(self.email))
        page.locator("button[name=confirm]:visible").click()


def signs_in(page, user):
    """``user``, a person or one of the pool's, from the sign-in page to the callback."""
    _wait_for_page(page, "login")
    page.locator("input[name=username]:visible").fill(user.username)
    page.locator("input[name=password]:visible").fill(user.password)
    page.locator("input[name=signInSubmitButton]:visible").click()


def _wait_for_page(page, name):
    # Until it has loaded: the style sheet hides one of the two copies of a form (COG-PAG-012).
    page.wait_for_url(re.compile(rf"/{name}\?"))


# The one required attribute of the pools that the applications use.
ASK_FOR_EMAIL = {"Schema": [{"Name": "email", "Required": True, "Mutable": True}]}


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the developer's own settings reaches an application."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "NEXT_TELEMETRY_DISABLED": "1", **environment}


def _wait(process, port, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:  # refused, or no IPv6 on this machine
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens on port {port}: {log.read_text()}")
