"""The issuer's catalogue is tested by those who should fail it, one flaw each."""

import re
from collections.abc import Callable

import pytest

from cognito_conformance.catalogue import resolve
from cognito_conformance.issuers.checks import CHECKS
from cognito_conformance.issuers.court import try_issuer
from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.requirements import load_issuer_cases, load_issuer_requirements
from cognito_conformance.issuers.saboteurs import ISSUER_SABOTEURS, IssuerSaboteur
from cognito_conformance.model import Verdict
from cognito_conformance.tables import read_file

REQUIREMENTS = load_issuer_requirements()
CASES = {case.id: case for case in load_issuer_cases()}
SRP = "issuer/signin/srp"


def failed(make: Callable[[], ReferenceIssuer], *, srp: bool) -> set[str]:
    """Return what an issuer fails; SRP, which is slow, is left out where nothing touches it."""
    outcomes = try_issuer(make, asked=lambda name: srp or not name.startswith(SRP))
    return {outcome.id for outcome in outcomes if outcome.status.failed}


def test_the_reference_meets_everything() -> None:
    """What the saboteurs are made from has no flaw."""
    assert failed(ReferenceIssuer, srp=True) == set()


@pytest.mark.parametrize("saboteur", ISSUER_SABOTEURS.values(), ids=lambda each: each.name)
def test_a_flawed_issuer_fails_exactly_what_it_declares(saboteur: IssuerSaboteur) -> None:
    """The failing set is the declared set: no check is blind, and none is hit by accident."""
    srp = any(name.startswith(SRP) for name in saboteur.fails)

    assert failed(saboteur.factory, srp=srp) == saboteur.fails


def test_every_requirement_is_failed_by_somebody() -> None:
    """A requirement that nobody can fail proves nothing."""
    everything = {name for saboteur in ISSUER_SABOTEURS.values() for name in saboteur.fails}

    assert everything == {each.id for each in REQUIREMENTS}


def test_every_binding_refusal_is_failed_by_somebody_who_meets_its_twin() -> None:
    """A refusal must be seen to be missing, not only to be beside a broken twin."""
    for case in CASES.values():
        if case.twin:
            assert any(
                case.id in saboteur.fails and case.twin not in saboteur.fails
                for saboteur in ISSUER_SABOTEURS.values()
            ), case.id


def test_declarations_name_flawed_issuers_that_exist() -> None:
    """Nothing is declared for nobody, and every flaw declares something."""
    declared = read_file("issuers", "saboteurs", "declared.toml")

    assert declared.keys() == ISSUER_SABOTEURS.keys()
    assert all(saboteur.fails for saboteur in ISSUER_SABOTEURS.values())


def test_every_requirement_has_a_check_a_source_and_an_explanation() -> None:
    """At least forty, each one sentence, each with an address to read on."""
    assert CHECKS.keys() == {each.id for each in REQUIREMENTS}
    assert len(REQUIREMENTS) >= 40
    for each in REQUIREMENTS:
        assert re.fullmatch(r"issuer/[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", each.id)
        assert each.text.endswith("."), each.id
        assert ". " not in each.text, each.id
        assert each.explanation.endswith("."), each.id
        assert all(resolve(source.ref).startswith("https://") for source in each.sources), each.id


def test_every_refusal_has_an_accept_twin_that_needs_no_more() -> None:
    """An issuer that refuses everything must not pass."""
    refusals = [case for case in CASES.values() if case.expect == {Verdict.REJECT}]

    assert len(refusals) > 40
    for case in refusals:
        assert case.twin is not None
        assert CASES[case.twin].expect == {Verdict.ACCEPT}
        assert CASES[case.twin].needs <= case.needs, case.id
    names = {case.id for case in refusals}
    assert {name for name in CASES if name.endswith("-refused")} <= names
