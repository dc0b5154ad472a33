"""``POST /_mock/api/tokens``: a token without a sign-in, good or bad in exactly one way.

Bad tokens break one rule and keep all others, so that a test sees which check a verifier lacks.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_mock.control.http import Call, bad_request, not_found
from cognito_mock.control.parts import ControlParts
from cognito_mock.control.pool_keys import require_keys
from cognito_mock.core.base64url import base64url, decode_base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.ids import new_client_id, new_pool_id, new_sub, new_uuid
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import SigningKey, UserPool
from cognito_mock.core.signing import load_private_key
from cognito_mock.core.tokens import Claims, parse_token, sign_claims
from cognito_mock.core.users import User
from cognito_mock.flows.issue import issue_tokens
from cognito_mock.flows.lookups import find_user, get_client, get_pool
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# Further in the past than any sensible leeway.
_EXPIRED_SINCE_SECONDS = 3600


def mint(parts: ControlParts, call: Call) -> JsonObject:
    """``{"pool", "client", "user"|"claims", "use", "scopes", "tamper"}`` -> ``{"token", "use"}``.

    Without ``pool`` or ``client`` the oldest is taken, without ``user`` the first by name.
    ``claims`` replace or add to the user's; without a user they describe somebody who does not
    exist. ``scopes`` makes the token of a hosted sign-in.
    """
    call.only("pool", "client", "user", "claims", "use", "scopes", "tamper")
    use = call.choice("use", ("id", "access"), "access")
    tamper = call.text("tamper")
    if tamper is not None and tamper not in TAMPERS:
        raise bad_request(f'"tamper" must be one of {", ".join(TAMPERS)}')
    extra = _extra_claims(call)
    services = parts.services
    with services.store.read() as tx:
        pool = _pool(tx, call.text("pool"))
        client = _client(tx, pool, call.text("client"))
        user = _user(tx, pool, call.text("user"), needed=extra is None)
    keys = require_keys(services, pool.id)
    key = keys.id_key if use == "id" else keys.access_key

    if user is None:
        claims = _claims_of_nobody(services, pool, client, use)
    else:
        result = issue_tokens(services, client=client, user=user, scopes=_scopes(call))
        token = result.id_token if use == "id" else result.access_token
        if token is None:
            raise bad_request('an id token needs the scope "openid"')
        claims = dict(parse_token(token).claims)
    claims |= extra or {}
    if tamper is None:
        return {"token": sign_claims(claims, key, services.signer), "use": use}
    return {"token": TAMPERS[tamper](services, claims, key), "use": use}


def _expired(services: Services, claims: Claims, key: SigningKey) -> str:
    """A token that ended an hour ago, with the same validity as a good one (COG-TOK-013)."""
    exp = claims.get("exp")
    if not isinstance(exp, int):
        raise bad_request('"exp" must be a whole number to be tampered with')
    shift = exp - int(services.clock.now()) + _EXPIRED_SINCE_SECONDS
    times = {n: v - shift for n, v in claims.items() if n in _TIMES and isinstance(v, int)}
    return sign_claims({**claims, **times}, key, services.signer)


_TIMES = frozenset({"exp", "iat", "auth_time"})


def _wrong_issuer(services: Services, claims: Claims, key: SigningKey) -> str:
    """Another pool's issuer, this pool's key."""
    other = services.addresses.issuer(new_pool_id(services.entropy, "us-east-1"))
    return sign_claims({**claims, "iss": other}, key, services.signer)


def _wrong_client(services: Services, claims: Claims, key: SigningKey) -> str:
    """Another client's token."""
    name = "aud" if claims.get("token_use") == "id" else "client_id"
    other = new_client_id(services.entropy)
    return sign_claims({**claims, name: other}, key, services.signer)


def _unknown_kid(services: Services, claims: Claims, key: SigningKey) -> str:
    """A kid that no key set lists. The signature is the pool's: only the kid tells."""
    other = b64encode(services.entropy.token_bytes(32)).decode()  # COG-TOK-003
    return sign_claims(claims, SigningKey(kid=other, pem=key.pem), services.signer)


def _alg_none(services: Services, claims: Claims, key: SigningKey) -> str:
    """RFC 7519 §6: an unsecured JWT, and with the pool's kid."""
    signed = sign_claims(claims, key, services.signer).split(".")
    header = base64url(b'{"kid":"%s","alg":"none"}' % key.kid.replace("/", "\\/").encode())
    return f"{header}.{signed[1]}."


