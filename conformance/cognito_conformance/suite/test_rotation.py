"""Key rotation: a walk through published keys, outages and time."""

import pytest

from cognito_conformance.properties.rotation import walk
from cognito_conformance.pytest_session import ConformanceSession


def test_rotation(
    conformance_walk: str, conformance: ConformanceSession, request: pytest.FixtureRequest
) -> None:
    """Whatever happens to the keys, the subject follows the server's log."""
    del conformance_walk
    outcomes = walk(
        conformance.runner,
        examples=max(1, conformance.examples // 4),
        given_seed=conformance.seed,
    )
    conformance.settle(request.node, conformance.wanted(outcomes))
