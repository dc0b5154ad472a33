"""``/signup``: make an account (spec section 4.1, COG-PAG-021)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import CognitoError
from cognito_mock.core.schema import missing_attributes
from cognito_mock.flows.hosted_sign_up import page_secret_hash, remember_sign_up
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_up import sign_up
from cognito_mock.hosted_ui.fields import (
    attribute_field,
    password_rules,
    typed_attributes,
    username_context,
)
from cognito_mock.hosted_ui.visits import STALE_FORM, Visit, visiting
from cognito_mock.web.cookies import set_page_data


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    return [
        Route("/signup", visiting(services, _page), methods=["GET"]),
        Route("/signup", visiting(services, _submit), methods=["POST"]),
    ]


def _submit(visit: Visit) -> Response:
    username = visit.field("username")
    if not visit.form_is_ours:
        return _page(visit, STALE_FORM, status=403)
    try:
        result = sign_up(
            visit.services,
            client_id=visit.client.id,
            username=username,
            password=visit.field("password"),
            attributes=typed_attributes(visit.call.form),
            secret_hash=page_secret_hash(visit.client, username),
        )
    except CognitoError as error:
        return _page(visit, error.message)
    if result.delivery is None:
        # Nothing is verified in this pool: an administrator confirms (COG-PAG-042).
        return visit.go_to("/login", notice="created", login_hint=username)
    secret = remember_sign_up(visit.services, client=visit.client, user=result.user)
    response = visit.go_to("/confirm", username=username)
    set_page_data(response, secret, visit.call.origin, visit.client.auth_session_seconds)
    return response


def _page(visit: Visit, error: str = "", *, status: int = 200) -> Response:
    # A pool's username attribute is asked for as the username.
    known = dict.fromkeys(visit.pool.username_attributes[:1], "asked above")
    names = missing_attributes(visit.pool, known)
    return visit.render(
        "sign_up.html",
        status=status,
        error=error,
        fields=[attribute_field(name, visit.call.form) for name in names],
        rules=password_rules(visit.pool.password_policy),
        **username_context(visit.pool, visit.field("username")),
    )
