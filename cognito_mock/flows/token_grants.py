"""The token endpoint's grants: client authentication, codes, refresh (spec section 5)."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from cognito_mock.core.attributes import may_read
from cognito_mock.core.base64url import base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import NotAuthorizedException, UserNotFoundException
from cognito_mock.core.grants import AuthorizationCode
from cognito_mock.core.resource_servers import ResourceServer
from cognito_mock.core.secret_hash import digest_of, same_text, secret_matches
from cognito_mock.core.users import User
from cognito_mock.flows.domains import Site, client_at
from cognito_mock.flows.issue import AuthenticationResult, issue_tokens, refresh
from cognito_mock.flows.oauth_errors import ProtocolError
from cognito_mock.flows.services import Services

# A scope promises these; a client that may not read them gets no token (COG-TKE-029).
_PROMISED = {
    "email": frozenset({"email", "email_verified"}),
    "phone": frozenset({"phone_number", "phone_number_verified"}),
}


def authenticate_client(
    services: Services, *, site: Site, client_id: str, secrets: Sequence[str]
) -> AppClient:
    """Return the client, proved by one of ``secrets`` (readings of what it sent) if it has any.

    Nothing else happens before this has passed, so a failure uses nothing up (COG-TKE-031).
    """
    with services.store.read() as tx:
        client = client_at(tx, site, client_id)
    if client is None:
        raise ProtocolError("invalid_client")  # COG-TKE-073
    # A list, so that every reading is compared.
    proved = any([secret_matches(client, given) for given in secrets])  # noqa: C419
    if proved != bool(client.secrets) or (secrets and not client.secrets):
        raise ProtocolError("invalid_client", "invalid_client_secret")  # COG-TKE-072
    return client


def redeem_code(
    services: Services,
    *,
    client: AppClient,
    code: str,
    redirect_uri: str,
    code_verifier: str | None,
) -> AuthenticationResult:
    """Exchange an authorization code for tokens: once, by its client, with its verifier."""
    if "code" not in client.oauth_flows:
        raise ProtocolError("unauthorized_client")  # COG-TKE-074
    # One transaction from the look to the mark: of two redemptions at a time one finds it used. A
    # refusal leaves the code as it was.
    with services.store.transaction() as tx:
        record = tx.get(AuthorizationCode, digest_of(code))
        if record is None or record.client_id != client.id or record.used:
            raise ProtocolError("invalid_grant")  # COG-TKE-024, -025
        if services.clock.now() >= record.expires_at:
            raise ProtocolError("invalid_grant")
        if record.redirect_uri != redirect_uri:
            raise ProtocolError("unauthorized_client", "invalid_redirect")  # COG-TKE-026
        if not _proves(code_verifier, record.code_challenge):
            raise ProtocolError("invalid_grant")  # COG-TKE-027, -028
        if not _may_read_what_is_promised(client, record.scopes):
            raise ProtocolError("invalid_grant")
        # COG-AUT-029: authorize lets any address pass, and then the code is worth nothing.
        if record.resource and tx.get(ResourceServer, record.pool_id, record.resource) is None:
            raise ProtocolError("invalid_grant")
        user = tx.get(User, record.pool_id, record.username)
        if user is None or user.sub != record.sub or not user.enabled:
            raise ProtocolError("invalid_grant")
        tx.put(replace(record, used=True))
    try:
        return issue_tokens(
            services,
            client=client,
            user=user,
            scopes=record.scopes,
            auth_time=record.auth_time,
            nonce=record.nonce,
            hosted=True,
            resource=record.resource,
        )
    except (NotAuthorizedException, UserNotFoundException) as error:
        raise ProtocolError("invalid_grant") from error


def redeem_refresh_token(
    services: Services, *, client: AppClient, refresh_token: str
) -> AuthenticationResult:
    """Exchange a refresh token; every failure looks the same (COG-TKE-048, -049, -051)."""
    if not client.oauth_flows & {"code", "implicit"}:
        raise ProtocolError("unauthorized_client")  # COG-TKE-074
    try:
        return refresh(services, client=client, refresh_token=refresh_token, hosted=True)
    except NotAuthorizedException as error:
        raise ProtocolError("invalid_grant") from error


def _proves(verifier: str | None, challenge: str | None) -> bool:
    """RFC 7636 §4.6; a verifier without a challenge is a downgrade (RFC 9700 §4.8.2)."""
    if verifier is None or challenge is None:
        return verifier is None and challenge is None
    return same_text(base64url(hashlib.sha256(verifier.encode()).digest()), challenge)


def _may_read_what_is_promised(client: AppClient, scopes: Sequence[str]) -> bool:
    promised = (name for scope in scopes for name in _PROMISED.get(scope, frozenset()))
    return all(may_read(client, name) for name in promised)
