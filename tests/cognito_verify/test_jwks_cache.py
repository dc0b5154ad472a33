"""Keys shared by several verifiers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cognito_verify import (
    CacheTimes,
    CognitoVerifier,
    ConfigurationError,
    HttpFetcher,
    JwksCache,
    TokenUseMismatch,
    UnknownKey,
)

Make = Callable[..., str]
MakeVerifier = Callable[..., CognitoVerifier]
ELSEWHERE = "https://elsewhere.example/keys"


class CountingFetcher:
    """Serves each address its own document."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self.documents = documents
        self.asked: list[str] = []

    def fetch(self, uri: str) -> bytes:
        self.asked.append(uri)
        return self.documents[uri]

    async def fetch_async(self, uri: str) -> bytes:
        return self.fetch(uri)


@pytest.fixture
def fetcher(jwks: dict[str, Any]) -> CountingFetcher:
    pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json"
    other = {"keys": jwks["keys"][1:]}
    return CountingFetcher({pool: json.dumps(jwks).encode(), ELSEWHERE: json.dumps(other).encode()})


def test_verifiers_share_one_fetch(
    fetcher: CountingFetcher, make_verifier: MakeVerifier, make_token: Make, clock: Any
) -> None:
    """Each with its own rules."""
    cache = JwksCache(fetcher=fetcher, clock=clock)
    for_access = make_verifier(jwks=None, jwks_cache=cache, clock=clock)
    for_ids = make_verifier(jwks=None, jwks_cache=cache, clock=clock, token_use="id")

    assert for_access.verify(make_token()).token_use == "access"
    assert for_ids.verify(make_token("id")).token_use == "id"
    with pytest.raises(TokenUseMismatch):
        for_ids.verify(make_token())
    assert len(fetcher.asked) == 1


def test_addresses_share_nothing(
    fetcher: CountingFetcher, make_verifier: MakeVerifier, make_token: Make, clock: Any
) -> None:
    """A key of one address is none of another."""
    cache = JwksCache(fetcher=fetcher, clock=clock)
    good = make_verifier(jwks=None, jwks_cache=cache, clock=clock)
    elsewhere = make_verifier(jwks=None, jwks_uri=ELSEWHERE, jwks_cache=cache, clock=clock)

    assert good.verify(make_token())
    with pytest.raises(UnknownKey):
        elsewhere.verify(make_token())
    assert cache.keys_of("https://a.example/") is cache.keys_of("https://a.example/")


@pytest.mark.parametrize(
    "options",
    [
        {"times": CacheTimes(ttl=5)},
        {"fetcher": HttpFetcher(total_timeout=1)},
        {"jwks": {"keys": []}},
    ],
    ids=["times", "fetcher", "jwks"],
)
def test_what_the_cache_decides_is_not_decided_twice(
    make_verifier: MakeVerifier, options: dict[str, Any]
) -> None:
    """It would be ignored, and nobody would know."""
    with pytest.raises(ConfigurationError, match="jwks_cache"):
        make_verifier(**{"jwks": None, "jwks_cache": JwksCache(), **options})
