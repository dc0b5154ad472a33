"""Tokens to the letter. PyJWT reads what we write, as an independent implementation."""

import base64
import hashlib
import json
import re

import jwt
import pytest

from cognito_mock.core.base64url import base64url, decode_base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.keys import jwks_document, new_signing_key
from cognito_mock.core.pools import PoolKeys, SigningKey
from cognito_mock.core.signing import RsaSigner
from cognito_mock.core.tokens import (
    SignIn,
    access_claims,
    id_claims,
    machine_claims,
    parse_token,
    scope_text,
    sign_claims,
)
from cognito_mock.core.users import Group, User, UserStatus

NOW = 1_760_000_000
SUB = "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
ROLE = "arn:aws:iam::111122223333:role/editors"
CLIENT_ID = "1h57kf5cpq17m0eml12example"
SIGNER = RsaSigner()


@pytest.fixture(scope="module")
def key() -> SigningKey:
    made = new_signing_key(SystemEntropy())
    return SigningKey(kid="a/b+" + made.kid[4:], pem=made.pem)


def a_client(**settings) -> AppClient:
    return AppClient(
        id=CLIENT_ID,
        pool_id="eu-west-1_AbCdEfGhI",
        name="web",
        settings=settings,
        created_at=1,
        modified_at=1,
    )


def a_group(name: str, role_arn: str | None = None, precedence: int | None = None) -> Group:
    return Group(
        pool_id="eu-west-1_AbCdEfGhI",
        name=name,
        role_arn=role_arn,
        precedence=precedence,
        created_at=1,
        modified_at=1,
    )


def a_sign_in(attributes=None, *, client=None, **fields) -> SignIn:
    user = User(
        pool_id="eu-west-1_AbCdEfGhI",
        username="ada",
        sub=SUB,
        status=UserStatus.CONFIRMED,
        attributes={"email": "ada@example.com", "email_verified": "true"}
        if attributes is None
        else attributes,
        created_at=1,
        modified_at=1,
    )
    defaults = {
        "issuer": ISSUER,
        "client": client or a_client(),
        "user": user,
        "auth_time": NOW - 100,
        "origin_jti": "0b0f4f2e-6a51-4a3e-8f0b-3d5d7f1c2a10",
    }
    return SignIn(**{**defaults, **fields})


def identity(sign_in: SignIn) -> dict:
    return id_claims(sign_in, now=NOW, jti="the-jti", access_token="a.b.c")


def access(sign_in: SignIn) -> dict:
    return access_claims(sign_in, now=NOW, jti="the-jti")


WITHOUT_REVOCATION = {"EnableTokenRevocation": False}
HOSTED = {"scopes": ("openid", "email")}
API = {"event_id": "5a5b2a0e-8c1d-4f9e-b0f5-6c8a9d1e2f33"}


def test_header_and_slashes_are_written_as_cognito_does(key):
    """COG-TOK-001, -002, -004, -007: kid then alg, no typ; every slash is escaped; no padding."""
    token = sign_claims({"iss": ISSUER, "n": "\\/"}, key, SIGNER)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{342}", token)
    header, payload = (decode_base64url(part).decode() for part in token.split(".")[:2])

    assert header == f'{{"kid":"{key.kid}","alg":"RS256"}}'.replace("/", "\\/")
    assert payload == (
        r'{"iss":"https:\/\/cognito-idp.eu-west-1.amazonaws.com\/eu-west-1_AbCdEfGhI",'
        r'"n":"\\\/"}'
    )
    assert json.loads(payload) == {"iss": ISSUER, "n": "\\/"}


def test_an_independent_implementation_verifies_our_signature(key):
    """PyJWT, given the published key set, accepts the token and reads the same claims."""
    keys = PoolKeys(pool_id="p", id_key=key, access_key=key)
    published = jwt.PyJWKSet.from_dict(dict(jwks_document(keys, SIGNER)))
    claims = access(a_sign_in(**API))
    token = sign_claims(claims, key, SIGNER)

    read = jwt.decode(
        token, published[key.kid], algorithms=["RS256"], options={"verify_exp": False}
    )

    assert read == claims
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token[:-10] + "AAAAAAAAAA", published[key.kid], algorithms=["RS256"])


