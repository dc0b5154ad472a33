"""Everything that is checked, by name. ``nox`` alone runs what a change must pass."""

import os
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "docs", "tests", "property", "conformance"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
EVERYTHING = ".[pytest,conformance,starlette,fastapi,django-rest,flask]"

# One environment for all that needs the distribution: making it takes a minute, reusing it none.
SHARED = Path(__file__).parent / ".nox" / "shared"
BIN = SHARED / ("Scripts" if os.name == "nt" else "bin")
shared = nox.session(venv_backend="none")

# awscli pins the botocore that it brings.
AWS_CLI = Path(__file__).parent / ".nox" / "aws-cli"

NODE_FOLDERS = (
    "tests/e2e/node",
    "conformance/adapters/aws-jwt-verify",
    "examples/next-auth",
    "examples/app-router-express",
    "examples/aws-cognito-next",
)


def _install(session: nox.Session, *groups: str) -> None:
    """Install the distribution as a user gets it (a wheel, not the tree) and dependency groups."""
    if not SHARED.exists():
        session.run(sys.executable, "-m", "venv", str(SHARED))
    session.env["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    wanted = nox.project.dependency_groups(PYPROJECT, *groups)
    session.run(str(BIN / "python"), "-m", "pip", "install", "-q", EVERYTHING, *wanted)


@nox.session
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@shared
def types(session: nox.Session) -> None:
    """Type-check the packages (mypy --strict), and the published types with pyright as well."""
    _install(session, "typing", "tests")
    session.run(str(BIN / "mypy"))
    session.run(str(BIN / "mypy"), "tests/typing/api.py", "tests/typing/web.py")
    python = str(BIN / "python")
    session.run(str(BIN / "pyright"), "--pythonpath", python, "-p", "tests/typing")


@shared
def tests(session: nox.Session) -> None:
    """Unit and integration tests against the installed wheel, over real HTTP."""
    _install(session, "tests")
    marks = "not e2e and not property and not bench and not matrix"
    session.run(str(BIN / "pytest"), "-n", "2", "-m", marks, *session.posargs)


@shared
def property(session: nox.Session) -> None:  # noqa: A001  (the session's name is its command)
    """Property-based tests."""
    _install(session, "tests")
    session.run(str(BIN / "pytest"), "-n", "2", "-m", "property", *session.posargs)


@shared
def conformance(session: nox.Session) -> None:
    """Our verifier before our judge; the e2e tests add the pipe and other people's verifiers."""
    _install(session, "tests")
    adapter = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
    session.run(str(BIN / "cognito-conformance"), "run", "--adapter", adapter, *session.posargs)


@shared
def e2e(session: nox.Session) -> None:
    """Browser, Node and other people's clients; needs chromium and npm on the machine."""
    _install(session, "tests", "e2e")
    if not AWS_CLI.exists():
        session.run(sys.executable, "-m", "venv", str(AWS_CLI))
    python = str(AWS_CLI / BIN.name / "python")
    session.run(python, "-m", "pip", "install", "-q", "awscli>=1.42,<2")
    for folder in NODE_FOLDERS:
        with session.chdir(folder):
            session.run("npm", "install", "--no-package-lock", "--no-audit", "--silent")
    # A file at a time: an application is built once, in its own folder.
    options = ("-n", "2", "--dist", "loadfile", "-m", "e2e")
    session.run(str(BIN / "pytest"), *options, *session.posargs)


@shared
def docs(session: nox.Session) -> None:
    """Build the documentation site; a warning is an error."""
    _install(session, "docs")
    session.run(
        str(BIN / "sphinx-build"), "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build"
    )


@shared
def matrix(session: nox.Session) -> None:
    """Ask other people's libraries; conformance/adapters/README.md says how to install them."""
    _install(session, "tests")
    session.run(str(BIN / "pytest"), "-m", "matrix", *session.posargs)


@shared
def bench(session: nox.Session) -> None:
    """Print ratios, all measured in one run."""
    _install(session, "tests")
    session.run(str(BIN / "pytest"), "-s", "-m", "bench", *session.posargs, "tests/benchmarks")
