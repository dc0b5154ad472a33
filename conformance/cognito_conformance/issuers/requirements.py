"""The issuer's catalogue: requirements, and the one case that each of them has."""

import hashlib
from functools import cache
from typing import Any, Final

from cognito_conformance.catalogue import resolve
from cognito_conformance.issuers.target import CIRCUMSTANCES, FEATURES
from cognito_conformance.model import Case, Level, Requirement, Source, Threat, Verdict
from cognito_conformance.tables import DataError, only, read_file

PROFILE: Final = "issuer-2026.1"
_MEMBERS: Final = frozenset(
    {"id", "text", "explanation", "level", "threat", "since", "needs", "source", "twin"}
)
_CAPABILITIES: Final = {*FEATURES, *CIRCUMSTANCES}


@cache
def load_issuer_requirements() -> tuple[Requirement, ...]:
    """Return every requirement of issuers, in the order in which they are asked about."""
    return tuple(_requirement(table) for table in _tables())


@cache
def load_issuer_cases() -> tuple[Case, ...]:
    """Return the case of each requirement; a refusal names its accept twin."""
    return tuple(
        Case(
            id=table["id"],
            requirement=table["id"],
            expect=frozenset({Verdict.REJECT if "twin" in table else Verdict.ACCEPT}),
            recipe={},
            twin=table.get("twin"),
            needs=frozenset(table["needs"]),
        )
        for table in _tables()
    )


def issuer_catalogue_sha256() -> str:
    """Tell two runs apart that asked different questions."""
    lines = [
        "|".join((each.id, each.text, each.level, each.threat, *sorted(each.needs)))
        for each in load_issuer_requirements()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _tables() -> list[dict[str, Any]]:
    return list(read_file("issuers", "catalogue.toml")["requirement"])


def _requirement(table: dict[str, Any]) -> Requirement:
    where = f"issuers/catalogue.toml: {table.get('id')}"
    only(where, table, _MEMBERS)
    needs = frozenset(table["needs"])
    if unknown := needs - _CAPABILITIES:
        raise DataError(f"{where}: unknown capability {', '.join(sorted(unknown))}")
    for ref in table["source"]:
        resolve(ref)
    return Requirement(
        id=table["id"],
        text=table["text"],
        level=Level(table["level"]),
        threat=Threat(table["threat"]),
        since=table["since"],
        sources=tuple(Source(ref=ref) for ref in table["source"]),
        needs=needs,
        explanation=table["explanation"],
    )
