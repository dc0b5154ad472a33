"""Key sets: which keys are usable, and that others spoil nothing."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from cognito_verify import UnknownKey
from cognito_verify.jwks import MAX_KEYS, NotAKeySet, key_set_from, parse_key_set

Keys = dict[str, RSAPrivateKey]
MakeJwk = Callable[[RSAPrivateKey, str], dict[str, Any]]


@pytest.fixture
def good(private_keys: Keys, make_jwk: MakeJwk) -> dict[str, Any]:
    return make_jwk(private_keys["a"], "good")


@pytest.fixture
def other(private_keys: Keys, make_jwk: MakeJwk) -> dict[str, Any]:
    return make_jwk(private_keys["b"], "other")


def test_a_key_is_found_by_its_id(good: dict[str, Any], other: dict[str, Any]) -> None:
    """Each key answers to its own id."""
    keys = key_set_from({"keys": [good, other]})

    assert keys.find("good").kid == "good"
    assert keys.find("other").kid == "other"
    assert len(keys) == 2
    assert {key.kid for key in keys} == {"good", "other"}


def test_the_order_of_members_means_nothing(good: dict[str, Any]) -> None:
    """COG-JWK-005: as the service writes them, as its documentation prints them, or otherwise."""
    for order in ("alg e kid kty n use", "kid alg kty e n use", "use n kty kid e alg"):
        keys = key_set_from({"keys": [{name: good[name] for name in order.split()}]})

        assert keys.find("good").kid == "good"


@pytest.mark.parametrize(
    "kid", ["GOOD", "good ", "\uff47ood", "goo", "", "__class__", "__proto__", "keys", "../good"]
)
def test_other_ids_find_nothing(kid: str, good: dict[str, Any]) -> None:
    """RFC 7515 §5.3: ids are compared code point by code point, with no fallback."""
    keys = key_set_from({"keys": [good]})

    with pytest.raises(UnknownKey, match="is not in the key set"):
        keys.find(kid)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"use": ...}, id="no use"),
        pytest.param({"alg": ...}, id="no alg"),
        pytest.param({"key_ops": ["verify"]}, id="key_ops verify"),
        pytest.param({"key_ops": ["sign", "verify"]}, id="key_ops verify and sign"),
        pytest.param({"x5c": ["!"], "x5t#S256": 5, "ext": True, "new": {}}, id="unknown members"),
        pytest.param({"d": "AQ", "p": "AQ"}, id="private members"),
    ],
)
def test_variants_are_usable(change: dict[str, Any], good: dict[str, Any]) -> None:
    """What is optional may be absent; what is unknown is ignored (RFC 7517 §4)."""
    jwk = {name: value for name, value in {**good, **change}.items() if value is not ...}

    assert key_set_from({"keys": [jwk]}).find("good")


ODD: dict[str, dict[str, Any]] = {
    "for encryption": {"use": "enc"},
    "use null": {"use": None},
    "use in capitals": {"use": "SIG"},
    "key_ops encrypt": {"key_ops": ["encrypt"]},
    "key_ops empty": {"key_ops": []},
    "key_ops a string": {"key_ops": "verify"},
    "another algorithm": {"alg": "RS512"},
    "alg null": {"alg": None},
    "alg in small letters": {"alg": "rs256"},
    "unknown type": {"kty": "XX"},
    "symmetric": {"kty": "oct", "k": "AAAA"},
    "elliptic": {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
    "type a list": {"kty": ["RSA"]},
    "no modulus": {"n": ...},
    "modulus a number": {"n": 12345},
    "modulus padded": {"n": "AAAA=="},
    "modulus not ASCII": {"n": "é"},
    "modulus empty": {"n": ""},
    "no exponent": {"e": ...},
    "exponent 1": {"e": "AQ"},
    "exponent even": {"e": "Ag"},
    "short modulus": {"n": "w" + "A" * 170},
}


@pytest.mark.parametrize("change", ODD.values(), ids=list(ODD))
def test_an_odd_key_is_unusable_and_spoils_nothing(
    change: dict[str, Any], good: dict[str, Any], other: dict[str, Any]
) -> None:
    """RFC 7517 §5: implementations ignore keys that they do not understand."""
    odd = {name: value for name, value in {**other, **change}.items() if value is not ...}

    keys = key_set_from({"keys": [odd, good]})

    assert keys.find("good")
    with pytest.raises(UnknownKey) as caught:
        keys.find("other")
    assert "is not in the key set" not in str(caught.value)


@pytest.mark.parametrize("odd", [None, 5, "key", [], {}, {"kty": "RSA"}, {"kid": 5}, {"kid": ""}])
def test_what_is_no_key_at_all_spoils_nothing(odd: object, good: dict[str, Any]) -> None:
    """Only entries with an id can ever be found."""
    keys = key_set_from({"keys": [odd, good]})

    assert len(keys) == 1


def test_a_weak_key_is_unusable(make_jwk: MakeJwk, good: dict[str, Any]) -> None:
    """1024 bits are too few, and the error says so."""
    weak = make_jwk(generate_private_key(65537, 1024), "weak")  # noqa: S505  (on purpose)

    with pytest.raises(UnknownKey, match="1024 bits"):
        key_set_from({"keys": [weak, good]}).find("weak")


def test_an_unusable_key_of_the_same_id_is_ignored(good: dict[str, Any]) -> None:
    """A symmetric key beside the RSA key of the same id changes nothing."""
    keys = key_set_from({"keys": [{"kty": "oct", "kid": "good", "k": "AAAA"}, good]})

    assert keys.find("good")


def test_two_keys_of_one_id_are_no_key(good: dict[str, Any], other: dict[str, Any]) -> None:
    """Nobody guesses which one was meant; the others stay usable."""
    keys = key_set_from({"keys": [good, {**other, "kid": "good"}, other]})

    with pytest.raises(UnknownKey, match="twice"):
        keys.find("good")
    assert keys.find("other")


def test_the_same_key_twice_is_one_key(good: dict[str, Any]) -> None:
    """Repeating a key is harmless."""
    assert len(key_set_from({"keys": [good, good]})) == 1


@pytest.mark.parametrize(
    "document", [{}, {"keys": {}}, {"keys": []}, {"keys": None}, {"keys": "x"}], ids=json.dumps
)
def test_a_document_without_keys_is_no_key_set(document: dict[str, Any]) -> None:
    """RFC 7517 §5.1: there is a list of keys."""
    with pytest.raises(NotAKeySet):
        key_set_from(document)


def test_the_number_of_keys_is_bounded(good: dict[str, Any]) -> None:
    """Loading a set costs a bounded time."""
    with pytest.raises(NotAKeySet):
        key_set_from({"keys": [good] * (MAX_KEYS + 1)})


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b'{"keys":[],"keys":[]}', b"\xff"])
def test_other_answers_are_no_key_set(raw: bytes) -> None:
    """An error page is not a key set."""
    with pytest.raises(NotAKeySet):
        parse_key_set(raw)


def test_a_key_set_is_a_key_source(good: dict[str, Any]) -> None:
    """Static keys need no waiting and no preparation."""
    keys = parse_key_set(json.dumps({"keys": [good]}).encode())

    keys.hydrate()
    asyncio.run(keys.hydrate_async())

    assert asyncio.run(keys.find_async("good")) is keys.find("good")
