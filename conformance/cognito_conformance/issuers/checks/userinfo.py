# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""userInfo: section 6.1 of the fact book, COG-UI-*."""

from collections.abc import Mapping
from typing import Any

from cognito_conformance.issuers.checks.judging import (
    BAD_REQUEST,
    OK,
    UNAUTHORIZED,
    require,
    same,
    shown,
)
from cognito_conformance.issuers.session import Session, refresh_token_in
from cognito_conformance.issuers.tokens import parse
from cognito_conformance.issuers.wire import Reply, Wrong


def answers(issuer: Session) -> None:
    found = _claims(issuer)
    missing = {"sub", "username"} - found.keys()
    require(not missing, f"without {', '.join(sorted(missing))}")


def sub_of_the_token(issuer: Session) -> None:
    same(_claims(issuer).get("sub"), parse(issuer.grant["access_token"]).claim("sub"), "sub")


def verified_as_text(issuer: Session) -> None:
    found = _claims(issuer).get("email_verified")
    require(found in {"true", "false"} and isinstance(found, str), f"it is {shown(found)}")


def cors(issuer: Session) -> None:
    reply = issuer.user_info(issuer.grant["access_token"])
    require(reply.status == OK, f"{reply}")
    found = reply.headers.get("access-control-allow-origin")
    same(found, "*", "access-control-allow-origin")


def no_token_refused(issuer: Session) -> None:
    _challenged(issuer.user_info(None), BAD_REQUEST, "invalid_request")


def garbage_refused(issuer: Session) -> None:
    _challenged(issuer.user_info("not.a.token"), UNAUTHORIZED, "invalid_token")


def id_token_refused(issuer: Session) -> None:
    _challenged(issuer.user_info(issuer.grant["id_token"]), UNAUTHORIZED, "invalid_token")


def api_token_refused(issuer: Session) -> None:
    _challenged(issuer.user_info(issuer.access_token.text), UNAUTHORIZED, "invalid_token")


def revoked_token_refused(issuer: Session) -> None:
    grant = issuer.fresh_grant()
    require(issuer.user_info(grant["access_token"]).status == OK, "refused before its end")
    token = refresh_token_in(grant, "refresh_token")
    revoked = issuer.authenticated("/oauth2/revoke", {"token": token})
    require(revoked.status == OK, f"revoke: {revoked}")
    _challenged(issuer.user_info(grant["access_token"]), UNAUTHORIZED, "invalid_token")


def _claims(issuer: Session) -> Mapping[str, Any]:
    reply = issuer.user_info(issuer.grant["access_token"])
    if reply.status != OK or not isinstance(reply.body, dict):
        raise Wrong(f"{reply}")
    return reply.body


def _challenged(reply: Reply, status: int, error: str) -> None:
    require(reply.status != OK, "not refused: HTTP 200")
    same(reply.status, status, "the status")
    found = reply.headers.get("www-authenticate", "")
    require(error in found, f"www-authenticate is {shown(found)}")
