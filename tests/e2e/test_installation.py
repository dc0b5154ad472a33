"""The distribution, built and installed as its users do: nothing of this tree is on their path."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
# What a function in production would carry around for nothing.
SERVER = {"starlette", "uvicorn", "botocore", "jinja2", "click", "pyyaml", "pytest", "sqlalchemy"}
INSTALLED = """
import json, re
from importlib.metadata import distributions, requires

def normal(name):
    return re.sub("[-_.]+", "-", name).lower()

def needs(name, seen):
    for line in requires(name) or ():
        requirement, _, marker = line.partition(";")
        needed = normal(re.match(r"[A-Za-z0-9._-]+", requirement)[0])
        if "extra" not in marker and needed in present and needed not in seen:
            seen.add(needed)
            needs(needed, seen)
    return seen

present = {normal(d.metadata["Name"]) for d in distributions()}
print(json.dumps([sorted(present), sorted(needs("cryptography", {"cryptography"}) |
                                          needs("httpx", {"httpx"}))]))
"""
QUICKLY = ("-q", "--no-compile", "--disable-pip-version-check")
SUITE = """
def test_something_else():
    pass

def test_with_a_fixture(cognito_pool):
    pass
"""


def run(*command, cwd=None, check=True):
    """Run without this suite's paths and settings."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "PYTEST_"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """The wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture
def install(tmp_path):
    """Install into a fresh environment; return the folder of its commands."""

    def environment(*requirements):
        folder = tmp_path / "venv"
        if not folder.exists():
            venv.create(folder, with_pip=False)
        python = folder / "bin" / "python"
        run(sys.executable, "-m", "pip", "--python", python, "install", *QUICKLY, *requirements)
        return folder / "bin"

    return environment


def readme_block(containing):
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    (block,) = [block for block in blocks if containing in block]
    return block


def test_a_wheel_alone_and_with_extras(distributions, install, tmp_path):
    """First the verifier alone, then what the README has a newcomer do."""
    commands = install(distributions[0])
    check_that_there_is_no_server(commands, tmp_path)

    install("pytest")
    check_that_the_plugin_helps(commands, tmp_path)

    install(f"{distributions[0]}[pytest,fastapi]")
    check_the_readme(commands, tmp_path)


def check_that_there_is_no_server(commands, folder):
    """cryptography, httpx, and what these need."""
    present, expected = json.loads(run(commands / "python", "-c", INSTALLED, cwd=folder).stdout)
    assert set(present) == {"cognito-verify", *expected}
    assert not set(present) & SERVER
    code = "import cognito_verify; cognito_verify.CognitoVerifier"
    run(commands / "python", "-W", "error", "-c", code, cwd=folder)
    run(commands / "cognito-verify", "check", "--help", cwd=folder)
    mock = run(commands / "cognito-mock", "serve", cwd=folder, check=False)
    assert (mock.returncode, mock.stdout) == (1, "")
    assert mock.stderr == 'cognito-mock needs the mock extra: pip install "cognito-verify[mock]"\n'


def check_that_the_plugin_helps(commands, folder):
    """Without the extra every suite is collected; a test that uses a fixture is told the way."""
    (folder / "test_suite.py").write_text(SUITE)
    suite = run(commands / "pytest", "-q", "-W", "error", "test_suite.py", cwd=folder, check=False)
    assert "1 passed, 1 error" in suite.stdout
    assert 'pip install "cognito-verify[pytest]"' in suite.stdout
    assert "Traceback" not in suite.stdout


def check_the_readme(commands, folder):
    """Its two files as they are printed: a good token, and ten bad ones."""
    shop = readme_block("def create_app")
    (folder / "shop.py").write_text(shop)
    (folder / "test_shop.py").write_text(readme_block("def test_bad_tokens"))
    suite = (commands / "pytest", "-q", "test_shop.py")

    assert "11 passed" in run(*suite, cwd=folder).stdout

    # The same tests tell an endpoint that lets everybody in.
    open_to_all = re.sub(r"claims: .*\]", "", shop).replace("claims.username", "'anybody'")
    (folder / "shop.py").write_text(open_to_all)
    assert "11 failed" in run(*suite, cwd=folder, check=False).stdout


def test_the_sdist_installs_what_the_wheel_does(distributions, install, tmp_path):
    """A wheel is built from it, and has the same files."""
    commands = install("--no-deps", distributions[1])
    code = (
        "from importlib.metadata import files;"
        "print(*sorted(map(str, files('cognito-verify'))), sep='\\n')"
    )
    installed = run(commands / "python", "-c", code, cwd=tmp_path).stdout.splitlines()

    with zipfile.ZipFile(distributions[0]) as wheel:
        packed = [n for n in wheel.namelist() if n.endswith((".py", ".json", ".html", ".css"))]
    assert len(packed) > 300
    assert not set(packed) - set(installed)
