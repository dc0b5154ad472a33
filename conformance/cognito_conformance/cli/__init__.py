"""The command ``cognito-conformance``."""

try:
    from cognito_conformance.cli.main import main
except ModuleNotFoundError as missing:
    # A plain install of the verifier brings the command, but not what it needs.
    if missing.name not in {"hypothesis", "jsonschema", "pytest"}:
        raise
    raise SystemExit(
        'cognito-conformance needs the conformance extra: pip install "cognito-verify[conformance]"'
    ) from missing

__all__ = ["main"]
