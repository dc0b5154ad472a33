"""The command ``cognito-conformance``."""

from cognito_conformance.cli.main import main

__all__ = ["main"]
