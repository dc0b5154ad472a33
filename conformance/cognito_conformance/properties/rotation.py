"""Key rotation as a state machine: keys come and go, the server fails, time passes.

The oracle is the JWKS server's own log - what is published, what was last delivered, when somebody
last asked - so nothing here models the subject's cache. What was played is kept as a recipe: a
failure is an ordinary case with steps.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cognito_conformance.adapters.faults import AdapterFault
from cognito_conformance.model import Case, JsonObject, Scenario, Verdict, VerifyStep
from cognito_conformance.properties.model import ACCEPT, NO_CRASH, REJECT
from cognito_conformance.properties.provider import register
from cognito_conformance.properties.search import Enough, keep_smaller
from cognito_conformance.report.replay import case_as_toml, replay_document
from cognito_conformance.runner.judge import breach_by
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status
from cognito_conformance.runner.runner import Runner

NAME: Final = "machine-rotation"
PICKUP: Final = "rotation/pickup"
NEVER_FALLBACK: Final = "rotation/never-fallback"
OUTAGE_WARM: Final = "rotation/outage-warm"
STORM: Final = "rotation/unknown-kid-storm"
REQUIREMENTS: Final = (PICKUP, NEVER_FALLBACK, OUTAGE_WARM, STORM)
NEEDS: Final = frozenset({"verify", "jwks.http", "clock.token", "clock.cache"})

_KEYS: Final = ("k1", "k2", "k3")
#: Those that answer at once: a machine of a thousand steps cannot wait for time-outs.
_OUTAGES: Final = ("503", "html", "empty", "truncated", "redirect")
_DEFAULT_COOLDOWN_S: Final = 60.0
_STORM: Final = 6
#: One for the first, one for a set that had grown old or had never been fetched.
_STORM_FETCHES: Final = 2
_LATER: Final = "now+8640000"


_SHRINKING_CALLS: Final = 5_000
"""How many more tokens are presented after a failure, to find a shorter walk."""


class _Broken(Exception):  # noqa: N818  (the requirement is)
    """A step ended otherwise than the server's log permits."""


