"""How long a newly published key is refused: a number beside the verdict."""

import pytest

from cognito_conformance.pytest_session import ConformanceSession


def test_settle_time(
    conformance_settling: str, conformance: ConformanceSession, request: pytest.FixtureRequest
) -> None:
    """A new key is accepted within a minute, whatever strangers present meanwhile."""
    del conformance_settling
    conformance.settle(request.node, conformance.wanted(conformance.settle_time.outcomes()))
