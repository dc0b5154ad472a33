"""``GET /logout`` (spec section 4.6)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.domains import site_of
from cognito_mock.flows.oauth_errors import PageError
from cognito_mock.flows.services import Services
from cognito_mock.flows.sign_out import sign_out
from cognito_mock.web.browser import browser_redirect, page_refusal, unreadable_page
from cognito_mock.web.cookies import clear_session, session_secret
from cognito_mock.web.endpoints import Call, Endpoint
from cognito_mock.web.redirects import page_location


def routes(services: Services) -> list[Route]:
    """Return the route."""

    def answer(call: Call) -> Response:
        request, entropy = call.request, services.entropy
        try:
            signed_out = sign_out(
                services,
                site=site_of(services, call.origin.hostname),
                parameters=call.query,
                session_secret=session_secret(request),
            )
        except PageError as refusal:
            return page_refusal(request, entropy, refusal)
        location = signed_out.logout_uri or page_location("/login", signed_out.parameters)
        response = browser_redirect(request, entropy, location)
        if signed_out.session_ended:
            clear_session(response, call.origin)
        return response

    return [
        Route(
            "/logout",
            Endpoint(answer, unreadable=unreadable_page(services.entropy)),
            methods=["GET"],
        )
    ]
