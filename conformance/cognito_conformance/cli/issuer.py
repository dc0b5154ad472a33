"""The command ``issuer``: judge a mock, or the service, over HTTP."""

# ruff: noqa: T201  (printing is what a command does)

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from cognito_conformance.baseline import Baseline, BaselineError, load_baseline
from cognito_conformance.issuers.engine import Judge
from cognito_conformance.issuers.provision import Workshop
from cognito_conformance.issuers.requirements import (
    PROFILE,
    issuer_catalogue_sha256,
    load_issuer_cases,
    load_issuer_requirements,
)
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.target import (
    FEATURES,
    Client,
    Target,
    UnusableTarget,
    User,
    base_address,
)
from cognito_conformance.issuers.wire import Wire, Wrong, open_client
from cognito_conformance.model import Level
from cognito_conformance.report.document import RunFacts, write_report
from cognito_conformance.report.summary import Conclusion, ExitCode, conclude
from cognito_conformance.report.terminal import Line, render

_REDIRECT_URI: Final = "http://localhost:53682/callback"
_LOGOUT_URI: Final = "http://localhost:53682/signed-out"
_NAMED: Final = ("user_pool_id", "client_id", "username", "password")
_COLOURS: Final = {"red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "issuer",
        help="judge an issuer: a mock, or the service",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 as expected, 1 unexpected failure, 2 usage, 3 nothing ran, "
        "4 only stale\nbaseline entries. Name a pool, a client and a user for tests alone: the "
        "suite signs in, signs\nout and tries wrong passwords.",
    )
    parser.add_argument("--endpoint", required=True, metavar="URL", help="of the API and the keys")
    parser.add_argument("--domain", metavar="URL", help="of the pages and /oauth2 (the endpoint)")
    parser.add_argument(
        "--provision",
        action="store_true",
        help="make a pool, clients and users by administrative calls: for mocks, never for AWS",
    )
    named = parser.add_argument_group("what is there already", "without --provision")
    named.add_argument("--user-pool-id", metavar="ID")
    named.add_argument("--client-id", metavar="ID")
    named.add_argument("--client-secret", metavar="SECRET")
    named.add_argument("--username", metavar="NAME", help="as the tokens have it, not an alias")
    named.add_argument("--password", metavar="PASSWORD")
    named.add_argument("--redirect-uri", metavar="URL", default=_REDIRECT_URI)
    named.add_argument("--logout-uri", metavar="URL", default=_LOGOUT_URI)
    named.add_argument("--scope", metavar="SCOPES", default="openid email")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=FEATURES,
        help="what the issuer does not claim to have: not asked, and named in the report",
    )
    parser.add_argument("--name", metavar="NAME", help="how reports call it (its address)")
    parser.add_argument("--subject-version", metavar="VERSION", default="")
    parser.add_argument("-k", dest="select", metavar="GLOB", help="requirements: 'issuer/token/*'")
    parser.add_argument("--level", choices=("must", "should", "may"), default="may")
    parser.add_argument("--baseline", metavar="FILE", help="expected failures (TOML)")
    parser.add_argument("--report", metavar="DIR", help="write report.json and badge.json")
    parser.add_argument("--strict", action="store_true", help="a broken SHOULD fails the run")
    parser.set_defaults(function=issuer)


def issuer(options: argparse.Namespace) -> int:
    """Ask, print, write, and return the exit code."""
    facts = _facts(options)
    try:
        baseline = _baseline(options)
        with _session(options) as session:
            conclusion = _judge(options, session, baseline)
    except (UnusableTarget, BaselineError) as error:
        return _complain(str(error), ExitCode.USAGE)
    except (Wrong, httpx.HTTPError) as error:
        text = f"{options.endpoint}: {error}"
        if options.report:
            write_report(Path(options.report), None, facts, error=text)
        return _complain(text, ExitCode.NOTHING_RAN)
    for line in render(conclusion, facts, strict=options.strict):
        print(_coloured(line))
    if options.report:
        write_report(Path(options.report), conclusion, facts)
    return conclusion.exit_code


def _judge(options: argparse.Namespace, session: Session, baseline: Baseline) -> Conclusion:
    judge = Judge(session, provisioned=options.provision, hidden=session.target.secrets)
    levels = list(Level)[: list(Level).index(Level(options.level)) + 1]
    admitted = {each.id for each in load_issuer_requirements() if each.level in levels}
    cases = [
        case
        for case in load_issuer_cases()
        if case.id in admitted and (not options.select or fnmatchcase(case.id, options.select))
    ]
    place = urlsplit(options.endpoint).netloc
    return conclude(
        [judge.run(case) for case in cases],
        implementation=judge.implementation(options.name or place, options.subject_version),
        requirements=load_issuer_requirements(),
        cases=cases,
        baseline=baseline,
        today=dt.datetime.now(tz=dt.UTC).date(),
        strict=options.strict,
        complete=not options.select and options.level == Level.MAY.value,
    )


@contextmanager
def _session(options: argparse.Namespace) -> Iterator[Session]:
    endpoint = base_address(options.endpoint)
    domain = base_address(options.domain) if options.domain else endpoint
    given = [f"--{name.replace('_', '-')}" for name in _NAMED if getattr(options, name)]
    if options.provision and given:
        raise UnusableTarget(f"--provision makes its own: leave out {', '.join(given)}")
    if not options.provision and len(given) < len(_NAMED):
        raise UnusableTarget(
            "name --user-pool-id, --client-id, --username and --password, or let --provision "
            "make them"
        )
    region = (options.user_pool_id or "us-east-1_").partition("_")[0]
    wire = Wire(endpoint=endpoint, domain=domain, region=region, connect=open_client)
    workshop = None
    try:
        if options.provision:
            workshop = Workshop(wire, redirect_uri=_REDIRECT_URI, logout_uri=_LOGOUT_URI)
            target = workshop.target(domain)
        else:
            target = _named(options, endpoint, domain)
        yield Session(target, wire, workshop=workshop, without=frozenset(options.without))
    finally:
        if workshop is not None:
            workshop.close()
        wire.close()


def _named(options: argparse.Namespace, endpoint: str, domain: str) -> Target:
    client = Client(id=options.client_id, secret=options.client_secret or None)
    return Target(
        endpoint=endpoint,
        domain=domain,
        user_pool_id=options.user_pool_id,
        client=client,
        user=User(username=options.username, password=options.password),
        redirect_uri=options.redirect_uri,
        logout_uri=options.logout_uri,
        scope=options.scope,
        confidential=client if client.secret else None,
    )


def _facts(options: argparse.Namespace) -> RunFacts:
    return RunFacts(
        adapter=options.endpoint,
        catalogue_sha256=issuer_catalogue_sha256(),
        profile=PROFILE,
        selection=options.select,
        level=options.level,
        seed=None,
        examples=0,
        started=dt.datetime.now(tz=dt.UTC),
        report_folder=options.report,
        command="issuer --endpoint",
    )


def _baseline(options: argparse.Namespace) -> Baseline:
    if not options.baseline:
        return Baseline()
    return load_baseline(Path(options.baseline), load_issuer_cases())


def _coloured(line: Line) -> str:
    if not line.colour or not sys.stdout.isatty():
        return line.text
    return f"\x1b[{_COLOURS[line.colour]}m{line.text}\x1b[0m"


def _complain(text: str, code: ExitCode) -> int:
    sys.stderr.write(f"cognito-conformance: {text}\n")
    return code
