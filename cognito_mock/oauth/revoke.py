"""``POST /oauth2/revoke`` (spec section 6.2)."""

from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.flows.domains import site_of
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.revocation import revoke_refresh_token
from cognito_mock.flows.services import Services
from cognito_mock.flows.token_grants import authenticate_client
from cognito_mock.oauth.client_auth import presented_client
from cognito_mock.oauth.responses import empty_answer, preflight, refusal_answer, unreadable_answer
from cognito_mock.web.endpoints import Call, Endpoint


def routes(services: Services) -> list[Route]:
    """Return the route."""

    def answer(call: Call) -> Response:
        request, entropy = call.request, services.entropy
        if request.method == "OPTIONS":
            return preflight(request)
        parameters = call.parameters
        try:
            presented = presented_client(request.headers.get("authorization"), parameters)
            client = authenticate_client(
                services,
                site=site_of(services, call.origin.hostname),
                client_id=presented.client_id,
                secrets=presented.secrets,
            )
            revoke_refresh_token(services, client=client, token=parameters.get("token", ""))
        except ProtocolError as refusal:
            # COG-REV-006: 401 here, 400 at the token endpoint.
            status = 401 if refusal.error == "invalid_client" else 400
            return refusal_answer(request, entropy, refusal, status=status)
        return empty_answer(request, entropy)

    return [
        Route(
            "/oauth2/revoke",
            Endpoint(answer, unreadable=unreadable_answer(services.entropy)),
            methods=["POST", "OPTIONS"],
        )
    ]
