"""The columns of the two matrices: how each subject is installed, started and judged."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cognito_conformance.issuer_server import SuiteIssuer

ADAPTERS = Path(__file__).parent.parent / "adapters"
ISSUERS = Path(__file__).parent.parent / "issuers"
OURS = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
SEED = "1"
EXAMPLES = "100"
GO_LIBRARY = Path("/usr/share/gocode/src/github.com/golang-jwt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One column. ``kind`` is ours, python, node, go, express or issuer."""

    folder: str
    kind: str

    @property
    def is_issuer(self) -> bool:
        return self.kind == "issuer"

    @property
    def name(self) -> str:
        return f"issuer-{self.folder}" if self.is_issuer else self.folder

    @property
    def path(self) -> Path:
        return (ISSUERS if self.is_issuer else ADAPTERS) / self.folder

    def install(self) -> bool:
        """Install what is judged; tell whether that was possible."""
        if self.kind == "python":
            return self._install_python()
        if self.kind == "go":
            return bool(shutil.which("go")) and GO_LIBRARY.exists()
        if self.kind in {"node", "express"}:
            if not shutil.which("npm"):
                return False
            if not (self.path / "node_modules").exists():
                options = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
                subprocess.run(["npm", "install", *options], cwd=self.path, check=True)
        return True

    def _install_python(self) -> bool:
        environment = self.path / ".venv"
        if not environment.exists():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "-q"]
            subprocess.run([*pip, "-r", "requirements.txt"], cwd=self.path, check=True)
        return True

    @contextlib.contextmanager
    def judging(self) -> Iterator[list[str]]:
        """Give the command of `cognito-conformance` that judges it, without ``--report``."""
        # A library that hangs once is asked everything else all the same.
        run = ["run", "--examples", EXAMPLES, "--seed", SEED, "--restarts", "20", "--settle-time"]
        if self.kind == "express":
            with self._running_api() as options:
                yield [*run, *options]
            return
        specs = {
            "ours": OURS,
            "python": f"exec:{self.path}/.venv/bin/python {self.path}/adapter.py",
            "node": f"exec:node {self.path}/adapter.mjs",
            "go": f"exec:{self.path}/run.sh",
        }
        yield [*run, "--adapter", specs[self.kind]]

    def described(self) -> dict[str, Any]:
        """Return what a subject that is reached over HTTP cannot say of itself."""
        if self.is_issuer:
            return {"language": "http", "homepage": HOMEPAGES[self.folder]}
        if self.kind == "express":
            return {
                "name": "jsonwebtoken, Express",
                "version": self._pinned("jsonwebtoken"),
                "language": "javascript",
                "homepage": "https://github.com/auth0/node-jsonwebtoken",
            }
        return {}

    @contextlib.contextmanager
    def _running_api(self) -> Iterator[list[str]]:
        """Start the API with the suite's issuer."""
        with SuiteIssuer.on_free_port(int(SEED), token_use="access") as issuer:
            port = _free_port()
            environment = {**issuer.environment(), "PORT": str(port)}
            with _running(["node", "server.mjs"], self.path, environment, port):
                address = f"http://127.0.0.1:{port}/api/user/profile"
                yield ["--adapter", address, "--issuer", issuer.url]

    def _pinned(self, package: str) -> str:
        manifest = json.loads((self.path / "package.json").read_text(encoding="utf-8"))
        return str(manifest["dependencies"][package])


HOMEPAGES = {
    "cognito-mock": "",
    "moto": "https://github.com/getmoto/moto",
    "cognito-local": "https://github.com/jagregory/cognito-local",
    "ministack": "https://github.com/ministackorg/ministack",
}

SUBJECTS = (
    Subject(folder="cognito-verify", kind="ours"),
    Subject(folder="fastapi-cognito", kind="python"),
    Subject(folder="aws-jwt-verify", kind="node"),
    Subject(folder="jose", kind="node"),
    Subject(folder="fast-jwt", kind="node"),
    Subject(folder="jsonwebtoken", kind="node"),
    Subject(folder="jsonwebtoken-express", kind="express"),
    Subject(folder="aws-cognito-next", kind="node"),
    Subject(folder="pyjwt", kind="python"),
    Subject(folder="joserfc", kind="python"),
    Subject(folder="authlib", kind="python"),
    Subject(folder="python-jose", kind="python"),
    Subject(folder="jwcrypto", kind="python"),
    Subject(folder="cognitojwt", kind="python"),
    Subject(folder="flask-cognito-lib", kind="python"),
    Subject(folder="pycognito", kind="python"),
    Subject(folder="django-cognito-jwt", kind="python"),
    Subject(folder="golang-jwt", kind="go"),
    Subject(folder="cognito-mock", kind="issuer"),
    Subject(folder="moto", kind="issuer"),
    Subject(folder="cognito-local", kind="issuer"),
    Subject(folder="ministack", kind="issuer"),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, environment: Mapping[str, str], port: int
) -> Iterator[None]:
    """Keep a server running, from when its port accepts connections."""
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise ChildProcessError(f"the server ended with {server.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")
