"""Several reports side by side, and what of them must not be told."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cognito_conformance.catalogue import load_requirements
from cognito_conformance.cli import main
from cognito_conformance.report.disclosure import findings, publishable
from cognito_conformance.report.html import render_page
from cognito_conformance.report.matrix import badge, build_matrix, score

Report = dict[str, Any]
LEVELS = {each.id: (each.level.value, each.threat.value) for each in load_requirements()}
HOLE = "alg/none"
NEIGHBOUR = "alg/hs256-pem"
OTHER_AREA = "time/exp/missing"


def case(status: str, verdict: str, detail: str = "", name: str = "x") -> Report:
    """Return one case of a report."""
    found = {"id": name, "status": status, "verdict": verdict, "reason": None, "ms": 1.0}
    return {**found, "detail": detail} if detail else found


def report(
    results: Mapping[str, Report], *, name: str = "lib", catalogue: str = "0" * 64
) -> Report:
    """Return a report with one case a requirement."""
    requirements = [
        {
            "id": each,
            "level": LEVELS[each][0],
            "threat": LEVELS[each][1],
            "status": one["status"],
            "cases": [{**one, "id": f"{each}/case", "recipe": "[[case]]", "replay": "r.json"}],
        }
        for each, one in results.items()
    ]
    counts = dict.fromkeys(("pass", "fail", "xfail", "vacuous", "recorded", "skip"), 0)
    return {
        "schema_version": 1,
        "suite": "0.1.0",
        "catalogue_sha256": catalogue,
        "started": "2026-01-02T03:04:05+00:00",
        "adapter": {
            "spec": "exec:/home/me/adapter",
            "name": name,
            "version": "1.0",
            "language": "python",
            "homepage": "https://example.org",
        },
        "error": None,
        "summary": dict.fromkeys(("must", "should", "may"), counts),
        "requirements": requirements,
        "behaviours": {},
        "stale_baseline": [],
    }


ACCEPTED = case("fail", "accept", "accept, expected reject")
LEAKY = {
    HOLE: ACCEPTED,
    NEIGHBOUR: case("pass", "reject"),
    OTHER_AREA: ACCEPTED,
    "base/access": case("pass", "accept"),
}


def statuses(document: Report) -> dict[str, str]:
    """Return the status of each requirement."""
    return {each["id"]: each["status"] for each in document["requirements"]}


def test_what_lets_somebody_in_is_withheld_with_its_neighbours() -> None:
    """A single withheld line would name the hole; what only the issuer can use is told."""
    published = publishable(report(LEAKY))

    assert findings(report(LEAKY)) == (HOLE,)
    assert statuses(published) == {
        HOLE: "withheld",
        NEIGHBOUR: "withheld",
        OTHER_AREA: "fail",
        "base/access": "pass",
    }
    assert published["summary"]["must"]["withheld"] == 2


def test_a_withheld_finding_leaves_nothing_behind() -> None:
    """Neither a case, nor a recipe, nor this machine's paths."""
    text = json.dumps(publishable(report(LEAKY)))

    assert f"{HOLE}/case" not in text
    assert "[[case]]" not in text
    assert "/home/me" not in text


@pytest.mark.parametrize(
    ("one", "grave"),
    [
        (case("fail", "accept", "accept, expected reject"), True),
        (case("fail", "reject", "step 2: accept (x), expected reject"), True),
        (case("fail", "error", "error (KeyError: 'kid'), expected reject"), False),
        (case("vacuous", "reject", "rejected, but so is its twin"), False),
        (case("pass", "reject"), False),
    ],
)
def test_only_an_accept_is_a_hole(one: Report, *, grave: bool) -> None:
    """A crash keeps everybody out, good or bad."""
    assert bool(findings(report({HOLE: one}))) is grave


def test_withholding_twice_is_withholding_once() -> None:
    """A published report is published again unchanged."""
    once = publishable(report(LEAKY))

    assert publishable(once) == once