def test_published_keys_have_the_service_s_members():
    """COG-JWK-004, -006, COG-TOK-002, -003: member order, kid of 32 bytes, 2048-bit modulus."""
    key = new_signing_key(SystemEntropy())
    jwk = SIGNER.public_jwk(key)

    assert list(jwk) == ["alg", "e", "kid", "kty", "n", "use"]
    assert (jwk["alg"], jwk["e"], jwk["kty"], jwk["use"]) == ("RS256", "AQAB", "RSA", "sig")
    assert len(jwk["n"]) == 342
    assert len(base64.b64decode(jwk["kid"], validate=True)) == 32
    assert len(jwk["kid"]) == 44


@pytest.mark.parametrize(
    ("fields", "settings", "order"),
    [
        pytest.param(
            API,
            WITHOUT_REVOCATION,
            "sub event_id token_use scope auth_time iss exp iat jti client_id username",
            id="COG-TOK-070-short",
        ),
        pytest.param(
            API,
            {},
            "sub iss client_id origin_jti event_id token_use scope auth_time exp iat jti username",
            id="COG-TOK-070-revocation",
        ),
        pytest.param(
            {**API, "groups": [a_group("editors")]},
            {},
            "sub cognito:groups iss client_id origin_jti event_id token_use scope auth_time exp"
            " iat jti username",
            id="COG-TOK-070-groups",
        ),
        pytest.param(
            HOSTED,
            WITHOUT_REVOCATION,
            "sub token_use scope auth_time iss exp iat version jti client_id username",
            id="COG-TOK-071-short",
        ),
        pytest.param(
            {**HOSTED, "groups": [a_group("editors")]},
            {},
            "sub cognito:groups iss version client_id origin_jti token_use scope auth_time exp"
            " iat jti username",
            id="COG-TOK-071-groups",
        ),
    ],
)
def test_access_token_members(fields, settings, order):
    """COG-API-CLI-011, COG-TOK-017, -018, -020: in order; origin and groups if there are any."""
    claims = access(a_sign_in(client=a_client(**settings), **fields))
    assert list(claims) == order.split()


def test_access_token_values():
    """COG-TOK-013, -060, -062 to 064, -069: for whom, until when; no attributes, roles, aud."""
    client = a_client(AccessTokenValidity=10, TokenValidityUnits={"AccessToken": "minutes"})
    claims = access(a_sign_in(client=client, groups=[a_group("editors", ROLE)], **API))

    assert claims == {
        "sub": SUB,
        "cognito:groups": ["editors"],
        "iss": ISSUER,
        "client_id": CLIENT_ID,
        "origin_jti": "0b0f4f2e-6a51-4a3e-8f0b-3d5d7f1c2a10",
        "event_id": "5a5b2a0e-8c1d-4f9e-b0f5-6c8a9d1e2f33",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": NOW - 100,
        "exp": NOW + 600,
        "iat": NOW,
        "jti": "the-jti",
        "username": "ada",
    }


def test_version_is_a_number_and_only_hosted():
    """COG-TOK-067."""
    assert access(a_sign_in(**HOSTED))["version"] == 2
    assert "version" not in access(a_sign_in(**API))


def test_resource_becomes_the_audience():
    """COG-TOK-061: a string, equal to the resource; in the place of AWS's sample."""
    claims = access(a_sign_in(resource="https://api.example.com", **HOSTED))
    assert " ".join(claims) == (
        "sub iss version client_id aud origin_jti token_use scope auth_time exp iat jti username"
    )
    assert claims["aud"] == "https://api.example.com"


