"""``/changePassword``: a temporary password is exchanged for the user's own."""

import json

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import CognitoError
from cognito_mock.flows.challenges import Challenge
from cognito_mock.flows.new_password import set_new_password
from cognito_mock.flows.services import Services
from cognito_mock.hosted_ui.fields import attribute_field, password_rules, typed_attributes
from cognito_mock.hosted_ui.visits import PASSWORDS_DIFFER, STALE_FORM, Visit, visiting


def routes(services: Services) -> list[Route]:
    """Return the route; the page itself is the answer to a sign-in."""
    return [Route("/changePassword", visiting(services, _submit), methods=["POST"])]


def ask_for_new_password(visit: Visit, *, username: str, challenge: Challenge) -> Response:
    """Show the page for a challenge of NEW_PASSWORD_REQUIRED (COG-API-NEWPWD-001)."""
    missing = json.loads(challenge.parameters["requiredAttributes"])
    names = [name.removeprefix("userAttributes.") for name in missing]
    return _page(visit, username=username, session=challenge.session, names=names)


def _submit(visit: Visit) -> Response:
    if not visit.form_is_ours:
        return _again(visit, STALE_FORM, status=403)
    if visit.field("new_password") != visit.field("confirm_password"):
        return _again(visit, PASSWORDS_DIFFER)
    try:
        user = set_new_password(
            visit.services,
            client=visit.client,
            session=visit.field("session"),
            username=visit.field("username"),
            new_password=visit.field("new_password"),
            attributes=typed_attributes(visit.call.form),
        )
    except CognitoError as error:
        return _again(visit, error.message)
    return visit.signed_in(user)


def _again(visit: Visit, error: str, *, status: int = 200) -> Response:
    return _page(
        visit,
        username=visit.field("username"),
        session=visit.field("session"),
        names=list(typed_attributes(visit.call.form, blank=True)),
        error=error,
        status=status,
    )


def _page(
    visit: Visit,
    *,
    username: str,
    session: str,
    names: list[str],
    error: str = "",
    status: int = 200,
) -> Response:
    return visit.render(
        "change_password.html",
        status=status,
        error=error,
        username=username,
        session=session,
        fields=[attribute_field(name, visit.call.form) for name in names],
        rules=password_rules(visit.pool.password_policy),
    )
