"""RSA keys and RS256 signatures."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384

from cognito_verify import SignatureInvalid
from cognito_verify._compact import Untrusted
from cognito_verify._rsa import MAX_MODULUS_BITS, RsaKey, UnusableKey, check_signature, load_numbers

MESSAGE = b"header.payload"


@pytest.fixture(scope="module")
def key(private_keys: dict[str, RSAPrivateKey]) -> RsaKey:
    numbers = private_keys["a"].public_key().public_numbers()
    return load_numbers("k", modulus=numbers.n, exponent=numbers.e)


def untrusted(signature: bytes) -> Untrusted:
    return Untrusted("k", {"a": 1}, MESSAGE, signature)


def test_the_holders_signature_is_good(key: RsaKey, private_keys: dict[str, RSAPrivateKey]) -> None:
    """What the key signed becomes `Signed`, unchanged."""
    signature = private_keys["a"].sign(MESSAGE, PKCS1v15(), SHA256())

    signed = check_signature(untrusted(signature), key)

    assert signed == ("k", {"a": 1})


@pytest.mark.parametrize("bits", [3072, 4096])
def test_larger_keys_are_fine(bits: int) -> None:
    """RFC 7518 §3.3: 2048 bits or larger."""
    private_key = generate_private_key(65537, bits)
    numbers = private_key.public_key().public_numbers()
    key = load_numbers("k", modulus=numbers.n, exponent=numbers.e)

    signature = private_key.sign(MESSAGE, PKCS1v15(), SHA256())

    assert key.size == bits // 8
    assert check_signature(untrusted(signature), key).kid == "k"


def test_exponent_three_is_accepted() -> None:
    """The padding is checked as a whole, so a small exponent gives nothing away."""
    private_key = generate_private_key(3, 2048)
    key = load_numbers("k", modulus=private_key.public_key().public_numbers().n, exponent=3)

    assert check_signature(untrusted(private_key.sign(MESSAGE, PKCS1v15(), SHA256())), key)


SIGNERS: dict[str, Callable[[RSAPrivateKey], bytes]] = {
    "SHA-1": lambda key: key.sign(MESSAGE, PKCS1v15(), SHA1()),  # noqa: S303  (on purpose)
    "SHA-384": lambda key: key.sign(MESSAGE, PKCS1v15(), SHA384()),
    "PSS": lambda key: key.sign(MESSAGE, PSS(MGF1(SHA256()), 32), SHA256()),
    "other message": lambda key: key.sign(MESSAGE + b" ", PKCS1v15(), SHA256()),
}


@pytest.mark.parametrize("signer", SIGNERS.values(), ids=list(SIGNERS))
def test_other_signatures_of_the_holder_are_refused(
    signer: Callable[[RSAPrivateKey], bytes], key: RsaKey, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """RS256 is one padding and one hash."""
    with pytest.raises(SignatureInvalid) as caught:
        check_signature(untrusted(signer(private_keys["a"])), key)

    assert caught.value.code == "signature"
    assert caught.value.kid == "k"


def test_a_strangers_signature_is_refused(
    key: RsaKey, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """Somebody else's key is no help."""
    signature = private_keys["stranger"].sign(MESSAGE, PKCS1v15(), SHA256())

    with pytest.raises(SignatureInvalid):
        check_signature(untrusted(signature), key)


def test_every_special_integer_is_refused(
    key: RsaKey, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """RFC 8017 §5.2.2: 0, 1, n - 1, n; and the good signature plus n, or of another length."""
    modulus = private_keys["a"].public_key().public_numbers().n
    good = private_keys["a"].sign(MESSAGE, PKCS1v15(), SHA256())
    number = int.from_bytes(good, "big")
    signatures = [value.to_bytes(256, "big") for value in (0, 1, modulus - 1, modulus)]
    signatures += [(number + modulus).to_bytes(257, "big"), b"\0" + good, good + b"\0", good[:-1]]
    if number + modulus < 1 << 2048:
        signatures.append((number + modulus).to_bytes(256, "big"))

    for signature in signatures:
        with pytest.raises(SignatureInvalid):
            check_signature(untrusted(signature), key)


@pytest.mark.parametrize("position", [0, 1, 1023, 2040, 2047])
def test_a_flipped_bit_is_refused(
    position: int, key: RsaKey, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """Every bit counts."""
    good = private_keys["a"].sign(MESSAGE, PKCS1v15(), SHA256())
    flipped = (int.from_bytes(good, "big") ^ (1 << position)).to_bytes(256, "big")

    with pytest.raises(SignatureInvalid):
        check_signature(untrusted(flipped), key)


MODULUS = (1 << 2047) + 1
UNUSABLE: dict[str, dict[str, Any]] = {
    "modulus of 2047 bits": {"modulus": (1 << 2046) + 1, "exponent": 65537},
    "modulus of 1024 bits": {"modulus": (1 << 1023) + 1, "exponent": 65537},
    "modulus 0": {"modulus": 0, "exponent": 65537},
    "modulus too long": {"modulus": (1 << MAX_MODULUS_BITS) + 1, "exponent": 65537},
    "modulus even": {"modulus": 1 << 2047, "exponent": 65537},
    "exponent 0": {"modulus": MODULUS, "exponent": 0},
    "exponent 1": {"modulus": MODULUS, "exponent": 1},
    "exponent 2": {"modulus": MODULUS, "exponent": 2},
    "exponent even": {"modulus": MODULUS, "exponent": 65536},
    "exponent of 257 bits": {"modulus": MODULUS, "exponent": (1 << 256) + 1},
    "exponent as large as the modulus": {"modulus": MODULUS, "exponent": MODULUS},
}


@pytest.mark.parametrize("numbers", UNUSABLE.values(), ids=list(UNUSABLE))
def test_unsafe_numbers_make_no_key(numbers: dict[str, int]) -> None:
    """RFC 7518 §3.3 and FIPS 186-5 §A.1.1."""
    with pytest.raises(UnusableKey):
        load_numbers("k", **numbers)


def test_keys_are_compared_by_their_numbers(key: RsaKey) -> None:
    """Loading a key twice gives the same material."""
    numbers = key.public_key.public_numbers()
    again = load_numbers("other id", modulus=numbers.n, exponent=numbers.e)

    assert key.same_material(again)


def test_the_independent_arithmetic_agrees(
    key: RsaKey, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """A signature made by modular exponentiation alone (RFC 8017 §8.2.1) is good."""
    numbers = private_keys["a"].private_numbers()
    digest_info = bytes.fromhex("3031300d060960864801650304020105000420")
    encoded = digest_info + hashlib.sha256(MESSAGE).digest()
    encoded = b"\0\1" + b"\xff" * (256 - 3 - len(encoded)) + b"\0" + encoded
    number = pow(int.from_bytes(encoded, "big"), numbers.d, numbers.public_numbers.n)

    assert check_signature(untrusted(number.to_bytes(256, "big")), key)
