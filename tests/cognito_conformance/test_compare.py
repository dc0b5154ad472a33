"""Several reports side by side, and what of them must not be told."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cognito_conformance.catalogue import load_requirements
from cognito_conformance.cli import main
from cognito_conformance.report.disclosure import publishable
from cognito_conformance.report.html import render_page
from cognito_conformance.report.matrix import badge, build_matrix, score

from .reports import ACCEPTED, CRASHED, GOOD, PASSED, case, report

HOLE = "alg/none"
NEIGHBOUR = "alg/hs256-pem"
OTHER_AREA = "time/exp/missing"
LEAKY = {HOLE: ACCEPTED, NEIGHBOUR: PASSED, OTHER_AREA: CRASHED, "base/access": GOOD}


def test_a_badge_is_green_only_when_everything_is_met_and_told() -> None:
    """Failures and secrets both cost the colour."""
    good = report({HOLE: PASSED, "base/access": GOOD})
    lacking = report({HOLE: case("skip", "reject"), "base/access": GOOD})

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
    reports = [report({OTHER_AREA: hostile, "base/access": GOOD}, name="<b>x")]

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


def test_the_page_says_for_how_long_each_subject_refuses_a_new_key() -> None:
    """A row of seconds above the requirements, and what they mean; none where nobody has any."""
    quiet = {"seconds": 30.0, "interval_s": 1.0, "limit_s": 65.0, "clock": "waited"}
    never = {**quiet, "seconds": None}
    reports = [
        report({"base/access": GOOD}, name="slow", settle_time={"quiet": quiet}),
        report({"base/access": GOOD}, name="never", settle_time={"quiet": never}),
        report({"base/access": GOOD}, name="unasked"),
    ]

    text = render_page(build_matrix(reports, load_requirements()))
    without = render_page(build_matrix(reports[2:], load_requirements()))

    cells = "<td>30 s</td>\n<td>&gt; 65 s</td>\n<td>-</td>"
    assert f'<th scope="row">New key accepted after</th><td></td><td></td>\n{cells}' in text
    assert "for how long they were refused" in text
    assert "made-up key ids" not in text
    assert "New key" not in without


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
