"""``/confirm``, ``/resendcode`` and ``/confirmUser``: the code that a sign-up sent."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.errors import CognitoError
from cognito_mock.flows.domains import find_client, site_of
from cognito_mock.flows.hosted_sign_up import page_secret_hash, user_who_signed_up
from cognito_mock.flows.messages import sends_links
from cognito_mock.flows.mfa_challenges import second_factor
from cognito_mock.flows.oauth_errors import unknown_client
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_up import confirm_sign_up, resend_confirmation_code
from cognito_mock.hosted_ui.challenges import proceed
from cognito_mock.hosted_ui.visits import STALE_FORM, TEMPLATES, Visit, visiting
from cognito_mock.web.browser import page_refusal, unreadable_page
from cognito_mock.web.cookies import clear_page_data, page_data
from cognito_mock.web.endpoints import Call, Endpoint
from cognito_mock.web.pages import error_page, page


def routes(services: Services) -> list[Route]:
    """Return the routes."""
    link = Endpoint(
        lambda call: _follow_link(services, call), unreadable=unreadable_page(services.entropy)
    )
    return [
        Route("/confirm", visiting(services, _show), methods=["GET"]),
        Route("/confirm", visiting(services, _submit), methods=["POST"]),
        Route("/resendcode", visiting(services, _resend), methods=["POST"]),
        Route("/confirmUser", link, methods=["GET"]),
    ]


def _show(visit: Visit) -> Response:
    return _page(visit, visit.call.query.get("username", ""))


def _submit(visit: Visit) -> Response:
    username = visit.field("username")
    if not visit.form_is_ours:
        return _page(visit, username, error=STALE_FORM, status=403)
    try:
        user = confirm_sign_up(
            visit.services,
            client_id=visit.client.id,
            username=username,
            code=visit.field("code").strip(),
            secret_hash=page_secret_hash(visit.client, username),
        )
    except CognitoError as error:
        return _page(visit, username, error=error.message)
    known = user_who_signed_up(
        visit.services,
        pool=visit.pool,
        client=visit.client,
        secret=page_data(visit.call.request),
        user=user,
    )
    if known is None:
        return visit.go_to("/login", notice="confirmed", login_hint=username)
    # The code counts for nothing but the confirmation (COG-API-MFA-004).
    factor = second_factor(visit.services, pool=visit.pool, client=visit.client, user=known)
    response = proceed(visit, factor or known, username=username)
    clear_page_data(response, visit.call.origin)
    return response


def _resend(visit: Visit) -> Response:
    username = visit.field("username")
    if not visit.form_is_ours:
        return _page(visit, username, error=STALE_FORM, status=403)
    try:
        sent = resend_confirmation_code(
            visit.services,
            client_id=visit.client.id,
            username=username,
            secret_hash=page_secret_hash(visit.client, username),
        )
    except CognitoError as error:
        return _page(visit, username, error=error.message)
    what = "link" if _by_link_only(visit) else "code"
    return _page(visit, username, notice=f"A new {what} was sent to {sent.destination}.")


def _page(
    visit: Visit, username: str, *, error: str = "", notice: str = "", status: int = 200
) -> Response:
    return visit.render(
        "confirm_by_link.html" if _by_link_only(visit) else "confirm.html",
        status=status,
        username=username,
        error=error,
        notice=notice,
    )


def _by_link_only(visit: Visit) -> bool:
    # A phone number gets a code to type, also where e-mails hold links (COG-API-SIGNUP-002).
    return sends_links(visit.pool) and "phone_number" not in visit.pool.auto_verified_attributes


def _follow_link(services: Services, call: Call) -> Response:
    """Confirm by the link of a message: a GET is enough (COG-PAG-050, -051, -052)."""
    request, entropy = call.request, services.entropy
    site = site_of(services, call.origin.hostname)
    client = find_client(services, site, call.query.get("client_id", ""))
    if client is None:
        return page_refusal(request, entropy, unknown_client())
    username = call.query.get("user_name", "")
    try:
        confirm_sign_up(
            services,
            client_id=client.id,
            username=username,
            code=call.query.get("confirmation_code", ""),
            secret_hash=page_secret_hash(client, username),
        )
    except CognitoError as error:
        return error_page(request, entropy, error.message)
    return page(request, entropy, "confirmed.html", directories=TEMPLATES)
