"""``POST /oauth2/token`` (spec section 5)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cognito_mock.core.json_types import JsonValue
from cognito_mock.flows.domains import Site, site_of
from cognito_mock.flows.issue import AuthenticationResult
from cognito_mock.flows.machine_grants import redeem_client_credentials
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services
from cognito_mock.flows.token_grants import (
    authenticate_client,
    redeem_code,
    redeem_refresh_token,
)
from cognito_mock.oauth.client_auth import presented_client
from cognito_mock.oauth.responses import json_answer, preflight, refusal_answer, unreadable_answer
from cognito_mock.web.endpoints import Call, Endpoint
from cognito_mock.web.pages import error_page

_GRANTS = frozenset({"authorization_code", "refresh_token", "client_credentials"})


def routes(services: Services) -> list[Route]:
    """Return the route for every method: what is not a POST has its own answers."""

    def answer(call: Call) -> Response:
        request, entropy = call.request, services.entropy
        if request.method == "OPTIONS":
            return preflight(request)
        if request.method != "POST":
            return error_page(request, entropy, "Request method is not supported")  # COG-TKE-002
        site = site_of(services, call.origin.hostname)
        try:
            result = _redeem(services, site, request, call.parameters)
        except ProtocolError as refusal:
            return refusal_answer(request, entropy, refusal)
        return json_answer(request, entropy, _document(result))

    return [
        Route(
            "/oauth2/token",
            Endpoint(answer, unreadable=unreadable_answer(services.entropy)),
            methods=["GET", "POST", "OPTIONS"],
        )
    ]


def _redeem(
    services: Services, site: Site, request: Request, parameters: Mapping[str, str]
) -> AuthenticationResult:
    """Check in the order of COG-TKE-076."""
    grant_type = _required(parameters, "grant_type")
    if grant_type not in _GRANTS:
        raise ProtocolError("unsupported_grant_type")  # COG-TKE-075
    presented = presented_client(request.headers.get("authorization"), parameters)
    client = authenticate_client(
        services, site=site, client_id=presented.client_id, secrets=presented.secrets
    )
    if grant_type == "authorization_code":
        return redeem_code(
            services,
            client=client,
            code=_required(parameters, "code"),
            redirect_uri=_required(parameters, "redirect_uri"),
            code_verifier=parameters.get("code_verifier") or None,
        )
    if grant_type == "refresh_token":
        return redeem_refresh_token(
            services, client=client, refresh_token=_required(parameters, "refresh_token")
        )
    return redeem_client_credentials(services, client=client, scope=parameters.get("scope"))


def _required(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name)
    if not value:
        raise ProtocolError("invalid_request")  # COG-TKE-050, -075
    return value


def _document(result: AuthenticationResult) -> dict[str, JsonValue]:
    """COG-TKE-022: the order of live bodies; no scope member (COG-TKE-023)."""
    document: dict[str, JsonValue] = {
        "id_token": result.id_token,
        "access_token": result.access_token,
        "refresh_token": result.refresh_token,
        "expires_in": result.expires_in,
        "token_type": result.token_type,
    }
    return {name: value for name, value in document.items() if value is not None}
