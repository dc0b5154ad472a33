"""What a pool publishes: its verification keys and its OpenID configuration."""

from cognito_mock.core.errors import ResourceNotFoundException
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.keys import jwks_document
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.flows.domains import domain_of_pool
from cognito_mock.flows.services import Services


def published_keys(services: Services, *, pool_id: str) -> JsonObject:
    """Return the JWKS of the pool (COG-JWK-003..006)."""
    with services.store.read() as tx:
        keys = tx.get(PoolKeys, pool_id) if tx.get(UserPool, pool_id) is not None else None
    if keys is None:
        raise _does_not_exist(pool_id)
    return jwks_document(keys, services.signer)


def openid_configuration(services: Services, *, pool_id: str) -> JsonObject:
    """Return the discovery document, members in the observed order (COG-DIS-002, -003)."""
    with services.store.read() as tx:
        pool = tx.get(UserPool, pool_id)
        if pool is None:
            raise _does_not_exist(pool_id)
        domain = domain_of_pool(tx, pool_id)
    addresses = services.addresses
    issuer = addresses.issuer(pool_id, updated=pool.updated_issuer)
    jwks_uri = addresses.jwks_uri(pool_id, updated=pool.updated_issuer)
    if domain is not None:
        base = addresses.domain_url(domain.domain, pool.region, custom=domain.custom)
    elif addresses.issuer_mode != "aws":
        # Deviation: the mock serves the OAuth endpoints on its own address too, so a pool needs
        # no domain. AWS would name endpoints that do not work (COG-DIS-011).
        base = addresses.base_url
    else:
        return _without_domain(issuer, jwks_uri)
    return {
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "end_session_endpoint": f"{base}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": jwks_uri,
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{base}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
    }


def _without_domain(issuer: str, jwks_uri: str) -> dict[str, JsonValue]:
    """COG-DIS-011: the three endpoints hang below the issuer, and nothing else is offered."""
    return {
        "authorization_endpoint": f"{issuer}/authorize",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": jwks_uri,
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{issuer}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{issuer}/userInfo",
    }


def _does_not_exist(pool_id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"User pool {pool_id} does not exist.")
