"""RevokeToken. The OAuth endpoint, with answers of its own, is revocation.py."""

from dataclasses import replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import (
    InvalidParameterException,
    UnauthorizedException,
    UnsupportedOperationException,
    UnsupportedTokenTypeException,
)
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.secret_hash import digest_of, secret_matches
from cognito_mock.flows.services import Services

_JWS_DOTS = 2


def revoke_token(
    services: Services, *, client_id: str, client_secret: str | None, token: str
) -> None:
    """Revoke a refresh token and what came from the same sign-in (COG-API-REV-003)."""
    with services.store.transaction() as tx:
        client = tx.get(AppClient, client_id)
        if client is None:
            # The documented errors hold no ResourceNotFoundException.
            raise InvalidParameterException(f"User pool client {client_id} does not exist.")
        if client.secrets and not secret_matches(client, client_secret or ""):
            raise UnauthorizedException("Unauthorized")
        if not client.token_revocation:
            # COG-API-CLI-011
            raise UnsupportedOperationException("Revocation is not enabled for the client")
        if token.count(".") == _JWS_DOTS:
            raise UnsupportedTokenTypeException("Unsupported token type")
        grant = tx.get(RefreshGrant, digest_of(token))
        if grant is None or grant.client_id != client.id:
            return
        for relative in tx.find(RefreshGrant, "origin", grant.pool_id, grant.origin_jti):
            tx.put(replace(relative, revoked=True))
