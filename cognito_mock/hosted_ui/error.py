"""``/error``: what a browser sees when nothing can be sent to the client (COG-AUT-041, -042)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.services import Services
from cognito_mock.web.browser import unreadable_page
from cognito_mock.web.endpoints import Call, Endpoint
from cognito_mock.web.pages import error_page

# What the mock itself sends here, and what helps. Another text would be somebody else's, in the
# pool's name.
_ADVICE = {
    "redirect_mismatch": (
        "The redirect_uri of the request is not one of the app client's callback URLs. They are "
        "compared as exact strings: scheme, port, path and trailing slash count."
    ),
    "Client does not exist": (
        "The client_id is unknown, or belongs to another user pool than this domain."
    ),
    "Client is not enabled for OAuth2.0 flows.": (
        "AllowedOAuthFlowsUserPoolClient of the app client is not true."
    ),
}


def routes(services: Services) -> list[Route]:
    """Return the route."""

    def answer(call: Call) -> Response:
        error = call.query.get("error", "")
        text = error if error in _ADVICE else "unknown_error"
        return error_page(call.request, services.entropy, text, advice=_ADVICE.get(error, ""))

    unreadable = unreadable_page(services.entropy)
    return [Route("/error", Endpoint(answer, unreadable=unreadable), methods=["GET"])]
