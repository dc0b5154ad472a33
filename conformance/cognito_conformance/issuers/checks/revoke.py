# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""Revocation: section 6.2 of the fact book, COG-REV-*."""

from cognito_conformance.issuers.checks.judging import OK, denied, refused, require
from cognito_conformance.issuers.session import Session, grant_of, guess, refresh_token_in
from cognito_conformance.issuers.wire import Reply


def refresh_token(issuer: Session) -> None:
    reply = _revoke(issuer, refresh_token_in(issuer.fresh_grant(), "refresh_token"))
    require(reply.status == OK and not reply.text, f"{reply}")


def revoked_token_refused(issuer: Session) -> None:
    token = refresh_token_in(issuer.fresh_grant(), "refresh_token")
    form = {"grant_type": "refresh_token", "refresh_token": token}
    grant_of(issuer.token_endpoint(form))
    require(_revoke(issuer, token).status == OK, "revoke is refused")
    denied(issuer.token_endpoint(form), "invalid_grant")


def access_token_stops_at_the_api(issuer: Session) -> None:
    result = issuer.fresh_sign_in()
    require(issuer.get_user(result["AccessToken"]).status == OK, "refused before its end")
    members = {"Token": refresh_token_in(result), "ClientId": issuer.target.client.id}
    if issuer.target.client.secret:
        members["ClientSecret"] = issuer.target.client.secret
    revoked = issuer.wire.api("RevokeToken", members)
    require(revoked.status == OK, f"RevokeToken: {revoked}")
    refused(issuer.get_user(result["AccessToken"]), "NotAuthorizedException")


def access_token_refused(issuer: Session) -> None:
    denied(_revoke(issuer, issuer.grant["access_token"]), "unsupported_token_type")


def missing_token_refused(issuer: Session) -> None:
    denied(_revoke(issuer, ""), "invalid_request")


def unknown_token_is_fine(issuer: Session) -> None:
    reply = _revoke(issuer, guess())
    require(reply.status == OK, f"{reply}")


def _revoke(issuer: Session, token: str) -> Reply:
    return issuer.authenticated("/oauth2/revoke", {"token": token})
