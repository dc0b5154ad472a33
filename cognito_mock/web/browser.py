"""Where a browser is sent: back to the client, to the error page, on to the next page."""

from starlette.requests import Request
from starlette.responses import Response

from cognito_mock.core.ids import Entropy
from cognito_mock.flows.authorization_answers import Grant
from cognito_mock.flows.oauth_errors import PageError, RedirectError
from cognito_mock.web.cookies import set_xsrf, xsrf_token
from cognito_mock.web.endpoints import Unreadable
from cognito_mock.web.headers import add_domain_headers
from cognito_mock.web.origin import origin_of
from cognito_mock.web.pages import error_page
from cognito_mock.web.redirects import client_location, found, page_location


def client_answer(request: Request, entropy: Entropy, answer: Grant | RedirectError) -> Response:
    """Send the browser back to the client, with a grant or with bad news."""
    location = client_location(
        answer.redirect_uri, answer.parameters, in_fragment=answer.in_fragment
    )
    return browser_redirect(request, entropy, location)


def page_refusal(request: Request, entropy: Entropy, refusal: PageError) -> Response:
    """Send the browser to the error page, or show it right here (COG-AUT-041, -043, -044)."""
    if refusal.in_place:
        return error_page(request, entropy, refusal.text)
    parameters = {"error": refusal.text}
    if refusal.client_id is not None:
        parameters["client_id"] = refusal.client_id
    return browser_redirect(request, entropy, page_location("/error", parameters))


def browser_redirect(request: Request, entropy: Entropy, location: str) -> Response:
    """302 with the domain's headers and the browser's XSRF token (COG-COO-006, -010)."""
    origin = origin_of(request)
    if location.startswith("/") and origin.host:
        location = f"{origin.scheme}://{origin.host}{location}"
    response = found(location)
    add_domain_headers(response, origin, entropy)
    set_xsrf(response, xsrf_token(request, entropy), origin)
    return response


def unreadable_page(entropy: Entropy) -> Unreadable:
    """Render it for a person."""

    def answer(request: Request, status: int) -> Response:
        return error_page(request, entropy, "invalid_request", status=status)

    return answer
