"""Everything that is checked, by name. ``nox`` alone runs what a change must pass."""

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["lint", "types", "tests", "property", "conformance"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
EVERYTHING = ".[pytest,conformance]"


def _install(session: nox.Session, *groups: str) -> None:
    """Install the distribution as a user gets it (a wheel, not the tree) and dependency groups."""
    session.install(EVERYTHING, *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Type-check the packages (mypy --strict) and the published types."""
    _install(session, "typing", "tests")
    session.run("mypy")
    session.run("mypy", "tests/typing/api.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Unit and integration tests against the installed wheel, over real HTTP."""
    _install(session, "tests")
    marks = "not e2e and not property and not bench"
    session.run("pytest", "-n", "2", "-m", marks, *session.posargs)


@nox.session
def property(session: nox.Session) -> None:  # noqa: A001  (the session's name is its command)
    """Property-based tests."""
    _install(session, "tests")
    session.run("pytest", "-n", "2", "-m", "property", *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """Our verifier before our judge: in this process and over the pipe, with equal verdicts."""
    _install(session, "tests")
    adapter = "cognito_conformance.adapters.builtin.cognito_verify:adapter"
    served = f"exec:python -m cognito_conformance.serve {adapter}"
    session.run("cognito-conformance", "run", "--adapter", adapter, *session.posargs)
    session.run("cognito-conformance", "run", "--adapter", served, *session.posargs)


@nox.session
def e2e(session: nox.Session) -> None:
    """Browser, Node and other people's clients; needs chromium and npm on the machine."""
    _install(session, "tests", "e2e")
    for folder in ("tests/e2e/node", "conformance/adapters/aws-jwt-verify"):
        with session.chdir(folder):
            session.run("npm", "install", "--no-package-lock", "--no-audit", external=True)
    session.run("pytest", "-m", "e2e", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Print ratios, all measured in one run."""
    _install(session, "tests")
    session.run("pytest", "-s", "-m", "bench", *session.posargs, "tests/benchmarks")
