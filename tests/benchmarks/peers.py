"""Other people's Cognito servers, each installed into a folder of its own below ``.bench-peers``.

The folder is git-ignored and kept between runs. A peer that cannot be installed or does not start
is named with the reason, and the others are measured.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".bench-peers"
BIN = "Scripts" if os.name == "nt" else "bin"


class PeerUnavailableError(Exception):
    """It could not be installed."""


@dataclass(frozen=True)
class Peer:
    """A server: how it is installed, and how it is started on a port."""

    name: str
    install: Callable[[Path], None]
    command: Callable[[Path, int], list[str]]
    environment: Callable[[int], dict[str, str]] = lambda _: {}


def from_pypi(*requirements: str) -> Callable[[Path], None]:
    def install(folder: Path) -> None:
        _run(sys.executable, "-m", "venv", str(folder))
        _run(str(folder / BIN / "python"), "-m", "pip", "install", "-q", *requirements)

    return install


def from_npm(*packages: str) -> Callable[[Path], None]:
    def install(folder: Path) -> None:
        folder.mkdir(parents=True)
        _run("npm", "install", "--prefix", str(folder), "--no-audit", "--silent", *packages)

    return install


PEERS = (
    Peer(
        "moto server",
        from_pypi("moto[server,cognitoidp]==5.2.5"),
        lambda folder, port: [
            str(folder / BIN / "moto_server"),
            *("-H", "127.0.0.1", "-p", str(port)),
        ],
    ),
    Peer(
        "cognito-local",
        from_npm("cognito-local@5.3.0"),
        lambda folder, _: ["node", str(folder / "node_modules" / ".bin" / "cognito-local")],
        lambda port: {"PORT": str(port), "HOST": "127.0.0.1"},
    ),
    Peer(
        "ministack",
        from_pypi("ministack[full]==1.5.33"),
        lambda folder, _: [str(folder / BIN / "ministack")],
        lambda port: {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1"},
    ),
)


def installed(peer: Peer) -> Path:
    """Return the peer's folder, which exists only once everything is in it."""
    folder = FOLDER / peer.name.replace(" ", "-")
    done = folder / ".installed"
    if not done.exists():
        try:
            peer.install(folder)
        except (OSError, subprocess.SubprocessError) as error:
            raise PeerUnavailableError(f"could not be installed: {_reason(error)}") from error
        done.touch()
    return folder


@contextmanager
def running(peer: Peer) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start the peer on a free port, in an empty folder where it may keep its data."""
    folder = installed(peer)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = folder / "data"
    data.mkdir(exist_ok=True)
    with subprocess.Popen(
        peer.command(folder, port),
        cwd=data,
        env={**os.environ, **peer.environment(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield server, port
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)


def _reason(error: Exception) -> str:
    said = getattr(error, "stderr", None) or str(error)
    return said.strip().splitlines()[-1]
