"""Remembering signatures: the same verdict, without the arithmetic."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cognito_verify import SignatureInvalid
from cognito_verify._compact import Untrusted, parse_compact
from cognito_verify._rsa import RsaKey, check_signature
from cognito_verify._signature_cache import SignatureCache
from cognito_verify.jwks import key_set_from

Make = Callable[..., str]


class CountingKey:
    """A public key that counts how often it is used."""

    def __init__(self, key: RsaKey) -> None:
        self._public_key = key.public_key
        self.uses = 0

    def verify(self, *arguments: Any) -> None:
        self.uses += 1
        self._public_key.verify(*arguments)


@pytest.fixture
def key(jwks: dict[str, Any]) -> RsaKey:
    return next(iter(key_set_from(jwks)))


@pytest.fixture
def counting(key: RsaKey) -> CountingKey:
    return CountingKey(key)


@pytest.fixture
def counted(key: RsaKey, counting: CountingKey) -> RsaKey:
    return key._replace(public_key=counting)  # type: ignore[arg-type]  # a stand-in


def test_the_key_is_used_once(counted: RsaKey, counting: CountingKey, make_token: Make) -> None:
    """The second time, the verdict is recalled, with the claims of the second token."""
    cache = SignatureCache(10)
    first, second = parse_compact(make_token()), parse_compact(make_token())

    assert cache.check(first, counted) == check_signature(first, counted._replace())
    uses = counting.uses
    recalled = cache.check(second, counted)

    assert counting.uses == uses
    assert recalled.claims is second.claims


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token._replace(
            signature=bytes([token.signature[0] ^ 1]) + token.signature[1:]
        ),
        lambda token: token._replace(signing_input=token.signing_input + b"A"),
        lambda token: token._replace(
            signing_input=token.signing_input + token.signature[:1],
            signature=token.signature[1:],
        ),
    ],
    ids=["signature", "signing input", "shifted boundary"],
)
def test_another_token_is_not_recalled(
    change: Callable[[Untrusted], Untrusted], key: RsaKey, make_token: Make
) -> None:
    """All of the token counts (CVE-2026-35039)."""
    cache = SignatureCache(10)
    good = parse_compact(make_token())
    cache.check(good, key)

    with pytest.raises(SignatureInvalid):
        cache.check(change(good), key)


def test_a_forged_token_is_not_remembered(key: RsaKey, make_token: Make) -> None:
    """Only good signatures are."""
    cache = SignatureCache(10)
    forged = parse_compact(make_token(_key="stranger"))

    for _ in range(2):
        with pytest.raises(SignatureInvalid):
            cache.check(forged, key)
    assert len(cache) == 0


def test_another_key_object_is_another_key(
    counted: RsaKey, counting: CountingKey, make_token: Make
) -> None:
    """What a withdrawn key signed is not recalled for its successor."""
    cache = SignatureCache(10)
    token = parse_compact(make_token())
    cache.check(token, counted)
    cache.check(token, counted._replace())

    assert counting.uses == 2


def test_the_oldest_are_forgotten(counted: RsaKey, counting: CountingKey, make_token: Make) -> None:
    """The memory is bounded."""
    cache = SignatureCache(2)
    tokens = [parse_compact(make_token(n=n)) for n in range(3)]
    for token in tokens:
        cache.check(token, counted)
    assert len(cache) == 2

    cache.check(tokens[2], counted)
    assert counting.uses == 3
    cache.check(tokens[0], counted)
    assert counting.uses == 4


def test_threads_do_not_disturb_each_other(key: RsaKey, make_token: Make) -> None:
    """The bound holds for all of them together."""
    cache = SignatureCache(3)
    tokens = [parse_compact(make_token(n=n)) for n in range(6)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: cache.check(tokens[n % 6], key), range(200)))

    assert len(cache) == 3
