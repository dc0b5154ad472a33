"""ID and access tokens to the letter: members, their order, their types, and how they are written.

Nothing promises the order of claims (COG-TOK-006), but people compare tokens by eye and a mock
should not be told apart, so the orders are those observed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cognito_mock.core.attributes import ADMIN_SCOPE, may_read, readable_attributes, within_scopes
from cognito_mock.core.base64url import base64url, decode_base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.json_types import JsonValue
from cognito_mock.core.pools import SigningKey
from cognito_mock.core.secret_hash import utf8
from cognito_mock.core.signing import Signer
from cognito_mock.core.users import Group, User

Claims = dict[str, JsonValue]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Where attributes without a place of their own go.
_ATTRIBUTES = "*"

# COG-TOK-049: the short form, of clients without token revocation.
_ID_SHORT = _names(
    "sub aud email_verified phone_number_verified event_id token_use auth_time iss"
    " cognito:username phone_number * exp iat email"
)
# COG-TOK-048.
_ID_FULL = _names(
    "at_hash sub cognito:groups email_verified cognito:preferred_role iss phone_number_verified"
    " cognito:username nonce origin_jti cognito:roles aud identities event_id token_use auth_time"
    " phone_number * exp iat jti email"
)
# COG-TOK-070, without and with groups or revocation.
# `device_key` has the place of AWS's sample (COG-TOK-068).
_ACCESS_API_SHORT = _names(
    "sub device_key event_id token_use scope auth_time iss exp iat jti client_id username"
)
_ACCESS_API_FULL = _names(
    "sub device_key cognito:groups iss client_id origin_jti event_id token_use scope auth_time exp"
    " iat jti username"
)
# COG-TOK-071, likewise. `aud` is there with resource binding only (COG-TOK-061), in the
# place of AWS's sample.
_ACCESS_HOSTED_SHORT = _names(
    "sub token_use scope auth_time iss exp iat version jti client_id aud username"
)
_ACCESS_HOSTED_FULL = _names(
    "sub cognito:groups iss version client_id aud origin_jti event_id token_use scope auth_time exp"
    " iat jti username"
)

_ID_PLACED = frozenset(_ID_FULL)
_BOOLEAN = frozenset({"email_verified", "phone_number_verified"})
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What every token of one sign-in, first or refreshed, is made from.

    ``scopes`` None is an API sign-in; ``groups`` come sorted (COG-TOK-021).
    """

    issuer: str
    client: AppClient
    user: User
    groups: Sequence[Group] = ()
    scopes: Sequence[str] | None = None
    auth_time: int
    origin_jti: str
    event_id: str | None = None
    nonce: str | None = None
    resource: str | None = None
    device_key: str | None = None


def access_claims(sign_in: SignIn, *, now: int, jti: str) -> Claims:
    """Return the claims of an access token (COG-TOK-060 ... -071)."""
    client, hosted = sign_in.client, sign_in.scopes is not None
    claims: Claims = {
        "sub": sign_in.user.sub,
        "iss": sign_in.issuer,
        "client_id": client.id,
        "token_use": "access",
        "scope": ADMIN_SCOPE if sign_in.scopes is None else scope_text(sign_in.scopes),
        "auth_time": sign_in.auth_time,
        "exp": now + client.access_token_seconds,
        "iat": now,
        "jti": jti,  # also when revocation is off (COG-TOK-018)
        "username": sign_in.user.username,
    }
    if hosted:
        claims["version"] = 2  # COG-TOK-067
    if sign_in.groups:
        claims["cognito:groups"] = [group.name for group in sign_in.groups]
    if client.tracks_token_origin:
        claims["origin_jti"] = sign_in.origin_jti
    if sign_in.event_id is not None:
        claims["event_id"] = sign_in.event_id
    if sign_in.device_key is not None:
        claims["device_key"] = sign_in.device_key
    if sign_in.resource is not None:
        claims["aud"] = sign_in.resource
    full = "cognito:groups" in claims or "origin_jti" in claims
    if hosted:
        order = _ACCESS_HOSTED_FULL if full else _ACCESS_HOSTED_SHORT
    else:
        order = _ACCESS_API_FULL if full else _ACCESS_API_SHORT
    return {name: claims[name] for name in order if name in claims}


def id_claims(sign_in: SignIn, *, now: int, jti: str, access_token: str | None = None) -> Claims:
    """Return the claims of an ID token (COG-TOK-030 ... -049).

    Only after a hosted sign-in does it bind the access token.
    """
    client, user = sign_in.client, sign_in.user
    attributes = readable_attributes(client, user)
    for name in ("email", "phone_number"):  # a flag that was never set reads as false
        if name in attributes and may_read(client, f"{name}_verified"):
            attributes.setdefault(f"{name}_verified", "false")
    attributes = within_scopes(attributes, sign_in.scopes)
    claims: Claims = {name: _claim_value(name, value) for name, value in attributes.items()}
    claims |= {
        "sub": user.sub,
        "iss": sign_in.issuer,
        "cognito:username": user.username,
        "aud": client.id,
        "token_use": "id",
        "auth_time": sign_in.auth_time,
        "exp": now + client.id_token_seconds,
        "iat": now,
    }
    if sign_in.groups:
        claims |= _group_claims(sign_in.groups)
    if sign_in.event_id is not None:
        claims["event_id"] = sign_in.event_id
    if sign_in.nonce is not None:
        claims["nonce"] = sign_in.nonce
    if client.tracks_token_origin:  # COG-TOK-017
        claims["origin_jti"] = sign_in.origin_jti
        claims["jti"] = jti
    hosted = sign_in.scopes is not None
    if hosted and access_token is not None:
        claims["at_hash"] = at_hash(access_token)
    full = hosted or "origin_jti" in claims or "cognito:groups" in claims
    ordered: Claims = {}
    for name in _ID_FULL if full or "identities" in claims else _ID_SHORT:
        if name == _ATTRIBUTES:
            ordered |= {n: claims[n] for n in attributes if n not in _ID_PLACED}
        elif name in claims:
            ordered[name] = claims[name]
    return ordered


