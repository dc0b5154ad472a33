"""The verdict rules, on hand-made observations."""

import pytest

from cognito_conformance.adapters.faults import AdapterLost, TimedOut
from cognito_conformance.adapters.subject import Answer, CookieAnswer, Refusal
from cognito_conformance.model import (
    Case,
    Config,
    CookiesStep,
    FetchesStep,
    Reason,
    Scenario,
    Step,
    Verdict,
    VerifyStep,
)
from cognito_conformance.runner.execute import Observation
from cognito_conformance.runner.judge import judge
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status

ACCEPT = frozenset({Verdict.ACCEPT})
REJECT = frozenset({Verdict.REJECT})
SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
CONFIG = Config(user_pool_id="p", region="r", issuers=("i",), client_ids=("c",), jwks={"keys": []})


def outcome_of(
    answer: Answer | None = None,
    *,
    expect: frozenset[Verdict],
    step_expect: frozenset[Verdict] | None = None,
    claims: dict | None = None,
    forbidden: frozenset[Reason] = frozenset(),
    refusal_is_reject: bool = False,
    **observed: object,
) -> CaseOutcome:
    """Judge one observation."""
    case = Case(id="area/one/case", requirement="area/one", expect=expect, recipe={})
    step = VerifyStep(
        token=f"aGVhZGVy.cGF5bG9hZA.{SIGNATURE}",
        now=0,
        expect=step_expect or expect,
        claims=claims,
        forbidden_reasons=forbidden,
    )
    scenario = Scenario(config=CONFIG, steps=(step,), refusal_is_reject=refusal_is_reject)
    return judge(case, scenario, [Observation(step=step, answer=answer, **observed)])


def test_the_expected_verdict_passes() -> None:
    """Whatever the reason given."""
    answer = Answer(verdict=Verdict.REJECT, reason=Reason.AUDIENCE)

    assert outcome_of(answer, expect=REJECT).status is Status.PASS


def test_another_verdict_fails_and_quotes_the_message() -> None:
    """The detail says what was said and what was expected."""
    answer = Answer(verdict=Verdict.REJECT, message="bad luck")

    outcome = outcome_of(answer, expect=ACCEPT)

    assert (outcome.status, outcome.detail) == (Status.FAIL, "reject (bad luck), expected accept")


def test_an_error_is_no_rejection() -> None:
    """A 500 is not a 401: it fails the case, and clean errors."""
    answer = Answer(verdict=Verdict.ERROR, message="KeyError: 'kid'")

    outcome = outcome_of(answer, expect=REJECT)

    assert outcome.status is Status.FAIL
    assert [finding.requirement for finding in outcome.findings] == ["diag/clean-errors"]


@pytest.mark.parametrize("message", ["RecursionError: maximum depth", "builtins.KeyError: 'n'"])
def test_a_crash_that_surfaces_as_a_rejection_is_found(message: str) -> None:
    """The case passes; the crash is held against clean errors."""
    outcome = outcome_of(Answer(verdict=Verdict.REJECT, message=message), expect=REJECT)

    assert outcome.status is Status.PASS
    assert outcome.fails("diag/clean-errors")


def test_a_library_may_quote_a_crash_as_the_cause_of_its_own_error() -> None:
    """Only the error itself counts, not what it says later."""
    message = "ParseError: the payload is not JSON: RangeError: too deep"

    outcome = outcome_of(Answer(verdict=Verdict.REJECT, message=message), expect=REJECT)

    assert not outcome.failed


@pytest.mark.parametrize(
    ("signed", "returned", "differs"),
    [
        ({"a": 1}, {"a": 1.0}, False),
        ({"a": 1}, {"a": True}, True),
        ({"a": True}, {"a": 1}, True),
        ({"a": "1"}, {"a": 1}, True),
        ({"a": None}, {}, True),
        ({}, {"a": None}, True),
        ({"a": [1, {"b": "c"}]}, {"a": [1, {"b": "d"}]}, True),
        ({"a": [1, 2]}, {"a": [1]}, True),
        ({"a": {}}, {"a": []}, True),
        # RFC 8259 §6: no agreement is to be expected beyond 2**53.
        ({"a": 2**53 + 1}, {"a": 2**53}, False),
        ({"a": 2**52 + 1}, {"a": 2**52}, True),
    ],
)
def test_the_claims_of_an_accept_are_compared_with_the_signed_ones(
    signed: dict, returned: dict, *, differs: bool
) -> None:
    """A difference is held against faithful claims, not against the case."""
    outcome = outcome_of(
        Answer(verdict=Verdict.ACCEPT, claims=returned), expect=ACCEPT, claims=signed
    )

    assert outcome.status is Status.PASS
    assert outcome.fails("state/claims-faithful") is differs


def test_several_permitted_verdicts_are_recorded() -> None:
    """Either is noted, neither is scored."""
    outcome = outcome_of(Answer(verdict=Verdict.REJECT), expect=ACCEPT | REJECT)

    assert (outcome.status, outcome.verdict) == (Status.RECORDED, "reject")


def test_an_error_fails_even_where_both_verdicts_are_permitted() -> None:
    """Neither accept nor reject was said."""
    outcome = outcome_of(Answer(verdict=Verdict.ERROR, message="x"), expect=ACCEPT | REJECT)

    assert outcome.status is Status.FAIL


def test_a_forbidden_reason_fails() -> None:
    """Expired says that all the rest was good."""
    answer = Answer(verdict=Verdict.REJECT, reason=Reason.EXPIRED)

    outcome = outcome_of(answer, expect=REJECT, forbidden=frozenset({Reason.EXPIRED}))

    assert outcome.status is Status.FAIL


