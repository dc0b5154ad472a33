"""Several pools in one verifier: the issuer chooses, and then binds."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from cognito_verify import (
    ClientMismatch,
    CognitoVerifier,
    ConfigurationError,
    IssuerMismatch,
    KeysUnreachable,
    SignatureInvalid,
    TokenExpired,
)

NOW = 1_800_000_000
HERE = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
THERE = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"
Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]


@pytest.fixture
def two_pools(
    make_verifier: MakeVerifier,
    make_jwk: Callable[[RSAPrivateKey, str], dict[str, Any]],
    private_keys: dict[str, RSAPrivateKey],
    jwks: dict[str, Any],
) -> CognitoVerifier:
    """Here with the key "a", there with "b" under the same id, for another client."""
    kid = jwks["keys"][0]["kid"]
    return CognitoVerifier.for_pools(
        [
            make_verifier(jwks={"keys": [make_jwk(private_keys["a"], kid)]}),
            make_verifier(
                user_pool_id="us-east-1_Other",
                client_id="other",
                jwks={"keys": [make_jwk(private_keys["b"], kid)]},
            ),
        ]
    )


@pytest.fixture
def there(make_token: Make, jwks: dict[str, Any]) -> Make:
    """Tokens of the other pool."""

    def make(**changes: Any) -> str:
        header = {"kid": jwks["keys"][0]["kid"]}
        return make_token(
            **{"_key": "b", "_header": header, "iss": THERE, "client_id": "other", **changes}
        )

    return make


def test_tokens_of_each_pool_are_accepted(
    two_pools: CognitoVerifier, make_token: Make, there: Make
) -> None:
    """Each by its own rules, sync and async."""
    assert two_pools.verify(make_token()).issuer == HERE
    assert two_pools.verify(there()).issuer == THERE
    assert asyncio.run(two_pools.verify_async(there())).issuer == THERE


def test_keys_of_one_pool_do_not_sign_for_the_other(
    two_pools: CognitoVerifier, make_token: Make, there: Make
) -> None:
    """Not even under the same key id."""
    with pytest.raises(SignatureInvalid):
        two_pools.verify(there(_key="a"))
    with pytest.raises(SignatureInvalid):
        two_pools.verify(make_token(iss=THERE, client_id="other"))


def test_clients_of_one_pool_are_not_the_others(two_pools: CognitoVerifier, there: Make) -> None:
    """The whole policy belongs to the pool."""
    with pytest.raises(ClientMismatch):
        two_pools.verify(there(client_id="1h57kf5cpq17m0eml12EXAMPLE"))


@pytest.mark.parametrize(
    "issuer", [HERE + "/", HERE.upper(), "", None, [HERE], {HERE: 1}, 5], ids=str
)
def test_another_issuer_is_rejected(
    issuer: object, two_pools: CognitoVerifier, make_token: Make
) -> None:
    """It names no pool, so there is no key to try."""
    with pytest.raises(IssuerMismatch) as caught:
        two_pools.verify(make_token(iss=issuer))

    assert caught.value.actual == issuer
    assert set(caught.value.expected) == {HERE, THERE}


def test_an_unknown_issuer_is_never_fetched_from(make_verifier: MakeVerifier, fetcher: Any) -> None:
    """A token does not choose where keys come from."""
    verifier = CognitoVerifier.for_pools([make_verifier(jwks=None, fetcher=fetcher)])

    with pytest.raises(IssuerMismatch):
        verifier.verify("eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJpc3MiOiJodHRwczovL2V2aWwifQ.AAAA")
    assert fetcher.uris == []


def test_combined_verifiers_can_be_combined(
    two_pools: CognitoVerifier, make_verifier: MakeVerifier, make_token: Make
) -> None:
    """Such as both issuers of one pool during its change to the updated one."""
    verifier = CognitoVerifier.for_pools([two_pools, make_verifier(issuer="updated")])
    updated = HERE.replace("https://", "https://issuer-")

    assert verifier.verify(make_token(iss=updated)).issuer == updated
    assert verifier.verify(make_token()).issuer == HERE


def test_each_pool_keeps_its_clock(make_verifier: MakeVerifier, make_token: Make) -> None:
    """Combining changes nothing about a verifier."""
    verifier = CognitoVerifier.for_pools([make_verifier(clock=lambda: NOW + 4000)])

    with pytest.raises(TokenExpired):
        verifier.verify(make_token())
    assert verifier.verify(make_token(), now=NOW)


def test_the_same_issuer_twice_is_a_mistake(make_verifier: MakeVerifier) -> None:
    """One of them would never be asked."""
    with pytest.raises(ConfigurationError, match="two verifiers"):
        CognitoVerifier.for_pools([make_verifier(), make_verifier()])


def test_no_pools_are_a_mistake() -> None:
    """Such a verifier could accept nothing."""
    with pytest.raises(ConfigurationError):
        CognitoVerifier.for_pools([])


def test_all_keys_are_fetched_ahead(make_verifier: MakeVerifier, fetcher: Any) -> None:
    """Of every pool."""
    verifiers = [
        make_verifier(user_pool_id=pool, jwks=None, fetcher=fetcher)
        for pool in ("eu-west-1_A", "us-east-1_B")
    ]
    verifier = CognitoVerifier.for_pools(verifiers)

    verifier.hydrate()
    asyncio.run(verifier.hydrate_async())
    assert len(fetcher.uris) == 2

    fetcher.break_down()
    with pytest.raises(KeysUnreachable):
        make_verifier(jwks=None, fetcher=fetcher).hydrate()
