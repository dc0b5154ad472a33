"""What of a report is never published: a way into somebody else's program, and what points at it.

The reports are made by hand: each is what some library might come to.
"""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cognito_conformance.catalogue import load_requirements
from cognito_conformance.cli import main
from cognito_conformance.report.decisions import Decision, Decisions, UnusableDecisions
from cognito_conformance.report.disclosure import Unpublishable, findings, publishable
from cognito_conformance.runner.outcome import Breach
from cognito_conformance.selection import Catalogue

from .reports import (
    ACCEPTED,
    CRASHED,
    GOOD,
    KINDS,
    PASSED,
    REFUSED,
    Report,
    case,
    line,
    report,
    statuses,
    vacuous,
)

AREAS = {each.area for each in load_requirements()}
ONE_OF_EACH_THREAT = {threat: name for name, (_, threat) in reversed(KINDS.items())}
SECRET = "zq-secret"
"""Stands in every text of a withheld line, so that it is found wherever it went."""
EXPECTED = {"expected": {"reason": "known", "issue": ""}}


def only_failure(name: str, failure: Report) -> Report:
    """Return a whole report in which everything passes but ``name``."""
    return report(dict.fromkeys(KINDS, PASSED) | {name: failure})


def withheld(document: Report) -> set[str]:
    """Return the areas of which a line is withheld."""
    return {
        each["id"].partition("/")[0]
        for each in document["requirements"]
        if each["status"] == "withheld"
    }


@pytest.mark.parametrize("name", KINDS)
def test_an_accept_withholds_its_whole_area_whatever_the_requirement(name: str) -> None:
    """Of every level and every threat: a single withheld line would name the hole."""
    raw = only_failure(name, ACCEPTED)

    published = publishable(raw)

    area = name.partition("/")[0]
    assert findings(raw) == (name,)
    assert withheld(published) == {area}
    of_area = [each for each in published["requirements"] if each["id"].startswith(f"{area}/")]
    assert {each["status"] for each in of_area} == {"withheld"}
    assert all(each["cases"] == [] for each in of_area)


@pytest.mark.parametrize("threat", ONE_OF_EACH_THREAT)
@pytest.mark.parametrize(
    "failure",
    [
        ACCEPTED,
        ACCEPTED | {"verdict": "error", "detail": "step 1: accept, expected reject; step 2: error"},
        ACCEPTED | {"breaches": ["crashed", "accepted"]},
        ACCEPTED | EXPECTED,
        case("fail", "accept", "cookies.tokens.id: returned another value", breaches=["accepted"]),
        case("fail", "accept", "claims.sub: returned another value", breaches=["misread"]),
        case("fail", "reject", "rejected as expired, which says", breaches=["masked"]),
        case("fail", "reject", "2 requests for keys, expected 0 to 0", breaches=["contacted"]),
        case("fail", None, "the same token got different verdicts", breaches=["unsteady"]),
        case("fail", "reject", "the error text contains", breaches=["leaked"]),
        case("fail", "accept", "accept, expected reject"),
        case("fail", "reject", "reject, expected accept", breaches=["something new"]),
        case("lost", "error", "adapter_lost: it had broken before"),
        CRASHED
        | {"detail": "error (ValueError: Out of range float values are not JSON compliant)"},
        CRASHED
        | {"detail": "error (RangeError: Maximum call stack size exceeded), expected reject"},
        case("vacuous", "reject", "rejected, but so is its twin", breaches=["refused"]),
        case("a status to come", "reject", breaches=["refused"]),
    ],
    ids=[
        "accept",
        "accept-then-error",
        "crash-and-accept",
        "accept-in-a-baseline",
        "foreign-cookies",
        "foreign-claims",
        "masked",
        "contacted",
        "unsteady",
        "leaked",
        "accept-of-an-old-suite",
        "unknown-breach",
        "lost-without-a-reason",
        "accepted-and-then-not-to-be-said",
        "accepted-and-then-too-deep-to-say",
        "vacuous-without-a-twin",
        "unknown-status",
    ],
)
def test_what_is_not_known_to_keep_people_out_is_withheld(threat: str, failure: Report) -> None:
    """Closed by default: an answer that nobody has thought of is no exception."""
    name = ONE_OF_EACH_THREAT[threat]

    published = publishable(only_failure(name, failure))

    assert withheld(published) == {name.partition("/")[0]}