@pytest.mark.parametrize(
    ("scopes", "text"),
    [
        (
            ["email", "openid", "profile", "phone", "aws.cognito.signin.user.admin"],
            "aws.cognito.signin.user.admin phone openid profile email",
        ),
        (["email", "openid"], "openid email"),
        (
            ["email", "rs.1/appclient2", "profile", "openid", "phone"],
            "phone openid profile rs.1/appclient2 email",
        ),
    ],
)
def test_scopes_are_in_the_service_s_order(scopes, text):
    """COG-TOK-065, -066: the three observed orders."""
    assert scope_text(scopes) == text


def test_id_token_members_of_a_hosted_sign_in():
    """COG-TOK-031, -032, -035, -048, every optional member present."""
    identities = json.dumps(
        [
            {
                "userId": "1122334455",
                "providerName": "Google",
                "providerType": "Google",
                "issuer": None,
                "primary": True,
                "dateCreated": 1712345678901,
            }
        ]
    )
    sign_in = a_sign_in(
        {
            "email": "ada@example.com",
            "email_verified": "true",
            "phone_number": "+15555550123",
            "phone_number_verified": "false",
            "identities": identities,
        },
        scopes=("openid",),
        groups=[a_group("editors", ROLE)],
        nonce="n-0S6",
        event_id="5a5b2a0e-8c1d-4f9e-b0f5-6c8a9d1e2f33",
    )

    claims = identity(sign_in)

    assert " ".join(claims) == (
        "at_hash sub cognito:groups email_verified cognito:preferred_role iss"
        " phone_number_verified cognito:username nonce origin_jti cognito:roles aud identities"
        " event_id token_use auth_time phone_number exp iat jti email"
    )
    assert claims["email_verified"] is True
    assert claims["phone_number_verified"] is False
    assert (claims["aud"], claims["cognito:username"]) == (CLIENT_ID, "ada")
    # COG-TOK-036, -051
    assert json.dumps(claims["identities"], separators=(",", ":")) == (
        '[{"dateCreated":"1712345678901","userId":"1122334455","providerName":"Google",'
        '"providerType":"Google","issuer":null,"primary":"true"}]'
    )


def test_id_token_members_without_revocation():
    """COG-TOK-017, -018, -049: neither jti nor origin_jti, and the older order."""
    claims = identity(a_sign_in(client=a_client(**WITHOUT_REVOCATION), **API))
    assert " ".join(claims) == (
        "sub aud email_verified event_id token_use auth_time iss cognito:username exp iat email"
    )


def test_at_hash_is_the_left_half_of_the_access_token_s_digest():
    """COG-TOK-040: 22 characters; hosted only."""
    expected = base64.urlsafe_b64encode(hashlib.sha256(b"a.b.c").digest()[:16]).rstrip(b"=")
    assert identity(a_sign_in(**HOSTED))["at_hash"] == expected.decode()
    assert "at_hash" not in identity(a_sign_in(**API))


def test_rotation_counts_like_revocation():
    """COG-TOK-017: a rotating client's tokens have origin_jti even with revocation off."""
    client = a_client(**WITHOUT_REVOCATION, RefreshTokenRotation={"Feature": "ENABLED"})
    assert "origin_jti" in identity(a_sign_in(client=client, **API))


@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (None, {"email", "email_verified", "phone_number", "name", "custom:x", "address"}),
        (("openid",), {"email", "email_verified", "phone_number", "name", "custom:x", "address"}),
        (("openid", "email"), {"email", "email_verified"}),
        (("openid", "phone"), {"phone_number"}),
        (("openid", "profile"), {"name", "custom:x"}),
        (
            ("openid", "email", "profile", "rs/x", "aws.cognito.signin.user.admin"),
            {"email", "email_verified", "name", "custom:x"},
        ),
        (
            ("openid", "rs/x"),
            {"email", "email_verified", "phone_number", "name", "custom:x", "address"},
        ),
    ],
)
def test_scopes_narrow_the_attributes(scopes, names):
    """COG-SCO-006, -007, COG-TOK-047; a flag never set reads false and follows its attribute."""
    attributes = {
        "email": "ada@example.com",
        "phone_number": "+15555550123",
        "name": "Ada",
        "address": "1 Example Street",
        "custom:x": "7",
    }
    own = {*attributes, "email_verified", "phone_number_verified"}
    if "phone_number" in names:
        names = names | {"phone_number_verified"}
    claims = identity(a_sign_in(attributes, scopes=scopes))
    assert own & claims.keys() == names


