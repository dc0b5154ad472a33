"""The fixed cases: one item each, named after the case."""

import pytest

from cognito_conformance.model import Case
from cognito_conformance.pytest_session import ConformanceSession


def test_verify_case(
    conformance_case: Case, conformance: ConformanceSession, request: pytest.FixtureRequest
) -> None:
    """The subject's verdict is one that the case permits."""
    conformance.settle(request.node, [conformance.runner.run(conformance_case)])
