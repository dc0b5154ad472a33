"""What the judge of issuers does when nobody answers, and at the edge of a second."""

from collections.abc import Iterator

import httpx
import pytest

from cognito_conformance.issuers.checks.signout import _in_one_second
from cognito_conformance.issuers.court import try_issuer
from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.target import Client, Target, User
from cognito_conformance.issuers.wire import Wire, open_client
from cognito_conformance.runner.outcome import Breach, CaseOutcome, Status


class HangsUpOnce(ReferenceIssuer):
    """Closes the connection under the first request for keys."""

    times = 1

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/jwks.json") and self.times:
            self.times -= 1
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return super().handle(request)


class NeverAnswers(HangsUpOnce):
    """Has nothing to say about its keys."""

    times = 10_000


def about_keys(make: type[ReferenceIssuer]) -> dict[str, CaseOutcome]:
    """Return what became of the requirements about keys."""
    outcomes = try_issuer(make, asked=lambda name: name.startswith("issuer/jwks/"))
    return {outcome.id: outcome for outcome in outcomes}


def test_who_hangs_up_once_is_asked_once_more() -> None:
    """A connection that was closed in the wrong moment says nothing about an issuer."""
    assert {each.status for each in about_keys(HangsUpOnce).values()} == {Status.PASS}


def test_silence_is_a_failure_by_which_nobody_gains() -> None:
    """Whatever was asked: a time-out is neither a key that is shared nor a token accepted."""
    outcomes = about_keys(NeverAnswers)

    assert {each.status for each in outcomes.values()} == {Status.FAIL}
    assert {each.breaches for each in outcomes.values()} == {(Breach.CRASHED,)}
    assert outcomes["issuer/jwks/keys-of-their-own"].detail.startswith("no answer: Remote")


@pytest.fixture
def session() -> Iterator[Session]:
    """A conversation whose clock is set by hand."""
    target = Target(
        endpoint="http://127.0.0.1:9",
        domain="http://127.0.0.1:9",
        user_pool_id="us-east-1_Ab1",
        client=Client(id="c", secret=None),
        user=User(username="u", password="p"),
        redirect_uri="http://localhost/",
        logout_uri="http://localhost/",
        scope="openid",
    )
    wire = Wire(
        endpoint=target.endpoint, domain=target.domain, region="us-east-1", connect=open_client
    )
    instants = iter([10.9, 11.1, 11.2, 11.4])
    yield Session(target, wire, clock=lambda: next(instants))
    wire.close()


def test_a_refusal_counts_when_all_of_it_was_in_one_second(session: Session) -> None:
    """Who compares whole seconds refuses across the edge of one, and at no other time."""
    attempts: list[None] = []

    _in_one_second(session, lambda: attempts.append(None))

    assert len(attempts) == 2


def test_the_next_second_is_waited_for_to_its_beginning(session: Session) -> None:
    """A new auth_time differs from the old one from then on."""
    waited: list[float] = []
    patient = Session(session.target, session.wire, clock=lambda: 10.75, pause=waited.append)

    patient.next_second()

    assert waited == [0.25]
