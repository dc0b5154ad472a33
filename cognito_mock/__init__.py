"""An offline Amazon Cognito user pool."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cognito_mock.testing import MockCognito

__all__ = ["MockCognito"]


def __getattr__(name: str) -> object:
    # Importing this package must stay free: the pytest plugin does it in every test run.
    if name in __all__:
        return getattr(import_module("cognito_mock.testing"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
