"""The client_credentials grant: an access token for a program (spec section 5.4)."""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.resource_servers import RESERVED_SCOPES, ResourceServer
from cognito_mock.flows.issue import AuthenticationResult, issue_machine_token
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services


def redeem_client_credentials(
    services: Services, *, client: AppClient, scope: str | None
) -> AuthenticationResult:
    """Give a proved client a token of its own: no user, no id token, no refresh token."""
    if not client.oauth_flows:
        raise ProtocolError("invalid_grant")  # COG-TKE-066
    if "client_credentials" not in client.oauth_flows or not client.secrets:
        raise ProtocolError("unauthorized_client")  # COG-TKE-060, -074
    with services.store.read() as tx:
        servers = tx.scan(ResourceServer, client.pool_id)
    custom = {name for server in servers for name in server.scope_names}
    return issue_machine_token(services, client=client, scopes=_granted(client, custom, scope))


def _granted(client: AppClient, custom: set[str], scope: str | None) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys((scope or "").split()))
    if not asked:
        # COG-TKE-061; a scope whose resource server is gone is passed over (COG-SCO-011).
        asked = tuple(name for name in client.oauth_scopes if name in custom)
    if not set(asked) <= custom | RESERVED_SCOPES:
        raise ProtocolError("invalid_scope")  # COG-TKE-062
    if not asked or not set(asked) <= set(client.oauth_scopes):
        raise ProtocolError("invalid_grant")  # COG-TKE-062, -063
    return asked
