# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""GlobalSignOut, which ends everything of a user: asked last. COG-API-REV-001, 002."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cognito_conformance.issuers.checks.judging import OK, refused, require
from cognito_conformance.issuers.session import Session, refresh_token_in, result_of
from cognito_conformance.issuers.target import User

_ATTEMPTS: Final = 5


def works(issuer: Session) -> None:
    user, result = _somebody(issuer)
    reply = issuer.wire.api("GlobalSignOut", {"AccessToken": result["AccessToken"]})
    require(reply.status == OK, f"{reply}")
    result_of(issuer.password(user))


def refresh_token_refused(issuer: Session) -> None:
    def attempt() -> None:
        user, result = _somebody(issuer)
        token = refresh_token_in(result)
        result_of(issuer.refresh(token, user=user))
        issuer.wire.api("GlobalSignOut", {"AccessToken": result["AccessToken"]})
        refused(issuer.refresh(token, user=user), "NotAuthorizedException")

    _in_one_second(issuer, attempt)


def access_token_refused(issuer: Session) -> None:
    def attempt() -> None:
        _, result = _somebody(issuer)
        require(issuer.get_user(result["AccessToken"]).status == OK, "refused before its end")
        issuer.wire.api("GlobalSignOut", {"AccessToken": result["AccessToken"]})
        refused(issuer.get_user(result["AccessToken"]), "NotAuthorizedException")

    _in_one_second(issuer, attempt)


def _in_one_second(issuer: Session, attempt: Callable[[], None]) -> None:
    """Repeat what is refused until none of it crossed the edge of a second.

    Who compares whole seconds of sign-in and sign-out lets the tokens of that second live on.
    """
    for _ in range(_ATTEMPTS):
        began = int(issuer.clock())
        attempt()
        if int(issuer.clock()) == began:
            return


def _somebody(issuer: Session) -> tuple[User, Mapping[str, Any]]:
    user = issuer.workshop.new_user()
    return user, result_of(issuer.password(user))
