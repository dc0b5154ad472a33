"""Give the items their session, and say so when there is none."""

import pytest

from cognito_conformance.pytest_session import PLUGIN_NAME, ConformanceSession


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest) -> ConformanceSession:
    """Return the session that the plugin registered."""
    session = request.config.pluginmanager.get_plugin(PLUGIN_NAME)
    if not isinstance(session, ConformanceSession):
        pytest.fail("say what to judge: --cognito-adapter=package.module:attr", pytrace=False)
    return session
