"""Signatures by the right key over a wrong encoding of the right digest (RFC 8017 §9.2).

An implementation that parses the padded message instead of comparing it accepts some of these;
with a small public exponent, that is a forgery (CVE-2006-4339). The classes are those of Project
Wycheproof's RSA signature tests; the mutations are generated here from the encoding's DER tree.
"""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_verify import SignatureInvalid
from cognito_verify._compact import Untrusted
from cognito_verify._rsa import check_signature, load_numbers

MESSAGE = b"header.payload"
SIZE = 256
SHA256_OID = bytes.fromhex("0609608648016503040201")
OTHER_OIDS = {
    "SHA-1": bytes.fromhex("06052b0e03021a"),
    "MD5": bytes.fromhex("06082a864886f70d0205"),
    "SHA-384": bytes.fromhex("0609608648016503040202"),
    "SHA-512": bytes.fromhex("0609608648016503040203"),
    "SHA3-256": bytes.fromhex("0609608648016503040208"),
    "nearly SHA-256": bytes.fromhex("0609608648016503040281"),
    "SHA-256 with a longer arc": bytes.fromhex("060a60864801650304020100"),
}
NULL = b"\x05\x00"
DIGEST = hashlib.sha256(MESSAGE).digest()


def tlv(tag: int, content: bytes) -> bytes:
    """Write one DER element."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    encoded = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(encoded)]) + encoded + content


def long_length(tag: int, content: bytes, octets: int) -> bytes:
    """Write one BER element whose length takes more room than it needs."""
    return bytes([tag, 0x80 | octets]) + len(content).to_bytes(octets, "big") + content


def indefinite(tag: int, content: bytes) -> bytes:
    """Write one BER element of indefinite length."""
    return bytes([tag, 0x80]) + content + b"\0\0"


ALGORITHM = tlv(0x30, SHA256_OID + NULL)
HASH = tlv(0x04, DIGEST)
DIGEST_INFO = tlv(0x30, ALGORITHM + HASH)


def padded(digest_info: bytes) -> bytes:
    """EMSA-PKCS1-v1_5 around any content."""
    return b"\0\1" + b"\xff" * (SIZE - 3 - len(digest_info)) + b"\0" + digest_info


def digest_infos() -> Iterator[tuple[str, bytes]]:
    """Every wrong DigestInfo, under a name."""
    yield "no DigestInfo: digest alone", DIGEST
    yield "no DigestInfo: octet string", HASH
    yield "no DigestInfo: empty", b""
    yield "missing NULL", tlv(0x30, tlv(0x30, SHA256_OID) + HASH)
    yield "no algorithm", tlv(0x30, HASH)
    yield "empty algorithm", tlv(0x30, tlv(0x30, b"") + HASH)
    for name, oid in OTHER_OIDS.items():
        yield f"hash named {name}", tlv(0x30, tlv(0x30, oid + NULL) + HASH)
    sha1 = hashlib.sha1(MESSAGE).digest()  # noqa: S324  (on purpose)
    sha1_info = tlv(0x30, tlv(0x30, OTHER_OIDS["SHA-1"] + NULL) + tlv(0x04, sha1))
    yield "SHA-1 throughout", sha1_info
    sha512_info = tlv(0x30, OTHER_OIDS["SHA-512"] + NULL)
    yield "SHA-512 throughout", tlv(0x30, sha512_info + tlv(0x04, hashlib.sha512(MESSAGE).digest()))
    elements: dict[str, tuple[int, bytes, Callable[[bytes], bytes]]] = {
        "sequence": (0x30, ALGORITHM + HASH, lambda new: new),
        "algorithm": (0x30, SHA256_OID + NULL, lambda new: tlv(0x30, new + HASH)),
        "oid": (0x06, SHA256_OID[2:], lambda new: tlv(0x30, tlv(0x30, new + NULL) + HASH)),
        "null": (0x05, b"", lambda new: tlv(0x30, tlv(0x30, SHA256_OID + new) + HASH)),
        "digest": (0x04, DIGEST, lambda new: tlv(0x30, ALGORITHM + new)),
    }
    garbage = b"\0" * 8
    for name, (tag, content, wrap) in elements.items():
        mutations = {
            "length in 1 extra octet": long_length(tag, content, 1),
            "length in 2 extra octets": long_length(tag, content, 2),
            "length in 5 extra octets": long_length(tag, content, 5),
            "indefinite length": indefinite(tag, content),
            "length one less": bytes([tag, max(0, len(content) - 1)]) + content,
            "length one more": bytes([tag, len(content) + 1]) + content,
            "length of 2^32": bytes([tag, 0x85, 1, 0, 0, 0, len(content)]) + content,
            "length of 2^64": bytes([tag, 0x89, 1, *bytes(7), len(content)]) + content,
            "length of 0xffffffff": bytes([tag, 0x84, 255, 255, 255, 255]) + content,
            "length 0": bytes([tag, 0]) + content,
            "garbage appended inside": tlv(tag, content + garbage),
            "NULL appended inside": tlv(tag, content + NULL),
            "NULL prepended inside": tlv(tag, NULL + content),
            "garbage after": tlv(tag, content) + garbage,
            "NULL after": tlv(tag, content) + NULL,
            "unused element before": b"\x49\x01\x00" + tlv(tag, content),
            "truncated": tlv(tag, content)[:-1],
            "left out": b"",
            "emptied": bytes([tag, 0]),
            "doubled": tlv(tag, content) * 2,
            "wrapped once more": tlv(0x30, tlv(tag, content)),
            "made a set": tlv(0x31, content),
            "class context": tlv(tag | 0x80, content),
            "class application": tlv(tag | 0x40, content),
            "constructed": tlv(tag ^ 0x20, content),
            "tag 0": tlv(0, content),
            "long tag": bytes([tag | 0x1F, tag & 0x1F]) + tlv(tag, content)[1:],
        }
        for mutation, element in mutations.items():
            yield f"{name}: {mutation}", wrap(element)
    for bit in (0, 7, 128, 255):
        flipped = (int.from_bytes(DIGEST, "big") ^ (1 << bit)).to_bytes(32, "big")
        yield f"digest: bit {bit} flipped", tlv(0x30, ALGORITHM + tlv(0x04, flipped))


def messages() -> Iterator[tuple[str, bytes]]:
    """Every wrong encoded message of the right length, under a name."""
    for name, digest_info in digest_infos():
        if digest_info != DIGEST_INFO:
            yield name, padded(digest_info)
    room = SIZE - 3 - len(DIGEST_INFO)
    good = padded(DIGEST_INFO)
    yield "block type 0", b"\0\0" + b"\0" * room + b"\0" + DIGEST_INFO
    yield "block type 2", b"\0\2" + good[2:]
    yield "first octet 1", b"\1" + good[1:]
    yield "padding not ff at its start", good[:2] + b"\xfe" + good[3:]
    yield "padding not ff at its end", good[: 1 + room] + b"\xfe" + good[2 + room :]
    yield "padding with a hole", good[:100] + b"\0" + good[101:]
    yield "no separator", good[: 2 + room] + b"\xff" + DIGEST_INFO
    yield "no padding", b"\0\1\0" + DIGEST_INFO + b"\0" * room
    for short in (1, 7, 8, 9, room - 1):
        garbage = b"\x55" * (room - short)
        yield (
            f"{short} octets of padding, garbage after the digest",
            b"\0\1" + b"\xff" * short + b"\0" + DIGEST_INFO + garbage,
        )
        yield (
            f"{short} octets of padding, garbage before",
            b"\0\1" + b"\xff" * short + b"\0" + garbage + DIGEST_INFO,
        )
        parameters = tlv(0x30, SHA256_OID + tlv(0x04, b"\x55" * max(0, room - short - 2)))
        digest_info = tlv(0x30, parameters + HASH)
        if len(digest_info) <= SIZE - 11:
            yield f"{short} octets of padding, garbage as parameters", padded(digest_info)
    yield "all zero", b"\0" * SIZE
    yield "all ff but the first", b"\0" + b"\xff" * (SIZE - 1)


MUTATIONS = dict(messages())


def sign(encoded: bytes, private_key: RSAPrivateKey) -> bytes:
    """RSASP1 (RFC 8017 §5.2.1) of any message representative."""
    numbers = private_key.private_numbers()
    p, q = numbers.p, numbers.q
    number = int.from_bytes(encoded, "big")
    m1, m2 = pow(number % p, numbers.dmp1, p), pow(number % q, numbers.dmq1, q)
    return (m2 + (m1 - m2) * numbers.iqmp % p * q).to_bytes(SIZE, "big")


def untrusted(signature: bytes) -> Untrusted:
    return Untrusted("k", {}, MESSAGE, signature)


def test_the_generator_makes_the_twelve_classes() -> None:
    """There are about as many mutations as Wycheproof has, and all differ from the good one."""
    assert len(MUTATIONS) > 150
    assert padded(DIGEST_INFO) not in MUTATIONS.values()
    assert {len(encoded) for encoded in MUTATIONS.values()} == {SIZE}


def test_the_unmutated_encoding_is_good(private_keys: dict[str, RSAPrivateKey]) -> None:
    """The twin that must be accepted, or else the refusals below mean nothing."""
    numbers = private_keys["a"].public_key().public_numbers()
    key = load_numbers("k", modulus=numbers.n, exponent=numbers.e)

    assert check_signature(untrusted(sign(padded(DIGEST_INFO), private_keys["a"])), key)


@pytest.mark.parametrize("encoded", MUTATIONS.values(), ids=list(MUTATIONS))
def test_a_mutated_encoding_is_refused(
    encoded: bytes, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """There is one encoding of a digest, and it is compared as a whole."""
    numbers = private_keys["a"].public_key().public_numbers()
    key = load_numbers("k", modulus=numbers.n, exponent=numbers.e)

    with pytest.raises(SignatureInvalid):
        check_signature(untrusted(sign(encoded, private_keys["a"])), key)


def test_every_octet_of_the_encoding_counts(private_keys: dict[str, RSAPrivateKey]) -> None:
    """RFC 8017 §8.2.2: EM and EM' are compared, all of them; so does `cryptography`'s own check."""
    public_key = private_keys["a"].public_key()
    numbers = public_key.public_numbers()
    key = load_numbers("k", modulus=numbers.n, exponent=numbers.e)
    good = padded(DIGEST_INFO)

    for position in range(SIZE):
        octet = bytes([good[position] ^ 1 << position % 8])
        encoded = good[:position] + octet + good[position + 1 :]
        if int.from_bytes(encoded, "big") >= numbers.n:
            continue  # no signature has this encoding
        signature = sign(encoded, private_keys["a"])
        with pytest.raises(InvalidSignature):
            public_key.verify(signature, MESSAGE, PKCS1v15(), SHA256())
        with pytest.raises(SignatureInvalid):
            check_signature(untrusted(signature), key)


@pytest.mark.parametrize("size", [SIZE - 1, SIZE - 51, 11, 52])
def test_padding_of_another_length_is_refused(
    size: int, private_keys: dict[str, RSAPrivateKey]
) -> None:
    """RFC 8017 §9.2: the padding fills the message, however many ff are enough to be padding."""
    numbers = private_keys["a"].public_key().public_numbers()
    key = load_numbers("k", modulus=numbers.n, exponent=numbers.e)
    room = max(0, size - 3 - len(DIGEST_INFO))
    short = b"\0\1" + b"\xff" * room + b"\0" + DIGEST_INFO
    shifted = (b"\0" * SIZE + short)[-SIZE:]

    for encoded in (shifted, (short + b"\0" * SIZE)[:SIZE]):
        with pytest.raises(SignatureInvalid):
            check_signature(untrusted(sign(encoded, private_keys["a"])), key)
