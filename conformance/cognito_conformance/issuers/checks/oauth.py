# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""The authorization code: sections 3 and 5 of the fact book, COG-AUT-*, COG-TKE-*."""

import hashlib

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.checks.judging import denied, require, same, shown
from cognito_conformance.issuers.pages import leads_to
from cognito_conformance.issuers.provision import stranger
from cognito_conformance.issuers.session import (
    NONCE,
    STATE,
    Session,
    grant_of,
    guess,
    parameters_of,
    refresh_token_in,
)
from cognito_conformance.issuers.target import Client, User
from cognito_conformance.issuers.tokens import parse, verifies
from cognito_conformance.issuers.wire import Reply

_ELSEWHERE = "https://attacker.example/"


def authorize(issuer: Session) -> None:
    reply = _authorize(issuer)
    found = reply.location.partition("?")[0]
    require(reply.status in {302, 303}, f"not a redirect: {reply}")
    require(found.endswith("/login"), f"leads to {found}")


def unregistered_redirect_never_followed(issuer: Session) -> None:
    registered = issuer.target.redirect_uri
    for address in (
        _ELSEWHERE,
        f"{registered}/more",
        f"{registered}?more=1",
        f"{registered}.attacker.example",
        registered.upper(),
        registered.replace("://", "://user@"),
    ):
        reply = _authorize(issuer, redirect_uri=address)
        away = reply.status in {301, 302, 303, 307, 308} and _leaves(issuer, reply)
        require(not away, f"leads to {shown(reply.location.partition('?')[0])}")
        shows = reply.status == 200  # noqa: PLR2004
        require(not shows, f"a page is shown for {shown(address)}")
        to_login = reply.location.partition("?")[0].endswith("/login")
        require(not to_login, f"the sign-in page is shown for {shown(address)}")


def redirect_mismatch_page(issuer: Session) -> None:
    reply = _authorize(issuer, redirect_uri=_ELSEWHERE)
    require("error=redirect_mismatch" in reply.location, f"{reply}")


def unknown_client_refused(issuer: Session) -> None:
    reply = _authorize(issuer, client_id="conformance0unknown0client")
    found = reply.location
    require(not leads_to(reply, issuer.target.redirect_uri), "leads to redirect_uri")
    require(not found.partition("?")[0].endswith("/login"), "the sign-in page is shown")
    require(reply.status != 200, "a page is shown")  # noqa: PLR2004


def response_type_missing_refused(issuer: Session) -> None:
    _sent_back(issuer, _authorize(issuer, response_type=""), "invalid_request")


def unknown_scope_refused(issuer: Session) -> None:
    reply = _authorize(issuer, scope="openid conformance/unknown")
    _sent_back(issuer, reply, "invalid_request", "invalid_scope")


def code(issuer: Session) -> None:
    require(issuer.returned().get("code"), "no code")


def state_returned(issuer: Session) -> None:
    same(issuer.returned().get("state"), STATE, "state")


def wrong_password_gives_no_code(issuer: Session) -> None:
    user = User(username=issuer.target.user.username, password=guess())
    with issuer.browser() as browser:
        reply = browser.sign_in(issuer.authorization(), user)
    require(not leads_to(reply, issuer.target.redirect_uri), "signed in")


def unknown_user_gets_no_code(issuer: Session) -> None:
    with issuer.browser() as browser:
        reply = browser.sign_in(issuer.authorization(), stranger())
    require(not leads_to(reply, issuer.target.redirect_uri), "signed in")


def session_used_again(issuer: Session) -> None:
    with issuer.browser() as browser:
        issuer.returned_to(browser)
        reply = browser.open("/oauth2/authorize", issuer.authorization())
    require(leads_to(reply, issuer.target.redirect_uri), f"asks to sign in again: {reply}")
    require("code" in parameters_of(reply), "no code")


def token(issuer: Session) -> None:
    grant = issuer.grant
    missing = {"id_token", "access_token", "refresh_token", "expires_in"} - grant.keys()
    require(not missing, f"without {', '.join(sorted(missing))}")
    same(grant.get("token_type"), "Bearer", "token_type")


