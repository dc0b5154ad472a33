"""GetTokensFromRefreshToken: refreshing with or without rotation (COG-API-REFRESH-003)."""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import NotAuthorizedException
from cognito_mock.core.secret_hash import secret_matches
from cognito_mock.flows.issue import AuthenticationResult, refresh
from cognito_mock.flows.lookups import get_client
from cognito_mock.flows.services import Services


def get_tokens_from_refresh_token(
    services: Services,
    *,
    client_id: str,
    refresh_token: str,
    client_secret: str | None = None,
    device_key: str | None = None,
) -> AuthenticationResult:
    """Mint new tokens; a new refresh token comes with them only when the client rotates."""
    with services.store.read() as tx:
        client = get_client(tx, client_id)
    _check_secret(client, client_secret)
    return refresh(
        services,
        client=client,
        refresh_token=refresh_token,
        hosted=False,
        device_key=device_key,
    )


def _check_secret(client: AppClient, given: str | None) -> None:
    """Refuse a missing or wrong secret; it is sent as itself, not as a hash (COG-API-SECRET-005).

    The service's texts are known for hashes only (COG-API-SECRET-003); these are like them.
    """
    if client.secrets and given is None:
        raise NotAuthorizedException(
            f"Client {client.id} is configured for secret but secret was not received"
        )
    if given is not None and not secret_matches(client, given):
        raise NotAuthorizedException(f"Unable to verify secret for client {client.id}")
