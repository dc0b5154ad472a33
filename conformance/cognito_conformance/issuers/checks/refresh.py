# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""New tokens for old: section 3.10 of the API's fact book."""

from cognito_conformance.issuers.checks.judging import refused, require, same
from cognito_conformance.issuers.session import Session, guess, result_of
from cognito_conformance.issuers.tokens import parse, verifies

_DENIED = "NotAuthorizedException"


def gives_tokens(issuer: Session) -> None:
    for name in ("IdToken", "AccessToken"):
        token = parse(issuer.refreshed.get(name))
        key = issuer.key(token.header.get("kid"))
        require(verifies(token, key), f"the new {name} is not signed by the key it names")


def gives_no_refresh_token(issuer: Session) -> None:
    require("RefreshToken" not in issuer.refreshed, "another refresh token")


def keeps_sub_origin_jti_auth_time(issuer: Session) -> None:
    refreshed = issuer.refreshed
    if parse(refreshed.get("AccessToken")).claim("iat") == issuer.access_token.claim("iat"):
        # In the second of the sign-in an auth_time of now is no other than the old one.
        issuer.next_second()
        refreshed = result_of(issuer.refresh(issuer.refresh_token))
    for name in ("IdToken", "AccessToken"):
        before, after = parse(issuer.result[name]), parse(refreshed.get(name))
        for claim in ("sub", "origin_jti", "auth_time"):
            same(after.claim(claim), before.claim(claim), f"{claim} of the new {name}")


def new_jti(issuer: Session) -> None:
    before, after = issuer.access_token, parse(issuer.refreshed.get("AccessToken"))
    require(after.claim("jti") != before.claim("jti"), "the new access token has the old jti")


def garbage_refused(issuer: Session) -> None:
    refused(issuer.refresh(guess()), _DENIED)


def garbage_message(issuer: Session) -> None:
    found = issuer.refresh(guess()).message
    same(found.rstrip("."), "Invalid Refresh Token", "the message")


def access_token_refused(issuer: Session) -> None:
    refused(issuer.refresh(issuer.access_token.text), _DENIED)


def other_client_refused(issuer: Session) -> None:
    client = issuer.workshop.new_client()
    refused(issuer.refresh(issuer.refresh_token, client=client), _DENIED)
