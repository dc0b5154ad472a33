"""The matrix as one static page: no script, no request, everything in it escaped."""

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any, Final

from cognito_conformance.catalogue import resolve
from cognito_conformance.model import Level, Threat
from cognito_conformance.report.disclosure import WITHHELD
from cognito_conformance.report.matrix import ABSENT, Cell, Column, Matrix, Row, Score
from cognito_conformance.report.remedies import remedy
from cognito_conformance.runner.outcome import Situation

MARKS: Final = {
    "pass": ("✓", "met"),
    "fail": ("✗", "not met"),
    "vacuous": ("∅", "vacuous: everything is rejected, the good token as well"),
    "xfail": ("✗", "not met, as expected"),
    "recorded": ("~", "recorded: several answers are permitted"),
    "skip": ("-", "not asked: the subject lacks a capability"),
    WITHHELD: ("▒", "withheld: see SECURITY.md"),
    ABSENT: (" ", "not part of this run"),
}
_POLICY: Final = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
_SITUATIONS: Final = {
    Situation.QUIET: "New key accepted after",
    Situation.STORM: "… with made-up key ids in between",
}
_THREATS: Final = {
    Threat.FORGED: "somebody without a key gets in",
    Threat.REPLAYED: "a token meant for somebody else is accepted",
    Threat.EXPIRED: "a token lives longer than it should",
    Threat.ISSUER_ONLY: "only the issuer could make use of it",
    Threat.AVAILABILITY: "the service stops answering, or locks good users out",
    Threat.NONE: "nobody gains",
}


def render_page(matrix: Matrix) -> str:
    """Return the page."""
    style = (files("cognito_conformance") / "report" / "matrix.css").read_text("utf-8")
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # The page is made of other programs' error texts: nothing in it may run or be fetched.
            _POLICY,
            f"<title>cognito-conformance {escape(matrix.suite)}</title>",
            f"<style>{style}</style></head><body>",
            f"<h1>cognito-conformance {escape(matrix.suite)}</h1>",
            *_legend(),
            *_latency_legend(matrix),
            *_filters(matrix),
            '<div class="scroll"><table>',
            *_head(matrix.columns),
            *(line for area, rows in matrix.areas for line in _area(matrix, area, rows)),
            "</table></div></body></html>\n",
        )
    )


def _legend() -> Iterator[str]:
    yield "<p>Open a line for its sentence, its source, how to meet it, and what each subject did."
    yield "Where somebody else's software accepts what it had to refuse, the area is withheld until"
    yield "its maintainers have had their time.</p>"
    yield '<dl class="legend">'
    for status, (mark, meaning) in MARKS.items():
        if status != ABSENT:
            yield f'<div><dt class="{status}">{mark}</dt><dd>{escape(meaning)}</dd></div>'
    yield "</dl>"


def _filters(matrix: Matrix) -> Iterator[str]:
    yield "<fieldset><legend>Show</legend>"
    for level in Level:
        yield _box(f"level-{level}", level.value.upper())
    yield "</fieldset><fieldset><legend>Threat</legend>"
    for threat, meaning in _THREATS.items():
        yield _box(f"threat-{threat}", f"{threat.value}: {meaning}")
    yield "</fieldset><fieldset><legend>Area</legend>"
    for area, _ in matrix.areas:
        yield _box(f"area-{area}", area)
    yield "</fieldset><fieldset><legend>Only</legend>"
    yield _box("only-unmet", "lines that somebody does not meet", checked=False)
    yield "</fieldset><style>"
    # A box that is not ticked hides the lines of its class: selectors are all the script there is.
    for area, _ in matrix.areas:
        yield _hides(f"area-{area}")
    for level in Level:
        yield _hides(f"level-{level}")
    for threat in _THREATS:
        yield _hides(f"threat-{threat}")
    yield "body:has(#only-unmet:checked) tr.row:not(.unmet){display:none}</style>"


def _box(name: str, label: str, *, checked: bool = True) -> str:
    ticked = " checked" if checked else ""
    return f'<label><input type="checkbox" id="{escape(name)}"{ticked}> {escape(label)}</label>'


def _hides(name: str) -> str:
    return f"body:has(#{name}:not(:checked)) .{name}{{display:none}}"


