"""``GET /oauth2/authorize`` (spec section 3)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.authorization import AuthorizationRequest, check_request
from cognito_mock.flows.authorization_answers import authorize
from cognito_mock.flows.domains import site_of
from cognito_mock.flows.oauth_errors import PageError, RedirectError
from cognito_mock.flows.services import Services
from cognito_mock.web.browser import (
    browser_redirect,
    client_answer,
    page_refusal,
    unreadable_page,
)
from cognito_mock.web.cookies import session_secret
from cognito_mock.web.endpoints import Call, Endpoint
from cognito_mock.web.redirects import page_location


def routes(services: Services) -> list[Route]:
    """Return the route; GET only (COG-AUT-001)."""

    def answer(call: Call) -> Response:
        request, entropy = call.request, services.entropy
        try:
            authorization = check_request(
                services,
                site=site_of(services, call.origin.hostname),
                request=AuthorizationRequest.read(call.query),
            )
            granted = authorize(
                services, authorization=authorization, session_secret=session_secret(request)
            )
        except PageError as refusal:
            return page_refusal(request, entropy, refusal)
        except RedirectError as refusal:
            return client_answer(request, entropy, refusal)
        if granted is not None:
            return client_answer(request, entropy, granted)
        # COG-AUT-002: the same query
        return browser_redirect(request, entropy, page_location("/login", call.query))

    return [
        Route(
            "/oauth2/authorize",
            Endpoint(answer, unreadable=unreadable_page(services.entropy)),
            methods=["GET"],
        )
    ]
