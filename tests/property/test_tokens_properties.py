"""Laws of our tokens: what is written is what any JSON reader reads back."""

import json

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_mock.core.base64url import base64url, decode_base64url
from cognito_mock.core.clients import AppClient
from cognito_mock.core.pools import SigningKey
from cognito_mock.core.tokens import SignIn, id_claims, parse_token, scope_text, sign_claims
from cognito_mock.core.users import User, UserStatus

pytestmark = pytest.mark.property

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)
KEY = SigningKey(kid="RmiwRAueSsokSsEnpEe5zwrlj17MZWsKXTRHhYWX/t4=", pem="")


class Unsigned:
    """Signs nothing: these laws are about what is signed."""

    def sign(self, key, signing_input):
        return b"signature"

    def verify(self, key, signing_input, signature):
        raise NotImplementedError

    def public_jwk(self, key):
        raise NotImplementedError


@given(claims=st.dictionaries(TEXT, JSON, max_size=6))
def test_any_claims_survive_writing_and_reading(claims):
    """COG-TOK-004: escaping every slash changes nothing for a reader, ours or PyJWT."""
    token = sign_claims(claims, KEY, Unsigned())

    assert parse_token(token).claims == claims
    assert jwt.decode(token, options={"verify_signature": False, "verify_exp": False}) == claims
    payload = decode_base64url(token.split(".")[1]).decode()
    assert payload.count("/") == payload.count("\\/")


@given(data=st.binary(max_size=100))
def test_base64url_has_no_padding_and_comes_back(data):
    """RFC 7515 §2."""
    text = base64url(data)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert decode_base64url(text) == data


@settings(max_examples=200)
@given(
    token=st.text(max_size=80)
    | st.lists(st.text(max_size=20), min_size=3, max_size=3).map(".".join)
)
def test_parsing_anything_is_a_token_or_a_value_error(token):
    """No input crashes the parser."""
    try:
        parse_token(token)
    except ValueError:
        return
    assert token.count(".") == 2


@given(
    scopes=st.lists(
        st.sampled_from(
            ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin", "a/x", "b/y"]
        ),
        unique=True,
    )
)
def test_scope_text_is_the_same_set_in_the_service_s_order(scopes):
    """COG-TOK-066: nothing is lost or added, and the known scopes keep their places."""
    written = scope_text(scopes).split()
    assert sorted(written) == sorted(scopes)
    places = ["aws.cognito.signin.user.admin", "phone", "openid", "profile", "/", "email"]
    ranks = [places.index("/" if "/" in scope else scope) for scope in written]
    assert ranks == sorted(ranks)


@given(
    attributes=st.dictionaries(
        st.sampled_from(["email", "name", "custom:a", "dev:custom:b", "aud", "exp", "token_use"]),
        TEXT,
    ),
    readable=st.none() | st.lists(st.sampled_from(["email", "name", "custom:a"])),
    scopes=st.none() | st.lists(st.sampled_from(["openid", "email", "profile"]), min_size=1),
)
def test_an_id_token_shows_only_what_its_client_may_read(attributes, readable, scopes):
    """COG-TOK-046: whatever the scopes, and an attribute never passes for a claim."""
    settings_ = {} if readable is None else {"ReadAttributes": readable}
    client = AppClient(
        id="client", pool_id="p", name="c", settings=settings_, created_at=1, modified_at=1
    )
    user = User(
        pool_id="p",
        username="ada",
        sub="the-sub",
        status=UserStatus.CONFIRMED,
        attributes=attributes,
        created_at=1,
        modified_at=1,
    )
    sign_in = SignIn(
        issuer="i", client=client, user=user, scopes=scopes, auth_time=1, origin_jti="o"
    )

    claims = id_claims(sign_in, now=10, jti="j", access_token="a")

    shown = {"email", "name", "custom:a", "dev:custom:b"} & claims.keys()
    assert shown <= attributes.keys()
    assert "dev:custom:b" not in shown
    if readable is not None:
        assert shown <= set(readable)
    assert (claims["aud"], claims["exp"], claims["token_use"]) == ("client", 3610, "id")
    json.dumps(claims)