def _head(columns: tuple[Column, ...]) -> Iterator[str]:
    yield '<thead><tr><th scope="col">Requirement</th><th scope="col">Level</th>'
    yield '<th scope="col">Threat</th>'
    for column in columns:
        name = f"{escape(column.name)} <small>{escape(column.version)}</small>"
        if column.homepage.startswith("https://"):
            name = f'<a href="{escape(column.homepage)}" rel="noreferrer">{name}</a>'
        yield f'<th scope="col" class="subject">{name}<br><small>{escape(column.language)}</small>'
        yield "</th>"
    yield "</tr>"
    for level in (Level.MUST, Level.SHOULD):
        yield f'<tr class="score"><th scope="row">{level.value.upper()} met</th><td></td><td></td>'
        for column in columns:
            yield f"<td>{_score(column.must if level is Level.MUST else column.should)}</td>"
        yield "</tr>"
    yield from _settle_times(columns)
    yield "</thead>"


def _settle_times(columns: tuple[Column, ...]) -> Iterator[str]:
    """Say for how long each subject refuses a new key, where that was measured of any."""
    for situation, label in _SITUATIONS.items():
        if not any(situation in column.settle_times for column in columns):
            continue
        yield f'<tr class="score"><th scope="row">{label}</th><td></td><td></td>'
        for column in columns:
            yield f"<td>{_latency(column.settle_times.get(situation))}</td>"
        yield "</tr>"


def _latency(measured: Mapping[str, Any] | None) -> str:
    if measured is None:
        return "-"
    if measured["seconds"] is None:
        return f"&gt; {measured['limit_s']:g} s"
    return f"{measured['seconds']:g} s"


def _latency_legend(matrix: Matrix) -> Iterator[str]:
    times = [each for column in matrix.columns for each in column.settle_times.values()]
    if not times:
        return
    intervals = " and ".join(f"{each:g} s" for each in sorted({x["interval_s"] for x in times}))
    yield "<p>New key accepted after: a subject has just fetched its keys, another key is"
    yield "published, and tokens of the new one are presented at once and then every"
    yield f"{intervals}; the number is for how long they were refused, to the nearest of these"
    yield "attempts. Whoever rotates keys publishes the new one for at least that long before"
    yield "signing with it. A dash: the subject fetches no keys, or was not waited for, or the"
    yield "number is not told of other people's software.</p>"


def _score(counted: Score) -> str:
    held_back = f"<br><small>{counted.withheld} withheld</small>" if counted.withheld else ""
    return f"{counted.met} of {counted.asked}{held_back}"


def _area(matrix: Matrix, area: str, rows: tuple[Row, ...]) -> Iterator[str]:
    yield f'<tbody class="area-{escape(area)}"><tr class="area">'
    yield f'<th scope="rowgroup" colspan="{len(matrix.columns) + 3}">{escape(area)}</th></tr>'
    for row in rows:
        yield from _row(matrix, row)
    yield "</tbody>"


def _row(matrix: Matrix, row: Row) -> Iterator[str]:
    requirement = row.requirement
    unmet = any(cell.status in {"fail", "vacuous", "xfail", WITHHELD} for cell in row.cells)
    classes = f"row level-{requirement.level} threat-{requirement.threat}"
    yield f'<tr class="{classes}{" unmet" if unmet else ""}" id="{escape(requirement.id)}">'
    yield '<th scope="row"><details><summary>' + escape(requirement.id) + "</summary>"
    yield f"<p>{escape(requirement.text)}</p>"
    if requirement.explanation:
        yield f"<p>{escape(requirement.explanation)}</p>"
    yield f"<p>Threat: {escape(_THREATS[requirement.threat])}.</p><ul>"
    for source in requirement.sources:
        quote = f" <q>{escape(source.quote)}</q>" if source.quote else ""
        address = escape(resolve(source.ref))
        yield f'<li><a href="{address}" rel="noreferrer">{escape(source.ref)}</a>{quote}</li>'
    yield "</ul>"
    if how := remedy(requirement.id):
        yield f"<p>To meet it: {escape(how)}</p>"
    for column, cell in zip(matrix.columns, row.cells, strict=True):
        yield from _told(column, cell)
    yield "</details></th>"
    yield f"<td>{requirement.level.value}</td><td>{requirement.threat.value}</td>"
    yield "".join(
        # What is most of the page is kept short: the class is the status, the title the column.
        f'<td class={cell.status} title="{escape(column.name)}">{MARKS[cell.status][0]}'
        for column, cell in zip(matrix.columns, row.cells, strict=True)
    )
    yield "</tr>"


def _told(column: Column, cell: Cell) -> Iterator[str]:
    """Say what a subject did and how it is set right."""
    name = f"<b>{escape(column.name)}</b>"
    if cell.details:
        yield f"<p>{name}</p><ul>"
        yield from (f"<li>{escape(text)}</li>" for text in cell.details)
        if cell.hint:
            yield f"<li>How to fix it: {escape(cell.hint)}</li>"
        yield "</ul>"
    elif cell.recorded:
        yield f"<p>{name}: {escape(' and '.join(cell.recorded))}</p>"
