"""What a package exports is what it says it exports."""

import importlib

import pytest


@pytest.mark.parametrize("package", ["cognito_verify", "cognito_mock"])
def test_all_is_sorted_and_resolves(package: str) -> None:
    """``__all__`` is in order, and every name in it can be had."""
    module = importlib.import_module(package)

    assert list(module.__all__) == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