@pytest.mark.parametrize("threat", ONE_OF_EACH_THREAT)
@pytest.mark.parametrize(
    "failure",
    [
        REFUSED,
        CRASHED,
        case("fail", "reject", "9 requests for keys, expected 0 to 1", breaches=["fetched"]),
        case("lost", "error", "adapter_lost: it had broken before", breaches=["crashed"]),
        vacuous("base/access"),
    ],
    ids=["refused", "crashed", "fetched", "lost", "vacuous"],
)
def test_what_keeps_people_out_is_told(threat: str, failure: Report) -> None:
    """Nobody gains by knowing that good tokens are refused."""
    name = ONE_OF_EACH_THREAT[threat]

    published = publishable(only_failure(name, failure))

    assert withheld(published) == set()
    (told,) = (each for each in published["requirements"] if each["id"] == name)
    assert told["cases"][0]["detail"] == failure["detail"]


def test_one_accept_among_many_cases_is_enough() -> None:
    """The other failures of a line do not hide it."""
    cases = {f"jwk/use-enc/{number}": CRASHED for number in range(5)}
    raw = report([line("jwk/use-enc", "fail", {**cases, "jwk/use-enc/last": ACCEPTED})])

    assert withheld(publishable(raw)) == {"jwk"}


def test_a_status_that_contradicts_its_cases_is_withheld() -> None:
    """Failed, but nothing says how; passed, but with a hole in it."""
    silent = report([line("alg/none", "fail", {"alg/none/case": PASSED})])
    wrong = report([line("alg/none", "pass", {"alg/none/case": ACCEPTED})])

    assert withheld(publishable(silent)) == withheld(publishable(wrong)) == {"alg"}


def test_what_a_withheld_case_brought_to_light_elsewhere_is_left_out() -> None:
    """An exception in a withheld area would say which of its tokens are not accepted."""
    crash = CRASHED | {"detail": f"unexpected exception: {SECRET}"}
    own = {"diag/clean-errors": GOOD}

    def published(found: dict[str, Report]) -> Report:
        status = "fail" if found else "pass"
        raw = report(
            [
                line("alg/none", "fail", {"alg/none/case": ACCEPTED}),
                line("diag/clean-errors", status, own | found),
            ]
        )
        return publishable(raw)

    without, with_crash = published({}), published({"alg/missing": crash})

    assert with_crash == without
    assert statuses(without) == {"alg/none": "withheld", "diag/clean-errors": "pass"}


def test_a_line_that_only_withheld_cases_made_is_not_there() -> None:
    """As if they had never been asked."""
    raw = report(
        [
            line("alg/none", "fail", {"alg/none/case": ACCEPTED}),
            line("diag/clean-errors", "fail", {"alg/missing": CRASHED}),
        ]
    )

    assert statuses(publishable(raw)) == {"alg/none": "withheld"}


def test_a_vacuous_line_does_not_tell_of_a_withheld_twin() -> None:
    """Its area goes, and so does that of whoever leans on it in turn."""
    raw = report(
        {
            "authz/scope/present": case("fail", "accept", "claims differ", breaches=["misread"]),
            "dos/many-dots": vacuous("authz/scope/present"),
            "kid/case": vacuous("dos/large-payload"),
            "iss/case": vacuous("base/access"),
            "base/access": REFUSED,
        }
    )

    assert withheld(publishable(raw)) == {"authz", "dos", "kid"}


def rich() -> Report:
    """Return a report that tells of a hole in every way it can."""
    secret = {"detail": f"accept ({SECRET}), expected reject", "recipe": SECRET, "replay": SECRET}
    lines = [
        line("alg/none", "fail", {f"alg/none/{SECRET}": ACCEPTED | secret}),
        line("alg/missing", "vacuous", {f"alg/missing/{SECRET}": vacuous("base/access")}),
        line("alg/eddsa", "xfail", {f"alg/eddsa/{SECRET}": CRASHED | secret | EXPECTED}),
        line("alg/ps256", "recorded", {f"alg/ps256/{SECRET}": case("recorded", "accept")}),
        line("alg/rs384-rs512", "skip", {"alg/rs384-rs512": case("skip", None, SECRET)}),
        line("base/access", "pass", {"base/access": GOOD}),
        line("diag/clean-errors", "fail", {f"alg/x-{SECRET}": CRASHED | secret}),
        line("header/typ-other", "recorded", {"header/typ-other/a": case("recorded", "accept")}),
        line(
            "sig/em-missing-null", "recorded", {"sig/em-missing-null": case("recorded", "accept")}
        ),
        line("use/missing", "fail", {"use/missing": CRASHED}),
    ]
    return report(
        lines,
        behaviours={
            f"alg/ps256/{SECRET}": "accept",
            "header/typ-other/a": "accept",
            "sig/em-missing-null": "accept",
        },
        stale_baseline=[f"alg/none: {SECRET}"],
        unsupported={SECRET: 3},
    )


