"""A case frozen: the very tokens, keys and times, so that a failure can be shown again.

Also what ``cognito-conformance export`` writes for people who want plain vectors.
"""

from collections.abc import Mapping
from typing import Any, Final

from cognito_conformance.model import (
    Case,
    ConfigureStep,
    CookiesStep,
    FetchesStep,
    JwksStep,
    Reason,
    Scenario,
    Step,
    Verdict,
    VerifyStep,
)
from cognito_conformance.protocol.messages import config_from_wire, config_to_wire, plain
from cognito_conformance.report.toml import toml_table
from cognito_conformance.version import SUITE_VERSION

SCHEMA: Final = "cognito-conformance/replay/1"
_READING_ORDER: Final = ("config", "jwks", "jwks_document", "token", "now", "steps")


def case_as_toml(case: Case) -> str:
    """Return ``case`` as a ``[[case]]`` ready to paste into a case file."""
    members: dict[str, Any] = {"id": case.id}
    expect = sorted(case.expect)
    members["expect"] = expect[0] if len(expect) == 1 else expect
    if case.twin:
        members["twin"] = case.twin
    if case.reason:
        members["reason"] = case.reason.value
    if case.forbidden_reasons:
        members["forbidden_reasons"] = sorted(case.forbidden_reasons)
    places = {name: place for place, name in enumerate(_READING_ORDER)}
    recipe = sorted(case.recipe, key=lambda name: (places.get(name, len(places)), name))
    return "[[case]]\n" + toml_table(members | {name: case.recipe[name] for name in recipe})


def replay_document(case: Case, scenario: Scenario) -> dict[str, Any]:
    """Return ``case`` and its rendered scenario as JSON."""
    return {
        "schema": SCHEMA,
        "suite": SUITE_VERSION,
        "case": {
            "id": case.id,
            "requirement": case.requirement,
            "expect": sorted(case.expect),
            "twin": case.twin,
            "reason": case.reason and case.reason.value,
            "needs": sorted(case.needs),
        },
        "scenario": {
            "config": config_to_wire(scenario.config),
            "refusal_is_reject": scenario.refusal_is_reject,
            "steps": [_step_to_json(step) for step in scenario.steps],
        },
    }


def read_replay(document: Mapping[str, Any]) -> tuple[Case, Scenario]:
    """Read what `replay_document` wrote. Raises `ValueError`."""
    if document.get("schema") != SCHEMA:
        raise ValueError(f"not a replay file of schema {SCHEMA}")
    try:
        frozen, scenario = document["case"], document["scenario"]
        case = Case(
            id=frozen["id"],
            requirement=frozen["requirement"],
            expect=frozenset(Verdict(each) for each in frozen["expect"]),
            recipe={},
            twin=frozen["twin"],
            reason=frozen["reason"] and Reason(frozen["reason"]),
            needs=frozenset(frozen["needs"]),
        )
        return case, Scenario(
            config=config_from_wire(scenario["config"]),
            steps=tuple(_step_from_json(step) for step in scenario["steps"]),
            refusal_is_reject=scenario["refusal_is_reject"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the replay file lacks {error}") from error


def _step_to_json(step: Step) -> dict[str, Any]:
    match step:
        case VerifyStep():
            return {
                "kind": "verify",
                "token": step.token,
                "now": step.now,
                "expect": sorted(step.expect),
                "claims": plain(step.claims),
                "forbidden_reasons": sorted(step.forbidden_reasons),
                "threads": step.threads,
            }
        case ConfigureStep():
            return {"kind": "configure", "config": config_to_wire(step.config)}
        case CookiesStep():
            return {
                "kind": "cookies",
                "headers": list(step.headers),
                "layout": step.layout,
                "client_id": step.client_id,
                "expect": plain(step.expect),
            }
        case JwksStep():
            return {"kind": "jwks", "jwks": plain(step.jwks), "outage": step.outage}
        case FetchesStep():
            return {"kind": "fetches", "at_least": step.at_least, "at_most": step.at_most}


def _step_from_json(members: Mapping[str, Any]) -> Step:
    match members["kind"]:
        case "verify":
            return VerifyStep(
                token=members["token"],
                now=members["now"],
                expect=frozenset(Verdict(each) for each in members["expect"]),
                claims=members["claims"],
                forbidden_reasons=frozenset(Reason(each) for each in members["forbidden_reasons"]),
                threads=members.get("threads", 1),
            )
        case "configure":
            return ConfigureStep(config=config_from_wire(members["config"]))
        case "cookies":
            return CookiesStep(
                headers=tuple(members["headers"]),
                layout=members["layout"],
                client_id=members["client_id"],
                expect=members["expect"],
            )
        case "jwks":
            return JwksStep(jwks=members["jwks"], outage=members["outage"])
        case "fetches":
            return FetchesStep(at_least=members["at_least"], at_most=members["at_most"])
        case other:
            raise ValueError(f"unknown step {other!r}")
