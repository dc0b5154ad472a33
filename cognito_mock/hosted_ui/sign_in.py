"""``/login``: the sign-in page and its form (spec section 4.2)."""

from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import (
    CognitoError,
    PasswordResetRequiredException,
    UserNotConfirmedException,
)
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_in import PasswordChangeRequired, password_sign_in
from cognito_mock.hosted_ui.change_password import ask_for_new_password
from cognito_mock.hosted_ui.fields import username_context
from cognito_mock.hosted_ui.forgot_password import ask_for_reset, reset_problem
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit, visiting

_NO_PROVIDER = "Login option is not available. Please try another one"
_NOTICES = {
    "created": "Your account was created. An administrator has to confirm it before you sign in.",
    "confirmed": "Your account is confirmed. You can sign in now.",
    "reset": "Your password was changed. You can sign in now.",
}


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    return [
        Route("/login", visiting(services, _show), methods=["GET"]),
        Route("/login", visiting(services, _submit), methods=["POST"]),
    ]


def _show(visit: Visit) -> Response:
    query = visit.call.query
    if not visit.authorization.provider_available:
        return _page(visit, error=_NO_PROVIDER, status=401)
    return _page(
        visit,
        username=query.get("login_hint", ""),  # COG-AUT-022
        notice=_NOTICES.get(query.get("notice", ""), ""),
    )


def _submit(visit: Visit) -> Response:
    username = visit.field("username")
    if not visit.authorization.provider_available:
        return _page(visit, error=_NO_PROVIDER, status=401)
    if not visit.form_is_ours:
        return _page(visit, username=username, error=STALE_FORM, status=403)
    try:
        user = password_sign_in(
            visit.services,
            client=visit.client,
            username=username,
            password=visit.field("password"),
        )
    except PasswordChangeRequired as required:
        return ask_for_new_password(visit, username=username, challenge=required.session)
    except UserNotConfirmedException as error:
        return _page(visit, username=username, error=error.message, unconfirmed=True)
    except PasswordResetRequiredException:
        return _reset(visit, username)
    except CognitoError as error:
        return _page(visit, username=username, error=error.message)  # COG-PAG-016, -017, -018
    return visit.signed_in(user)


def _reset(visit: Visit, username: str) -> Response:
    try:
        return ask_for_reset(visit, username)
    except CognitoError as error:
        return _page(visit, username=username, error=reset_problem(error))


def _page(
    visit: Visit,
    *,
    username: str = "",
    error: str = "",
    notice: str = "",
    unconfirmed: bool = False,
    status: int = 200,
) -> Response:
    return visit.render(
        "sign_in.html",
        status=status,
        error=error,
        notice=notice,
        unconfirmed=unconfirmed,
        confirm_query=urlencode({**visit.call.query, "username": username}),
        local="COGNITO" in visit.client.identity_providers,  # COG-PAG-044
        sign_up_open=not visit.pool.admin_create_only,
        **username_context(visit.pool, username),
    )
