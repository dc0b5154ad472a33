"""``/oauth2/userInfo`` (spec section 6.1)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.ids import Entropy
from cognito_mock.flows.domains import site_of
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_info import user_info
from cognito_mock.oauth.responses import json_answer, preflight, refusal_answer, unreadable_answer
from cognito_mock.web.endpoints import Call, Endpoint


def routes(services: Services) -> list[Route]:
    """Return the route; POST as OpenID Connect Core §5.3.1 wants it (COG-UI-002)."""

    def answer(call: Call) -> Response:
        request, entropy = call.request, services.entropy
        if request.method == "OPTIONS":
            return preflight(request)
        try:
            claims = user_info(
                services,
                site=site_of(services, call.origin.hostname),
                access_token=_bearer(request.headers.get("authorization")),
            )
        except ProtocolError as refusal:
            return _refuse(request, entropy, refusal)
        return json_answer(request, entropy, claims)

    return [
        Route(
            "/oauth2/userInfo",
            Endpoint(answer, unreadable=unreadable_answer(services.entropy)),
            methods=["GET", "POST", "OPTIONS"],
        )
    ]


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        # COG-UI-013
        raise ProtocolError("invalid_request", "Bad OAuth2 request at UserInfo Endpoint")
    return token.strip()


def _refuse(request: Request, entropy: Entropy, refusal: ProtocolError) -> Response:
    """COG-UI-013, -014: a challenge without a scheme; 400 for no token, 401 for a bad one."""
    challenge = f'error="{refusal.error}", error_description="{refusal.description}"'
    status = 401 if refusal.error == "invalid_token" else 400
    return refusal_answer(
        request, entropy, refusal, status=status, headers={"WWW-Authenticate": challenge}
    )