def test_a_badge_is_green_only_when_everything_is_met_and_told() -> None:
    """Failures and secrets both cost the colour."""
    good = report({HOLE: case("pass", "reject"), "base/access": case("pass", "accept")})
    lacking = report({HOLE: case("skip", "reject"), "base/access": case("pass", "accept")})

    assert badge(good) == {
        "schemaVersion": 1,
        "label": "cognito-conformance 0.1",
        "message": "2/2 MUST",
        "color": "brightgreen",
    }
    assert badge(lacking)["message"] == "1/1 MUST"
    assert badge(publishable(report(LEAKY)))["color"] == "orange"
    assert badge(publishable(report(LEAKY)))["message"] == "1/2 MUST, 2 withheld"


def test_an_expected_failure_is_no_less_a_failure() -> None:
    """A baseline changes no score."""
    assert score(report({"base/access": case("xfail", "reject")}), "must").met == 0


def test_reports_of_different_catalogues_are_not_compared() -> None:
    """They answer different questions."""
    other = report(LEAKY, catalogue="1" * 64)

    with pytest.raises(ValueError, match="different catalogues"):
        build_matrix([report(LEAKY), other], load_requirements())


class Page(HTMLParser):
    """Counts elements and notes what a browser would run or fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in {"src", "style"}]
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name.startswith("on")]


def test_the_page_has_a_line_a_requirement_and_runs_nothing() -> None:
    """Whatever a library writes into its error texts."""
    hostile = case("fail", "accept", "accept (<script>alert(1)</script>), expected reject")
    reports = [report({OTHER_AREA: hostile, "base/access": case("pass", "accept")}, name="<b>x")]

    text = render_page(build_matrix(reports, load_requirements()))

    page = Page(text)
    assert page.tags.count("details") == 2
    assert "script" not in page.tags
    assert page.tags.count("b") == 1  # the subject's name in the explanation
    assert page.fetched == []
    assert "&lt;script&gt;" in text


def test_a_line_opens_its_sentence_its_source_and_what_happened() -> None:
    """That is what a reader wants to know."""
    text = render_page(build_matrix([report({OTHER_AREA: ACCEPTED})], load_requirements()))

    (requirement,) = (each for each in load_requirements() if each.id == OTHER_AREA)
    assert requirement.text.replace("'", "&#x27;") in text
    assert re.search(r'<a href="https://docs\.aws\.amazon\.com/', text)
    assert f"{OTHER_AREA}/case: accept, expected reject" in text


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two reports on disk."""
    names = []
    for name in ("One", "two.py"):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(report(LEAKY, name=name)))
        names.append(str(path))
    return names


def test_the_command_withholds_unless_told_otherwise(files: list[str], tmp_path: Path) -> None:
    """Nobody publishes a hole by forgetting an option."""
    assert main(["compare", *files, "--out", str(tmp_path / "public")]) == 0
    assert main(["compare", *files, "--unwithheld", "--out", str(tmp_path / "own")]) == 0

    assert f"{HOLE}/case" not in (tmp_path / "public" / "index.html").read_text()
    assert f"{HOLE}/case" in (tmp_path / "own" / "index.html").read_text()
    badges = sorted(path.name for path in (tmp_path / "public" / "badges").iterdir())
    assert badges == ["one.json", "two-py.json"]


def test_a_file_that_is_no_report_ends_with_2(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says which."""
    broken = tmp_path / "broken.json"
    broken.write_text("[]")

    assert main(["compare", *files, str(broken), "--out", str(tmp_path / "out")]) == 2
    assert "broken.json" in capsys.readouterr().err


def test_no_committed_result_tells_of_a_hole() -> None:
    """Whoever regenerates them cannot forget."""
    for path in (Path(__file__).parents[2] / "conformance" / "results").glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))

        assert findings(document) == ()
        assert publishable(document) == document
