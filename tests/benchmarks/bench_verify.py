"""What verifying costs: `python tests/benchmarks/bench_verify.py` prints everything.

The yardstick of speed is one raw RSA-2048 signature check by `cryptography`, the part that nobody
can avoid. All subjects take turns in short rounds, and the best round of each counts: on a busy
machine the others measure the neighbours. Where Node and aws-jwt-verify are installed, that library
is compared with the raw check of its own platform.
"""

import base64
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jwt
import pytest
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_verify import (
    CacheTimes,
    CognitoVerifier,
    JwksFetchError,
    MalformedToken,
    VerificationError,
)

POOL = "eu-west-1_AbCdEfGhI"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
KID = "A" * 43 + "="
SETTINGS: dict[str, Any] = {"user_pool_id": POOL, "client_id": CLIENT, "token_use": "access"}
NODE_ADAPTER = Path(__file__).parents[2] / "conformance" / "adapters" / "aws-jwt-verify"


def main(rounds: int = 500, calls: int = 10) -> dict[str, float]:
    """Measure everything, print it, and return the ratios."""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {platform.system()}")
    print(
        f"Python {platform.python_version()}, cryptography {version('cryptography')} with "
        f"{backend.openssl_version_text()}, PyJWT {version('pyjwt')}"
    )
    private_key = generate_private_key(65537, 2048)
    ratios = speed(private_key, rounds, calls)
    if shutil.which("node") and (NODE_ADAPTER / "node_modules" / "aws-jwt-verify").is_dir():
        ratios |= node_speed(private_key, rounds)
    limits(private_key)
    for statement in (
        "import cognito_verify",
        "from cognito_verify import CognitoVerifier",
        "from cryptography.hazmat.primitives.asymmetric import padding, rsa",
        "import jwt",
        "from jwt import PyJWKClient; from jwt.algorithms import RSAAlgorithm",
    ):
        print(f"{statement:70}{1000 * import_seconds(statement):6.1f} ms above bare python")
    return ratios


def speed(private_key: RSAPrivateKey, rounds: int, calls: int) -> dict[str, float]:
    """Compare one verification with the raw check and with PyJWT."""
    public_key = private_key.public_key()
    token = access_token(private_key)
    jwks = jwk_set(private_key)
    signing_input, _, signature = token.rpartition(".")
    data, padding, digest = signing_input.encode(), PKCS1v15(), SHA256()
    raw_signature = base64.urlsafe_b64decode(signature + "==")
    verifier = CognitoVerifier(**SETTINGS, jwks=jwks)
    remembering = CognitoVerifier(**SETTINGS, jwks=jwks, cache=1000)
    required: Any = {"require": ["exp", "iss", "sub"]}
    wire = token.encode()

    def raw() -> None:
        public_key.verify(raw_signature, data, padding, digest)

    def ours() -> None:
        verifier.verify(token)

    def ours_again() -> None:
        remembering.verify(wire.decode())  # as from the next request: equal, but another object

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

    names = {
        raw: "cryptography, signature only",
        ours: "CognitoVerifier.verify",
        ours_again: "the same token again, cache=1000",
        pyjwt: "PyJWT.decode",
        pyjwt_client: "PyJWKClient + PyJWT.decode",
    }
    seconds = best_of(list(names), rounds, calls)
    for subject, name in names.items():
        cost = seconds[subject]
        share = seconds[raw] / cost
        print(f"{name:36}{1 / cost:12,.0f} /s{cost * 1e6:8.2f} us{share:10.1%} of raw")
    return _print_ratios(
        {
            "share of raw": seconds[raw] / seconds[ours],
            "times PyJWT.decode": seconds[pyjwt] / seconds[ours],
            "times PyJWKClient + PyJWT.decode": seconds[pyjwt_client] / seconds[ours],
            "again: times PyJWT.decode": seconds[pyjwt] / seconds[ours_again],
        }
    )


