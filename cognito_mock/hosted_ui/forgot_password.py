"""``/forgotPassword`` and ``/confirmforgotPassword``: a code, and with it a new password."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import CognitoError, InvalidParameterException
from cognito_mock.flows.hosted_recovery import (
    RESET_SECONDS,
    PendingReset,
    begin_reset,
    continue_reset,
    finish_reset,
    pending_reset,
)
from cognito_mock.flows.services import Services
from cognito_mock.hosted_ui.fields import password_rules, username_context
from cognito_mock.hosted_ui.visits import PASSWORDS_DIFFER, STALE_FORM, Visit, visiting
from cognito_mock.web.cookies import clear_page_data, page_data, set_page_data

# COG-PAG-019: the page's own words where the API says that no contact is verified.
_IMPOSSIBLE = "Could not reset password for the account, please contact support or try again"
_BY = {"EMAIL": "by email", "SMS": "by text message"}


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    return [
        Route("/forgotPassword", visiting(services, _show_request), methods=["GET"]),
        Route("/forgotPassword", visiting(services, _request_code), methods=["POST"]),
        Route("/confirmforgotPassword", visiting(services, _show_code), methods=["GET"]),
        Route("/confirmforgotPassword", visiting(services, _submit_code), methods=["POST"]),
    ]


def ask_for_reset(visit: Visit, username: str) -> Response:
    """Answer a sign-in whose password must be reset first: on to the code, as AWS prompts for it.

    Raises the API's errors where no code can be sent.
    """
    secret = continue_reset(visit.services, client=visit.client, username=username)
    return _to_code_page(visit, secret)


def reset_problem(error: CognitoError) -> str:
    """Return what the page says of a code that could not be sent."""
    return _IMPOSSIBLE if isinstance(error, InvalidParameterException) else error.message


def _show_request(visit: Visit) -> Response:
    return _request_page(visit, username=visit.call.query.get("login_hint", ""))


def _request_code(visit: Visit) -> Response:
    username = visit.field("username")
    if not visit.form_is_ours:
        return _request_page(visit, username=username, error=STALE_FORM, status=403)
    try:
        secret = begin_reset(visit.services, client=visit.client, username=username)
    except CognitoError as error:
        return _request_page(visit, username=username, error=reset_problem(error))
    return _to_code_page(visit, secret)


def _to_code_page(visit: Visit, secret: str) -> Response:
    response = visit.go_to("/confirmforgotPassword")
    set_page_data(response, secret, visit.call.origin, RESET_SECONDS)
    return response


def _show_code(visit: Visit) -> Response:
    reset = _pending(visit)
    return visit.go_to("/forgotPassword") if reset is None else _code_page(visit, reset)


def _submit_code(visit: Visit) -> Response:
    reset = _pending(visit)
    if reset is None:
        return visit.go_to("/forgotPassword")
    if not visit.form_is_ours:
        return _code_page(visit, reset, error=STALE_FORM, status=403)
    if visit.field("new_password") != visit.field("confirm_password"):
        return _code_page(visit, reset, error=PASSWORDS_DIFFER)
    try:
        finish_reset(
            visit.services,
            client=visit.client,
            reset=reset,
            code=visit.field("code").strip(),
            password=visit.field("new_password"),
        )
    except CognitoError as error:
        return _code_page(visit, reset, error=error.message)
    # COG-PAG-003: back to the sign-in page, where the new password proves itself.
    response = visit.go_to("/login", notice="reset", login_hint=reset.username)
    clear_page_data(response, visit.call.origin)
    return response


def _pending(visit: Visit) -> PendingReset | None:
    return pending_reset(visit.services, client=visit.client, secret=page_data(visit.call.request))


def _request_page(visit: Visit, *, username: str, error: str = "", status: int = 200) -> Response:
    return visit.render(
        "forgot_password.html",
        status=status,
        error=error,
        **username_context(visit.pool, username),
    )


def _code_page(
    visit: Visit, reset: PendingReset, *, error: str = "", status: int = 200
) -> Response:
    return visit.render(
        "confirm_forgot_password.html",
        status=status,
        error=error,
        username=reset.username,
        sent=f"{_BY[reset.medium]} to {reset.destination}",
        rules=password_rules(visit.pool.password_policy),
    )
