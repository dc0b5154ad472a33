"""Who must obey what, and where it is written: requirements, exclusions, sources and profiles."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cognito_conformance.model import Level, Requirement, Source, Threat
from cognito_conformance.tables import DataError, only, read_file, read_folder

LONGEST_QUOTE: Final = 25
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
_FACT = re.compile(r"(COG-[A-Z-]+)-\d{3}")
_REQUIREMENT = frozenset({"id", "text", "level", "threat", "since", "needs", "source"})
_EXCLUDED = frozenset({"ref", "text", "reason"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A sentence of a specification that the suite deliberately does not test."""

    ref: str
    text: str
    reason: str


@cache
def load_requirements() -> tuple[Requirement, ...]:
    """Return every requirement, in the order of the catalogue."""
    found = tuple(
        _requirement(name, table)
        for name, document in read_folder("catalogue")
        for table in document.get("requirement", ())
    )
    if len({each.id for each in found}) != len(found):
        raise DataError("catalogue: two requirements have one id")
    return found


@cache
def load_exclusions() -> tuple[Excluded, ...]:
    """Return what is not tested, and why."""
    document = read_file("catalogue", "excluded.toml")
    for table in document["excluded"]:
        only("excluded", table, _EXCLUDED)
        resolve(table["ref"])
    return tuple(Excluded(**table) for table in document["excluded"])


@cache
def load_profiles() -> dict[str, frozenset[str]]:
    """Return the frozen lists of requirement ids, by profile."""
    return {name: frozenset(table["requirements"]) for name, table in read_folder("profiles")}


def resolve(ref: str) -> str:
    """Return the address that a source's ``ref`` stands for. Raises `DataError`."""
    sources = _sources()
    if ref in sources["document"]:
        return str(sources["document"][ref])
    if fact := _FACT.fullmatch(ref):
        if fact[1] not in sources["fact"]:
            raise DataError(f"source {ref!r} does not resolve")
        return str(sources["fact"][fact[1]])
    document, _, section = ref.partition("#")
    family = re.match(r"[A-Z]+", document)
    if family is None or family[0] not in sources["family"]:
        raise DataError(f"source {ref!r} does not resolve")
    number = document.removeprefix(family[0]).removeprefix("-")
    address = str(sources["family"][family[0]]).format(ref=document, number=number)
    if section:
        address += sources["section"][family[0]].format(section=section)
    return address


@cache
def _sources() -> dict[str, Any]:
    return read_file("sources.toml")


def _requirement(file: str, table: dict[str, Any]) -> Requirement:
    where = f"catalogue/{file}.toml: {table.get('id')}"
    only(where, table, _REQUIREMENT)
    if not _SLUG.fullmatch(table["id"]) or table["id"].partition("/")[0] != file:
        raise DataError(f"{where}: not an id of this area")
    sources = tuple(Source(**source) for source in table["source"])
    for source in sources:
        resolve(source.ref)
        if source.quote and len(source.quote.split()) > LONGEST_QUOTE:
            raise DataError(f"{where}: the quote is longer than {LONGEST_QUOTE} words")
    return Requirement(
        id=table["id"],
        text=table["text"],
        level=Level(table["level"]),
        threat=Threat(table["threat"]),
        since=table["since"],
        sources=sources,
        needs=frozenset(table.get("needs", ("verify",))),
    )
