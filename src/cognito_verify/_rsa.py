"""RSA keys, and the one signature algorithm there is: RSASSA-PKCS1-v1_5 with SHA-256 (RS256)."""

from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256, Hash

from cognito_verify._compact import Untrusted
from cognito_verify._strict_json import JsonObject
from cognito_verify.errors import SignatureInvalid

# RFC 7518 §3.3 asks for 2048 bits; the upper bound limits what checking one signature costs.
MIN_MODULUS_BITS = 2048
MAX_MODULUS_BITS = 8192
# e = 3 is allowed (conformance: jwk/exponent-3): the attacks on small exponents are attacks on
# lenient padding checks, and OpenSSL compares the whole encoded message. e = 1 is no encryption.
MIN_EXPONENT = 3
MAX_EXPONENT = 2**256  # FIPS 186-5 §A.1.1

_PADDING = PKCS1v15()
# RFC 8017 §9.2 note 1: the DER of a SHA-256 DigestInfo, up to the digest itself.
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class UnusableKey(ValueError):  # noqa: N818  (named after what was found)
    """The key must not be used to check an RS256 signature."""


class RsaKey(NamedTuple):
    """A public key fit for RS256. Made by `load_key` alone."""

    kid: str
    public_key: RSAPublicKey
    size: int
    #: Has hashed nothing: to copy it takes two thirds of the time of making a new one.
    sha256: Hash

    def same_material(self, other: "RsaKey") -> bool:
        """Tell whether both are one mathematical key."""
        return self.public_key.public_numbers() == other.public_key.public_numbers()


class Signed(NamedTuple):
    """What the holder of the key ``kid`` has signed. Made by `check_signature`, or recalled."""

    kid: str
    claims: JsonObject


def load_numbers(kid: str, *, modulus: int, exponent: int) -> RsaKey:
    """Build a key from its numbers.

    Raises:
        UnusableKey: They do not make a key that is safe to use.

    """
    bits = modulus.bit_length()
    if not MIN_MODULUS_BITS <= bits <= MAX_MODULUS_BITS:  # conformance: jwk/rsa-1024
        raise UnusableKey(f"has a modulus of {bits} bits")
    if not modulus % 2:
        raise UnusableKey("has an even modulus")
    if not exponent % 2 or not MIN_EXPONENT <= exponent < MAX_EXPONENT:
        raise UnusableKey("has an unsafe exponent")  # conformance: jwk/exponent-1
    public_key = RSAPublicNumbers(exponent, modulus).public_key()
    return RsaKey(kid, public_key, (bits + 7) // 8, _empty_sha256())


@cache
def _empty_sha256() -> Hash:
    """Return a hash of nothing; not made by an import, for OpenSSL takes a millisecond."""
    return Hash(SHA256())


def check_signature(untrusted: Untrusted, key: RsaKey) -> Signed:
    """Check the signature with ``key``, and nothing else.

    Raises:
        SignatureInvalid: Somebody else wrote this.

    """
    kid, claims, signing_input, signature = untrusted
    # RFC 8017 §8.2.2 step 1. # conformance: sig/truncated, sig/extended
    if len(signature) != key.size:
        raise SignatureInvalid(kid=kid)
    sha256 = key.sha256.copy()
    sha256.update(signing_input)
    # The whole encoding is compared, nothing in it is parsed, and s must be less than n. OpenSSL
    # compares 00 01 ff .. ff 00, with at least 8 ff, and returns all that is behind: if these are
    # the 51 octets of the one DigestInfo, then there is one number of ff that fits before them.
    # `RSAPublicKey.verify` does the same in 6 % more time (docs/performance.md).
    # conformance: sig/em-*, sig/special-integers, sig/plus-modulus, sig/flipped-bit
    try:
        digest_info = key.public_key.recover_data_from_signature(signature, _PADDING, None)
    except InvalidSignature:
        raise SignatureInvalid(kid=kid) from None
    if digest_info != _DIGEST_INFO + sha256.finalize():
        raise SignatureInvalid(kid=kid)
    return tuple.__new__(Signed, (kid, claims))