def node_speed(private_key: RSAPrivateKey, rounds: int) -> dict[str, float]:
    """Compare aws-jwt-verify with the raw check of Node."""
    question = {
        "userPoolId": POOL,
        "clientId": CLIENT,
        "token": access_token(private_key),
        "jwks": jwk_set(private_key),
        "rounds": rounds,
        "folder": str(NODE_ADAPTER),
    }
    script = Path(__file__).with_name("bench_verify_node.cjs")
    answered = subprocess.run(
        ["node", str(script)], input=json.dumps(question).encode(), capture_output=True, check=True
    )
    answer = json.loads(answered.stdout)
    print(
        f"Node {answer['node']} with OpenSSL {answer['openssl']}: crypto.verify "
        f"{answer['raw']:.1f} us, aws-jwt-verify {answer['version']} {answer['library']:.1f} us"
    )
    return _print_ratios({"aws-jwt-verify: share of its raw": answer["raw"] / answer["library"]})


def limits(private_key: RSAPrivateKey) -> None:
    """Print what bad input and bad times cost."""
    junk = "A" * (1024 * 1024)
    verifier = CognitoVerifier(**SETTINGS, jwks=jwk_set(private_key))
    dots = "." * (1024 * 1024)
    for name, text in (("1 MiB of text", junk), ("1 MiB of dots", dots)):

        def refuse(text: str = text) -> None:
            with pytest.raises(MalformedToken):
                verifier.verify(text)

        print(f"{name} refused in {best_of([refuse], 20, 1)[refuse] * 1000:.3f} ms")

    cooldown = CacheTimes().cooldown
    for name, document, kid in (
        ("200 forged tokens of unknown keys", jwk_set(private_key), "unknown {}"),
        ("200 good tokens during an outage", None, KID),
    ):
        fetcher = CountingFetcher(document)
        clock = Clock()
        remote = CognitoVerifier(**SETTINGS, fetcher=fetcher, clock=clock)
        tokens = [access_token(private_key, kid=kid.format(n)) for n in range(200)]
        for token in tokens:  # within one cooldown
            clock.now += cooldown / 250
            with pytest.raises(VerificationError):
                remote.verify(token)
        print(f"{name} in {0.8 * cooldown:.0f} s: {fetcher.calls} fetches")


@pytest.mark.bench
def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """All ratios are positive; how large they are is for a reader to judge."""
    ratios = main(rounds=5, calls=10)

    assert all(ratio > 0 for ratio in ratios.values())
    printed = capsys.readouterr().out
    assert "200 forged tokens of unknown keys in 8 s: 1 fetches" in printed
    with capsys.disabled():
        print(printed)


class CountingFetcher:
    """Serves a key set from memory, or fails."""

    def __init__(self, document: object) -> None:
        self._document = document
        self.calls = 0

    def fetch(self, uri: str) -> bytes:
        """Return the document."""
        self.calls += 1
        if self._document is None:
            raise JwksFetchError(f"HTTP 503 from {uri}")
        return json.dumps(self._document).encode()

    async def fetch_async(self, uri: str) -> bytes:
        """Return the document."""
        return self.fetch(uri)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


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


def best_of(
    subjects: list[Callable[[], None]], rounds: int, calls: int
) -> dict[Callable[[], None], float]:
    """Return the seconds that one call of each subject takes, in its best round."""
    best = dict.fromkeys(subjects, float("inf"))
    for _ in range(rounds):
        for subject in subjects:
            subject()  # the subject before has left its own code in the processor's caches
            started = time.perf_counter()
            for _ in range(calls):
                subject()
            best[subject] = min(best[subject], (time.perf_counter() - started) / calls)
    return best


def _print_ratios(ratios: dict[str, float]) -> dict[str, float]:
    for name, ratio in ratios.items():
        print(f"{name:36}{ratio:8.2f}")
    return ratios


def _processor() -> str:
    """Name the processor."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if sys.platform == "linux" else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


def import_seconds(statement: str, runs: int = 9) -> float:
    """Return how much more processor time an interpreter takes for ``statement``: best of several.

    With the modules compiled already, as they are on all but the first start: whatever forbids that
    here, the children keep bytecode in a folder of their own.
    """
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def run(code: str) -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-P", "-c", code], check=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

        run(statement)
        times = [(run("pass"), run(statement)) for _ in range(runs)]
    return min(cost for _, cost in times) - min(bare for bare, _ in times)


def access_token(private_key: RSAPrivateKey, *, kid: str = KID) -> str:
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
        for part in ({"kid": kid, "alg": "RS256"}, claims)
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
