"""Parse the command line and hand over; each command returns its exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from cognito_conformance.cli import ask, compare, issuer, read, serve
from cognito_conformance.issuer_server import DEFAULT_BASE
from cognito_conformance.version import SUITE_VERSION

_BROKEN_PIPE: Final = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: see ``cognito-conformance run --help``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    own, passed_on = _split(given)
    options = _parser().parse_args(own)
    if passed_on and options.command != "run":
        _parser().error("only run passes arguments on to pytest")
    options.pytest_arguments = passed_on
    command: Callable[[argparse.Namespace], int] = options.function
    try:
        return command(options)
    except BrokenPipeError:
        # The reader, perhaps `head`, has seen enough; keep the interpreter from flushing again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    cut = arguments.index("--")
    return arguments[:cut], arguments[cut + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cognito-conformance",
        description="Judge anything that verifies or issues Amazon Cognito tokens.",
    )
    parser.add_argument("--version", action="version", version=SUITE_VERSION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands)

    check = commands.add_parser("check-adapter", help="say whether an adapter works, and what not")
    _adapter_option(check)
    check.set_defaults(function=ask.check_adapter)

    replay = commands.add_parser("replay", help="show a failure again, from its replay file")
    _adapter_option(replay)
    replay.add_argument("file", metavar="FAILURE.json")
    replay.set_defaults(function=ask.replay)

    own = commands.add_parser("serve-issuer", help="serve the issuer for an API, and print it")
    own.add_argument("--issuer", metavar="URL", default=DEFAULT_BASE, help=f"({DEFAULT_BASE})")
    own.add_argument("--seed", type=int, metavar="N", help="for the keys; another each time")
    own.add_argument("--token-use", choices=("access", "id"), default="access")
    own.set_defaults(function=serve.serve_issuer)

    issuer.add_to(commands)

    comparison = commands.add_parser("compare", help="put several reports side by side (HTML)")
    comparison.add_argument("reports", nargs="+", metavar="REPORT.json")
    comparison.add_argument("--out", required=True, metavar="DIR")
    comparison.add_argument(
        "--disclosed", metavar="FILE", help="what may be told although it lets somebody in (TOML)"
    )
    comparison.add_argument("--hints", metavar="FILE", help="how to fix what is told (TOML)")
    comparison.add_argument(
        "--unwithheld",
        action="store_true",
        help="show holes in released software, too: for your own eyes, see SECURITY.md",
    )
    comparison.set_defaults(function=compare.compare)

    listing = commands.add_parser("list", help="list the requirements")
    listing.add_argument("--json", action="store_true", help="for machines, with sources")
    listing.add_argument("--issuer", action="store_true", help="those of issuers")
    listing.set_defaults(function=read.list_requirements)

    explain = commands.add_parser("explain", help="explain a requirement or a case")
    explain.add_argument("id", metavar="ID")
    explain.set_defaults(function=read.explain)

    export = commands.add_parser("export", help="write plain, frozen test vectors")
    export.add_argument("--dir", required=True, metavar="DIR")
    export.add_argument("-k", dest="select", metavar="GLOB", help="cases or requirements")
    export.add_argument("--seed", type=int, default=0, metavar="N", help="for the keys")
    export.set_defaults(function=read.export)
    return parser


def _add_run(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = commands.add_parser(
        "run",
        help="run the suite against an adapter",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 as expected, 1 unexpected failure, 2 usage, 3 nothing ran or the "
        "adapter\nnever started, 4 only stale baseline entries. Arguments after -- go to pytest.",
    )
    _adapter_option(run)
    run.add_argument("-k", dest="select", metavar="GLOB", help="cases or requirements: 'alg/*'")
    run.add_argument("--level", choices=("must", "should", "may"), default="may")
    run.add_argument("--profile", metavar="NAME", help="a frozen list of requirements")
    run.add_argument("--baseline", metavar="FILE", help="expected failures (TOML)")
    run.add_argument("--write-baseline", metavar="FILE", help="write what fails now")
    run.add_argument("--report", metavar="DIR", help="write report.json and replay files")
    run.add_argument("--seed", type=int, metavar="N", help="for keys and properties")
    run.add_argument("--examples", type=int, default=200, metavar="N", help="per property (200)")
    run.add_argument("--trace", metavar="FILE", help="write every message down (JSON lines)")
    run.add_argument("--restarts", type=int, default=1, metavar="N", help="of a broken adapter (1)")
    api = run.add_argument_group("an API", "with --adapter http://…, see serve-issuer")
    api.add_argument("--issuer", metavar="URL", help="the issuer that the API trusts")
    place = api.add_mutually_exclusive_group()
    place.add_argument("--header", metavar="LINE", help="'Authorization: Bearer {token}'")
    place.add_argument(
        "--cookie",
        dest="header",
        metavar="NAME",
        type="Cookie: {}={{token}}".format,
        help="send the token in this cookie",
    )
    api.add_argument("--token-use", choices=("access", "id"), help="what the API expects (access)")
    run.add_argument(
        "--settle-time",
        action="store_true",
        help="wait until a new key is accepted, a minute or more, where the cache of keys has a "
        "clock of its own",
    )
    run.add_argument("--strict", action="store_true", help="a broken SHOULD fails the run")
    run.set_defaults(function=ask.run)


def _adapter_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--adapter",
        required=True,
        metavar="SPEC",
        help="package.module:attr, exec:COMMAND ARGUMENTS, or the address of an API",
    )
