"""Draw the same examples whatever else is imported.

Hypothesis mixes constants from the modules that happen to be loaded into its draws. A suite must
ask a subject the same questions in this process and behind a pipe, so its draws do without.
"""

from functools import cached_property
from typing import Any, Final

from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.internal.constants_ast import Constants

BACKEND: Final = "cognito-conformance"


class SteadyProvider(HypothesisProvider):
    """Hypothesis's own draws, without the constants of other people's modules."""

    @cached_property
    def _local_constants(self) -> Any:
        return Constants(integers=set(), floats=set(), bytes=set(), strings=set())


def register() -> str:
    """Make the backend known to Hypothesis and return its name."""
    AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}.{SteadyProvider.__name__}"
    return BACKEND
