"""The commands that talk to an adapter: run, check-adapter, replay."""

# ruff: noqa: T201  (printing is what a command does)

import argparse
import json
import sys
from pathlib import Path
from typing import Final

import pytest

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.adapters.opening import UnusableSpec, open_subject
from cognito_conformance.cli.probe import probe
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.pytest_session import RECEIVER_NAME
from cognito_conformance.relying_party import is_address
from cognito_conformance.report.replay import read_replay
from cognito_conformance.report.summary import Conclusion, ExitCode
from cognito_conformance.runner.execute import Executor
from cognito_conformance.runner.judge import judge

_SUITE: Final = Path(__file__).parent.parent / "suite"
_PASSED_ON: Final = (
    "select",
    "level",
    "profile",
    "baseline",
    "write_baseline",
    "report",
    "seed",
    "examples",
    "trace",
    "restarts",
    "issuer",
    "header",
    "token_use",
)
_INTERRUPTED: Final = 130


class _Receiver:
    """Takes the conclusion out of pytest, whose own exit codes mean other things."""

    conclusion: Conclusion | None = None


def run(options: argparse.Namespace) -> int:
    """Run the suite through pytest."""
    values = vars(options)
    arguments = [f"--cognito-adapter={options.adapter}"]
    arguments += (
        f"--cognito-{name.replace('_', '-')}={values[name]}"
        for name in _PASSED_ON
        if values[name] is not None
    )
    if options.strict:
        arguments.append("--cognito-strict")
    if options.settle_time:
        arguments.append("--cognito-settle-time")
    arguments += ["-c", str(_SUITE / "pytest.ini"), "--rootdir", str(_SUITE)]
    arguments += ["-qq", "-rN", "--tb=no", "--assert=plain", "--disable-warnings"]
    arguments += [*options.pytest_arguments, str(_SUITE)]
    receiver = _Receiver()
    status = pytest.main(arguments, plugins=[_ReceiverPlugin(receiver)])
    if receiver.conclusion is not None and status != pytest.ExitCode.INTERRUPTED:
        return int(receiver.conclusion.exit_code)
    return {
        pytest.ExitCode.INTERRUPTED: _INTERRUPTED,
        pytest.ExitCode.USAGE_ERROR: int(ExitCode.USAGE),
    }.get(pytest.ExitCode(status), int(ExitCode.NOTHING_RAN))


class _ReceiverPlugin:
    """Registers the receiver under the name that the session looks for."""

    def __init__(self, receiver: _Receiver) -> None:
        self._receiver = receiver

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register it."""
        config.pluginmanager.register(self._receiver, RECEIVER_NAME)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """Keep pytest's dots away: the report has a line for every requirement."""
        return report.outcome, "", ""


def check_adapter(options: argparse.Namespace) -> int:
    """Shake hands, verify one good token and four bad ones, and explain what is wrong."""
    if is_address(options.adapter):
        return _complain("an API has no adapter to check: run judges it", ExitCode.USAGE)
    try:
        subject = open_subject(options.adapter)
    except UnusableSpec as error:
        return _complain(str(error), ExitCode.USAGE)
    try:
        info = subject.start()
    except AdapterFault as fault:
        return _complain(f"{fault.kind}: {fault}", ExitCode.NOTHING_RAN)
    print(f"hello: {info.name} {info.version} ({info.language})")
    print(f"capabilities: {', '.join(sorted(info.capabilities))}")
    try:
        problems = probe(subject, print)
    finally:
        subject.close()
    if problems:
        print(f"{problems} of the probes failed")
        return ExitCode.UNEXPECTED_FAILURE
    print("the adapter works")
    return ExitCode.AS_EXPECTED


def replay(options: argparse.Namespace) -> int:
    """Play a frozen scenario again and say how it ends this time."""
    try:
        document = json.loads(Path(options.file).read_text(encoding="utf-8"))
        case, scenario = read_replay(document)
        subject = open_subject(options.adapter)
    except OSError as error:
        return _complain(f"{options.file}: {error.strerror}", ExitCode.USAGE)
    except ValueError as error:
        return _complain(f"{options.file}: {error}", ExitCode.USAGE)
    try:
        subject.start()
    except AdapterFault as fault:
        return _complain(f"{fault.kind}: {fault}", ExitCode.NOTHING_RAN)
    executor = Executor(subject, JwksServer.start)
    try:
        outcome = judge(case, scenario, executor.play(scenario))
    finally:
        executor.close()
        subject.close()
    for finding in outcome.findings:
        print(f"{finding.requirement}: {finding.detail}")
    print(f"{case.id}: {outcome.status.value}: {outcome.detail or outcome.verdict}")
    return ExitCode.UNEXPECTED_FAILURE if outcome.failed else ExitCode.AS_EXPECTED


def _complain(text: str, code: ExitCode) -> int:
    sys.stderr.write(f"cognito-conformance: {text}\n")
    return code
