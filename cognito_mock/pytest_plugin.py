"""pytest fixtures around the offline user pool (CONTRACT, Python).

Nothing of the mock is imported before a test asks for a fixture, so the plugin costs nothing in
suites that do not use it, and does not fail where the mock's dependencies are absent.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from cognito_mock.core.clock import AdjustableClock
    from cognito_mock.testing import Client, Inbox, MockCognito, Pool, Tokens, User

_ENVIRONMENT = "_cognito_environment"
# Ways to be bad, and why each must be refused.
_TAMPERS = {
    "expired": "its exp has passed",
    "no-expiry": "it has no exp",
    "wrong-issuer": "its iss is another pool",
    "wrong-client": "it was issued to another client",
    "wrong-use": "its token_use is not access",
    "unknown-kid": "its kid is not in the pool's key set",
    "wrong-key": "another key signed it, under the pool's kid",
    "bad-signature": "a bit of its signature is turned",
    "alg-none": "it has no signature",
    "hs256-public-key": "its signature is an HMAC with the public key",
}


class BadToken(NamedTuple):
    """A token that must be refused, and the name of the reason; `why` says it in words."""

    reason: str
    token: str

    @property
    def why(self) -> str:
        """Why it must be refused."""
        return _TAMPERS[self.reason]

    def __repr__(self) -> str:  # a failing test's output should not hold tokens
        return f"BadToken({self.reason}: {self.why})"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the settings."""
    parser.addini(
        "cognito_issuer",
        "iss of the fixtures' tokens: local (the mock's address), aws, or a base URL",
        default="local",
    )
    parser.addini(
        "cognito_socket",
        "whether the fixtures' mock listens on a port; false keeps it inside the process",
        type="bool",
        default=True,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "cognito(groups=[...], scopes=[...], attributes={...}): "
        "what cognito_user and cognito_tokens are made with",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let code reach the mock also in a test that uses nothing but the session's ``cognito``."""
    names: list[str] = getattr(item, "fixturenames", [])
    if "cognito" in names and _ENVIRONMENT not in names:
        names.insert(0, _ENVIRONMENT)


@pytest.fixture(scope="session")
def cognito(pytestconfig: pytest.Config) -> "Iterator[MockCognito]":
    """The running mock, one per test session; ``.url``, ``.create_pool(...)``."""
    try:
        from cognito_mock.testing import MockCognito  # noqa: PLC0415  (see above)
    except ModuleNotFoundError as missing:
        pytest.fail(
            f"the cognito fixtures need {missing.name}, which is not installed:"
            ' pip install "cognito-verify[pytest]"',
            pytrace=False,
        )
    mock = MockCognito(
        issuer=pytestconfig.getini("cognito_issuer"),
        socket=pytestconfig.getini("cognito_socket"),
    )
    with mock:
        yield mock


@pytest.fixture
def _cognito_environment(cognito: "MockCognito") -> Iterator[None]:
    from cognito_mock.testing.environment import boto3_reaches  # noqa: PLC0415  (see above)

    with boto3_reaches(cognito.url), cognito.redirected():
        yield


@pytest.fixture
def cognito_pool(cognito: "MockCognito", _cognito_environment: None) -> "Iterator[Pool]":
    """A fresh user pool; ``.id``, ``.issuer``, ``.domain_url``, ``.create_user(...)``."""
    pool = cognito.create_pool()
    yield pool
    cognito.delete_pool(pool.id)


@pytest.fixture
def cognito_client(cognito_pool: "Pool") -> "Client":
    """A public app client of the pool; ``.id``, ``.secret``."""
    return cognito_pool.create_client()


@pytest.fixture
def cognito_user(request: pytest.FixtureRequest, cognito_pool: "Pool") -> "User":
    """A confirmed user of the pool; ``.username``, ``.sub``, ``.email``, ``.password``."""
    asked = _asked(request)
    return cognito_pool.create_user(
        groups=asked.get("groups", ()), attributes=asked.get("attributes")
    )


@pytest.fixture
def cognito_tokens(
    request: pytest.FixtureRequest,
    cognito_pool: "Pool",
    cognito_client: "Client",
    cognito_user: "User",
) -> "Tokens":
    """The user's tokens; ``.id_token``, ``.access_token``, ``.refresh_token``."""
    scopes = _asked(request).get("scopes")
    return cognito_pool.sign_in(cognito_user, client=cognito_client, scopes=scopes)


@pytest.fixture
def cognito_auth_headers(cognito_tokens: "Tokens") -> dict[str, str]:
    """The user's access token as an Authorization header."""
    return {"Authorization": f"Bearer {cognito_tokens.access_token}"}


@pytest.fixture
def cognito_inbox(cognito_pool: "Pool") -> "Inbox":
    """What the pool "sent": ``.messages()``, ``.code(recipient)``."""
    return cognito_pool.inbox


@pytest.fixture
def cognito_clock(
    cognito: "MockCognito", _cognito_environment: None
) -> "Iterator[AdjustableClock]":
    """The mock's time: ``.advance(seconds)``, ``.set(epoch)``; put right after the test."""
    yield cognito.clock
    cognito.clock.reset()


@pytest.fixture(params=_TAMPERS)
def cognito_bad_tokens(
    request: pytest.FixtureRequest,
    cognito_pool: "Pool",
    cognito_client: "Client",
    cognito_user: "User",
) -> BadToken:
    """One access token after the other that must be refused: ``reason, token``, and ``.why``."""
    reason: str = request.param
    token = cognito_pool.mint(cognito_user, client=cognito_client, tamper=reason)
    return BadToken(reason, token)


def _asked(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("cognito")
    return dict(marker.kwargs) if marker is not None else {}
