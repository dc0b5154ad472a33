"""``/mfa``: the second factor of a sign-in (spec section 4.1)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.mfa_answers import CODE_PARAMETERS
from cognito_mock.flows.mfa_challenges import SELECT_MFA_TYPE
from cognito_mock.flows.services import Services
from cognito_mock.hosted_ui.challenge_pages import code_page
from cognito_mock.hosted_ui.challenges import answer, step_of_form
from cognito_mock.hosted_ui.sign_in_page import sign_in_page
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit, back_to_sign_in, visiting


def routes(services: Services) -> list[Route]:
    """Return the routes; the pages themselves are answers to a sign-in."""
    return [
        Route("/mfa", visiting(services, _submit_code), methods=["POST"]),
        Route("/mfa", visiting(services, back_to_sign_in), methods=["GET"]),
        Route("/mfa/select", visiting(services, _submit_choice), methods=["POST"]),
        Route("/mfa/select", visiting(services, back_to_sign_in), methods=["GET"]),
    ]


def _submit_code(visit: Visit) -> Response:
    factor = visit.field("factor")
    if factor not in CODE_PARAMETERS:
        return sign_in_page(visit, username=visit.field("username"), error=STALE_FORM, status=403)

    def again(error: str) -> Response:
        sent_to = visit.field("sent_to")
        return code_page(visit, step_of_form(visit), factor=factor, sent_to=sent_to, error=error)

    return answer(visit, factor, {CODE_PARAMETERS[factor]: visit.field("code").strip()}, again)


def _submit_choice(visit: Visit) -> Response:
    def over(error: str) -> Response:
        return sign_in_page(visit, username=visit.field("username"), error=error)

    return answer(visit, SELECT_MFA_TYPE, {"ANSWER": visit.field("factor")}, over)
