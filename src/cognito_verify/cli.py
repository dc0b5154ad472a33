"""The command ``cognito-verify``: check a token by hand, and keep keys in a file.

Exit codes: 0 accepted or written; 1 rejected or not to be had; 2 a mistake in the command.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cognito_verify._explain import explain
from cognito_verify.errors import ConfigurationError, JwksFetchError, VerificationError
from cognito_verify.fetching import HttpFetcher
from cognito_verify.jwks import NotAKeySet, parse_key_set
from cognito_verify.policy import ANY_CLIENT, ANY_TOKEN_USE
from cognito_verify.pool import (
    check_issuer,
    check_local_pool_id,
    check_url,
    jwks_uri_of,
    parse_user_pool_id,
)
from cognito_verify.static_keys import pem_of, read_document
from cognito_verify.verifier import CognitoVerifier


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "check":
            return _check(options)
        return _prepare_pems(options)
    except ConfigurationError as error:
        parser.error(_one_line(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cognito-verify", description="Verify Amazon Cognito tokens."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="verify a token and print its claims as JSON")
    check.add_argument("token", metavar="TOKEN|-", help="the token, or - to read it from stdin")
    pool = check.add_mutually_exclusive_group(required=True)
    pool.add_argument("--issuer", metavar="URL", help="the issuer, such as a local mock's")
    pool.add_argument("--user-pool-id", metavar="ID", help="the pool in AWS")
    check.add_argument("--client-id", metavar="ID", help="default: any client of the pool")
    check.add_argument("--token-use", choices=("id", "access"), help="default: both")
    check.add_argument("--explain", action="store_true", help="list the checks, in their order")
    pems = commands.add_parser("prepare-pems", help="fetch a pool's keys into a file")
    pems.add_argument("--region", metavar="R", required=True)
    pems.add_argument("--user-pool-id", metavar="ID", required=True)
    pems.add_argument("--endpoint", metavar="URL", help="default: the pool's region in AWS")
    pems.add_argument("--output", metavar="FILE", default="pems.json", help="merged, not replaced")
    return parser


def _check(options: argparse.Namespace) -> int:
    verifier = CognitoVerifier(
        user_pool_id=options.user_pool_id,
        issuer=options.issuer,
        client_id=ANY_CLIENT if options.client_id is None else options.client_id,
        token_use=ANY_TOKEN_USE if options.token_use is None else options.token_use,
    )
    token = _token_from_stdin() if options.token == "-" else options.token  # noqa: S105
    try:
        claims = verifier.verify(token)
    except VerificationError as error:
        if options.explain:
            print(*explain(error), sep="\n", file=sys.stderr)  # noqa: T201
        print(f"rejected: {error.code}: {_one_line(error)}", file=sys.stderr)  # noqa: T201
        return 1
    if options.explain:
        print(*explain(None), sep="\n", file=sys.stderr)  # noqa: T201
    print(json.dumps(dict(claims), indent=2))  # noqa: T201  (the command's output)
    return 0


def _token_from_stdin() -> str:
    """Return what there is; what is no text comes out as text that is no token."""
    try:
        return sys.stdin.read().strip()
    except UnicodeError:
        return "\ufffd"


def _prepare_pems(options: argparse.Namespace) -> int:
    uri = _keys_uri(options.region, options.user_pool_id, options.endpoint)
    output = Path(options.output)
    document = read_document(output) if output.exists() else {}
    region = document.setdefault(options.region, {})
    if not isinstance(region, dict):
        raise ConfigurationError(f"{output} is no pems.json")
    try:
        keys = parse_key_set(HttpFetcher().fetch(uri))
    except (JwksFetchError, NotAKeySet) as error:
        print(f"no keys from {uri}: {_one_line(error)}", file=sys.stderr)  # noqa: T201
        return 1
    if not len(keys):
        print(f"no usable keys at {uri}", file=sys.stderr)  # noqa: T201
        return 1
    region[options.user_pool_id] = {key.kid: pem_of(key) for key in keys}
    try:
        _replace(output, json.dumps(document, indent=2) + "\n")
    except OSError as error:
        raise ConfigurationError(f"cannot write {output}: {error}") from error
    print(f"{len(keys)} keys of {options.user_pool_id} in {output}")  # noqa: T201
    return 0


def _replace(output: Path, text: str) -> None:
    """Write a file at once: who reads it meanwhile sees all of the old text, or all of the new."""
    complete = output.with_name(f"{output.name}.{os.getpid()}.tmp")
    try:
        complete.write_text(text, encoding="utf-8")
        complete.replace(output)
    except OSError:
        complete.unlink(missing_ok=True)
        raise


def _keys_uri(region: str, user_pool_id: str, endpoint: str | None) -> str:
    """Return where the pool's keys are. Raises `ConfigurationError`."""
    if endpoint is not None:
        base = check_url(endpoint, "the endpoint").rstrip("/")
        return jwks_uri_of(check_issuer(f"{base}/{check_local_pool_id(user_pool_id)}"))
    pool = parse_user_pool_id(user_pool_id)
    if pool.region != region:
        raise ConfigurationError(f"{user_pool_id} is not in {region}")
    return jwks_uri_of(pool.issuer())


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
