"""The fixed cases: each names a twin that differs and is good by an independent judgement."""

import re
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from cognito_conformance.cases import load_cases
from cognito_conformance.forge import Forge
from cognito_conformance.forge.encoding import b64url_decode
from cognito_conformance.model import (
    ConfigureStep,
    JwksStep,
    Scenario,
    Verdict,
    VerifyStep,
)
from cognito_conformance.protocol.messages import CAPABILITIES

CASES = {case.id: case for case in load_cases()}
ACCEPT, REJECT = frozenset({Verdict.ACCEPT}), frozenset({Verdict.REJECT})
UNCHECKED = dict.fromkeys(
    ("verify_exp", "verify_aud", "verify_iat", "verify_nbf", "verify_sub"), False
)


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    """Every case, rendered by one forge."""
    forge = Forge.create()
    return {case.id: forge.render(case) for case in CASES.values()}


def test_ids_are_slugs() -> None:
    """A case's id is a path of lower-case words."""
    assert all(re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)+", each) for each in CASES)


def test_every_case_belongs_to_the_requirement_it_is_named_after() -> None:
    """The requirement's id is the beginning of the case's."""
    assert all(
        each.id == each.requirement or each.id.startswith(each.requirement + "/")
        for each in CASES.values()
    )


def test_every_rejection_has_an_accept_twin() -> None:
    """A verifier that rejects everything must not pass."""
    for case in CASES.values():
        if case.expect == REJECT:
            assert case.twin is not None, case.id
            assert CASES[case.twin].expect == ACCEPT, case.id


def test_a_twin_needs_nothing_that_its_case_does_not() -> None:
    """Otherwise the twin could be out of reach where the case is not."""
    for case in CASES.values():
        if case.twin:
            beyond = CASES[case.twin].needs - case.needs - {"verify"}
            assert not beyond, case.id


def test_only_known_capabilities_are_needed() -> None:
    """A misspelt capability would skip its case for everybody."""
    assert {name for case in CASES.values() for name in case.needs} <= CAPABILITIES.keys()


def test_rejections_differ_from_their_twins(scenarios: dict[str, Scenario]) -> None:
    """What is presented, the configuration or the time is another."""
    for case in CASES.values():
        if case.twin:
            assert _essence(scenarios[case.id]) != _essence(scenarios[case.twin]), case.id


def test_cases_differ_from_each_other(scenarios: dict[str, Scenario]) -> None:
    """Two cases of one requirement do not render to the same thing."""
    seen: dict[tuple[str, str], str] = {}
    for case in CASES.values():
        essence = (case.requirement, _essence(scenarios[case.id]))
        assert essence not in seen, f"{case.id} is {seen[essence]} again"
        seen[essence] = case.id


def test_every_accepted_token_verifies_independently(scenarios: dict[str, Scenario]) -> None:
    """PyJWT and the published key agree that each token of an accept step is genuine."""
    checked = 0
    for name, scenario in scenarios.items():
        config, document = scenario.config, scenario.config.jwks
        for step in scenario.steps:
            if isinstance(step, ConfigureStep):
                config, document = step.config, step.config.jwks
            if isinstance(step, JwksStep) and step.jwks is not None:
                document = step.jwks
            if isinstance(step, VerifyStep) and step.expect == ACCEPT:
                key = _published(document, step.token) or _published(
                    _first_document(scenario), step.token
                )
                assert key is not None, name
                claims = jwt.decode(step.token, key, algorithms=["RS256"], options=UNCHECKED)
                assert claims == step.claims, name
                assert step.now < claims["exp"] + config.leeway_s, name
                assert claims["iss"] in config.issuers, name
                checked += 1
    assert checked > 100


def test_expectations_are_one_verdict_or_a_record() -> None:
    """A case scores one verdict, or records which of both it was; an error is never expected."""
    for case in CASES.values():
        assert case.expect in (ACCEPT, REJECT, ACCEPT | REJECT), case.id


def _essence(scenario: Scenario) -> str:
    return repr((scenario.config, scenario.steps))


def _first_document(scenario: Scenario) -> Any:
    first = scenario.steps[0]
    return first.jwks if isinstance(first, JwksStep) else scenario.config.jwks


def _published(document: Any, token: str) -> rsa.RSAPublicKey | None:
    kid = jwt.get_unverified_header(token)["kid"]
    keys = document.get("keys") if isinstance(document, dict) else None
    for jwk in keys or ():
        if isinstance(jwk, dict) and jwk.get("kid") == kid and jwk.get("kty") == "RSA":
            n, e = (int.from_bytes(b64url_decode(jwk[name]), "big") for name in ("n", "e"))
            return rsa.RSAPublicNumbers(e, n).public_key()
    return None
