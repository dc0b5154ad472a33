"""Keys, tokens and a pool of our own making: nothing here is shared with the code under test."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_verify import CognitoVerifier, JwksFetchError

NOW = 1_800_000_000
POOL = "eu-west-1_AbCdEfGhI"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
ACCESS = {
    "sub": "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11",
    "cognito:groups": ["editors", "admins"],
    "iss": ISSUER,
    "client_id": CLIENT,
    "origin_jti": "0b0f4f2e-6a51-4a3e-8f0b-3d5d7f1c2a10",
    "token_use": "access",
    "scope": "openid orders/read",
    "auth_time": NOW - 60,
    "exp": NOW + 3600,
    "iat": NOW,
    "jti": "9e0a7d33-3c6b-4c77-8d5a-2c2f3a6b9c55",
    "username": "ada",
}
ID = {
    "sub": "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11",
    "cognito:groups": ["editors", "admins"],
    "email_verified": True,
    "iss": ISSUER,
    "cognito:username": "ada",
    "aud": CLIENT,
    "token_use": "id",
    "auth_time": NOW - 60,
    "exp": NOW + 3600,
    "iat": NOW,
    "email": "ada@example.com",
}
BASES = {"access": ACCESS, "id": ID}
# Cognito's key ids are standard base64 (COG-TOK-003).
KIDS = {"a": "A+" + "a" * 40 + "/=", "b": "B" * 43 + "="}


def b64u(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk_of(private_key: RSAPrivateKey, kid: str) -> dict[str, Any]:
    numbers = private_key.public_key().public_numbers()
    n, e = (
        b64u(value.to_bytes((value.bit_length() + 7) // 8, "big"))
        for value in (numbers.n, numbers.e)
    )
    return {"alg": "RS256", "e": e, "kid": kid, "kty": "RSA", "n": n, "use": "sig"}


@pytest.fixture(scope="session")
def private_keys() -> dict[str, RSAPrivateKey]:
    """The pool's keys "a" and "b", and "stranger", which nobody publishes."""
    return {name: generate_private_key(65537, 2048) for name in ("a", "b", "stranger")}


@pytest.fixture(scope="session")
def jwks(private_keys: dict[str, RSAPrivateKey]) -> dict[str, Any]:
    return {"keys": [jwk_of(private_keys[name], kid) for name, kid in KIDS.items()]}


@pytest.fixture(scope="session")
def make_jwk() -> Callable[[RSAPrivateKey, str], dict[str, Any]]:
    return jwk_of


@pytest.fixture(scope="session")
def make_token(private_keys: dict[str, RSAPrivateKey]) -> Callable[..., str]:
    """Build tokens: ``make_token("id", exp=5, _without=["aud"], _header={...}, _key="b")``."""

    def make(
        _use: str = "access",
        *,
        _header: Mapping[str, Any] | None = None,
        _key: str = "a",
        _without: tuple[str, ...] = (),
        _claims: Mapping[str, Any] | None = None,
        _payload: bytes | None = None,
        _raw_header: bytes | None = None,
        **changes: Any,
    ) -> str:
        header = {"kid": KIDS.get(_key, KIDS["a"]), "alg": "RS256", **(_header or {})}
        claims = {**BASES[_use], **changes, **(_claims or {})}
        for name in _without:
            del claims[name]
        signing_input = ".".join(
            b64u(raw)
            for raw in (
                json.dumps(header).encode() if _raw_header is None else _raw_header,
                json.dumps(claims).encode() if _payload is None else _payload,
            )
        )
        signature = private_keys[_key].sign(signing_input.encode(), PKCS1v15(), SHA256())
        return f"{signing_input}.{b64u(signature)}"

    return make


@pytest.fixture
def make_verifier(jwks: dict[str, Any]) -> Callable[..., CognitoVerifier]:
    def make(**changes: Any) -> CognitoVerifier:
        settings: dict[str, Any] = {
            "user_pool_id": POOL,
            "client_id": CLIENT,
            "token_use": "access",
            "jwks": jwks,
            "clock": lambda: NOW,
        }
        settings |= changes
        return CognitoVerifier(**settings)

    return make


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class MemoryFetcher:
    """A `JwksFetcher` that serves ``document``, or raises it, and counts."""

    def __init__(self, document: object) -> None:
        self.document = document
        self.uris: list[str] = []

    def fetch(self, uri: str) -> bytes:
        self.uris.append(uri)
        if isinstance(self.document, BaseException):
            raise self.document
        if isinstance(self.document, bytes):
            return self.document
        return json.dumps(self.document).encode()

    async def fetch_async(self, uri: str) -> bytes:
        return self.fetch(uri)

    def break_down(self) -> None:
        self.document = JwksFetchError("HTTP 503")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(jwks: dict[str, Any]) -> MemoryFetcher:
    return MemoryFetcher(jwks)
