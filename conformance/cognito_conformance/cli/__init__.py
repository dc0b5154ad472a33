"""The command ``cognito-conformance``."""

import importlib.util

_NEEDED = ("hypothesis", "jsonschema", "pytest")

if not all(importlib.util.find_spec(name) for name in _NEEDED):
    # A plain install of the verifier brings the command, but not what it needs.
    raise SystemExit(
        'cognito-conformance needs the conformance extra: pip install "cognito-verify[conformance]"'
    )

from cognito_conformance.cli.main import main

__all__ = ["main"]
