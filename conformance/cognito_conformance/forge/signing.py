"""From a signing input to signature octets: properly, with the wrong key, or not at all.

Everything is deterministic, so that a replay shows the same bytes: PSS takes its salt from the
message and ECDSA its nonce from RFC 6979.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from cognito_conformance.forge import pkcs1
from cognito_conformance.forge.errors import RecipeError
from cognito_conformance.forge.keys import OCT_SECRET, Keyring, RsaKey

HASHES: Final = {"256": "sha256", "384": "sha384", "512": "sha512"}
LIBRARY_HASHES: Final[Mapping[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
RSA_ALGORITHMS: Final = frozenset(f"{family}{size}" for family in ("RS", "PS") for size in HASHES)
ALGORITHMS: Final = RSA_ALGORITHMS | {"ES256", "EdDSA"}

#: How genuine signature octets are spoilt (RFC 8017 §8.2.2 steps 1 and 2).
ADJUSTMENTS: Final[Mapping[str, Callable[[bytes, RsaKey], bytes]]] = {
    "plus-modulus": lambda signature, key: _octets(
        int.from_bytes(signature, "big") + key.n, key.size
    ),
    "leading-zero": lambda signature, _: b"\x00" + signature,
    "trailing-zero": lambda signature, _: signature + b"\x00",
    "without-first": lambda signature, _: signature[1:],
    "without-last": lambda signature, _: signature[:-1],
    "doubled": lambda signature, _: signature * 2,
    # For signatures that begin with a zero octet: see `suits`.
    "zero-kept": lambda signature, _: signature,
    "zero-stripped": lambda signature, _: signature[1:],
}
INTEGERS: Final[Mapping[str, Callable[[RsaKey], int]]] = {
    "zero": lambda _: 0,
    "one": lambda _: 1,
    "n-minus-one": lambda key: key.n - 1,
    "n": lambda key: key.n,
    "n-plus-one": lambda key: key.n + 1,
}


def sign(message: bytes, how: Mapping[str, Any], keys: Keyring) -> bytes:
    """Return the signature over ``message`` that the (already rendered) ``sign`` table asks for."""
    if "none" in how:
        return b""
    if "hex" in how:
        return bytes.fromhex(how["hex"])
    if "hmac" in how:
        digest = HASHES[how.get("alg", "HS256")[2:]]
        return hmac.digest(hmac_secret(how["hmac"], keys), message, digest)
    name = how.get("key", "k1")
    if name == "ec":
        return _ecdsa(message, keys)
    if name == "ed":
        return keys.ed.sign(message)
    key = keys.rsa(name)
    if "integer" in how:
        return _octets(INTEGERS[how["integer"]](key), key.size)
    if "em" in how:
        block = pkcs1.ENCODERS[how["em"]](message, key.size)
        return _octets(key.raw(int.from_bytes(block, "big") % key.n), key.size)
    signature = _rsa(message, how.get("alg", "RS256"), key)
    return ADJUSTMENTS[how["adjust"]](signature, key) if "adjust" in how else signature


def suits(message: bytes, how: Mapping[str, Any], keys: Keyring) -> bool:
    """Tell whether ``message`` can be signed as asked; if not, another must be tried.

    One signature in 256 begins with a zero octet, and about one in three leaves room for n.
    """
    adjust = how.get("adjust")
    if adjust not in ("zero-kept", "zero-stripped", "plus-modulus"):
        return True
    key = keys.rsa(how.get("key", "k1"))
    signature = _rsa(message, how.get("alg", "RS256"), key)
    if adjust == "plus-modulus":
        return int.from_bytes(signature, "big") < (1 << 8 * key.size) - key.n
    return signature[0] == 0


def hmac_secret(text: str, keys: Keyring) -> bytes:
    """Return the octets named by e.g. ``pem:k1+strip+crlf``, ``text:secret`` or ``empty``."""
    what, *changes = text.split("+") if not text.startswith("text:") else [text]
    form, _, argument = what.partition(":")
    if form == "text":
        return argument.encode()
    if form == "empty":
        return b""
    secret = OCT_SECRET if form == "oct" else keys.public_bytes(form, argument)
    for change in changes:
        secret = SECRET_CHANGES[change](secret)
    return secret


SECRET_CHANGES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "nl": lambda secret: secret.rstrip(b"\n") + b"\n",
    "strip": bytes.strip,
    "crlf": lambda secret: secret.replace(b"\n", b"\r\n"),
    "lead": lambda secret: b"\n" + secret,
    "space": lambda secret: b" " + secret,
    "one-line": lambda secret: secret.replace(b"\n", b""),
}


def _rsa(message: bytes, algorithm: str, key: RsaKey) -> bytes:
    digest = HASHES[algorithm[2:]]
    if algorithm.startswith("PS"):
        block = _pss_block(message, key.n.bit_length() - 1, digest)
    elif key.signer is not None and key.size > 128:  # noqa: PLR2004  (see below)
        return key.signer.sign(message, padding.PKCS1v15(), LIBRARY_HASHES[digest]())
    else:
        # The library may refuse keys below 2048 bits, and knows nothing of e = 1.
        block = pkcs1.correct(message, key.size, digest)
    return _octets(key.raw(int.from_bytes(block, "big")), key.size)


def _pss_block(message: bytes, bits: int, digest: str) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017 §9.1.1 with a salt as long as the hash, made from the message."""
    size = (bits + 7) // 8
    hashed = hashlib.new(digest, message).digest()
    salt = hashlib.new(digest, b"salt" + message).digest()
    inner = hashlib.new(digest, bytes(8) + hashed + salt).digest()
    data = bytes(size - len(salt) - len(inner) - 2) + b"\x01" + salt
    mask = b"".join(
        hashlib.new(digest, inner + counter.to_bytes(4, "big")).digest()
        for counter in range(len(data) // len(inner) + 1)
    )
    masked = bytearray(left ^ right for left, right in zip(data, mask, strict=False))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + inner + b"\xbc"


def _ecdsa(message: bytes, keys: Keyring) -> bytes:
    der = keys.ec.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    # RFC 7518 §3.4: R and S side by side, not DER.
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))


def _octets(number: int, size: int) -> bytes:
    return number.to_bytes(max(size, (number.bit_length() + 7) // 8), "big")


def check(how: Mapping[str, Any]) -> None:
    """Refuse a ``sign`` table with a value outside the vocabulary."""
    for member, known in (
        ("alg", ALGORITHMS | {"HS256", "HS384", "HS512"}),
        ("em", pkcs1.ENCODERS.keys()),
        ("adjust", ADJUSTMENTS.keys()),
        ("integer", INTEGERS.keys()),
    ):
        if member in how and how[member] not in known:
            raise RecipeError(f"sign.{member}: {how[member]!r} is not known")
