"""The suite inside one pytest session: start the subject, run items, gather outcomes, conclude."""

import datetime as dt
import json
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.adapters.opening import is_command, open_subject
from cognito_conformance.adapters.subject import Subject
from cognito_conformance.adapters.trace import TraceFile
from cognito_conformance.baseline import Baseline, baseline_for, load_baseline
from cognito_conformance.forge import Forge
from cognito_conformance.jwks_server import LoopbackServer
from cognito_conformance.model import Case, Implementation, Level, Scenario
from cognito_conformance.properties import PROPERTIES
from cognito_conformance.properties.rotation import NAME, REQUIREMENTS
from cognito_conformance.relying_party import RelyingParty, is_address
from cognito_conformance.report.document import RunFacts, write_report
from cognito_conformance.report.summary import Conclusion, conclude
from cognito_conformance.report.terminal import render
from cognito_conformance.runner.outcome import MEASURED, CaseOutcome, Status
from cognito_conformance.runner.runner import Runner
from cognito_conformance.runner.settle_time import REQUIREMENTS as SETTLING
from cognito_conformance.runner.settle_time import SettleTime
from cognito_conformance.selection import Catalogue, Selection, profile

PLUGIN_NAME: Final = "cognito-conformance-session"
RECEIVER_NAME: Final = "cognito-conformance-receiver"
_NOTHING_RAN: Final = 3

_outcomes_key: Final = pytest.StashKey[list[CaseOutcome]]()


