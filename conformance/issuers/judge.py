"""Install other people's issuers, start them, judge them: ``judge.py --out DIR [NAME ...]``.

Leaves ``DIR/NAME/report.json`` for each. An issuer whose tools are missing, or that does not start,
is named with the reason, and the others are judged.
"""

import argparse
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
BIN = "Scripts" if os.name == "nt" else "bin"
PATIENCE_S = 60
NOT_READY = frozenset({502, 503, 504})


class UnavailableError(Exception):
    """It cannot be installed or does not start."""


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """A server: its folder, how it is started on a port, and what it does not claim to have."""

    name: str
    #: The program, relative to the folder; ``{port}`` is replaced in everything below.
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return HERE / self.name

    @property
    def version(self) -> str:
        """The version that is pinned."""
        files = [self.folder / name for name in ("requirements.txt", "package.json")]
        text = "".join(file.read_text(encoding="utf-8") for file in files if file.exists())
        found = re.search(r"(?:==|: \")(\d[\w.]*)", text)
        return found[1] if found else ""

    def install(self) -> None:
        """Install it, once. Raises `UnavailableError`."""
        try:
            if (self.folder / "requirements.txt").exists():
                self._install_python()
            elif (self.folder / "package.json").exists():
                self._install_node()
        except (OSError, subprocess.SubprocessError) as error:
            raise UnavailableError(f"cannot be installed: {error}") from error

    def _install_python(self) -> None:
        done = self.folder / ".venv" / "installed"
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.folder / ".venv")], check=True)
            pip = [str(self.folder / ".venv" / BIN / "python"), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, "-r", "requirements.txt"], cwd=self.folder, check=True)
            done.touch()

    def _install_node(self) -> None:
        if not shutil.which("npm"):
            raise UnavailableError("needs npm")
        if not (self.folder / "node_modules").exists():
            options = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
            subprocess.run(["npm", "install", *options], cwd=self.folder, check=True)

    @contextmanager
    def running(self, data: Path) -> Iterator[str]:
        """Start it in the folder ``data``; give its address. Raises `UnavailableError`."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        program = self.folder / self.command[0]
        words = [str(program) if program.exists() else self.command[0], *self.command[1:]]
        own = {name: value.format(port=port) for name, value in self.environment.items()}
        data.mkdir(parents=True, exist_ok=True)
        with subprocess.Popen(
            [word.format(port=port) for word in words],
            cwd=data,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                _wait_for(port, server)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                with suppress(subprocess.TimeoutExpired):
                    server.wait(10)
                server.kill()


ISSUERS = (
    Issuer(
        name="cognito-mock",
        command=(sys.executable, "-m", "cognito_mock", "serve", "--port", "{port}"),
    ),
    Issuer(
        name="moto",
        command=(f".venv/{BIN}/moto_server", "-H", "127.0.0.1", "-p", "{port}"),
        without=("oauth",),
    ),
    Issuer(
        name="cognito-local",
        command=("node_modules/.bin/cognito-local",),
        environment={"PORT": "{port}", "HOST": "127.0.0.1"},
    ),
    Issuer(
        name="ministack",
        command=(f".venv/{BIN}/ministack",),
        environment={"GATEWAY_PORT": "{port}", "BIND_HOST": "127.0.0.1"},
    ),
)


def judge(issuer: Issuer, out: Path) -> str:
    """Leave a report of ``issuer`` below ``out``; return how it ended."""
    folder = out.resolve() / issuer.name
    try:
        issuer.install()
        with issuer.running(folder / "data") as address:
            command = [sys.executable, "-m", "cognito_conformance.cli", "issuer", "--provision"]
            named = ("--name", issuer.name, "--subject-version", issuer.version)
            absent = [word for name in issuer.without for word in ("--without", name)]
            done = subprocess.run(
                [*command, "--endpoint", address, *named, *absent, "--report", str(folder)],
                stdout=subprocess.DEVNULL,
                check=False,
            )
    except UnavailableError as error:
        return str(error)
    return "was judged" if done.returncode in {0, 1} else f"ended with {done.returncode}"


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Return when it answers requests: a port may be open before there is anything behind it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError, http.client.HTTPException), closing(connection):
            connection.request("GET", "/")
            if connection.getresponse().status not in NOT_READY:
                return
        time.sleep(0.1)
    raise UnavailableError("does not start")


def main() -> int:
    """Judge those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [issuer.name for issuer in ISSUERS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    options = parser.parse_args()
    if unknown := set(options.names) - set(names):
        parser.error(f"no issuer is called {', '.join(sorted(unknown))}; known: {', '.join(names)}")
    ended = {}
    for issuer in ISSUERS:
        if not options.names or issuer.name in options.names:
            ended[issuer.name] = judge(issuer, options.out)
            print(f"{issuer.name} {ended[issuer.name]}", flush=True)
    return 0 if all(said == "was judged" for said in ended.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
