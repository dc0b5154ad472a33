"""Which flows there are, and which a client has switched on (COG-API-AUTH-002, -003, -013)."""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import InvalidParameterException

_ALIASES = {"REFRESH_TOKEN": "REFRESH_TOKEN_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
_ADMIN_ONLY = "ADMIN_USER_PASSWORD_AUTH"
_PUBLIC_ONLY = "USER_PASSWORD_AUTH"

# COG-API-CLI-003: without a list.
_DEFAULT = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"})
_LEGACY = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
}


def accepted_flow(auth_flow: str, *, admin: bool) -> str:
    """Return the flow by its present name; refuse one that this operation does not have."""
    flow = _ALIASES.get(auth_flow, auth_flow)
    if flow == (_PUBLIC_ONLY if admin else _ADMIN_ONLY):
        raise InvalidParameterException("Initiate Auth method not supported.")
    return flow


def check_enabled(client: AppClient, flow: str, *, admin: bool) -> None:
    """Refuse a flow that is not switched on for the client."""
    if f"ALLOW_{flow}" not in _enabled(client):
        raise InvalidParameterException(
            "Auth flow not enabled for this client"
            if admin
            else f"{flow} flow not enabled for this client"
        )


def _enabled(client: AppClient) -> frozenset[str]:
    listed = client.auth_flows
    if not listed:
        return _DEFAULT
    if listed.isdisjoint(_LEGACY):
        return listed
    # The old names add to what was always on; CUSTOM_AUTH_FLOW_ONLY takes SRP away.
    added = frozenset(_LEGACY[name] for name in listed & _LEGACY.keys())
    always = {"ALLOW_REFRESH_TOKEN_AUTH"}
    if "CUSTOM_AUTH_FLOW_ONLY" not in listed:
        always |= {"ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}
    return added | always