def walk(runner: Runner, *, examples: int, given_seed: int | None) -> tuple[CaseOutcome, ...]:
    """Walk the machine and return one outcome for each requirement it is about."""
    if absent := NEEDS - runner.subject.info.capabilities:
        detail = f"not supported: {', '.join(sorted(absent))}"
        return tuple(_outcome(name, Status.SKIP, detail) for name in REQUIREMENTS)
    broken: dict[str, CaseOutcome] = {}
    tokens = _Tokens(runner)
    machine = _machine(runner, tokens, broken)
    if given_seed is not None:
        machine = seed(given_seed)(machine)
    walking = settings(
        max_examples=examples,
        backend=register(),
        stateful_step_count=20,
        deadline=None,
        database=None,
        derandomize=given_seed is None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
    try:
        run_state_machine_as_test(machine, settings=walking)
    except (_Broken, Enough, Flaky):
        # A walk that is ended in its middle looks flaky; what it broke has been noted by then.
        if not broken:
            raise
    for name, case in tokens.played.items():
        frozen = replay_document(case, runner.render(case))
        broken[name] = replace(broken[name], replay=frozen)
    needs = tuple(sorted(NEEDS))
    return tuple(
        broken.get(name) or replace(_outcome(name, Status.PASS), needs=needs)
        for name in REQUIREMENTS
    )


def _machine(
    runner: Runner, tokens: "_Tokens", broken: dict[str, CaseOutcome]
) -> type[RuleBasedStateMachine]:
    """Return the machine's class, bound to the run."""

    class Rotation(RuleBasedStateMachine):
        """One subject, one JWKS server, one clock."""

        def __init__(self) -> None:
            super().__init__()
            self._walk = _Walk(runner, tokens, broken)

        @initialize(first=st.sampled_from(_KEYS))
        def start(self, first: str) -> None:
            self._walk.start(first)

        @rule(key=st.sampled_from(_KEYS))
        def publish(self, key: str) -> None:
            self._walk.publish(self._walk.published | {key})

        @precondition(lambda self: len(self._walk.published) > 1)
        @rule(data=st.data())
        def retire(self, data: st.DataObject) -> None:
            key = data.draw(st.sampled_from(sorted(self._walk.published)))
            self._walk.publish(self._walk.published - {key})

        @rule(outage=st.sampled_from(_OUTAGES))
        def fail(self, outage: str) -> None:
            self._walk.fail(outage)

        @rule()
        def recover(self) -> None:
            self._walk.fail(None)

        @rule(seconds=st.integers(1, 120))
        def advance(self, seconds: int) -> None:
            self._walk.offset += seconds

        @rule(data=st.data())
        def present_published(self, data: st.DataObject) -> None:
            # Drawn from what is published: of all keys most steps would say nothing.
            self._walk.present(data.draw(st.sampled_from(sorted(self._walk.published))))

        @rule(key=st.sampled_from(_KEYS))
        def present_any(self, key: str) -> None:
            self._walk.present(key)

        @rule(key=st.sampled_from(_KEYS))
        def present_forged(self, key: str) -> None:
            self._walk.present_forged(key)

        # Hypothesis prefers rules by their name: a walk shrinks away from this long one.
        @rule()
        def storm(self) -> None:
            self._walk.storm()

    return Rotation


class _Walk:
    """The state of one walk, and what it looks like as a recipe."""

    def __init__(self, runner: Runner, tokens: "_Tokens", broken: dict[str, CaseOutcome]) -> None:
        self._runner = runner
        self._tokens = tokens
        self._jwks = tokens.jwks
        self._storms = 0
        self._broken = broken
        limits = runner.subject.info.limits
        cooldown = limits.get("jwks_cooldown_s")
        self._cooldown = _DEFAULT_COOLDOWN_S if cooldown is None else cooldown
        self._ttl = limits.get("jwks_ttl_s")
        self._served = runner.executor.server.new_set()
        self._steps: list[dict[str, Any]] = []
        self._first: tuple[str, ...] = ()
        self._outage: str | None = None
        self._asked_at = float("-inf")
        self._delivered_at = float("-inf")
        self.published: frozenset[str] = frozenset()
        self.offset = 0

    def start(self, first: str) -> None:
        """Publish one key and configure the subject."""
        self.published = frozenset({first})
        self._first = (first,)
        scenario = self._render({"token": {}, **self._configured()})
        self._served.publish(self._document())
        try:
            self._runner.subject.reset()
            self._runner.subject.configure(replace(scenario.config, jwks_uri=self._served.url))
        except AdapterFault as fault:
            self._note(PICKUP, str(fault), Breach.CRASHED, fault.kind)
            raise Enough from fault

    def publish(self, keys: frozenset[str]) -> None:
        """Serve these keys from now on."""
        self.published = keys
        self._steps.append({"jwks": sorted(keys)})
        self._served.publish(self._document())

    def fail(self, outage: str | None) -> None:
        """Begin or end an outage."""
        if outage is None:
            self.publish(self.published)
        else:
            self._steps.append({"outage": outage})
        self._outage = outage
        self._served.outage(outage)

    def present(self, key: str) -> None:
        """Present a good token signed with ``key``."""
        token = {"sign": {"key": key}, "claims": {"exp": _LATER}}
        expect, requirement = self._allowed(key)
        self._verify(token, expect, requirement)

    def present_forged(self, key: str) -> None:
        """Present a token that names ``key`` and is signed with another."""
        header = {"kid": f"@kid:{key}"}
        token = {"sign": {"key": "attacker"}, "header": header, "claims": {"exp": _LATER}}
        self._verify(token, REJECT, NEVER_FALLBACK)

    def storm(self) -> None:
        """Present many kids that nobody published, at one instant."""
        self._storms += 1
        before = self._served.fetches
        self._steps.append({"fetches_at_most": 10_000})
        for number in range(_STORM):
            header = {"kid": f"unknown-{self._storms}-{number}"}
            token = {"header": header, "claims": {"exp": _LATER}}
            self._verify(token, REJECT, NEVER_FALLBACK)
        fetched = self._served.fetches - before
        if self._outage is None:
            self._steps.append({"fetches_at_most": _STORM_FETCHES})
            if fetched > _STORM_FETCHES:
                said = f"{_STORM} unknown kids caused {fetched} requests for keys"
                self._break(STORM, said, Breach.FETCHED)

    def _allowed(self, key: str) -> tuple[frozenset[Verdict], str]:
        """Return the verdicts that the server's log permits, and the requirement that says so."""
        kid = self._jwks[key]["kid"]
        if key in self.published:
            fresh = self._ttl is None or self.offset - self._delivered_at < self._ttl
            if kid in self._served.last_served and fresh:
                return ACCEPT, OUTAGE_WARM
            rested = self.offset - self._asked_at > self._cooldown
            if self._outage is None and rested:
                return ACCEPT, PICKUP
            return NO_CRASH, PICKUP
        if kid not in self._served.ever_served:
            return REJECT, NEVER_FALLBACK
        return NO_CRASH, PICKUP

    def _verify(self, token: JsonObject, expect: frozenset[Verdict], requirement: str) -> None:
        table = {"token": token, "now": f"now+{self.offset}", "expect": sorted(expect)}
        self._steps.append(table)
        self._tokens.presented += bool(self._broken)
        if self._tokens.presented > _SHRINKING_CALLS:
            raise Enough
        text, now = self._tokens.render(token)
        before = self._served.fetches
        try:
            answer = self._runner.subject.verify(text, now + self.offset)
        except AdapterFault as fault:
            self._note(requirement, str(fault), Breach.CRASHED, fault.kind)
            raise Enough from fault
        if self._served.fetches > before:
            self._asked_at = self.offset
            if self._outage is None:
                self._delivered_at = self.offset
        if answer.verdict not in expect:
            wanted = " or ".join(sorted(expect))
            said = f" ({answer.message[:200]})" if answer.message else ""
            text = f"step {len(self._steps)}: {answer.verdict}{said}, expected {wanted}"
            self._break(requirement, text, breach_by(answer.verdict))

    def _break(self, requirement: str, detail: str, breach: Breach) -> None:
        self._note(requirement, detail, breach)
        raise _Broken(detail)

    def _note(
        self, requirement: str, detail: str, breach: Breach, fault: str | None = None
    ) -> None:
        recipe = {**self._configured(), "steps": list(self._steps)}
        case = Case(
            id=f"{requirement}/{NAME}",
            requirement=requirement,
            expect=NO_CRASH,
            recipe=recipe,
            needs=NEEDS,
        )
        outcome = replace(
            _outcome(requirement, Status.FAIL, detail),
            fault=fault,
            breaches=(breach,),
            recipe=case_as_toml(case),
            needs=tuple(sorted(NEEDS)),
        )
        if keep_smaller(self._broken, requirement, outcome):
            self._tokens.played[requirement] = case

    def _configured(self) -> dict[str, Any]:
        return {"config": {"jwks_uri": "suite://jwks"}, "jwks": list(self._first)}

    def _document(self) -> dict[str, Any]:
        return {"keys": [self._jwks[key] for key in sorted(self.published)]}

    def _render(self, recipe: JsonObject) -> Scenario:
        case = Case(id=NAME, requirement=PICKUP, expect=ACCEPT, recipe=recipe)
        return self._runner.render(case)


class _Tokens:
    """The few tokens that all walks present, each signed once."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        #: The walk that broke a requirement, as a case; rendered only when it is the final one.
        self.played: dict[str, Case] = {}
        #: Since the first failure.
        self.presented = 0
        self._rendered: dict[str, tuple[str, float]] = {}
        self.jwks: Mapping[str, Any] = {key: self._jwk(key) for key in _KEYS}

    def render(self, token: JsonObject) -> tuple[str, float]:
        """Return the compact token and the time it is meant for."""
        name = json.dumps(token)
        if name not in self._rendered:
            step = self._scenario({"token": token}).steps[0]
            if not isinstance(step, VerifyStep):  # pragma: no cover  (a token is verified)
                raise TypeError(step)
            self._rendered[name] = (step.token, step.now)
        return self._rendered[name]

    def _jwk(self, key: str) -> Any:
        document: Any = self._scenario({"token": {}, "jwks": [key]}).config.jwks
        return document["keys"][0]

    def _scenario(self, recipe: JsonObject) -> Scenario:
        case = Case(id=NAME, requirement=PICKUP, expect=ACCEPT, recipe=recipe)
        return self._runner.render(case)


def _outcome(requirement: str, status: Status, detail: str = "") -> CaseOutcome:
    return CaseOutcome(
        id=f"{requirement}/{NAME}", requirement=requirement, status=status, detail=detail
    )