def _bad_signature(services: Services, claims: Claims, key: SigningKey) -> str:
    """One bit of the signature is turned."""
    signing_input, _, signature = sign_claims(claims, key, services.signer).rpartition(".")
    octets = bytearray(decode_base64url(signature))
    octets[len(octets) // 2] ^= 1
    return f"{signing_input}.{base64url(bytes(octets))}"


def _wrong_key(services: Services, claims: Claims, key: SigningKey) -> str:
    """The pool's kid over somebody else's signature."""
    other = services.keys.new_key()
    return sign_claims(claims, SigningKey(kid=key.kid, pem=other.pem), services.signer)


def _wrong_use(services: Services, claims: Claims, key: SigningKey) -> str:
    """An id token where an access token is expected, or the other way; all else fits."""
    other = "access" if claims.get("token_use") == "id" else "id"
    return sign_claims({**claims, "token_use": other}, key, services.signer)


def _no_expiry(services: Services, claims: Claims, key: SigningKey) -> str:
    """A token that never ends; every token of a pool has an end (COG-TOK-013)."""
    return sign_claims({n: v for n, v in claims.items() if n != "exp"}, key, services.signer)


def _hs256_public_key(services: Services, claims: Claims, key: SigningKey) -> str:
    """An HMAC whose secret is the public key: good where the header chooses the algorithm.

    (RFC 8725 §2.1.)
    """
    signed = sign_claims(claims, key, services.signer).split(".")
    header = base64url(b'{"kid":"%s","alg":"HS256"}' % key.kid.replace("/", "\\/").encode())
    public = load_private_key(key.pem).public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing_input = f"{header}.{signed[1]}"
    return f"{signing_input}.{base64url(hmac.digest(secret, signing_input.encode(), 'sha256'))}"


TAMPERS: Mapping[str, Callable[[Services, Claims, SigningKey], str]] = {
    "expired": _expired,
    "wrong-issuer": _wrong_issuer,
    "wrong-client": _wrong_client,
    "unknown-kid": _unknown_kid,
    "alg-none": _alg_none,
    "bad-signature": _bad_signature,
    "wrong-key": _wrong_key,
    "wrong-use": _wrong_use,
    "no-expiry": _no_expiry,
    "hs256-public-key": _hs256_public_key,
}


def _extra_claims(call: Call) -> dict[str, JsonValue] | None:
    extra = call.body.get("claims")
    if extra is None:
        return None
    if not isinstance(extra, dict):
        raise bad_request('"claims" must be an object')
    return extra


def _scopes(call: Call) -> list[str] | None:
    scopes = call.body.get("scopes")
    if scopes is None:
        return None
    if not isinstance(scopes, list) or not all(isinstance(s, str) for s in scopes):
        raise bad_request('"scopes" must be a list of strings')
    return [str(scope) for scope in scopes]


def _pool(tx: Transaction, pool_id: str | None) -> UserPool:
    if pool_id is not None:
        return get_pool(tx, pool_id)
    pools = tx.scan(UserPool)
    if not pools:
        raise not_found("there is no user pool")
    return min(pools, key=lambda pool: (pool.created_at, pool.id))


def _client(tx: Transaction, pool: UserPool, client_id: str | None) -> AppClient:
    if client_id is not None:
        return get_client(tx, client_id, pool.id)
    for client in sorted(tx.find(AppClient, "pool", pool.id), key=lambda c: (c.created_at, c.id)):
        if "client_credentials" not in client.oauth_flows:  # a machine has no users
            return client
    raise not_found(f"user pool {pool.id} has no client for users")


def _user(tx: Transaction, pool: UserPool, name: str | None, *, needed: bool) -> User | None:
    if name is not None:
        user = find_user(tx, pool, name)
        if user is None:
            raise not_found("there is no such user")
        return user
    if not needed:
        return None
    first = tx.scan(User, pool.id, limit=1)
    if not first:
        raise not_found(f"user pool {pool.id} has no user")
    return first[0]


def _claims_of_nobody(services: Services, pool: UserPool, client: AppClient, use: str) -> Claims:
    now = int(services.clock.now())
    sub = new_sub(services.entropy)
    claims: Claims = {
        "sub": sub,
        "iss": services.addresses.issuer(pool.id, updated=pool.updated_issuer),
        "token_use": use,
        "auth_time": now,
        "iat": now,
        "jti": new_uuid(services.entropy),
    }
    if use == "id":
        return claims | {
            "aud": client.id,
            "cognito:username": sub,
            "exp": now + client.id_token_seconds,
        }
    return claims | {
        "client_id": client.id,
        "username": sub,
        "scope": "aws.cognito.signin.user.admin",
        "exp": now + client.access_token_seconds,
    }
