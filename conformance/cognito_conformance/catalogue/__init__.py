"""Who must obey what, and where it is written: requirements, sentences, sources and profiles."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cognito_conformance.model import Level, Requirement, Source, Threat
from cognito_conformance.tables import DataError, only, read_file, read_folder

LONGEST_QUOTE: Final = 25
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
_FACT = re.compile(r"(COG-[A-Z-]+)-\d{3}")
_REQUIREMENT = frozenset({"id", "text", "level", "threat", "since", "needs", "source"})
_SENTENCE = frozenset({"ref", "step", "text", "tested", "excluded"})
_TRACES: Final = "traceability.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A step or rule of a specification: what tests it, or why nothing does."""

    ref: str
    step: str
    text: str
    tested: tuple[str, ...] = ()
    excluded: str = ""


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
def load_sentences() -> tuple[Sentence, ...]:
    """Return what the specifications ask for, sentence by sentence."""
    known = {each.id for each in load_requirements()}
    return tuple(_sentence(table, known) for table in read_file("catalogue", _TRACES)["sentence"])


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


def _sentence(table: dict[str, Any], known: Collection[str]) -> Sentence:
    where = f"{_TRACES}: {table.get('ref')} {table.get('step')}"
    only(where, table, _SENTENCE)
    resolve(table["ref"])
    if ("tested" in table) == ("excluded" in table):
        raise DataError(f"{where}: tested or excluded, one of the two")
    if unknown := set(table.get("tested", ())) - set(known):
        raise DataError(f"{where}: no requirement is called {', '.join(sorted(unknown))}")
    return Sentence(**{**table, "tested": tuple(table.get("tested", ()))})