def tokens_verify(issuer: Session) -> None:
    for name in ("id_token", "access_token"):
        found = parse(issuer.grant.get(name))
        key = issuer.key(found.header.get("kid"))
        require(verifies(found, key), f"the {name} is not signed by the key it names")
        same(found.claim("iss"), issuer.discovery.get("issuer"), f"iss of the {name}")


def scope(issuer: Session) -> None:
    found = str(parse(issuer.grant.get("access_token")).claim("scope"))
    same(sorted(found.split(" ")), sorted(issuer.target.scope.split()), "scope")


def nonce_echoed(issuer: Session) -> None:
    same(parse(issuer.grant.get("id_token")).claim("nonce"), NONCE, "nonce")


def at_hash(issuer: Session) -> None:
    access = parse(issuer.grant.get("access_token"))
    half = hashlib.sha256(access.text.encode()).digest()[:16]
    same(parse(issuer.grant.get("id_token")).claim("at_hash"), b64url(half), "at_hash")


def not_stored(issuer: Session) -> None:
    grant_of(issuer.grant_reply)
    found = issuer.grant_reply.headers.get("cache-control", "")
    require("no-store" in found, f"cache-control is {found!r}")


def cors(issuer: Session) -> None:
    grant_of(issuer.grant_reply)
    found = issuer.grant_reply.headers.get("access-control-allow-origin")
    same(found, "*", "access-control-allow-origin")


def code_once(issuer: Session) -> None:
    fresh = issuer.code()
    grant_of(issuer.redeem(fresh))
    denied(issuer.redeem(fresh), "invalid_grant")


def unknown_code_refused(issuer: Session) -> None:
    denied(issuer.redeem("00000000-0000-4000-8000-000000000000"), "invalid_grant")


def other_redirect_uri_refused(issuer: Session) -> None:
    reply = issuer.redeem(issuer.code(), redirect_uri=_ELSEWHERE)
    denied(reply, "unauthorized_client", "invalid_grant")


def other_client_refused(issuer: Session) -> None:
    other = issuer.workshop.new_client()
    denied(issuer.redeem(issuer.code(), client=other), "invalid_grant")


def unsupported_grant_type_refused(issuer: Session) -> None:
    user = issuer.target.user
    form = {"grant_type": "password", "username": user.username, "password": user.password}
    denied(issuer.token_endpoint(form), "unsupported_grant_type")


def token_unknown_client_refused(issuer: Session) -> None:
    client = Client(id="conformance0unknown0client")
    denied(issuer.redeem(guess(), client=client), "invalid_client")


def refresh(issuer: Session) -> None:
    grant = grant_of(_refresh(issuer, refresh_token_in(issuer.grant, "refresh_token")))
    before, after = parse(issuer.grant["access_token"]), parse(grant["access_token"])
    same(after.claim("sub"), before.claim("sub"), "sub")
    require("refresh_token" not in grant, "another refresh token")


def unknown_refresh_token_refused(issuer: Session) -> None:
    denied(_refresh(issuer, guess()), "invalid_grant")


def _refresh(issuer: Session, text: str) -> Reply:
    return issuer.token_endpoint({"grant_type": "refresh_token", "refresh_token": text})


def _authorize(issuer: Session, **changed: str) -> Reply:
    with issuer.browser() as browser:
        return browser.open("/oauth2/authorize", issuer.authorization(**changed))


def _sent_back(issuer: Session, reply: Reply, *errors: str) -> None:
    require(leads_to(reply, issuer.target.redirect_uri), f"not sent back: {reply}")
    found = parameters_of(reply)
    require("code" not in found, "a code")
    require(found.get("error") in errors, f"error is {shown(found.get('error'))}")


def _leaves(issuer: Session, reply: Reply) -> bool:
    return reply.location.startswith("http") and not reply.location.startswith(
        f"{issuer.target.domain}/"
    )
