"""The draws depend on Hypothesis alone, and on no one release of it."""

import importlib
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_conformance.properties.provider import STANDARD, register, steady_provider


def test_a_search_runs_with_the_backend_that_is_registered() -> None:
    """Whatever this release of Hypothesis has, the name leads to something that draws."""
    seen: list[int] = []

    @settings(max_examples=5, backend=register(), database=None, derandomize=True)
    @given(st.integers())
    def draw(number: int) -> None:
        seen.append(number)

    draw()

    assert seen


def test_a_release_without_the_internals_is_used_as_it_comes() -> None:
    """A missing module, class or attribute means the standard backend, not an error."""
    providers = SimpleNamespace(HypothesisProvider=object, AVAILABLE_PROVIDERS={})
    constants = SimpleNamespace(Constants=dict)

    assert steady_provider(None, constants) is None
    assert steady_provider(providers, None) is None
    assert steady_provider(providers, constants) is None


def test_the_constants_of_other_modules_are_left_out() -> None:
    """Where Hypothesis collects constants, the provider has none."""
    if register() == STANDARD:
        return
    module = importlib.import_module("cognito_conformance.properties.provider")

    constants = module.SteadyProvider(None)._local_constants

    assert not any((constants.integers, constants.floats, constants.bytes, constants.strings))
