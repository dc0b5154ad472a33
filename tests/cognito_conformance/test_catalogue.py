"""The catalogue: every sentence has an id for good, a source that leads somewhere, and a case."""

import re

import pytest

from cognito_conformance.cases import load_cases
from cognito_conformance.catalogue import (
    load_profiles,
    load_requirements,
    load_sentences,
    resolve,
)
from cognito_conformance.model import Level, Threat
from cognito_conformance.tables import DataError

REQUIREMENTS = load_requirements()
BINDING = {Threat.FORGED, Threat.REPLAYED, Threat.EXPIRED}


def test_ids_are_unique_slugs() -> None:
    """An id is a path of lower-case words, and no two requirements share one."""
    ids = [each.id for each in REQUIREMENTS]

    assert len(ids) == len(set(ids)) == 231
    assert all(re.fullmatch(r"[a-z]+(/[a-z0-9]+(-[a-z0-9]+)*){1,2}", each) for each in ids)


def test_every_requirement_is_one_sentence() -> None:
    """The text starts with a capital and ends with its only full stop at the end of a sentence."""
    for each in REQUIREMENTS:
        assert each.text[0].isupper() or each.text.startswith("kid"), each.id
        assert each.text.endswith("."), each.id
        assert ". " not in each.text, each.id


def test_every_source_resolves_to_an_address() -> None:
    """Each requirement has a source, and each source an address."""
    for each in REQUIREMENTS:
        assert each.sources, each.id
        assert all(resolve(source.ref).startswith("https://") for source in each.sources)


@pytest.mark.parametrize(
    ("ref", "address"),
    [
        ("RFC7519#4.1.4", "https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.4"),
        ("CVE-2015-9235", "https://nvd.nist.gov/vuln/detail/CVE-2015-9235"),
        ("GHSA-fhv5-28vv-h8m8", "https://github.com/advisories/GHSA-fhv5-28vv-h8m8"),
        ("CWE-400", "https://cwe.mitre.org/data/definitions/400.html"),
    ],
)
def test_families_of_sources_have_a_pattern(ref: str, address: str) -> None:
    """A family's address is made from its number and section."""
    assert resolve(ref) == address


def test_an_unknown_source_is_an_error() -> None:
    """A source that nobody listed does not resolve."""
    with pytest.raises(DataError, match="does not resolve"):
        resolve("XYZ-1")


def test_quotes_are_short() -> None:
    """A quote is evidence, not a copy: 25 words at most."""
    quotes = [source.quote for each in REQUIREMENTS for source in each.sources if source.quote]

    assert quotes
    assert all(len(quote.split()) <= 25 for quote in quotes)


def test_every_requirement_has_a_case() -> None:
    """A requirement that nothing exercises is a claim, not a requirement."""
    exercised = {case.requirement for case in load_cases()}

    assert {each.id for each in REQUIREMENTS} - exercised == set()


def test_the_first_profile_holds_everything_there_is() -> None:
    """cognito-2026.1 is the whole catalogue of its day."""
    assert load_profiles()["cognito-2026.1"] == {each.id for each in REQUIREMENTS}


def test_core_holds_what_lets_a_stranger_in() -> None:
    """core: every binding row about forged, replayed or expired tokens, and the twins' rows."""
    core = load_profiles()["core"]
    binding = {
        each.id for each in REQUIREMENTS if each.level is Level.MUST and each.threat in BINDING
    }
    by_id = {case.id: case for case in load_cases()}
    twins = {
        by_id[case.twin].requirement
        for case in by_id.values()
        if case.twin and case.requirement in binding
    }

    assert len(binding) == 91
    assert core == binding | twins


STEPS = {
    "RFC7515#5.2": ["before", *map(str, range(1, 11)), "after"],
    "RFC7519#7.2": ["before", *map(str, range(1, 11)), "after"],
    "RFC8725": [f"3.{number}" for number in range(1, 13)],
    "AWS:verifying-a-jwt": ["1", "2", "3.1", "3.2", "3.3", "3.4"],
}


@pytest.mark.parametrize("document", STEPS)
def test_every_step_of_the_specifications_is_tested_or_excluded_with_a_reason(
    document: str,
) -> None:
    """RFC 7515 §5.2, RFC 7519 §7.2, RFC 8725 §3 and AWS's page, step by step."""
    traced = [each.step for each in load_sentences() if each.ref.startswith(document)]

    assert set(STEPS[document]) <= set(traced)
    assert len(traced) == len(set(traced))


def test_every_sentence_is_tested_or_says_why_not() -> None:
    """What is not tested gives its reason."""
    for each in load_sentences():
        assert each.text.endswith("."), each
        assert bool(each.tested) != each.excluded.endswith("."), each
