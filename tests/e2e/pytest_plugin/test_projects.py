"""Sample projects, each run as its owner would: `pytest` in a process of its own."""

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.e2e

PROJECTS = Path(__file__).with_name("projects")
AWS_ISSUER = "cognito_issuer = aws\n"
# They are installed for the one project each that uses them.
NEIGHBOURS = {"asyncio", "django"}


@pytest.fixture
def run(pytester, monkeypatch):
    """Run one project with warnings as errors; without anything of this machine's for AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)

    def project(name, *options, settings=AWS_ISSUER, filters="error\n", beside=(), neighbour=None):
        shutil.copy(PROJECTS / f"{name}.py", pytester.path / f"test_{name}.py")
        for module in ("shop", *beside):
            shutil.copy(PROJECTS / f"{module}.py", pytester.path)
        lines = "".join(f"  {line}\n" for line in filters.splitlines())
        pytester.makeini(f"[pytest]\n{settings}pythonpath = .\nfilterwarnings =\n{lines}")
        absent = [f"-pno:{name}" for name in sorted({"cacheprovider", *NEIGHBOURS} - {neighbour})]
        result = pytester.runpytest_subprocess(*absent, *options, timeout=110)
        return {
            outcome: count
            for outcome, count in result.parseoutcomes().items()
            if outcome not in {"warning", "warnings"}
        }

    return project


def test_an_application_is_tested_as_it_is(run):
    """Clients made at import, AWS's addresses, three HTTP libraries and boto3."""
    assert run("plain") == {"passed": 8}


def test_workers_have_a_mock_each(run):
    """pytest-xdist."""
    assert run("plain", "-n", "2") == {"passed": 8}


def test_bad_tokens(run):
    """Each in a test of its own, named by its reason."""
    assert run("plain_bad_tokens") == {"passed": 10}


def test_asynchronous_tests(run):
    """The plugin of anyio; `httpx.AsyncClient` and our verifier."""
    assert run("async_tests", "-p", "anyio") == {"passed": 2}


def test_asynchronous_tests_of_asyncio(run):
    """pytest-asyncio, whose fixtures and tests have a loop each."""
    settings = AWS_ISSUER + "asyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    assert run("asyncio_tests", settings=settings, neighbour="asyncio") == {"passed": 4}


def test_a_django_site(run):
    """pytest-django: its client, its database, its live server."""
    settings = AWS_ISSUER + "DJANGO_SETTINGS_MODULE = django_shop\n"
    outcome = run("django_tests", settings=settings, beside=["django_shop"], neighbour="django")
    assert outcome == {"passed": 12}


@pytest.mark.parametrize("library", ["freezegun", "time_machine"])
def test_frozen_time(run, library):
    """Tokens are of the frozen time, and run out when it moves; the server does not stand still."""
    assert run(f"{library}_tests") == {"passed": 4}


def test_a_signed_in_browser(run):
    """Playwright."""
    assert run("with_a_browser", settings="") == {"passed": 1}


def test_unittest_classes(run):
    """Fixtures by marker and in an autouse fixture."""
    assert run("unittest_class") == {"passed": 2}


def test_beside_moto(run):
    """S3 and DynamoDB are moto's; cognito-idp and the key set are ours, inside ``mock_aws`` too."""
    assert run("beside_moto", filters="default\n") == {"passed": 3}


def test_beside_respx(run):
    """Whichever fixture comes first."""
    assert run("beside_respx") == {"passed": 2}


def test_the_clock(run):
    """`cognito_clock` moves the mock's time and nobody else's."""
    assert run("beside_a_clock") == {"passed": 2}


def test_without_sockets(run):
    """``cognito_socket = false``: nothing listens, nothing connects."""
    assert run("without_sockets", settings=AWS_ISSUER + "cognito_socket = false\n") == {"passed": 1}


def test_everything_without_sockets(run):
    """The first project does not notice the difference."""
    assert run("plain", settings=AWS_ISSUER + "cognito_socket = false\n") == {"passed": 8}
