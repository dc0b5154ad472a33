"""The command ``serve-issuer``: what an API must trust before it can be judged."""

# ruff: noqa: T201  (printing is what a command does)

import argparse
import secrets
import sys
import threading

from cognito_conformance.issuer_server import SuiteIssuer, UnusableIssuer
from cognito_conformance.report.summary import ExitCode

_SEEDS = 10**9


def serve_issuer(options: argparse.Namespace) -> int:
    """Print the configuration, then serve until interrupted."""
    seed = secrets.randbelow(_SEEDS) if options.seed is None else options.seed
    try:
        issuer = SuiteIssuer.create(options.issuer, seed, token_use=options.token_use)
        server = issuer.serve()
    except UnusableIssuer as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{options.issuer}: {error.strerror}")
    print(
        "# Configure the API with these, for this test only: whoever knows the seed has the keys."
    )
    for name, value in issuer.environment().items():
        print(f"export {name}={value}")
    print("# Then, while this is running:")
    use = f" --token-use {options.token_use}" if options.token_use != "access" else ""  # noqa: S105
    print(
        "# cognito-conformance run --adapter http://127.0.0.1:8000/me "
        f"--issuer {issuer.url} --seed {seed}{use}",
        flush=True,
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()
    return ExitCode.AS_EXPECTED


def _complain(text: str) -> int:
    sys.stderr.write(f"cognito-conformance: {text}\n")
    return ExitCode.USAGE
