"""Minted tokens, judged by PyJWT."""

import json
import urllib.request

import jwt
import pytest

from cognito_mock.starter import ADA, MACHINE_CLIENT_ID, POOL_ID, PUBLIC_CLIENT_ID


@pytest.fixture
def mint(call):
    def make(**wish):
        answer = call("POST", "/_mock/api/tokens", {"user": ADA.username, **wish})
        assert answer.status == 200, answer.text
        return answer.body["token"]

    return make


@pytest.fixture
def verify(running_mock):
    issuer = f"{running_mock.url}/{POOL_ID}"

    def check(token):
        with urllib.request.urlopen(f"{issuer}/.well-known/jwks.json", timeout=5) as response:
            keys = jwt.PyJWKSet.from_dict(json.load(response))
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(
            token, key, algorithms=["RS256"], issuer=issuer, options={"verify_aud": False}
        )
        if claims.get("client_id", claims.get("aud")) != PUBLIC_CLIENT_ID:
            raise jwt.InvalidAudienceError
        return claims

    return check


@pytest.mark.parametrize("use", ["id", "access"])
def test_a_good_token_verifies(mint, verify, use):
    """It is the user's, for the pool's first client of users."""
    claims = verify(mint(use=use))

    assert (claims["sub"], claims["token_use"]) == (ADA.sub, use)


def test_claims_replace_and_add(mint, verify):
    """What the test names is in the token as it is."""
    claims = verify(mint(claims={"custom:tier": "gold", "username": "other"}))

    assert (claims["custom:tier"], claims["username"]) == ("gold", "other")


@pytest.mark.parametrize("use", ["id", "access"])
def test_claims_without_a_user_describe_nobody(mint, verify, use):
    """The required claims are there (COG-TOK-024), for a subject that no pool knows."""
    claims = verify(mint(user=None, claims={"email": "x@example.com"}, use=use))

    assert claims["email"] == "x@example.com"
    assert claims["sub"] != ADA.sub
    assert {"iss", "sub", "exp", "iat", "token_use"} <= claims.keys()


def test_scopes_make_a_hosted_token(mint, verify):
    """In the service's order (COG-TOK-066), with ``version`` 2 (COG-TOK-067)."""
    claims = verify(mint(scopes=["email", "openid"]))

    assert (claims["scope"], claims["version"]) == ("openid email", 2)


@pytest.mark.parametrize("use", ["id", "access"])
@pytest.mark.parametrize(
    ("tamper", "error"),
    [
        ("expired", jwt.ExpiredSignatureError),
        ("wrong-issuer", jwt.InvalidIssuerError),
        ("wrong-client", jwt.InvalidAudienceError),
        ("unknown-kid", KeyError),
        ("alg-none", jwt.InvalidAlgorithmError),
        ("bad-signature", jwt.InvalidSignatureError),
    ],
)
def test_a_bad_token_is_bad_in_the_way_asked_for(mint, verify, use, tamper, error):
    """An independent verifier names exactly that reason."""
    with pytest.raises(error):
        verify(mint(use=use, tamper=tamper))


@pytest.mark.parametrize(
    "wish",
    [
        {"use": "refresh"},
        {"tamper": "slightly"},
        {"claims": []},
        {"scopes": "openid"},
        {"scopes": [1]},
        {"use": "id", "scopes": ["email"]},
        {"pool": 1},
        {"usr": "ada"},
        {"tamper": "expired", "claims": {"exp": "soon"}},
    ],
)
def test_a_wish_that_makes_no_sense_is_400(call, wish):
    """Nothing is guessed."""
    assert call("POST", "/_mock/api/tokens", wish).status == 400


def test_a_machine_client_has_no_users(call):
    """It is not taken by default; the first client of users is."""
    answer = call("POST", "/_mock/api/tokens", {"use": "access"})

    claims = jwt.decode(answer.body["token"], options={"verify_signature": False})
    assert claims["client_id"] not in {MACHINE_CLIENT_ID, None}
