# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""Proof Key for Code Exchange: RFC 7636, COG-AUT-016, COG-TKE-027."""

from cognito_conformance.issuers.checks.judging import denied, require, shown
from cognito_conformance.issuers.pages import leads_to
from cognito_conformance.issuers.session import Session, grant_of, guess, parameters_of

_WRONG_VERIFIER = "conformance-verifier-of-somebody-else-9876543210"


def verifier_lets_in(issuer: Session) -> None:
    grant_of(issuer.grant_reply)


def wrong_verifier_refused(issuer: Session) -> None:
    denied(issuer.redeem(issuer.code(), code_verifier=_WRONG_VERIFIER), "invalid_grant")


def missing_verifier_refused(issuer: Session) -> None:
    reply = issuer.redeem(issuer.code(), code_verifier="")
    denied(reply, "invalid_grant", "invalid_request")


def plain_refused(issuer: Session) -> None:
    _sent_back(issuer, code_challenge=guess() + guess(), code_challenge_method="plain")


def challenge_without_method_refused(issuer: Session) -> None:
    _sent_back(issuer, code_challenge_method="")


def _sent_back(issuer: Session, **changed: str) -> None:
    with issuer.browser() as browser:
        reply = browser.open("/oauth2/authorize", issuer.authorization(**changed))
    require(leads_to(reply, issuer.target.redirect_uri), f"not sent back: {reply}")
    found = parameters_of(reply).get("error")
    require(found == "invalid_request", f"error is {shown(found)}")
