"""The claims objects: a faithful mapping with typed attributes."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cognito_verify import ANY_TOKEN_USE, AccessClaims, Claims, CognitoVerifier, IdClaims

NOW = 1_800_000_000
Make = Callable[..., str]
Verify = Callable[..., Claims]


@pytest.fixture
def verify(make_token: Make, make_verifier: Callable[..., CognitoVerifier]) -> Verify:
    verifier = make_verifier(token_use=ANY_TOKEN_USE)

    def verify(use: str = "access", **changes: Any) -> Claims:
        return verifier.verify(make_token(use, **changes))

    return verify


def test_access_claims_have_typed_attributes(verify: Verify) -> None:
    """COG-TOK-014 to 016, -020, -060, -062, -063: a user's access token."""
    claims = verify("access")

    assert type(claims) is AccessClaims
    assert claims.sub == "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11"
    assert claims.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
    assert claims.token_use == "access"
    assert claims.client_id == "1h57kf5cpq17m0eml12EXAMPLE"
    assert claims.username == "ada"
    assert claims.groups == ("editors", "admins")
    assert claims.scopes == ("openid", "orders/read")
    assert (claims.issued_at, claims.expires_at, claims.auth_time) == (NOW, NOW + 3600, NOW - 60)
    assert claims.jti == "9e0a7d33-3c6b-4c77-8d5a-2c2f3a6b9c55"
    assert claims.origin_jti == "0b0f4f2e-6a51-4a3e-8f0b-3d5d7f1c2a10"


def test_id_claims_have_typed_attributes(verify: Verify) -> None:
    """COG-TOK-030 to 032, -041: an id token."""
    claims = verify("id")

    assert type(claims) is IdClaims
    assert claims.token_use == "id"
    assert claims.client_id == "1h57kf5cpq17m0eml12EXAMPLE"
    assert claims.username == "ada"
    assert claims.groups == ("editors", "admins")
    assert claims.scopes == ()
    assert (claims.email, claims.email_verified) == ("ada@example.com", True)
    assert (claims.jti, claims.origin_jti) == (None, None)


def test_claims_of_any_name_order_and_number_are_taken_as_they_come(verify: Verify) -> None:
    """COG-TOK-006: what is not known today may come tomorrow."""
    unknown = {f"custom:claim{n}": {"n": [n, None]} for n in range(500)}

    claims = verify(_claims={**unknown, "cognito:new": True})

    assert claims["cognito:new"] is True
    assert claims["custom:claim499"] == {"n": [499, None]}
    assert claims.username == "ada"


@pytest.mark.parametrize("value", ["true", "false", 1, None], ids=json.dumps)
def test_only_a_boolean_verifies_an_address(value: object, verify: Verify) -> None:
    """COG-VER-056: the string is userInfo's, not an id token's."""
    claims = verify("id", email_verified=value)

    assert isinstance(claims, IdClaims)
    assert claims.email_verified is False


def test_a_machine_has_no_username_and_no_groups(verify: Verify) -> None:
    """COG-TOK-080 to 082."""
    claims = verify(
        sub="1h57kf5cpq17m0eml12EXAMPLE",
        _without=("username", "cognito:groups", "origin_jti"),
    )

    assert claims.sub == claims.client_id
    assert (claims.username, claims.groups, claims.origin_jti) == (None, (), None)


@pytest.mark.parametrize("groups", ["admins", "editors,admins", {"admins": 1}, [["admins"]], 5])
def test_groups_of_another_type_are_none(groups: object, verify: Verify) -> None:
    """A string is not a list of its characters, and half a list is not a list."""
    assert verify(_claims={"cognito:groups": groups}).groups == ()
    assert verify(_claims={"cognito:groups": ["admins", groups]}).groups == () or groups in (
        "admins",
        "editors,admins",
    )


@pytest.mark.parametrize("scope", [None, ["openid"], "", 5], ids=json.dumps)
def test_scopes_of_another_type_are_none(scope: object, verify: Verify) -> None:
    """COG-TOK-063: one string."""
    assert verify(scope=scope).scopes == ()


@pytest.mark.parametrize("name", ["username", "jti", "origin_jti", "auth_time"])
@pytest.mark.parametrize("value", [None, True, ["x"], {"x": 1}], ids=json.dumps)
def test_optional_claims_of_another_type_are_none(name: str, value: object, verify: Verify) -> None:
    """The attributes keep the promise of their types; the mapping keeps what was signed."""
    claims = verify(_claims={name: value})

    assert getattr(claims, name) is None
    assert claims[name] == value


def test_the_mapping_is_what_was_signed(verify: Verify) -> None:
    """Unknown claims, unicode and big integers arrive unchanged; the header stays out."""
    extra = {"custom:ä": "😀", "big": 10**30, "nested": {"a": [1.5, None, True]}, "kid": "mine"}

    claims = verify(_claims=extra)

    assert isinstance(claims, Mapping)
    assert {name: claims[name] for name in extra} == extra
    assert "alg" not in claims
    assert len(claims) == len(list(claims)) == len(dict(claims))
    assert claims == dict(claims)


def test_the_mapping_cannot_be_changed(verify: Verify) -> None:
    """Nobody adds a claim to verified ones."""
    claims = verify()

    with pytest.raises(TypeError):
        claims["sub"] = "somebody else"  # type: ignore[index]  # on purpose
    with pytest.raises(AttributeError):
        claims.sub = "somebody else"  # type: ignore[misc]  # on purpose


def test_a_fractional_date_is_kept(verify: Verify) -> None:
    """RFC 7519 §2: a NumericDate may have a fraction."""
    assert verify(exp=NOW + 0.5).expires_at == NOW + 0.5


def test_the_repr_names_the_user_only(verify: Verify) -> None:
    """Logs do not collect personal data by accident."""
    assert repr(verify("id")) == "<IdClaims sub='7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11'>"
