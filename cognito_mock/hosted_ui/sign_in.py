"""``/login``: the sign-in page and its form (spec section 4.2)."""

from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import (
    CognitoError,
    PasswordResetRequiredException,
    UserNotConfirmedException,
)
from cognito_mock.core.users import User
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in import after_password, check_password, password_is_enough
from cognito_mock.hosted_ui.challenges import proceed
from cognito_mock.hosted_ui.forgot_password import ask_for_reset, reset_problem
from cognito_mock.hosted_ui.sign_in_page import sign_in_page
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit, visiting
from cognito_mock.web.endpoints import Rest

_NO_PROVIDER = "Login option is not available. Please try another one"
_NOTICES = {
    "created": "Your account was created. An administrator has to confirm it before you sign in.",
    "confirmed": "Your account is confirmed. You can sign in now.",
    "reset": "Your password was changed. You can sign in now.",
}


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    return [
        Route("/login", visiting(services, _show, waits=False), methods=["GET"]),
        Route("/login", visiting(services, _submit, waits=False), methods=["POST"]),
    ]


def _show(visit: Visit) -> Response:
    query = visit.call.query
    if not visit.authorization.provider_available:
        return sign_in_page(visit, error=_NO_PROVIDER, status=401)
    return sign_in_page(
        visit,
        username=query.get("login_hint", ""),  # COG-AUT-022
        notice=_NOTICES.get(query.get("notice", ""), ""),
    )


def _submit(visit: Visit) -> Response | Rest:
    username = visit.field("username")
    if not visit.authorization.provider_available:
        return sign_in_page(visit, error=_NO_PROVIDER, status=401)
    if not visit.form_is_ours:
        return sign_in_page(visit, username=username, error=STALE_FORM, status=403)
    try:
        user = check_password(
            visit.services,
            pool=visit.pool,
            client=visit.client,
            username=username,
            password=visit.field("password"),
        )
    except UserNotConfirmedException as error:
        return sign_in_page(visit, username=username, error=error.message, unconfirmed=True)
    except PasswordResetRequiredException:
        return Rest(partial(_reset, visit, username))
    except CognitoError as error:
        return sign_in_page(
            visit, username=username, error=error.message
        )  # COG-PAG-016, -017, -018
    if password_is_enough(visit.pool, user) and visit.answers_with_code:
        return visit.signed_in(user)
    return Rest(partial(_go_on, visit, user, username))


def _go_on(visit: Visit, user: User, username: str) -> Response:
    outcome = after_password(visit.services, pool=visit.pool, client=visit.client, user=user)
    return proceed(visit, outcome, username=username)


def _reset(visit: Visit, username: str) -> Response:
    try:
        return ask_for_reset(visit, username)
    except CognitoError as error:
        return sign_in_page(visit, username=username, error=reset_problem(error))