def test_the_same_is_published_whatever_came_of_the_neighbours() -> None:
    """No number, no status and no text depends on what is withheld, nor on how much it is."""
    mild = report(
        [
            line("alg/none", "fail", {"alg/none/case": ACCEPTED}),
            *(
                line(f"alg/{each}", "pass", {f"alg/{each}": PASSED})
                for each in ("missing", "eddsa")
            ),
            line("alg/ps256", "pass", {"alg/ps256": PASSED}),
            line("alg/rs384-rs512", "pass", {"alg/rs384-rs512": PASSED}),
            *(
                each
                for each in rich()["requirements"]
                if not each["id"].startswith(("alg/", "diag/"))
            ),
        ],
        behaviours={"header/typ-other/a": "accept"},
        executed=1,
        exit_code=0,
        unsupported={},
    )

    assert publishable(mild) == publishable(rich())


def test_nothing_of_a_withheld_line_is_in_any_published_file(tmp_path: Path) -> None:
    """The page, the badges, the published report; neither its cases nor this machine's paths."""
    raw = tmp_path / "raw.json"
    raw.write_text(json.dumps(rich()))
    told = tmp_path / "told.json"
    told.write_text(json.dumps(publishable(rich())))

    assert main(["compare", str(raw), str(told), "--out", str(tmp_path / "out")]) == 0

    written = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert [path.name for path in written] == ["lib.json", "index.html"]
    for path in (*written, told):
        text = path.read_text("utf-8")
        assert SECRET not in text
        assert "/home/me" not in text
        assert "[[case]]" not in text
    assert json.loads(written[0].read_text())["message"] == "1/2 MUST, 5 withheld"


def test_what_is_recorded_is_told_unless_somebody_gains_by_it() -> None:
    """A permitted accept of what nobody without a key could make is a behaviour like any other."""
    assert publishable(rich())["behaviours"] == {"header/typ-other/a": "accept"}


def test_a_published_report_has_its_form_and_is_published_again_unchanged() -> None:
    """And it is not the form of a raw one."""
    schema = json.loads(
        (files("cognito_conformance") / "report" / "v1" / "published.schema.json").read_text()
    )
    once = publishable(rich())

    Draft202012Validator(schema).validate(once)
    assert publishable(once) == once
    assert not Draft202012Validator(schema).is_valid(rich())


def test_an_area_that_was_withheld_stays_so() -> None:
    """What somebody has put together by hand from published reports tells no more than they do."""
    mixed = publishable(report({"alg/none": ACCEPTED, "base/access": GOOD}))
    mixed["requirements"].append(line("alg/eddsa", "pass", {}))

    assert statuses(publishable(mixed))["alg/eddsa"] == "withheld"


def test_every_breach_is_in_both_schemas() -> None:
    """A breach that a schema does not know would keep its report from being compared."""
    for name in ("report", "published"):
        path = files("cognito_conformance") / "report" / "v1" / f"{name}.schema.json"
        found = json.loads(path.read_text())["properties"]["requirements"]["items"]["properties"]
        cases = found["cases"]["items"]["properties"]

        assert cases["breaches"]["items"]["enum"] == [each.value for each in Breach]


def test_a_case_is_named_after_its_area() -> None:
    """Else a withheld area would be told by another's name."""
    assert all(
        each.id.partition("/")[0] == each.requirement.partition("/")[0]
        for each in Catalogue.load().cases
    )


@pytest.mark.parametrize("trouble", [{"error": "timeout"}, {"suite_errors": ["KeyError"]}])
def test_a_run_that_went_wrong_is_not_published(trouble: Report) -> None:
    """What a broken suite says about a library is nobody's business."""
    with pytest.raises(Unpublishable, match="lib"):
        publishable(report({"alg/none": PASSED}, **trouble))


CRIT = Decision(subject="lib", requirement="header/crit-unknown", area=None, why="public")
TIME = Decision(subject="lib", requirement=None, area="time", why="public")


def test_a_decision_tells_of_one_line_and_of_nothing_beside_it() -> None:
    """Its area stays closed when there is something else in it."""
    results = {
        "header/crit-unknown": ACCEPTED,
        "header/crit-empty": PASSED,
        "time/exp/missing": ACCEPTED,
        "time/exp/past": ACCEPTED,
    }
    decided = Decisions(disclosed=(CRIT, TIME))

    alone = publishable(report(results), decided)
    among = publishable(report({**results, "header/zip": ACCEPTED}), decided)

    assert statuses(alone) == {
        "header/crit-unknown": "fail",
        "header/crit-empty": "pass",
        "time/exp/missing": "fail",
        "time/exp/past": "fail",
    }
    assert statuses(among) == statuses(alone) | {
        "header/crit-empty": "withheld",
        "header/zip": "withheld",
    }


