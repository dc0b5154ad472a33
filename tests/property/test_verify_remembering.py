"""A verifier that remembers tokens says just what one that does not remember any would say."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_verify import (
    CacheTimes,
    CognitoVerifier,
    ConfigurationError,
    JwksFetchError,
    VerificationError,
)

pytestmark = pytest.mark.property

NOW = 1_800_000_000
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
TIMES = CacheTimes(ttl=30, max_stale=60, cooldown=10)
PRIVATE_KEYS = [generate_private_key(65537, 2048) for _ in range(2)]


def b64u(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk(kid: str, material: int) -> dict[str, str]:
    modulus = PRIVATE_KEYS[material].public_key().public_numbers().n.to_bytes(256, "big")
    return {"alg": "RS256", "e": "AQAB", "kid": kid, "kty": "RSA", "n": b64u(modulus)}


def sign(material: int, kid: str, **changes: object) -> str:
    claims = {
        "sub": "ada",
        "iss": ISSUER,
        "client_id": "client",
        "token_use": "access",
        "exp": NOW + 200,
        **changes,
    }
    parts = ({"kid": kid, "alg": "RS256"}, claims)
    signing_input = ".".join(b64u(json.dumps(part).encode()) for part in parts)
    signature = PRIVATE_KEYS[material].sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{b64u(signature)}"


TOKENS = [
    sign(0, "a"),
    sign(0, "a", exp=NOW + 20),
    sign(0, "a", nbf=NOW + 20),
    sign(0, "a", **{"cognito:groups": ["editors"]}),
    sign(0, "a", scope="openid orders/read"),
    sign(0, "a", client_id="another"),
    sign(1, "a"),
    sign(1, "b"),
    sign(0, "b"),
    sign(0, "unknown"),
    sign(0, "a")[:-4] + "AAAA",
    "a.b.c",
]
DOCUMENTS: list[Any] = [
    {"keys": [jwk("a", 0), jwk("b", 1)]},
    {"keys": [jwk("b", 1)]},
    {"keys": [jwk("a", 1), jwk("b", 0)]},
    None,
]
NAMES = st.sampled_from([None, (), "editors", "orders/read", ["editors", "openid"]])
VERIFY = st.tuples(
    st.just("verify"), st.integers(0, len(TOKENS) - 1), NAMES, NAMES, st.sampled_from([None, 5, 25])
)
STEPS = st.lists(
    st.one_of(
        VERIFY,
        VERIFY,
        VERIFY,
        st.tuples(st.just("publish"), st.integers(0, len(DOCUMENTS) - 1)),
        st.tuples(st.just("wait"), st.sampled_from([1, 9, 11, 31, 95, -40])),
    ),
    max_size=40,
)


class World:
    """A clock and a pool, for one verifier of each kind."""

    def __init__(self, size: int) -> None:
        self.now = float(NOW)
        self.document = DOCUMENTS[0]
        settings: dict[str, Any] = {
            "user_pool_id": "eu-west-1_AbCdEfGhI",
            "client_id": "client",
            "token_use": "access",
            "times": TIMES,
            "fetcher": self,
            "clock": lambda: self.now,
        }
        self.verifiers = [CognitoVerifier(**settings), CognitoVerifier(**settings, cache=size)]

    def fetch(self, uri: str) -> bytes:
        if self.document is None:
            raise JwksFetchError(uri)
        return json.dumps(self.document).encode()

    async def fetch_async(self, uri: str) -> bytes:
        return self.fetch(uri)

    def verdicts(self, token: str, groups: Any, scopes: Any, later: float | None) -> list[object]:
        now = None if later is None else self.now + later
        found: list[object] = []
        for verifier in self.verifiers:
            try:
                claims = verifier.verify(token, groups=groups, scopes=scopes, now=now)
                found.append(dict(claims))
            except (ConfigurationError, VerificationError) as error:
                found.append((type(error), str(error)))
        return found


class TestRemembering:
    """GHSA-class "result cache" mistakes: whatever happens, in whatever order, nobody can tell."""

    @settings(max_examples=300, deadline=None)
    @given(steps=STEPS, size=st.integers(1, 4))
    def test_verdicts_do_not_depend_on_memory(self, steps: list[Any], size: int) -> None:
        """Claims and errors are equal, texts included."""
        world = World(size)

        for step in steps:
            if step[0] == "publish":
                world.document = DOCUMENTS[step[1]]
            elif step[0] == "wait":
                world.now += step[1]
            else:
                fresh, remembering = world.verdicts(TOKENS[step[1]], *step[2:])
                assert fresh == remembering
