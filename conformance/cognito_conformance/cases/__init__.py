"""The fixed cases: TOML recipes, one file per area, each checked against the forge's vocabulary.

A case's requirement is the longest requirement id that its own id begins with. ``each`` makes one
case per value: `$each` in the recipe is the value, and its name ends the case's id.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from cognito_conformance.catalogue import load_requirements
from cognito_conformance.forge.errors import RecipeError
from cognito_conformance.forge.recipe import RECIPE, check_recipe, verdicts
from cognito_conformance.model import Case, Reason, Verdict
from cognito_conformance.tables import DataError, only, read_folder

_MEMBERS: Final = RECIPE | {
    "id",
    "expect",
    "twin",
    "reason",
    "forbidden_reasons",
    "needs",
    "each",
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")


@cache
def load_cases() -> tuple[Case, ...]:
    """Return every fixed case, in the order of the files."""
    requirements = frozenset(each.id for each in load_requirements())
    cases = tuple(
        _case(f"cases/{name}.toml", table, requirements)
        for name, document in read_folder("cases")
        for written in document["case"]
        for table in _spread(written)
    )
    ids = [case.id for case in cases]
    if len(set(ids)) != len(ids):
        twice = sorted({each for each in ids if ids.count(each) > 1})
        raise DataError(f"two cases are called {', '.join(twice)}")
    return cases


def _case(file: str, table: Mapping[str, Any], requirements: frozenset[str]) -> Case:
    name = table.get("id", "")
    where = f"{file}: {name}"
    only(where, table, _MEMBERS)
    if not _SLUG.fullmatch(name):
        raise DataError(f"{where}: not a slug")
    recipe = {member: table[member] for member in RECIPE if member in table}
    try:
        check_recipe(recipe)
        expect = verdicts(table.get("expect"))
    except RecipeError as error:
        raise DataError(f"{where}: {error}") from error
    if expect == {Verdict.REJECT} and "twin" not in table:
        raise DataError(f"{where}: a case that expects a rejection names its accept twin")
    return Case(
        id=name,
        requirement=_requirement_of(where, name, requirements),
        expect=expect,
        recipe=recipe,
        twin=table.get("twin"),
        reason=Reason(table["reason"]) if "reason" in table else None,
        forbidden_reasons=frozenset(Reason(each) for each in table.get("forbidden_reasons", ())),
        needs=frozenset(table.get("needs", ("verify",))),
    )


def _requirement_of(where: str, name: str, requirements: frozenset[str]) -> str:
    parts = name.split("/")
    for length in range(len(parts), 1, -1):
        if (candidate := "/".join(parts[:length])) in requirements:
            return candidate
    raise DataError(f"{where}: no requirement has this id or the beginning of it")


def _spread(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "each" not in table:
        yield table
        return
    each = table["each"]
    values = (
        each.items()
        if isinstance(each, Mapping)
        else ((str(value).lower().replace("_", "-"), value) for value in each)
    )
    for slug, value in values:
        filled = {name: _fill(member, value) for name, member in table.items() if name != "each"}
        yield {**filled, "id": f"{table['id']}/{slug}"}


def _fill(member: Any, value: Any) -> Any:
    if isinstance(member, str):
        return value if member == "$each" else member.replace("$each", str(value))
    if isinstance(member, Mapping):
        return {name: _fill(inner, value) for name, inner in member.items()}
    if isinstance(member, list):
        return [_fill(inner, value) for inner in member]
    return member
