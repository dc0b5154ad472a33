"""Issuing tokens and refreshing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from cognito_mock.core.base64url import base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.devices import Device
from cognito_mock.core.errors import (
    NotAuthorizedException,
    RefreshTokenReuseException,
    UserNotFoundException,
)
from cognito_mock.core.grants import RefreshGrant
from cognito_mock.core.ids import Entropy, new_uuid
from cognito_mock.core.pools import PoolKeys
from cognito_mock.core.secret_hash import digest_of
from cognito_mock.core.tokens import (
    SignIn,
    access_claims,
    id_claims,
    machine_claims,
    sign_both_claims,
    sign_claims,
)
from cognito_mock.core.users import User
from cognito_mock.flows.access_tokens import AccessGrant, open_access_token
from cognito_mock.flows.groups import groups_of
from cognito_mock.flows.housekeeping import tidy
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

__all__ = [
    "AccessGrant",
    "AuthenticationResult",
    "grant_owner",
    "issue_machine_token",
    "issue_tokens",
    "new_refresh_token",
    "open_access_token",
    "refresh",
]

# The header of every refresh token: {"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"} (COG-TOK-090).
_JWE_HEADER = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ"
# Encrypted key, IV, ciphertext, tag; the sizes of COG-TOK-092.
_JWE_PART_BYTES = (256, 12, 1024, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationResult:
    """A finished sign-in (COG-API-AUTH-005)."""

    access_token: str
    id_token: str | None = None
    refresh_token: str | None = None
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105  (a scheme)


def issue_tokens(
    services: Services,
    *,
    client: AppClient,
    user: User,
    scopes: Sequence[str] | None = None,
    auth_time: int | None = None,
    nonce: str | None = None,
    hosted: bool = False,
    resource: str | None = None,
    device_key: str | None = None,
) -> AuthenticationResult:
    """Begin a session: access token, ID token (hosted: with ``openid`` only), refresh token.

    ``scopes`` None is an API sign-in; ``device_key`` counts if the user has confirmed that device.
    The user is read again, so that one who was disabled or deleted since the password was checked
    gets nothing.
    """
    if hosted and scopes is None:
        raise ValueError("a hosted sign-in has scopes")
    now = services.clock.now()
    refresh_token = new_refresh_token(services.entropy)
    grant = RefreshGrant(
        digest=digest_of(refresh_token),
        pool_id=client.pool_id,
        client_id=client.id,
        username=user.username,
        sub=user.sub,
        origin_jti=new_uuid(services.entropy),
        # Tokens of hosted sign-ins often have none (COG-TOK-019).
        event_id=new_uuid(services.entropy) if scopes is None else None,
        scopes=None if scopes is None else tuple(scopes),
        resource=resource,
        auth_time=int(now) if auth_time is None else auth_time,
        issued_at=now,
        expires_at=now + client.refresh_token_seconds,
    )
    with services.store.transaction() as tx:
        current = tx.get(User, user.pool_id, user.username)
        if current is None or current.sub != user.sub:
            raise UserNotFoundException("User does not exist.")
        if not current.enabled:
            raise NotAuthorizedException("User is disabled.")
        keys = _keys(tx, client.pool_id)
        if device_key is not None and _is_device(tx, current, device_key):
            grant = replace(grant, device_key=device_key)
        sign_in = _sign_in(services, tx, client=client, user=current, grant=grant, nonce=nonce)
        tx.put(grant)
    tidy(services)
    return _signed(services, sign_in, keys, now=int(now), refresh_token=refresh_token)


def issue_machine_token(
    services: Services, *, client: AppClient, scopes: Sequence[str]
) -> AuthenticationResult:
    """Return an access token for the client itself, and nothing else (COG-TOK-083)."""
    with services.store.read() as tx:
        keys = _keys(tx, client.pool_id)
        issuer = _issuer(services, tx, client)
    claims = machine_claims(
        issuer=issuer,
        client=client,
        scopes=scopes,
        now=int(services.clock.now()),
        jti=new_uuid(services.entropy),
    )
    return AuthenticationResult(
        access_token=sign_claims(claims, keys.access_key, services.signer),
        expires_in=client.access_token_seconds,
    )


def refresh(
    services: Services,
    *,
    client: AppClient,
    refresh_token: str,
    hosted: bool,
    device_key: str | None = None,
) -> AuthenticationResult:
    """Mint new tokens for the session of ``refresh_token``; groups and attributes are read afresh.

    ``auth_time`` and ``origin_jti`` stay (COG-TKE-052). A new refresh token comes only from a
    client with rotation; its life ends when the first one's would have (COG-TKE-045).
    """
    now = services.clock.now()
    successor = new_refresh_token(services.entropy) if client.refresh_token_rotation else None
    with services.store.transaction() as tx:
        grant, user = _live_grant(tx, client, refresh_token, now, hosted=hosted)
        if not hosted and grant.device_key not in (None, device_key):
            _check_forgotten(tx, user, grant)
        keys = _keys(tx, client.pool_id)
        sign_in = _sign_in(services, tx, client=client, user=user, grant=grant, nonce=None)
        if successor is not None:
            if grant.rotated_at is None:
                tx.put(replace(grant, rotated_at=now))
            tx.put(replace(grant, digest=digest_of(successor), issued_at=now, rotated_at=None))
    return _signed(services, sign_in, keys, now=int(now), refresh_token=successor)


def grant_owner(tx: Transaction, client: AppClient, refresh_token: str) -> str | None:
    """Return the canonical username behind the client's refresh token, whatever its state."""
    grant = tx.get(RefreshGrant, digest_of(refresh_token))
    return grant.username if grant is not None and grant.client_id == client.id else None


