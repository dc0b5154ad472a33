"""The properties of cookies find the readers that are known to be wrong, and no other."""

from collections.abc import Iterator

import pytest

from cognito_conformance.adapters.builtin.cognito_verify import CognitoVerifyAdapter
from cognito_conformance.adapters.opening import subject_for
from cognito_conformance.forge import Forge
from cognito_conformance.model import CookieAdapter
from cognito_conformance.properties.cookies import COOKIE_PROPERTIES
from cognito_conformance.properties.search import search
from cognito_conformance.runner import Runner
from cognito_conformance.saboteurs import SABOTEURS
from cognito_conformance.selection import Catalogue

LAWS = {law.name: law for law in COOKIE_PROPERTIES}


@pytest.fixture(scope="module")
def forge() -> Forge:
    """One forge: nothing here is signed."""
    return Forge.create(1)


def broken(law: str, adapter: CookieAdapter, forge: Forge) -> Iterator[str]:
    """Yield the requirements that ``adapter`` breaks under ``law``."""
    catalogue = Catalogue.load()
    subject = subject_for(adapter)
    subject.start()
    runner = Runner(
        subject, forge.render, requirements=catalogue.requirements, cases=catalogue.cases
    )
    for outcome in search(LAWS[law], runner, examples=150, seed=1):
        if outcome.failed:
            yield outcome.requirement
    runner.close()


@pytest.mark.parametrize("law", LAWS)
def test_our_own_reader_obeys(law: str, forge: Forge) -> None:
    """In every example."""
    assert list(broken(law, CognitoVerifyAdapter(), forge)) == []


@pytest.mark.parametrize(
    ("law", "saboteur"),
    [
        ("round-trip", "names_not_decoded"),
        ("round-trip", "decodes_twice"),
        ("round-trip", "splits_name_by_dot"),
        ("crowd", "uses_simple_cookie"),
        ("crowd", "crashes_on_bare_cookies"),
        ("crowd", "decodes_strictly"),
        ("noise", "crashes_on_bare_cookies"),
        ("crowd", "ascii_only"),
    ],
)
def test_a_flawed_reader_is_found(law: str, saboteur: str, forge: Forge) -> None:
    """By drawing alone, without a case that was written for it."""
    assert list(broken(law, SABOTEURS[saboteur].factory(), forge))
