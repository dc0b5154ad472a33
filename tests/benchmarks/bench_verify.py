"""What verifying costs, as ratios measured side by side: `python tests/benchmarks/bench_verify.py`.

The yardstick is one raw RSA-2048 signature check by `cryptography`, the part that nobody can avoid.
All subjects take turns in short rounds, every call is timed by itself, and the median counts: so a
busy machine disturbs them alike, and little.
"""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_verify import CognitoVerifier

POOL = "eu-west-1_AbCdEfGhI"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
KID = "A" * 43 + "="


def main(rounds: int = 100, calls: int = 50) -> dict[str, float]:
    """Measure everything, print it, and return the ratios."""
    private_key = generate_private_key(65537, 2048)
    public_key = private_key.public_key()
    token = access_token(private_key)
    jwks = jwk_set(private_key)
    signing_input, _, signature = token.rpartition(".")
    data, padding, digest = signing_input.encode(), PKCS1v15(), SHA256()
    raw_signature = base64.urlsafe_b64decode(signature + "==")
    settings: dict[str, Any] = {"user_pool_id": POOL, "client_id": CLIENT, "token_use": "access"}
    verifier = CognitoVerifier(**settings, jwks=jwks)
    remembering = CognitoVerifier(**settings, jwks=jwks, cache=1000)
    required: Any = {"require": ["exp", "iss", "sub"]}

    def raw() -> None:
        public_key.verify(raw_signature, data, padding, digest)

    def ours() -> None:
        verifier.verify(token)

    def ours_again() -> None:
        remembering.verify(token)

    def pyjwt() -> None:
        claims = jwt.decode(
            token, public_key, algorithms=["RS256"], issuer=ISSUER, options=required
        )
        assert claims["token_use"] == "access"
        assert claims["client_id"] == CLIENT

    key_client = StaticKeyClient(jwks)

    def pyjwt_client() -> None:
        key = key_client.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], issuer=ISSUER, options=required)
        assert claims["token_use"] == "access"
        assert claims["client_id"] == CLIENT

    subjects: dict[str, Callable[[], None]] = {
        "cryptography, signature only": raw,
        "CognitoVerifier.verify": ours,
        "the same token again, cache=1000": ours_again,
        "PyJWT.decode": pyjwt,
        "PyJWKClient + PyJWT.decode": pyjwt_client,
    }
    seconds = medians(subjects, rounds, calls)
    reference = seconds["cryptography, signature only"]
    own = seconds["CognitoVerifier.verify"]
    for name, cost in seconds.items():
        print(f"{name:32}{1 / cost:10,.0f} /s{cost * 1e6:8.1f} us{reference / cost:8.1%} of raw")
    ratios = {
        "share of raw": reference / own,
        "share of raw, the same token again": reference
        / seconds["the same token again, cache=1000"],
        "times PyJWT.decode": seconds["PyJWT.decode"] / own,
        "times PyJWKClient + PyJWT.decode": seconds["PyJWKClient + PyJWT.decode"] / own,
    }
    for name, ratio in ratios.items():
        print(f"{name:36}{ratio:6.2f}")
    for statement in (
        "import cognito_verify",
        "from cognito_verify import CognitoVerifier",
        "from cryptography.hazmat.primitives.asymmetric import padding, rsa",
        "import jwt",
    ):
        print(f"{statement:70}{1000 * import_seconds(statement):6.1f} ms above bare python")
    return ratios


@pytest.mark.bench
def test_the_benchmark_runs() -> None:
    """All ratios are positive; how large they are is for a reader to judge."""
    ratios = main(rounds=3, calls=30)

    assert all(ratio > 0 for ratio in ratios.values())


class StaticKeyClient(jwt.PyJWKClient):
    """A `PyJWKClient` that fetches from memory."""

    def __init__(self, jwks: dict[str, Any]) -> None:
        super().__init__("https://keys.example", lifespan=86400)
        self._document = jwks

    def fetch_data(self) -> Any:
        """Return what would be fetched, and remember it as the real one does."""
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(self._document)
        return self._document


def medians(subjects: dict[str, Callable[[], None]], rounds: int, calls: int) -> dict[str, float]:
    """Return the seconds that one call of each subject takes, in the median."""
    durations: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            subject()  # the subject before has left its own code in the processor's caches
            for _ in range(calls):
                started = time.perf_counter()
                subject()
                durations[name].append(time.perf_counter() - started)
    return {name: median(values) for name, values in durations.items()}


def import_seconds(statement: str) -> float:
    """Return how much longer an interpreter lives for ``statement``: best of several."""

    def run(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return time.perf_counter() - started

    runs = [(run("pass"), run(statement)) for _ in range(7)]
    return min(cost for _, cost in runs) - min(bare for bare, _ in runs)


def access_token(private_key: RSAPrivateKey) -> str:
    """Sign a token of the usual size and shape (COG-TOK-071)."""
    now = int(time.time())
    claims = {
        "sub": "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11",
        "cognito:groups": ["editors"],
        "iss": ISSUER,
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": "0b0f4f2e-6a51-4a3e-8f0b-3d5d7f1c2a10",
        "token_use": "access",
        "scope": "openid email",
        "auth_time": now,
        "exp": now + 3600,
        "iat": now,
        "jti": "9e0a7d33-3c6b-4c77-8d5a-2c2f3a6b9c55",
        "username": "7c1de2aa-40f1-70c3-9b55-0a4f6d2f8c11",
    }
    signing_input = ".".join(
        segment(json.dumps(part, separators=(",", ":")).replace("/", "\\/").encode())
        for part in ({"kid": KID, "alg": "RS256"}, claims)
    )
    signature = private_key.sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{segment(signature)}"


def jwk_set(private_key: RSAPrivateKey) -> dict[str, Any]:
    """Publish the key as Cognito does (COG-JWK-006)."""
    modulus = private_key.public_key().public_numbers().n.to_bytes(256, "big")
    return {
        "keys": [
            {
                "alg": "RS256",
                "e": "AQAB",
                "kid": KID,
                "kty": "RSA",
                "n": segment(modulus),
                "use": "sig",
            }
        ]
    }


def segment(raw: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
