# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""The end of a browser's session: section 4.6 of the fact book, COG-LOG-*."""

from cognito_conformance.issuers.checks.judging import require, shown
from cognito_conformance.issuers.pages import leads_to
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.wire import Reply

_ELSEWHERE = "https://attacker.example/"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def registered_uri(issuer: Session) -> None:
    reply = _log_out(issuer, issuer.target.logout_uri)
    require(reply.status in _REDIRECTS and reply.location == issuer.target.logout_uri, f"{reply}")


def unregistered_uri_never_followed(issuer: Session) -> None:
    for address in (_ELSEWHERE, f"{issuer.target.logout_uri}/", issuer.target.redirect_uri):
        reply = _log_out(issuer, address)
        led = reply.status in _REDIRECTS and reply.location.startswith(address)
        require(not led, f"leads to {shown(address)}")


def ends_the_session(issuer: Session) -> None:
    with issuer.browser() as browser:
        issuer.returned_to(browser)
        browser.open("/logout", _parameters(issuer, issuer.target.logout_uri))
        reply = browser.open("/oauth2/authorize", issuer.authorization())
    require(not leads_to(reply, issuer.target.redirect_uri), "a code without signing in")


def _log_out(issuer: Session, address: str) -> Reply:
    with issuer.browser() as browser:
        return browser.open("/logout", _parameters(issuer, address))


def _parameters(issuer: Session, address: str) -> dict[str, str]:
    return {"client_id": issuer.target.client.id, "logout_uri": address}
