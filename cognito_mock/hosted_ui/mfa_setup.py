"""``/mfa/setup``: a second factor is demanded and the user has none (COG-API-MFA-007)."""

import re

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.users import User
from cognito_mock.flows.challenges import Challenge
from cognito_mock.flows.mfa_challenges import MFA_SETUP
from cognito_mock.flows.mfa_setup import verify_software_token
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in import answer_challenge
from cognito_mock.hosted_ui.challenge_pages import email_page, token_page
from cognito_mock.hosted_ui.challenges import (
    SET_UP_FACTORS,
    answer,
    attempt,
    begin_set_up,
    step_of_form,
)
from cognito_mock.hosted_ui.sign_in_page import sign_in_page
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit, back_to_sign_in, visiting

_SECRET = re.compile(r"[A-Z2-7]{16,128}")


def routes(services: Services) -> list[Route]:
    """Return the routes; the pages themselves are answers to a sign-in."""
    return [
        Route("/mfa/setup", visiting(services, _choose), methods=["POST"]),
        Route("/mfa/setup/token", visiting(services, _submit_token), methods=["POST"]),
        Route("/mfa/setup/email", visiting(services, _submit_email), methods=["POST"]),
        *(
            Route(path, visiting(services, back_to_sign_in), methods=["GET"])
            for path in ("/mfa/setup", "/mfa/setup/token", "/mfa/setup/email")
        ),
    ]


def _choose(visit: Visit) -> Response:
    if not visit.form_is_ours or visit.field("factor") not in SET_UP_FACTORS:
        return sign_in_page(visit, username=visit.field("username"), error=STALE_FORM, status=403)
    return begin_set_up(visit, step_of_form(visit), visit.field("factor"))


def _submit_token(visit: Visit) -> Response:
    def verified() -> User | Challenge:
        session = verify_software_token(
            visit.services,
            code=visit.field("code").strip(),
            session=visit.field("session"),
            name=visit.field("device_name").strip() or None,
        )
        return answer_challenge(
            visit.services,
            client=visit.client,
            challenge_name=MFA_SETUP,
            session=session,
            username=visit.field("username"),
            responses={},
        )

    def again(error: str) -> Response:
        # The secret is shown to whom the form comes from; the session alone says which one counts.
        secret = visit.field("secret")
        if not _SECRET.fullmatch(secret):
            return sign_in_page(visit, username=visit.field("username"), error=error)
        return token_page(visit, step_of_form(visit), secret=secret, error=error)

    return attempt(visit, verified, again)


def _submit_email(visit: Visit) -> Response:
    def again(error: str) -> Response:
        return email_page(visit, step_of_form(visit), error=error)

    return answer(visit, MFA_SETUP, {"EMAIL": visit.field("email").strip()}, again)