def test_only_readable_attributes_appear():
    """COG-TOK-046, COG-SCO-012: ReadAttributes bind, default all; no developer-only ones."""
    attributes = {"email": "a@example.com", "name": "Ada", "custom:x": "7", "dev:custom:y": "1"}
    limited = identity(a_sign_in(attributes, client=a_client(ReadAttributes=["name"]), **API))
    default = identity(a_sign_in(attributes, **API))

    assert attributes.keys() & limited.keys() == {"name"}
    assert "email_verified" not in limited
    assert attributes.keys() & default.keys() == {"email", "name", "custom:x"}


def test_standard_attributes_are_texts_under_their_own_names():
    """COG-TOK-041: all that a pool has, but for the address (COG-TOK-044)."""
    names = [
        *("name", "family_name", "given_name", "middle_name", "nickname", "preferred_username"),
        *("profile", "picture", "website", "email", "gender", "birthdate", "zoneinfo", "locale"),
        *("phone_number", "updated_at"),
    ]

    claims = identity(a_sign_in({name: f"7 {name}" for name in names}, **API))

    assert {name: claims[name] for name in names} == {name: f"7 {name}" for name in names}


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({}, 3600),
        ({"AccessTokenValidity": 5}, 5 * 3600),
        ({"AccessTokenValidity": 400, "TokenValidityUnits": {"AccessToken": "seconds"}}, 400),
        ({"AccessTokenValidity": 7, "TokenValidityUnits": {"AccessToken": "minutes"}}, 420),
        ({"AccessTokenValidity": 2, "TokenValidityUnits": {"AccessToken": "hours"}}, 7200),
        ({"AccessTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "days"}}, 86400),
        ({"AccessTokenValidity": 7, "TokenValidityUnits": {"IdToken": "minutes"}}, 7 * 3600),
    ],
)
def test_validity_has_a_unit(settings, seconds):
    """COG-TOK-013, -105: hours without one, each kind of token its own."""
    claims = access(a_sign_in(client=a_client(**settings), **API))
    other = identity(a_sign_in(client=a_client(**settings), **API))

    assert claims["exp"] - claims["iat"] == seconds
    assert other["exp"] - other["iat"] == 3600


def test_custom_attributes_stay_strings():
    """COG-TOK-042, -044, -045."""
    claims = identity(
        a_sign_in({"custom:n": "7", "custom:b": "true", "address": "X", "updated_at": "5"}, **API)
    )
    assert claims["custom:n"] == "7"
    assert claims["custom:b"] == "true"
    assert claims["address"] == {"formatted": "X"}
    assert claims["updated_at"] == "5"


def test_an_attribute_cannot_pass_for_a_claim_of_the_service():
    """Whatever a user's attributes are called, the service's claims are the service's."""
    claims = identity(a_sign_in({"sub": "x", "aud": "y", "cognito:username": "z"}, **API))
    assert (claims["sub"], claims["aud"], claims["cognito:username"]) == (SUB, CLIENT_ID, "ada")


def test_both_tokens_share_the_registered_claims():
    """COG-TOK-011, -020, -023: AWS's list of what can be in either."""
    sign_in = a_sign_in(groups=[a_group("editors")], **API)

    shared = identity(sign_in).keys() & access(sign_in).keys()

    listed = "sub iss token_use auth_time exp iat jti origin_jti event_id cognito:groups"
    assert sorted(shared) == sorted(listed.split())
    assert (identity(sign_in)["token_use"], access(sign_in)["token_use"]) == ("id", "access")