def new_refresh_token(entropy: Entropy) -> str:
    """Return a random text that looks like Cognito's; nothing is encrypted in it (COG-TOK-091)."""
    random = entropy.token_bytes(sum(_JWE_PART_BYTES))
    parts, start = [_JWE_HEADER], 0
    for size in _JWE_PART_BYTES:
        parts.append(base64url(random[start : start + size]))
        start += size
    return ".".join(parts)


def _sign_in(
    services: Services,
    tx: Transaction,
    *,
    client: AppClient,
    user: User,
    grant: RefreshGrant,
    nonce: str | None,
) -> SignIn:
    return SignIn(
        issuer=_issuer(services, tx, client),
        client=client,
        user=user,
        groups=groups_of(tx, user.pool_id, user.username),
        scopes=grant.scopes,
        auth_time=grant.auth_time,
        origin_jti=grant.origin_jti,
        event_id=grant.event_id,
        nonce=nonce,
        resource=grant.resource,
        device_key=grant.device_key,
    )


def _is_device(tx: Transaction, user: User, device_key: str) -> bool:
    """Whether the user has confirmed this device (COG-TOK-068)."""
    device = tx.get(Device, user.pool_id, user.username, device_key)
    tracks = get_pool(tx, user.pool_id).tracks_devices
    return tracks and device is not None and device.confirmed


def _signed(
    services: Services, sign_in: SignIn, keys: PoolKeys, *, now: int, refresh_token: str | None
) -> AuthenticationResult:
    signer, entropy = services.signer, services.entropy
    access = access_claims(sign_in, now=now, jti=new_uuid(entropy))
    id_token = None
    if sign_in.scopes is None:
        identity = id_claims(sign_in, now=now, jti=new_uuid(entropy))
        access_token, id_token = sign_both_claims(
            access, keys.access_key, identity, keys.id_key, signer
        )
    else:
        access_token = sign_claims(access, keys.access_key, signer)
        if "openid" in sign_in.scopes:  # COG-SCO-004
            identity = id_claims(sign_in, now=now, jti=new_uuid(entropy), access_token=access_token)
            id_token = sign_claims(identity, keys.id_key, signer)
    return AuthenticationResult(
        access_token=access_token,
        id_token=id_token,
        refresh_token=refresh_token,
        expires_in=sign_in.client.access_token_seconds,
    )


def _issuer(services: Services, tx: Transaction, client: AppClient) -> str:
    pool = get_pool(tx, client.pool_id)
    return services.addresses.issuer(pool.id, updated=pool.updated_issuer)


def _keys(tx: Transaction, pool_id: str) -> PoolKeys:
    get_pool(tx, pool_id)
    keys = tx.get(PoolKeys, pool_id)
    if keys is None:
        raise LookupError(f"{pool_id} has no keys")  # pools are created with theirs
    return keys


def _live_grant(
    tx: Transaction, client: AppClient, refresh_token: str, now: float, *, hosted: bool
) -> tuple[RefreshGrant, User]:
    """COG-API-REFRESH-004, texts and order."""
    grant = tx.get(RefreshGrant, digest_of(refresh_token))
    if grant is None or grant.client_id != client.id or grant.pool_id != client.pool_id:
        _not_authorized("Invalid Refresh Token.")
    if hosted and grant.scopes is None and get_pool(tx, grant.pool_id).tracks_devices:
        _not_authorized("Invalid Refresh Token.")  # COG-TKE-044: it needs its device's key
    user = tx.get(User, grant.pool_id, grant.username)
    if user is not None and user.sub == grant.sub and not user.enabled:
        _not_authorized("User is disabled.")
    if grant.revoked or user is None or user.sub != grant.sub:
        _not_authorized("Refresh Token has been revoked")
    if now >= grant.expires_at:
        _not_authorized("Refresh Token has expired")
    if client.refresh_token_rotation and not _may_rotate(client, grant, now):
        if hosted:
            _not_authorized("Refresh Token has been revoked")  # COG-TKE-047
        raise RefreshTokenReuseException("Refresh Token has already been used")
    return grant, user


def _check_forgotten(tx: Transaction, user: User, grant: RefreshGrant) -> None:
    """Refuse a refresh without its device's key, while that is a device (COG-API-DEV-009)."""
    if grant.device_key is not None and _is_device(tx, user, grant.device_key):
        _not_authorized("Invalid Refresh Token.")


def _may_rotate(client: AppClient, grant: RefreshGrant, now: float) -> bool:
    """Tell whether the token is unused, or used within its grace (COG-TKE-045).

    Without grace it is used once, also by requests of the same instant.
    """
    if grant.rotated_at is None:
        return True
    grace = client.rotation_grace_seconds
    return grace > 0 and now <= grant.rotated_at + grace


def _not_authorized(message: str) -> NoReturn:
    raise NotAuthorizedException(message)