class ConformanceSession:
    """Everything the items share. Under xdist each worker has its own subject and JWKS server."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._started = dt.datetime.now(dt.UTC)
        self.adapter_spec: str = config.getoption("--cognito-adapter")
        self.examples: int = config.getoption("--cognito-examples")
        self.seed: int | None = config.getoption("--cognito-seed")
        self.strict: bool = config.getoption("--cognito-strict")
        self._waits: bool = config.getoption("--cognito-settle-time")
        self.catalogue = Catalogue.load()
        self.selection = Selection(
            pattern=config.getoption("--cognito-select"),
            level=Level(config.getoption("--cognito-level")),
            profile=config.getoption("--cognito-profile"),
        )
        self._outcomes: dict[str, CaseOutcome] = {}
        self._errors: list[str] = []
        self._implementation: Implementation | None = None
        self._runner: Runner | None = None
        self._settle_time: SettleTime | None = None
        self._conclusion: Conclusion | None = None
        try:
            self._baseline = self._load_baseline()
            if self.selection.profile:
                profile(self.selection.profile)
            self._relying_party = self._find_relying_party()
            self._issuer_server = self._serve_issuer()
            self._subject = self._open_subject()
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error

    @property
    def runner(self) -> Runner:
        """What runs cases, with the subject started."""
        if self._runner is None:
            party = self._relying_party
            forge = party.issuer.forge if party else Forge.create(self.seed)
            self._runner = Runner(
                self._subject,
                lambda case: self._render(forge, case),
                requirements=self.catalogue.requirements,
                cases=self.catalogue.cases,
                premises=party.premises if party else None,
            )
        return self._runner

    @property
    def settle_time(self) -> SettleTime:
        """What measures how long a new key is refused."""
        if self._settle_time is None:
            command = is_command(self.adapter_spec)
            self._settle_time = SettleTime(
                self.runner,
                waits=self._waits,
                open_another=self._open_another if command else None,
            )
        return self._settle_time

    def pytest_sessionstart(self) -> None:
        """Start the subject; a subject that does not start ends the session with status 3."""
        try:
            self._implementation = self._subject.start()
        except AdapterFault as fault:
            self._write_report(error=f"{fault.kind}: {fault}")
            pytest.exit(f"the adapter did not start: {fault.kind}: {fault}", _NOTHING_RAN)
        if not self._is_worker and self._config.getoption("numprocesses", None):
            # The workers start their own; this one was asked only whether it can be.
            self._subject.close()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make one item of each selected case and property."""
        if "conformance_case" in metafunc.fixturenames:
            cases = self.selection.cases(self.catalogue)
            metafunc.parametrize("conformance_case", cases, ids=[case.id for case in cases])
        if "conformance_property" in metafunc.fixturenames:
            laws = [
                law
                for law in PROPERTIES
                if self.wants({law.outcome_id(name): name for name in law.requirements})
            ]
            metafunc.parametrize("conformance_property", laws, ids=[law.name for law in laws])
        if "conformance_walk" in metafunc.fixturenames:
            walks = [NAME] if self.wants({f"{each}/{NAME}": each for each in REQUIREMENTS}) else []
            metafunc.parametrize("conformance_walk", walks)
        if "conformance_settling" in metafunc.fixturenames:
            names = {f"{each}/{MEASURED}": each for each in SETTLING}
            metafunc.parametrize("conformance_settling", [MEASURED] if self.wants(names) else [])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin to wait for a new key while everything else is asked, unless workers do that."""
        distributed = self._is_worker or self._config.getoption("numprocesses", None)
        if self._waits and not distributed and any(map(_is_settling, session.items)):
            self.settle_time.begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send the outcomes along with the report, so that they reach xdist's controller."""
        report = yield
        if report.when == "call" and (outcomes := item.stash.get(_outcomes_key, None)):
            # As text: xdist's channel knows no enumerations.
            documents = [outcome.to_json() for outcome in outcomes]
            vars(report)["cognito_outcomes"] = json.dumps(documents)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the outcomes, here or from a worker; an item that has none has gone wrong."""
        if report.failed and not hasattr(report, "cognito_outcomes"):
            self._errors.append(f"{report.nodeid}: {report.longreprtext.strip()[-1000:]}")
        for members in json.loads(getattr(report, "cognito_outcomes", "[]")):
            outcome = CaseOutcome.from_json(members)
            self._outcomes[outcome.id] = outcome

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Conclude: write the reports and set the exit status."""
        if self._settle_time is not None:
            self._settle_time.close()
        if self._runner is not None:
            self._runner.close()
        self._subject.close()
        if self._issuer_server is not None:
            self._issuer_server.stop()
        if self._is_worker or self._implementation is None:
            return
        outcomes = list(self._outcomes.values())
        self._conclusion = conclude(
            outcomes,
            implementation=self._implementation,
            requirements=self.catalogue.requirements,
            cases=self.catalogue.cases,
            baseline=self._baseline,
            today=self._started.date(),
            strict=self.strict,
            errors=self._errors,
            complete={case.id for case in self.catalogue.cases} <= self._outcomes.keys(),
        )
        self._write_report()
        if target := self._config.getoption("--cognito-write-baseline"):
            Path(target).write_text(baseline_for(self._ordered(outcomes)), encoding="utf-8")
        if session.exitstatus in {0, 1, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = self._conclusion.exit_code
        receiver = self._config.pluginmanager.get_plugin(RECEIVER_NAME)
        if receiver is not None:
            receiver.conclusion = self._conclusion

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print one line per requirement, and everything about what failed."""
        if self._conclusion is None:
            return
        lines = render(self._conclusion, self.facts(), strict=self.strict)
        terminalreporter.ensure_newline()
        for line in lines:
            terminalreporter.write_line(line.text, **{line.colour: True} if line.colour else {})

    def settle(self, item: pytest.Item, outcomes: Sequence[CaseOutcome]) -> None:
        """Record what an item found out and end it in pytest's own terms."""
        item.stash[_outcomes_key] = list(outcomes)
        failed = [outcome for outcome in outcomes if outcome.failed]
        if unexpected := [outcome for outcome in failed if self._is_unexpected(outcome)]:
            pytest.fail("\n".join(_sentence(each) for each in unexpected), pytrace=False)
        if failed:
            pytest.xfail("; ".join(_sentence(each) for each in failed))
        if outcomes and all(outcome.status is Status.SKIP for outcome in outcomes):
            pytest.skip(outcomes[0].detail)

    def facts(self) -> RunFacts:
        """Return what the reports' heads say about this run."""
        return RunFacts(
            adapter=self.adapter_spec,
            catalogue_sha256=self.catalogue.sha256,
            profile=self.selection.profile,
            selection=self.selection.pattern,
            level=self.selection.level.value,
            seed=self.seed,
            examples=self.examples,
            started=self._started,
            report_folder=self._config.getoption("--cognito-report"),
        )

    def _is_unexpected(self, outcome: CaseOutcome) -> bool:
        levels = {each.id: each.level for each in self.catalogue.requirements}
        binding = {Level.MUST, Level.SHOULD} if self.strict else {Level.MUST}
        return any(
            outcome.fails(each)
            and levels[each] in binding
            and self._baseline.entry_for(outcome.id, each) is None
            for each in outcome.requirements
        )

    def wanted(self, outcomes: Iterable[CaseOutcome]) -> list[CaseOutcome]:
        """Return those outcomes that were asked for; what a search found elsewhere is dropped."""
        admitted = self.selection.requirements(self.catalogue)
        return [
            each
            for each in outcomes
            if each.requirement in admitted and self.selection.matches(each.id, each.requirement)
        ]

    def wants(self, ids: Mapping[str, str]) -> bool:
        """Tell whether any of these was asked for: requirements by outcome id."""
        admitted = self.selection.requirements(self.catalogue)
        return any(
            requirement in admitted and self.selection.matches(outcome_id, requirement)
            for outcome_id, requirement in ids.items()
        )

    def _ordered(self, outcomes: Iterable[CaseOutcome]) -> list[CaseOutcome]:
        order = {case.id: index for index, case in enumerate(self.catalogue.cases)}
        return sorted(outcomes, key=lambda each: (order.get(each.id, len(order)), each.id))

    def _render(self, forge: Forge, case: Case) -> Scenario:
        if "clock.token" in self._subject.info.capabilities:
            return forge.render(case)
        # No clock of ours: the token is made for the wall clock, and boundary cases are skipped.
        return forge.render(case, now=int(time.time()))

    def _load_baseline(self) -> Baseline:
        path = self._config.getoption("--cognito-baseline")
        return load_baseline(Path(path), self.catalogue.cases) if path else Baseline()

    def _open_subject(self) -> Subject:
        path = self._config.getoption("--cognito-trace")
        if path and self._is_worker:
            path = f"{path}.{self._config.workerinput['workerid']}"  # type: ignore[attr-defined]  # xdist's
        trace = TraceFile(Path(path)) if path else None
        if self._relying_party is not None:
            return self._relying_party.subject(trace=trace)
        restarts = self._config.getoption("--cognito-restarts")
        return open_subject(self.adapter_spec, restarts=restarts, trace=trace)

    def _open_another(self) -> Subject:
        return open_subject(self.adapter_spec)

    def _find_relying_party(self) -> RelyingParty | None:
        if not is_address(self.adapter_spec):
            return None
        return RelyingParty.at(
            self.adapter_spec,
            seed=self.seed,
            issuer=self._config.getoption("--cognito-issuer"),
            header=self._config.getoption("--cognito-header"),
            token_use=self._config.getoption("--cognito-token-use"),
        )

    def _serve_issuer(self) -> LoopbackServer | None:
        if self._relying_party is None or self._is_worker:
            return None
        return self._relying_party.issuer.ensure_served()

    def _write_report(self, error: str | None = None) -> None:
        folder = self._config.getoption("--cognito-report")
        if folder and not self._is_worker:
            write_report(Path(folder), self._conclusion, self.facts(), error=error)


def _is_settling(item: pytest.Item) -> bool:
    return "conformance_settling" in getattr(item, "fixturenames", ())


def _sentence(outcome: CaseOutcome) -> str:
    along = [f"{each.requirement}: {each.detail}" for each in outcome.findings]
    own = [f"{outcome.requirement}: {outcome.detail}"] if outcome.status.failed else []
    return f"{outcome.id}: {'; '.join(own + along)}"