@pytest.mark.parametrize(
    ("groups", "roles", "preferred"),
    [
        ([("a", "r1", 0), ("b", "r2", 1)], ["r1", "r2"], "r1"),
        ([("a", "r1", 1), ("b", "r1", 1)], ["r1"], "r1"),
        ([("a", "r1", 1), ("b", "r2", 1)], ["r1", "r2"], None),
        ([("a", "r1", None), ("b", "r2", None)], ["r1", "r2"], None),
        ([("a", None, 0), ("b", "r2", 1)], ["r2"], None),
        ([("a", "r1", None)], ["r1"], "r1"),
        ([("a", None, 0)], None, None),
    ],
    ids=["lowest", "same-role", "tie", "null-tie", "best-without-role", "null", "no-roles"],
)
def test_roles_follow_from_groups(groups, roles, preferred):
    """COG-API-GRP-002, COG-TOK-033, -034."""
    sign_in = a_sign_in(groups=[a_group(*group) for group in groups], **API)
    claims = identity(sign_in)
    assert claims.get("cognito:roles") == roles
    assert claims.get("cognito:preferred_role") == preferred
    assert "cognito:roles" not in access(sign_in)


def test_machine_token():
    """COG-TOK-080 to 082, -084, -085: members, order, times."""
    claims = machine_claims(
        issuer=ISSUER,
        client=a_client(),
        scopes=("orders-api/read", "orders-api/write"),
        now=NOW,
        jti="the-jti",
    )
    assert json.dumps(claims) == json.dumps(
        {
            "sub": CLIENT_ID,
            "token_use": "access",
            "scope": "orders-api/read orders-api/write",
            "auth_time": NOW,
            "iss": ISSUER,
            "exp": NOW + 3600,
            "iat": NOW,
            "version": 2,
            "jti": "the-jti",
            "client_id": CLIENT_ID,
        }
    )


GOOD = base64url(b'{"alg":"RS256","kid":"x"}')
NONE = base64url(b'{"alg":"none","kid":"x"}')
NUMBER = base64url(b'{"alg":"RS256","kid":7}')
DEEP = base64url(b"[" * 100_000)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c.d",
        "..",
        "e30.e30.",
        "W10.e30.AA",
        f"{NONE}.e30.AA",
        f"{NUMBER}.e30.AA",
        f"{GOOD}.e30=.AA",
        f"{GOOD}.{DEEP}.AA",
        f"{GOOD}.e30.A",
        f"{GOOD}.e30.A A",
        "\ud800.\ud800.\ud800",
    ],
)
def test_what_is_not_a_token_of_ours_is_a_value_error(token):
    """Parsing refuses anything odd with one exception class, and never crashes otherwise."""
    with pytest.raises(ValueError):
        parse_token(token)


def test_parsing_gives_back_what_was_signed(key):
    """parse_token undoes sign_claims, and the signature verifies with that key only."""
    other = new_signing_key(SystemEntropy())
    parsed = parse_token(sign_claims({"sub": "ä/ö", "n": 1}, key, SIGNER))

    assert parsed.kid == key.kid
    assert parsed.claims == {"sub": "ä/ö", "n": 1}
    assert SIGNER.verify(key, parsed.signing_input, parsed.signature)
    assert not SIGNER.verify(other, parsed.signing_input, parsed.signature)
    assert not SIGNER.verify(key, parsed.signing_input + b"x", parsed.signature)


def test_two_keys_with_one_kid_are_two_keys(key):
    """The signer's cache is not fooled by a kid that is used twice on purpose."""
    twin = SigningKey(kid=key.kid, pem=new_signing_key(SystemEntropy()).pem)
    assert SIGNER.sign(key, b"x") != SIGNER.sign(twin, b"x")
    assert SIGNER.public_jwk(key)["n"] != SIGNER.public_jwk(twin)["n"]