def test_a_decision_is_about_one_subject() -> None:
    """The same finding elsewhere is as secret as before."""
    decided = Decisions(disclosed=(CRIT,))

    other = publishable(report({"header/crit-unknown": ACCEPTED}, name="lib2"), decided)

    assert statuses(other) == {"header/crit-unknown": "withheld"}


def test_ours_is_told_whatever_came_of_it() -> None:
    """We may name our own holes."""
    decided = Decisions(own=frozenset({"lib"}))

    ours = publishable(report({"alg/none": ACCEPTED}), decided)

    assert statuses(ours) == {"alg/none": "fail"}


PICKED_UP = {"seconds": 30.0, "interval_s": 1.0, "limit_s": 65.0, "clock": "waited"}
NEVER = {**PICKED_UP, "seconds": None}


@pytest.mark.parametrize("storm", [PICKED_UP, NEVER], ids=["unmoved", "starved"])
def test_how_long_a_new_key_is_refused_is_told_and_what_strangers_do_to_it_is_not(
    storm: Report,
) -> None:
    """The first is documented behaviour; the second is left out of good and bad reports alike."""
    results = {"rotation/unknown-kid-storm": ACCEPTED, "base/access": GOOD}
    raw = report(results, settle_time={"quiet": PICKED_UP, "storm": storm})

    published = publishable(raw)

    assert published["settle_time"] == {"quiet": PICKED_UP}
    assert withheld(published) == {"rotation"}
    assert publishable(published) == published


def test_what_strangers_do_to_a_new_key_is_told_of_ours_and_where_it_was_decided() -> None:
    """By name; a decision about another line is none."""
    raw = report({"base/access": GOOD}, settle_time={"quiet": PICKED_UP, "storm": NEVER})
    storm, other = (
        Decision(subject="lib", requirement=f"rotation/{each}", area=None, why="documented")
        for each in ("storm-does-not-starve", "unknown-kid-storm")
    )

    both = {"quiet": PICKED_UP, "storm": NEVER}
    assert publishable(raw, Decisions(own=frozenset({"lib"})))["settle_time"] == both
    assert publishable(raw, Decisions(disclosed=(storm,)))["settle_time"] == both
    assert publishable(raw, Decisions(disclosed=(other,)))["settle_time"] == {"quiet": PICKED_UP}


def test_a_key_that_strangers_keep_out_is_withheld_although_it_keeps_people_out() -> None:
    """A reader could do the same to a service; a key that is slow by itself is told."""
    starved = report({"rotation/storm-does-not-starve": REFUSED, "rotation/overlap": GOOD})
    slow = report({"rotation/settle-time": REFUSED, "rotation/overlap": GOOD})

    assert withheld(publishable(starved)) == {"rotation"}
    assert statuses(publishable(slow))["rotation/settle-time"] == "fail"


def test_nothing_unknown_is_told_of_a_measurement() -> None:
    """What is published is put together, member by member."""
    raw = report({"base/access": GOOD}, settle_time={"quiet": {**PICKED_UP, "note": SECRET}})

    assert publishable(raw)["settle_time"] == {"quiet": PICKED_UP}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[disclosed]]\nsubject = "x"\nrequirement = "a/b"\n', "say why"),
        ('[[disclosed]]\nsubject = "x"\nwhy = "y"\n', "a requirement or an area"),
        (
            '[[disclosed]]\nsubject = "x"\nwhy = "y"\narea = "a"\nrequirement = "a/b"\n',
            "or an area",
        ),
        ('[[disclosed]]\nsubject = 1\nwhy = "y"\narea = "a"\n', "names a subject"),
        ('[[disclosed]]\nsubject = "x"\nwhy = "y"\narea = "a"\nall = true\n', "unknown member all"),
        ('own = "cognito-verify"\n', "a list of names"),
        ('owns = ["x"]\n', "unknown member owns"),
        ("own = [", "decisions.toml"),
    ],
)
def test_a_file_of_decisions_that_is_not_understood_is_refused(
    text: str, said: str, tmp_path: Path
) -> None:
    """Rather than read as less, or as more."""
    path = tmp_path / "decisions.toml"
    path.write_text(text)

    with pytest.raises(UnusableDecisions, match=said):
        Decisions.load(path)


def test_texts_say_nothing_of_this_machine() -> None:
    """Addresses, paths and tokens are left out of what a library said."""
    said = (
        f"error (KeyError at 0x7f00ab12 in /opt/x/y.py from 127.0.0.1:4242: {'eyJ' * 30}), expected"
    )
    raw = report({"alg/none": CRASHED | {"detail": said}})

    (told,) = publishable(raw)["requirements"]

    assert told["cases"][0]["detail"] == "error (KeyError at … in … from …: …), expected"
