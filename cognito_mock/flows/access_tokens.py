"""Opening access tokens of ours that come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from cognito_mock.core.clients import AppClient
from cognito_mock.core.errors import NotAuthorizedException, UserNotFoundException
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.json_types import JsonValue
from cognito_mock.core.pools import PoolKeys, SigningKey, UserPool
from cognito_mock.core.tokens import ParsedToken, parse_token
from cognito_mock.core.users import User
from cognito_mock.flows.lookups import get_client, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# A session outlives the day on which its pool opts into the other issuer (COG-TOK-009).
_FORMS = (False, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGrant:
    """What a good access token stands for. ``claims`` are verified."""

    pool: UserPool
    client: AppClient
    user: User
    claims: Mapping[str, JsonValue]


def open_access_token(
    services: Services, token: str, *, required_scope: str | None = None
) -> AccessGrant:
    """Check an access token of ours: structure, signature, expiry, revocation, scope.

    (COG-API-REV-004, texts and order.)
    """
    try:
        parsed = parse_token(token)
    except ValueError:
        _not_authorized("Invalid Access Token")
    claims = parsed.claims
    issuer = claims.get("iss")
    if claims.get("token_use") != "access" or not isinstance(issuer, str):
        _not_authorized("Invalid Access Token")
    pool_id = issuer.rpartition("/")[2]
    with services.store.read() as tx:
        keys = tx.get(PoolKeys, pool_id)
    if (
        keys is None
        or issuer not in {services.addresses.issuer(pool_id, updated=form) for form in _FORMS}
        or not _verifies(services, parsed, keys.published)
    ):
        _not_authorized("Could not verify signature for Access Token")
    expires = claims.get("exp")
    if not isinstance(expires, int) or services.clock.now() >= expires:
        _not_authorized("Access Token has expired")
    with services.store.read() as tx:
        return _access_grant(tx, pool_id, claims, required_scope)


def _verifies(services: Services, parsed: ParsedToken, published: Sequence[SigningKey]) -> bool:
    return any(
        services.signer.verify(key, parsed.signing_input, parsed.signature)
        for key in published
        if key.kid == parsed.kid
    )


def _access_grant(
    tx: Transaction, pool_id: str, claims: Mapping[str, JsonValue], required_scope: str | None
) -> AccessGrant:
    username, client_id = claims.get("username"), claims.get("client_id")
    if not isinstance(username, str) or not isinstance(client_id, str):
        # A machine's token has no user to act for (COG-TOK-082).
        _not_authorized("Access Token does not have required scopes")
    pool = get_pool(tx, pool_id)
    user = tx.get(User, pool_id, username)
    if user is None or user.sub != claims.get("sub"):
        raise UserNotFoundException("User does not exist.")
    if not user.enabled:
        _not_authorized("User is disabled.")
    # Its refresh grant knows whether the session is revoked (COG-API-REV-002, -003).
    if any(grant.revoked for grant in session_grants(tx, pool_id, username, claims)):
        _not_authorized("Access Token has been revoked")
    scope = claims.get("scope")
    scopes = scope.split(" ") if isinstance(scope, str) else []
    if required_scope is not None and required_scope not in scopes:
        _not_authorized("Access Token does not have required scopes")
    client = get_client(tx, client_id, pool_id)
    return AccessGrant(pool=pool, client=client, user=user, claims=claims)


def session_grants(
    tx: Transaction, pool_id: str, username: str, claims: Mapping[str, JsonValue]
) -> list[RefreshGrant]:
    """Return the refresh grants of the session that an access token's claims are of.

    Tokens without ``origin_jti`` are matched by what they have of it.
    """
    origin = claims.get("origin_jti")
    if isinstance(origin, str):
        return list(tx.find(RefreshGrant, "origin", pool_id, origin))
    return [
        grant
        for grant in tx.find(RefreshGrant, "user", pool_id, username)
        if grant.client_id == claims.get("client_id")
        and grant.auth_time == claims.get("auth_time")
        and grant.event_id == claims.get("event_id")
    ]


def _not_authorized(message: str) -> NoReturn:
    raise NotAuthorizedException(message)
