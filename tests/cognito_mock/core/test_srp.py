"""SRP against the fact book's vector, and the refusals that keep it safe."""

import hashlib

import pytest

from cognito_mock.core import srp

POOL_NAME = "AbCdEfGhI"
USER_ID = "7c5dd7a1-6f5e-4b0a-9a3f-2b6d3f6f1e10"
PASSWORD = "Passw0rd!x"
SALT = "d3a1c5e9f0718293a4b5c6d7e8f90a1b"


def stream(seed: str) -> int:
    """The vector's randomness: SHA-256 blocks of seed and counter, 128 bytes, modulo N."""
    blocks = b"".join(hashlib.sha256(seed.encode() + bytes([n])).digest() for n in range(4))
    return int.from_bytes(blocks, "big") % srp.N


def sha256_of(number: int) -> str:
    return hashlib.sha256(srp.pad_hex(number)).hexdigest()


def test_vector():
    """COG-API-SRP-013, every value that it names."""
    a = stream("client-a")
    A = pow(srp.G, a, srp.N)  # noqa: N806
    verifier = srp.make_verifier(POOL_NAME, USER_ID, PASSWORD, SALT)
    exchange = srp.begin_exchange(verifier, stream("server-b").to_bytes(384, "big"))
    key = srp.session_key(exchange, A, verifier)

    assert sha256_of(A) == "5c2298826df4569e14d08dd409ec400155b38fadc7aa6b59f8c72b7886494c82"
    assert (
        sha256_of(int(verifier, 16))
        == "146f2995208085beb3176fb9793eb06fde4fab30eef215e6fb0ef33f458f5302"
    )
    assert (
        sha256_of(exchange.B) == "45a18309de075ffe2accb8f0951297be63e5bbb65912389be6ed61e9a5905aa1"
    )
    assert key.hex() == "99822cac8ef70d5acee4311152337d6b"
    assert (
        srp.claim_signature(
            key,
            pool_name=POOL_NAME,
            user_id=USER_ID,
            secret_block=bytes(range(32)),
            timestamp="Wed Sep 3 07:05:09 UTC 2025",
        )
        == "fRXreyw+G4QwZC0os6vUqTvmaN0TAu+TA4lUdHEzj1A="
    )


def test_k_is_the_hash_of_the_group():
    """COG-API-SRP-001, -003: k = SHA-256(padHex(N) + padHex(g)) is of that N and g alone."""
    digest = hashlib.sha256(srp.pad_hex(srp.N) + srp.pad_hex(srp.G)).hexdigest()
    assert f"{srp.K:064x}" == digest
    assert digest == "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6"


@pytest.mark.parametrize(
    ("number", "padded"),
    [(0x7F, "7f"), (0x80, "0080"), (0x1, "01"), (0x123, "0123"), (0xABC, "0abc"), (0, "00")],
)
def test_padding_keeps_numbers_positive(number, padded):
    """COG-API-SRP-002: an odd length gets one digit, a high first digit gets two."""
    assert srp.pad_hex(number).hex() == padded


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "00",
        f"{srp.N:x}",
        "",
        "xyz",
        "-5",
        "+5",
        " 5",
        "5_5",
        "0x5",
        "\u0665",
        f"{2 * srp.N:x}",
        "1" * 100_000,
    ],
    ids=[
        "zero",
        "zeros",
        "N",
        "empty",
        "letters",
        "minus",
        "plus",
        "space",
        "underscore",
        "prefix",
        "arabic-digit",
        "2N",
        "huge",
    ],
)
def test_unsafe_public_values_are_refused(text):
    """COG-API-SRP-004, RFC 5054 §2.5.4: A = 0 (mod N) would make the shared secret known."""
    assert srp.parse_public_value(text) is None


def test_public_values_are_read_in_either_case():
    """COG-API-SRP-004: plain hex, either case."""
    assert srp.parse_public_value("aB") == 0xAB
    assert srp.parse_public_value(f"{srp.N - 1:X}") == srp.N - 1
