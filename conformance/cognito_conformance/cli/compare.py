"""The command ``compare``: several reports into one page and a badge each."""

# ruff: noqa: T201  (printing is what a command does)

import argparse
import json
import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from cognito_conformance.issuers.requirements import load_issuer_requirements
from cognito_conformance.report.decisions import NO_DECISIONS, Decisions
from cognito_conformance.report.disclosure import publishable
from cognito_conformance.report.html import render_page
from cognito_conformance.report.matrix import NO_HINTS, badge, build_matrix
from cognito_conformance.report.remedies import load_hints
from cognito_conformance.report.summary import ExitCode
from cognito_conformance.selection import Catalogue


def compare(options: argparse.Namespace) -> int:
    """Write ``index.html`` and ``badges/NAME.json``; withhold what is not to be published."""
    try:
        reports = [_read(Path(name)) for name in options.reports]
        decisions = Decisions.load(Path(options.disclosed)) if options.disclosed else NO_DECISIONS
        hints = load_hints(Path(options.hints)) if options.hints else NO_HINTS
        if not options.unwithheld:
            reports = [publishable(report, decisions) for report in reports]
        # Verifiers and issuers have catalogues of their own: reports of both are refused.
        requirements = (*Catalogue.load().requirements, *load_issuer_requirements())
        page = render_page(build_matrix(reports, requirements, hints))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cognito-conformance: {error}\n")
        return ExitCode.USAGE
    folder = Path(options.out)
    (folder / "badges").mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    for report in reports:
        target = folder / "badges" / f"{file_name(report)}.json"
        target.write_text(json.dumps(badge(report), indent=2) + "\n", encoding="utf-8")
    print(f"{folder / 'index.html'}: {len(reports)} subjects")
    return ExitCode.AS_EXPECTED


def file_name(report: dict[str, Any]) -> str:
    """Return a report's name for files."""
    return re.sub(r"[^a-z0-9]+", "-", report["adapter"]["name"].lower()).strip("-") or "subject"


def _read(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    if not any(validator.is_valid(report) for validator in _validators()):
        raise ValueError(f"{path}: not a report of schema version 1")
    return report  # type: ignore[no-any-return]  # the schemas say that it is an object


@cache
def _validators() -> tuple[Draft202012Validator, ...]:
    folder = files("cognito_conformance") / "report" / "v1"
    return tuple(
        Draft202012Validator(json.loads((folder / f"{name}.schema.json").read_text("utf-8")))
        for name in ("report", "published")
    )
