"""The verifier as a whole: configuration, keys, sync and async."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from cognito_verify import (
    AlgorithmRefused,
    CognitoVerifier,
    ConfigurationError,
    SignatureInvalid,
    TokenExpired,
    UnknownKey,
    VerificationError,
)

NOW = 1_800_000_000
POOL = "eu-west-1_AbCdEfGhI"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


def test_tokens_of_both_keys_are_accepted(make_token: Make, make_verifier: MakeVerifier) -> None:
    """COG-VER-002, COG-TOK-005: a pool has two keys."""
    verifier = make_verifier()

    assert verifier.verify(make_token(_key="a")).sub
    assert verifier.verify(make_token(_key="b")).sub


def test_async_gives_the_same(make_token: Make, make_verifier: MakeVerifier) -> None:
    """The same claims, the same errors."""
    verifier = make_verifier()
    token = make_token()

    assert asyncio.run(verifier.verify_async(token)) == verifier.verify(token)
    with pytest.raises(TokenExpired):
        asyncio.run(verifier.verify_async(token, now=NOW + 3600))


def test_the_clock_is_read_unless_the_time_is_given(
    make_token: Make, make_verifier: MakeVerifier
) -> None:
    """``now`` wins over the clock."""
    verifier = make_verifier(clock=lambda: NOW + 3600)

    assert verifier.verify(make_token(), now=NOW)
    with pytest.raises(TokenExpired):
        verifier.verify(make_token())


def test_the_clock_is_the_machines_by_default(
    make_token: Make, make_verifier: MakeVerifier
) -> None:
    """A token that expires in a minute is good now."""
    verifier = make_verifier(clock=time.time)

    assert verifier.verify(make_token(exp=time.time() + 60))
    with pytest.raises(TokenExpired):
        verifier.verify(make_token(exp=time.time() - 1))


def test_a_strangers_token_is_refused(make_token: Make, make_verifier: MakeVerifier) -> None:
    """COG-VER-002: A known key id does not help a stranger's signature."""
    with pytest.raises(SignatureInvalid):
        make_verifier().verify(make_token(_key="stranger"))


def test_an_embedded_key_is_not_used(
    make_token: Make,
    make_verifier: MakeVerifier,
    make_jwk: Callable[[RSAPrivateKey, str], dict[str, Any]],
    private_keys: dict[str, RSAPrivateKey],
) -> None:
    """CVE-2018-0114, CVE-2026-27962: neither under a known id nor under its own."""
    jwk = make_jwk(private_keys["stranger"], "own")

    with pytest.raises(SignatureInvalid):
        make_verifier().verify(make_token(_key="stranger", _header={"jwk": jwk}))
    with pytest.raises(UnknownKey):
        make_verifier().verify(make_token(_key="stranger", _header={"jwk": jwk, "kid": "own"}))


def test_the_key_of_the_other_id_is_not_tried(
    make_token: Make, make_verifier: MakeVerifier, jwks: dict[str, Any]
) -> None:
    """Signed by one published key under the other's id: refused."""
    token = make_token(_key="a", _header={"kid": jwks["keys"][1]["kid"]})

    with pytest.raises(SignatureInvalid):
        make_verifier().verify(token)


def test_verifying_is_repeatable(make_token: Make, make_verifier: MakeVerifier) -> None:
    """Interleaved tokens keep their own claims, again and again."""
    verifier = make_verifier()
    tokens = {name: make_token(sub=name) for name in ("ada", "bob")}

    for _ in range(3):
        for name, token in tokens.items():
            assert verifier.verify(token).sub == name


def test_a_header_seen_before_is_judged_as_before(
    make_token: Make, make_verifier: MakeVerifier
) -> None:
    """Remembering good headers does not make bad ones good."""
    verifier = make_verifier()
    bad = make_token(_header={"alg": "none"})

    for _ in range(3):
        assert verifier.verify(make_token())
        with pytest.raises(AlgorithmRefused):
            verifier.verify(bad)


def test_the_claims_of_one_call_are_not_those_of_the_next(
    make_token: Make, make_verifier: MakeVerifier
) -> None:
    """Whoever changes a list inside the claims changes a copy."""
    verifier = make_verifier()
    token = make_token()
    groups = verifier.verify(token)["cognito:groups"]

    assert isinstance(groups, list)
    groups.append("root")

    assert verifier.verify(token).groups == ("editors", "admins")


def test_the_updated_issuer_can_be_chosen(make_token: Make, make_verifier: MakeVerifier) -> None:
    """COG-TOK-009: one form or the other, not both."""
    updated = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{POOL}"
    verifier = make_verifier(issuer="updated")

    assert verifier.verify(make_token(iss=updated)).issuer == updated
    with pytest.raises(VerificationError):
        verifier.verify(make_token())
    assert make_verifier(issuer="original").verify(make_token())


def test_an_issuer_elsewhere_can_be_named(make_token: Make, make_verifier: MakeVerifier) -> None:
    """A mock's pool, with or without its id."""
    issuer = "http://127.0.0.1:9229/us-east-1_LocalPool"
    token = make_token(iss=issuer)

    for user_pool_id in (None, "us-east-1_LocalPool"):
        assert make_verifier(user_pool_id=user_pool_id, issuer=issuer).verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"user_pool_id": None},
        {"user_pool_id": "nonsense"},
        {"user_pool_id": None, "issuer": "updated"},
        {"issuer": "http://example.com/x"},
        {"issuer": ISSUER + "/"},
        {"issuer": ""},
        {"jwks": None, "jwks_uri": "file:///etc/jwks.json"},
        {"jwks": None, "jwks_uri": "http://example.com/jwks.json"},
        {"jwks": None, "jwks_uri": ""},
        {"jwks_uri": "https://example.com/jwks.json"},
        {"jwks": {}},
        {"jwks": {"keys": []}},
        {"jwks": []},
        {"jwks": 5},
        {"jwks": "/no/such/file"},
    ],
    ids=str,
)
def test_a_configuration_that_cannot_work_is_refused(
    changes: dict[str, Any], make_verifier: MakeVerifier
) -> None:
    """At once, and not with the first token."""
    with pytest.raises(ConfigurationError):
        make_verifier(**changes)


def test_keys_can_come_from_a_file(
    make_token: Make, make_verifier: MakeVerifier, jwks: dict[str, Any], tmp_path: Path
) -> None:
    """The published document, saved."""
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(jwks))

    assert make_verifier(jwks=path).verify(make_token())
    assert make_verifier(jwks=str(path)).verify(make_token())


def test_unusable_static_keys_reject_tokens(make_token: Make, make_verifier: MakeVerifier) -> None:
    """As unusable fetched keys do."""
    verifier = make_verifier(jwks={"keys": [{"kty": "oct", "kid": "x", "k": "AAAA"}]})

    with pytest.raises(UnknownKey):
        verifier.verify(make_token())
