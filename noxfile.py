"""Everything that is checked, by name. ``nox`` alone runs what a change must pass."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "docs", "conformance", "tests", "property"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
EVERYTHING = ".[pytest,conformance,starlette,fastapi,django-rest,flask]"

GROUPS = ("lint", "typing", "tests", "docs", "e2e")
PACKAGES = ("cognito_mock", "conformance/cognito_conformance", "src/cognito_verify")

# One environment for all sessions: making it takes longer than most of them.
ROOT = Path(__file__).parent
SHARED = ROOT / ".nox" / "shared"
BIN = SHARED / ("Scripts" if os.name == "nt" else "bin")
shared = nox.session(venv_backend="none")

# awscli pins the botocore that it brings.
AWS_CLI = ROOT / ".nox" / "aws-cli"

# Neighbours share fixtures, so each worker keeps to a stretch of files until the other has none.
TWO_WORKERS = ("-n", "2", "--dist", "worksteal")

NODE_FOLDERS = (
    "tests/e2e/node",
    "conformance/adapters/aws-jwt-verify",
    "examples/next-auth",
    "examples/app-router-express",
    "examples/aws-cognito-next",
)


def _environment(session: nox.Session) -> None:
    """Put the shared environment first on the path; make it anew if what it holds has changed."""
    session.env["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    # Hundreds of short-lived processes would compile the same modules again and again.
    session.env["PYTHONDONTWRITEBYTECODE"] = None
    made_of, wanted = SHARED / "made-of", _fingerprint()
    if made_of.exists() and made_of.read_text() == wanted:
        return
    groups = nox.project.dependency_groups(PYPROJECT, *GROUPS)
    # The distribution as a user gets it: a wheel, not the tree.
    _install(session, SHARED, "--reinstall-package", "cognito-verify", EVERYTHING, *groups)
    made_of.write_text(wanted)


def _fingerprint() -> str:
    """Return a digest of everything that decides what is in the shared environment."""
    files = [ROOT / name for name in ("pyproject.toml", "README.md", "LICENSE")]
    files += [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*"))]
    digest = hashlib.sha256(f"{sys.version} {GROUPS}".encode())
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _install(session: nox.Session, environment: Path, *wanted: str) -> None:
    """Install into an environment of its own with uv, which takes a tenth of pip's time."""
    if not environment.exists():
        session.run(sys.executable, "-m", "venv", str(environment))
    python = str(environment / BIN.name / "python")
    session.run(python, "-m", "pip", "install", "-q", "uv>=0.5")
    session.run(python, "-m", "uv", "pip", "install", "-q", "--python", python, *wanted)


def _npm_install(session: nox.Session) -> None:
    """Install what the Node projects pin, side by side: npm mostly waits for the network."""
    npm = shutil.which("npm") or "npm"
    command = (npm, "install", "--no-package-lock", "--no-audit", "--silent")
    running = [
        subprocess.Popen(command, cwd=ROOT / folder)  # noqa: S603  (these words and no others)
        for folder in NODE_FOLDERS
    ]
    failed = [each for each in running if each.wait()]
    if failed:
        session.error(f"npm install failed in {len(failed)} of {len(running)} folders")


@shared
def environment(session: nox.Session) -> None:
    """Only make the environment that all other sessions share."""
    _environment(session)


@shared
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    _environment(session)
    session.run(str(BIN / "ruff"), "check")
    session.run(str(BIN / "ruff"), "format", "--check")


@shared
def types(session: nox.Session) -> None:
    """Type-check the packages (mypy --strict), and the published types with pyright as well."""
    _environment(session)
    session.run(str(BIN / "mypy"))
    session.run(str(BIN / "mypy"), "tests/typing/api.py", "tests/typing/web.py")
    python = str(BIN / "python")
    session.run(str(BIN / "pyright"), "--pythonpath", python, "-p", "tests/typing")


@shared
def tests(session: nox.Session) -> None:
    """Unit and integration tests against the installed wheel, over real HTTP."""
    _environment(session)
    marks = "not e2e and not property and not bench and not matrix"
    session.run(str(BIN / "pytest"), *TWO_WORKERS, "-m", marks, *session.posargs)


@shared
def property(session: nox.Session) -> None:  # noqa: A001  (the session's name is its command)
    """Property-based tests."""
    _environment(session)
    session.run(str(BIN / "pytest"), *TWO_WORKERS, "-m", "property", *session.posargs)


@shared
def conformance(session: nox.Session) -> None:
    """Our verifier before our judge; the e2e tests add the pipe and other people's verifiers."""
    _environment(session)
    adapter = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
    session.run(str(BIN / "cognito-conformance"), "run", "--adapter", adapter, *session.posargs)


@shared
def e2e(session: nox.Session) -> None:
    """Browser, Node and other people's clients; needs chromium and npm on the machine."""
    _environment(session)
    if not AWS_CLI.exists():
        _install(session, AWS_CLI, "awscli>=1.42,<2")
    _npm_install(session)
    # A file at a time: an application is built once, in its own folder. One waits for a browser
    # or a server most of the time, so three have room on two cores.
    options = ("-n", "3", "--dist", "loadfile", "-m", "e2e")
    session.run(str(BIN / "pytest"), *options, *session.posargs)


@shared
def docs(session: nox.Session) -> None:
    """Build the documentation site; a warning is an error."""
    _environment(session)
    session.run(
        str(BIN / "sphinx-build"), "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build"
    )


@shared
def matrix(session: nox.Session) -> None:
    """Ask other people's libraries; conformance/adapters/README.md says how to install them."""
    _environment(session)
    session.run(str(BIN / "pytest"), "-m", "matrix", *session.posargs)


@shared
def bench(session: nox.Session) -> None:
    """Print ratios, all measured in one run."""
    _environment(session)
    session.run(str(BIN / "pytest"), "-s", "-m", "bench", *session.posargs, "tests/benchmarks")
