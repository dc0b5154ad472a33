"""The whole catalogue asked of an issuer in this process: which requirements it does not meet."""

from collections.abc import Callable

from cognito_conformance.issuers.engine import Judge
from cognito_conformance.issuers.provision import Workshop
from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.requirements import load_issuer_cases
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.wire import Wire
from cognito_conformance.runner.outcome import CaseOutcome

_REDIRECT_URI = "http://localhost:53682/callback"
_LOGOUT_URI = "http://localhost:53682/signed-out"


def try_issuer(
    make: Callable[[], ReferenceIssuer], *, asked: Callable[[str], bool] = lambda _: True
) -> tuple[CaseOutcome, ...]:
    """Judge a fresh issuer; return the outcome of every requirement that is asked about."""
    issuer = make()
    wire = Wire(
        endpoint=issuer.base,
        domain=issuer.base,
        region="us-east-1",
        connect=issuer.client_factory(),
    )
    try:
        workshop = Workshop(wire, redirect_uri=_REDIRECT_URI, logout_uri=_LOGOUT_URI)
        # A flaw of this court's issuers shows at once: nobody waits for the clock.
        target, pause = workshop.target(issuer.base), lambda _: None
        session = Session(target, wire, workshop=workshop, pause=pause)
        judge = Judge(session, provisioned=True)
        return tuple(judge.run(case) for case in load_issuer_cases() if asked(case.id))
    finally:
        wire.close()