@pytest.mark.parametrize(
    ("legal", "status", "verdict"),
    [(True, Status.PASS, "reject"), (False, Status.FAIL, "error")],
)
def test_a_refusal_to_configure_counts_where_the_case_says_so(
    status: Status, verdict: str, *, legal: bool
) -> None:
    """Elsewhere it is a failure, never the expected rejection."""
    outcome = outcome_of(
        expect=REJECT, refusal=Refusal(message="no client"), refusal_is_reject=legal
    )

    assert (outcome.status, outcome.verdict) == (status, verdict)


def test_a_fault_fails_the_case_it_happened_in() -> None:
    """A time-out is no rejection."""
    outcome = outcome_of(expect=REJECT, fault=TimedOut("no answer within 5 s"))

    assert (outcome.status, outcome.fault) == (Status.FAIL, "timeout")


def test_a_case_after_the_loss_of_the_adapter_is_lost() -> None:
    """It was not asked, and does not count as a rejection."""
    outcome = outcome_of(expect=REJECT, fault=AdapterLost("lost after crash"))

    assert (outcome.status, outcome.failed) == (Status.LOST, True)


def test_an_error_text_with_the_signature_in_it_is_found() -> None:
    """Error texts end in logs."""
    answer = Answer(verdict=Verdict.REJECT, message=f"cannot verify {SIGNATURE}")

    assert outcome_of(answer, expect=REJECT).fails("diag/no-token-echo")


EXPIRED = frozenset({Reason.EXPIRED})


@pytest.mark.parametrize(
    ("answer", "expect", "breaches"),
    [
        (Answer(verdict=Verdict.ACCEPT), REJECT, (Breach.ACCEPTED,)),
        (Answer(verdict=Verdict.REJECT), ACCEPT, (Breach.REFUSED,)),
        (Answer(verdict=Verdict.ERROR), REJECT, (Breach.CRASHED,)),
        (Answer(verdict=Verdict.REJECT, reason=Reason.EXPIRED), REJECT, (Breach.MASKED,)),
        (Answer(verdict=Verdict.REJECT, reason=Reason.KEY), REJECT, ()),
    ],
)
def test_a_failure_says_in_which_way(
    answer: Answer, expect: frozenset[Verdict], breaches: tuple[Breach, ...]
) -> None:
    """What may be published depends on it."""
    assert outcome_of(answer, expect=expect, forbidden=EXPIRED).breaches == breaches


def test_a_lost_adapter_and_a_refusal_keep_people_out() -> None:
    """Neither lets anybody in."""
    assert outcome_of(expect=REJECT, fault=AdapterLost("gone")).breaches == (Breach.CRASHED,)
    refused = outcome_of(expect=ACCEPT, refusal=Refusal(message="no"))
    assert refused.breaches == (Breach.REFUSED,)


def test_what_is_found_along_the_way_says_so_too() -> None:
    """Other claims than the signed ones are somebody else's for all that is known."""
    answer = Answer(verdict=Verdict.ACCEPT, claims={"sub": "b"})

    (finding,) = outcome_of(answer, expect=ACCEPT, claims={"sub": "a"}).findings

    assert finding.breach is Breach.MISREAD


def judged_step(
    step: Step, *, expect: frozenset[Verdict] = ACCEPT, **observed: object
) -> CaseOutcome:
    """Judge one step that presents no token."""
    case = Case(id="cookie/one", requirement="cookie/one", expect=expect, recipe={})
    scenario = Scenario(config=CONFIG, steps=(step,))
    return judge(case, scenario, [Observation(step=step, **observed)])


@pytest.mark.parametrize(
    ("count", "at_most", "breaches"),
    [(2, 1, (Breach.FETCHED,)), (1, 0, (Breach.CONTACTED,)), (1, 1, ())],
)
def test_a_request_too_many_is_not_a_request_where_none_may_be(
    count: int, at_most: int, breaches: tuple[Breach, ...]
) -> None:
    """The second means that something else than the key set was followed."""
    step = FetchesStep(at_most=at_most)

    assert judged_step(step, fetches=count).breaches == breaches


JAR = {"username": "ana", "tokens": {"access": "a", "id": None, "refresh": "r"}}


@pytest.mark.parametrize(
    ("username", "tokens", "breaches"),
    [
        ("ana", {"access": "a", "id": None, "refresh": "r"}, ()),
        ("ana", {"access": "a", "id": None}, ()),
        ("ana", {"access": None, "id": None, "refresh": "r"}, (Breach.REFUSED,)),
        ("ana", {"access": "b", "id": None, "refresh": "r"}, (Breach.ACCEPTED,)),
        ("ana", {"access": "a", "id": "i", "refresh": "r"}, (Breach.ACCEPTED,)),
        ("eve", {"access": "a", "id": None, "refresh": "r"}, (Breach.MISREAD,)),
        ("ana", {"id": None, "refresh": "r"}, (Breach.REFUSED,)),
    ],
)
def test_foreign_cookies_are_told_from_missing_ones(
    username: str, tokens: dict[str, str | None], breaches: tuple[Breach, ...]
) -> None:
    """A subject may leave the refresh token out, and no other."""
    step = CookiesStep(headers=("a=1",), layout="amplify", client_id="c", expect=JAR)
    answer = CookieAnswer(found={"username": username, "tokens": tokens})

    assert judged_step(step, cookies=answer).breaches == breaches
