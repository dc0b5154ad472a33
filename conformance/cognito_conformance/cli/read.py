"""The commands that need no adapter: list, explain, export."""

# ruff: noqa: T201  (printing is what a command does)

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

from cognito_conformance.catalogue import resolve
from cognito_conformance.forge import Forge
from cognito_conformance.issuers.requirements import load_issuer_cases, load_issuer_requirements
from cognito_conformance.model import Requirement
from cognito_conformance.report.remedies import remedy
from cognito_conformance.report.replay import case_as_toml, replay_document
from cognito_conformance.report.summary import ExitCode
from cognito_conformance.selection import Catalogue, Selection

_SCHEMA: Final = "vectors.schema.json"


def list_requirements(options: argparse.Namespace) -> int:
    """Print the catalogue, one requirement a line or as JSON."""
    requirements = load_issuer_requirements() if options.issuer else Catalogue.load().requirements
    if options.json:
        print(json.dumps({"requirements": [_as_json(each) for each in requirements]}, indent=2))
    else:
        width = max(len(each.id) for each in requirements)
        for each in requirements:
            print(f"{each.id:{width}}  {each.level.value:6}  {each.threat.value:12}  {each.text}")
    return ExitCode.AS_EXPECTED


def explain(options: argparse.Namespace) -> int:
    """Print a requirement with its sources and cases, or a case with its requirement."""
    catalogue = Catalogue.load()
    cases = [case for case in catalogue.cases if options.id in {case.id, case.requirement}]
    wanted = {options.id, *(case.requirement for case in cases if case.id == options.id)}
    known = (*catalogue.requirements, *load_issuer_requirements())
    found = [each for each in known if each.id in wanted]
    if not found:
        sys.stderr.write(f"cognito-conformance: nothing is called {options.id!r}; see list\n")
        return ExitCode.USAGE
    for requirement in found:
        print(f"{requirement.id}: {requirement.text}")
        print(f"  level {requirement.level.value}, threat {requirement.threat.value}, ", end="")
        print(f"since {requirement.since}, needs {', '.join(sorted(requirement.needs))}")
        for source in requirement.sources:
            quote = f' "{source.quote}"' if source.quote else ""
            print(f"  {source.ref}{quote}")
            print(f"    {resolve(source.ref)}")
        if requirement.explanation:
            print(f"  {requirement.explanation}")
        print(_twin_of(requirement), end="")
        if how := remedy(requirement.id):
            print(f"  to meet it: {how}")
    for case in cases:
        print(f"\n{case_as_toml(case)}", end="")
    return ExitCode.AS_EXPECTED


def export(options: argparse.Namespace) -> int:
    """Write each case's frozen scenario, one file an area, and the schema of these files."""
    cases = Selection(pattern=options.select).cases(Catalogue.load())
    if not cases:
        sys.stderr.write(f"cognito-conformance: nothing matches {options.select!r}; see list\n")
        return ExitCode.USAGE
    forge = Forge.create(options.seed)
    folder = Path(options.dir)
    folder.mkdir(parents=True, exist_ok=True)
    areas: dict[str, list[object]] = {}
    for case in cases:
        area = case.requirement.partition("/")[0]
        areas.setdefault(area, []).append(replay_document(case, forge.render(case)))
    for area, documents in areas.items():
        path = folder / f"{area}.json"
        vectors = {"$schema": _SCHEMA, "cases": documents}
        path.write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")
    schema = files("cognito_conformance") / "report" / "v1" / _SCHEMA
    (folder / _SCHEMA).write_text(schema.read_text("utf-8"), encoding="utf-8")
    print(f"{len(cases)} cases in {len(areas)} files")
    return ExitCode.AS_EXPECTED


def _twin_of(requirement: Requirement) -> str:
    twins = {case.id: case.twin for case in load_issuer_cases()}
    twin = twins.get(requirement.id)
    return f"  proves nothing unless {twin} is met\n" if twin else ""


def _as_json(requirement: Requirement) -> dict[str, object]:
    return {
        "id": requirement.id,
        "level": requirement.level.value,
        "threat": requirement.threat.value,
        "text": requirement.text,
        **({"explanation": requirement.explanation} if requirement.explanation else {}),
        "since": requirement.since,
        "needs": sorted(requirement.needs),
        "sources": [
            {"ref": source.ref, **({"quote": source.quote} if source.quote else {})}
            for source in requirement.sources
        ],
    }
