"""Keys that are at hand: documents and files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cognito_verify import ConfigurationError, UnknownKey
from cognito_verify.static_keys import load_static_keys, pem_of

POOL = "eu-west-1_Ab1"


def pem(private_key: Any) -> str:
    encoded: bytes = private_key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    return encoded.decode()


@pytest.fixture
def good(private_keys: dict[str, RSAPrivateKey]) -> str:
    return pem(private_keys["a"])


def test_pems_of_the_pool_are_loaded(good: str, tmp_path: Path) -> None:
    """And of no other pool."""
    document = {"eu-west-1": {POOL: {"k": good}, "other": {"x": good}}, "us-east-1": {}}
    path = tmp_path / "pems.json"
    path.write_text(json.dumps(document))

    for source in (document, path, str(path)):
        keys = load_static_keys(source, POOL)
        assert [key.kid for key in keys] == ["k"]
        assert pem_of(keys.find("k")) == good


def test_odd_pems_spoil_nothing(good: str) -> None:
    """They are left out, as in a JWK set."""
    weak = pem(generate_private_key(65537, 1024))  # noqa: S505  (on purpose)
    odd = {
        "ec": pem(generate_ec(SECP256R1())),
        "weak": weak,
        "no pem": "x",
        "number": 5,
        "certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    }

    keys = load_static_keys({"eu-west-1": {POOL: {"k": good, **odd}}}, POOL)

    assert keys.find("k")
    for kid in odd:
        with pytest.raises(UnknownKey) as caught:
            keys.find(kid)
        assert "is not in the key set" not in str(caught.value)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"eu-west-1": {}},
        {"eu-west-1": {POOL: {}}},
        {"eu-west-1": {POOL: []}},
        {"eu-west-1": []},
        {"a": {POOL: {"k": "p"}}, "b": {POOL: {"k": "p"}}},
    ],
    ids=json.dumps,
)
def test_a_pool_without_keys_is_a_mistake(document: dict[str, Any]) -> None:
    """So is one whose keys are ambiguous."""
    with pytest.raises(ConfigurationError):
        load_static_keys(document, POOL)


def test_pems_need_a_pool(good: str) -> None:
    """Otherwise nobody knows whose keys to take."""
    with pytest.raises(ConfigurationError, match="user_pool_id"):
        load_static_keys({"eu-west-1": {POOL: {"k": good}}}, None)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"a":1,"a":2}'])
def test_an_unreadable_file_is_a_mistake(content: bytes, tmp_path: Path) -> None:
    """The error names the file."""
    path = tmp_path / "keys.json"
    path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        load_static_keys(path, POOL)


def test_a_file_may_hold_a_key_set(
    make_jwk: Callable[[RSAPrivateKey, str], dict[str, Any]],
    private_keys: dict[str, RSAPrivateKey],
    tmp_path: Path,
) -> None:
    """The published document; then no pool id is needed."""
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [make_jwk(private_keys["a"], "k")]}))

    assert load_static_keys(path, None).find("k")
