"""Revoking a refresh token at the OAuth endpoint (spec section 6.2)."""

from dataclasses import replace

from cognito_mock.core.clients import AppClient
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services

_JWS_PARTS = 3


def revoke_refresh_token(services: Services, *, client: AppClient, token: str) -> None:
    """Revoke; a token that is unknown or gone is as good as revoked (COG-REV-007)."""
    if not token or not client.token_revocation:
        raise ProtocolError("invalid_request")  # COG-REV-004
    if token.count(".") == _JWS_PARTS - 1:
        raise ProtocolError("unsupported_token_type")  # COG-REV-005: an access or id token
    with services.store.transaction() as tx:
        grant = tx.get(RefreshGrant, digest_of(token))
        if grant is None:
            return
        if grant.client_id != client.id:
            raise ProtocolError("unauthorized_client")  # COG-REV-010, RFC 7009 §2.1
        # Access and id tokens of the same origin fall with it (COG-REV-011), and so do the refresh
        # tokens that it was rotated into.
        for relative in tx.find(RefreshGrant, "origin", grant.pool_id, grant.origin_jti):
            tx.put(replace(relative, revoked=True))
