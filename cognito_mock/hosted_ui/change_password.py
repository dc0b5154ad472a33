"""``/changePassword``: a temporary password is exchanged for the user's own."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.new_password import NAME as NEW_PASSWORD_REQUIRED
from cognito_mock.flows.services import Services
from cognito_mock.hosted_ui.challenge_pages import new_password_page
from cognito_mock.hosted_ui.challenges import answer, step_of_form
from cognito_mock.hosted_ui.fields import typed_attributes
from cognito_mock.hosted_ui.visits import PASSWORDS_DIFFER, Visit, back_to_sign_in, visiting


def routes(services: Services) -> list[Route]:
    """Return the routes; the page itself is the answer to a sign-in."""
    return [
        Route("/changePassword", visiting(services, _submit), methods=["POST"]),
        Route("/changePassword", visiting(services, back_to_sign_in), methods=["GET"]),
    ]


def _submit(visit: Visit) -> Response:
    def again(error: str) -> Response:
        names = list(typed_attributes(visit.call.form, blank=True))
        return new_password_page(visit, step_of_form(visit), names=names, error=error)

    if visit.form_is_ours and visit.field("new_password") != visit.field("confirm_password"):
        return again(PASSWORDS_DIFFER)
    typed = typed_attributes(visit.call.form)
    attributes = {f"userAttributes.{name}": value for name, value in typed.items()}
    responses = {"NEW_PASSWORD": visit.field("new_password"), **attributes}
    return answer(visit, NEW_PASSWORD_REQUIRED, responses, again)
