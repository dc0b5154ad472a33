"""What is published of the matrix, and that the raw reports show by themselves what is known."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cognito_conformance.report.decisions import Decisions
from cognito_conformance.report.disclosure import findings, publishable
from cognito_conformance.report.remedies import load_hints

RESULTS = Path(__file__).parents[2] / "conformance" / "results"
PUBLISHED = sorted(RESULTS.glob("*.json"))
VERIFIERS = [path for path in PUBLISHED if not path.stem.startswith("issuer-")]
DECISIONS = Decisions.load(RESULTS / "disclosed.toml")
LARGEST_BYTES = 1024 * 1024
#: The findings that the project has decided to show, by the report in which they are found.
KNOWN = {
    "aws-jwt-verify": ["time/exp/missing", "header/crit-unknown"],
    "jsonwebtoken-express": ["aud/access/wrong-client"],
    "cognitojwt": ["use/id-for-access", "use/access-for-id"],
    "fastapi-cognito": ["use/id-for-access", "use/access-for-id"],
    "authlib": ["time/exp/huge"],
    "jsonwebtoken": ["rotation/unknown-kid-storm"],
    "issuer-moto": ["issuer/signin/srp-wrong-password-refused"],
}


def read(path: Path) -> dict[str, Any]:
    """Return a report."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_at_least_fifteen_verifiers_and_four_issuers_are_compared() -> None:
    """Each with a version, so that a result is about one release."""
    assert len(VERIFIERS) >= 15
    assert len(PUBLISHED) - len(VERIFIERS) >= 4
    assert len({read(path)["catalogue_sha256"] for path in VERIFIERS}) == 1


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_no_published_report_tells_of_a_hole_that_was_not_decided_on(path: Path) -> None:
    """Whoever regenerates them cannot forget; nor do they name paths of the machine."""
    document = read(path)
    schema = RESULTS.parent / "cognito_conformance" / "report" / "v1" / "published.schema.json"

    Draft202012Validator(read(schema)).validate(document)
    assert findings(document, DECISIONS) == ()
    assert publishable(document, DECISIONS) == document
    assert not any(place in path.read_text() for place in ("/opt/", "/home/", "/root/"))


def test_nothing_else_is_published() -> None:
    """Pages, badges and these reports; no replay file, no raw report, and not much of it."""
    files = [
        path
        for path in RESULTS.rglob("*")
        if path.is_file()
        and not path.relative_to(RESULTS).as_posix().startswith((".", "build/", "__pycache__/"))
    ]
    kinds = {path.relative_to(RESULTS).as_posix() for path in files} - {
        path.name for path in PUBLISHED
    }
    badges = {name for name in kinds if "badges/" in name}

    assert kinds - badges == {
        *("README.md", "regenerate.py", "subjects.py", "ruff.toml"),
        *("disclosed.toml", "hints.toml", "index.html", "issuers/index.html"),
    }
    assert len(badges) == len(PUBLISHED)
    assert sum(path.stat().st_size for path in files) <= LARGEST_BYTES


def test_every_decision_and_every_hint_is_about_something_that_is_told() -> None:
    """A hint about something withheld would tell of it; a decision about nothing is struck."""
    told = {
        (document["adapter"]["name"], line["id"])
        for document in map(read, PUBLISHED)
        for line in document["requirements"]
        if line["cases"]
    }

    assert set(load_hints(RESULTS / "hints.toml")) <= told
    for decision in DECISIONS.disclosed:
        assert any(decision.covers(*found) for found in told), decision


def test_the_known_findings_are_shown() -> None:
    """By the published reports, each as a failure."""
    for name, requirements in KNOWN.items():
        statuses = {
            each["id"]: each["status"] for each in read(RESULTS / f"{name}.json")["requirements"]
        }
        assert {statuses[each] for each in requirements} == {"fail"}, name


@pytest.mark.matrix
def test_raw_reports_show_the_known_findings_without_being_told() -> None:
    """What `regenerate.py` has judged on this machine; it was told of no finding."""
    for name, requirements in KNOWN.items():
        raw = read(RESULTS / "build" / name.replace("issuer-", "issuers/") / "report.json")
        assert set(requirements) <= set(findings(raw)) | {"rotation/unknown-kid-storm"}, name
        statuses = {each["id"]: each["status"] for each in raw["requirements"]}
        assert {statuses[each] for each in requirements} == {"fail"}, name


@pytest.mark.matrix
def test_the_published_reports_are_what_the_raw_ones_permit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing was edited by hand."""
    monkeypatch.syspath_prepend(str(RESULTS))
    from subjects import SUBJECTS  # noqa: PLC0415  (a command's module, found by its path)

    for subject in SUBJECTS:
        name = subject.name.replace("issuer-", "issuers/")
        raw = read(RESULTS / "build" / name / "report.json")
        raw["adapter"] |= subject.described()
        published = read(RESULTS / f"{subject.name}.json")
        assert {**publishable(raw, DECISIONS), "started": ""} == {**published, "started": ""}
    assert "subjects" in sys.modules
