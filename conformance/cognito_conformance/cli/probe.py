"""A handful of questions that tell a working adapter from a broken one."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cognito_conformance.adapters.subject import Subject
from cognito_conformance.forge import DEFAULT_NOW, Forge
from cognito_conformance.jwks_server import JwksServer
from cognito_conformance.model import Case, Verdict
from cognito_conformance.runner.execute import Executor
from cognito_conformance.runner.judge import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One question and what a wrong answer usually means."""

    what: str
    expect: Verdict
    recipe: dict[str, Any]
    hint: str


PROBES: Final = (
    Probe(
        what="a good access token is accepted",
        expect=Verdict.ACCEPT,
        recipe={"token": {"base": "access"}},
        hint="are config.jwks, config.issuers and config.client_ids used, and `now` as the clock?",
    ),
    Probe(
        what="a good id token is accepted",
        expect=Verdict.ACCEPT,
        recipe={"token": {"base": "id"}},
        hint="is config.token_use used? An id token carries its client in aud.",
    ),
    Probe(
        what="a changed signature is rejected",
        expect=Verdict.REJECT,
        recipe={"token": {"mangle": ["flip:signature:9"]}},
        hint="does the adapter return what its library says, or accept everything?",
    ),
    Probe(
        what="an unsigned token is rejected",
        expect=Verdict.REJECT,
        recipe={"token": {"sign": {"none": True}}},
        hint="does the adapter ask for RS256?",
    ),
    Probe(
        what="text that is no token is rejected, not an error",
        expect=Verdict.REJECT,
        recipe={"token": {"text": "not.a.token"}},
        hint="turn every exception that the library documents into a rejection, no other.",
    ),
    Probe(
        what="an expired token is rejected",
        expect=Verdict.REJECT,
        recipe={"token": {"claims": {"exp": "now-3600", "iat": "now-7200"}}},
        hint="is `now` used as the clock? Declare clock.token only if it is.",
    ),
)


def probe(subject: Subject, say: Callable[[str], None]) -> int:
    """Ask every probe and return how many were answered wrongly."""
    forge = Forge.create()
    # Without a clock of ours the tokens are made for the wall's.
    has_clock = "clock.token" in subject.info.capabilities
    now = DEFAULT_NOW if has_clock else int(time.time())
    executor = Executor(subject, JwksServer.start)
    wrong = 0
    try:
        for each in PROBES:
            case = Case(
                id="probe",
                requirement="probe",
                expect=frozenset({each.expect}),
                recipe=each.recipe,
            )
            scenario = forge.render(case, now=now)
            seen = executor.play(scenario)
            if any(one.refusal is not None and one.refusal.unsupported for one in seen):
                say(f"not supported: {each.what}")
                continue
            outcome = judge(case, scenario, seen)
            if not outcome.failed:
                say(f"ok: {each.what}")
                continue
            wrong += 1
            found = "; ".join(finding.detail for finding in outcome.findings)
            say(f"WRONG: {each.what}: {outcome.detail or found}")
            say(f"  {each.hint}")
    finally:
        executor.close()
    return wrong
