"""The properties: one item each; a failure is reported as the case that shows it."""

import pytest

from cognito_conformance.properties import Property
from cognito_conformance.properties.search import search
from cognito_conformance.pytest_session import ConformanceSession


def test_property(
    conformance_property: Property, conformance: ConformanceSession, request: pytest.FixtureRequest
) -> None:
    """No generated token breaks the law."""
    outcomes = search(
        conformance_property,
        conformance.runner,
        examples=conformance.examples,
        seed=conformance.seed,
    )
    conformance.settle(request.node, conformance.wanted(outcomes))