def machine_claims(
    *, issuer: str, client: AppClient, scopes: Sequence[str], now: int, jti: str
) -> Claims:
    """Return the claims of a client_credentials access token (COG-TOK-080 ... -085)."""
    return {
        "sub": client.id,
        "token_use": "access",
        "scope": scope_text(scopes),
        "auth_time": now,
        "iss": issuer,
        "exp": now + client.access_token_seconds,
        "iat": now,
        "version": 2,
        "jti": jti,
        "client_id": client.id,
    }


def scope_text(scopes: Sequence[str]) -> str:
    """Write scopes in the service's order, whatever was asked for (COG-TOK-065, -066)."""
    first = [s for s in (ADMIN_SCOPE, "phone", "openid", "profile") if s in scopes]
    custom = [s for s in dict.fromkeys(scopes) if s not in first and s != "email"]
    return " ".join([*first, *custom, *(["email"] if "email" in scopes else [])])


def at_hash(access_token: str) -> str:
    """Return the left half of the access token's SHA-256 (COG-TOK-040, OIDC Core 3.1.3.6)."""
    return base64url(hashlib.sha256(access_token.encode("ascii")).digest()[:16])


def sign_claims(claims: Mapping[str, JsonValue], key: SigningKey, signer: Signer) -> str:
    """Return the signed compact JWS; its header has ``kid`` and ``alg`` only (COG-TOK-001)."""
    signing_input = f"{_header(key.kid)}.{_part(claims)}"
    return f"{signing_input}.{base64url(signer.sign(key, signing_input.encode('ascii')))}"


def sign_both_claims(
    first: Mapping[str, JsonValue],
    first_key: SigningKey,
    second: Mapping[str, JsonValue],
    second_key: SigningKey,
    signer: Signer,
) -> tuple[str, str]:
    """Return two signed compact JWS of which neither depends on the other."""
    one = f"{_header(first_key.kid)}.{_part(first)}"
    other = f"{_header(second_key.kid)}.{_part(second)}"
    signatures = signer.sign_both(
        (first_key, one.encode("ascii")), (second_key, other.encode("ascii"))
    )
    return f"{one}.{base64url(signatures[0])}", f"{other}.{base64url(signatures[1])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedToken:
    """A compact JWS of ours in its parts. Nothing about it has been verified."""

    kid: str
    claims: Mapping[str, JsonValue]
    signing_input: bytes
    signature: bytes


def parse_token(token: str) -> ParsedToken:
    """Take a compact JWS apart; raise ValueError unless it has the form of ours."""
    header_text, claims_text, signature_text = token.split(".")
    header, claims = _object(header_text), _object(claims_text)
    kid = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(kid, str):
        raise ValueError("not an RS256 token with a kid")
    return ParsedToken(
        kid=kid,
        claims=claims,
        signing_input=f"{header_text}.{claims_text}".encode("ascii"),
        signature=decode_base64url(signature_text),
    )


@lru_cache(maxsize=256)
def _header(kid: str) -> str:
    return _part({"kid": kid, "alg": "RS256"})


def _part(document: Mapping[str, JsonValue]) -> str:
    # COG-TOK-004. In JSON a slash stands inside strings only, and the encoder never escapes it.
    return base64url(utf8(_encode(document).replace("/", "\\/")))


def _object(part: str) -> Mapping[str, JsonValue]:
    try:
        value = json.loads(decode_base64url(part))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  (bad input, not a bad call)
    return value


def _claim_value(name: str, value: str) -> JsonValue:
    if name in _BOOLEAN:
        return value.lower() == "true"  # COG-TOK-032
    if name == "address":
        return {"formatted": value}  # COG-TOK-044
    if name == "identities":
        return identities_claim(value)
    return value  # custom attributes stay strings whatever their type (COG-TOK-042)


def identities_claim(text: str) -> JsonValue:
    """Turn the attribute into the claim: ``dateCreated`` first, values as text (COG-TOK-036)."""
    names = ("dateCreated", "userId", "providerName", "providerType", "issuer", "primary")
    return [
        {
            name: entry[name]
            if isinstance(entry[name], str | None)
            else json.dumps(entry[name])  # true -> "true", 1700000000000 -> "1700000000000"
            for name in names
            if name in entry
        }
        for entry in json.loads(text)
    ]


def _group_claims(groups: Sequence[Group]) -> Claims:
    """Return the groups and what they stand for in IAM (COG-TOK-020, -033, -034)."""
    claims: Claims = {"cognito:groups": [group.name for group in groups]}
    roles = list(dict.fromkeys(group.role_arn for group in groups if group.role_arn))
    if roles:
        claims["cognito:roles"] = roles
        best = groups[0].precedence
        top = {group.role_arn for group in groups if group.precedence == best}
        preferred = top.pop()
        if not top and preferred:
            claims["cognito:preferred_role"] = preferred
    return claims
