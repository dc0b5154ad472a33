"""Seeded RSA primes, so that a forge made from a seed signs the same bytes on every machine.

For the suite's own throw-away keys only: the randomness is reproducible on purpose.
"""

from functools import cache
from random import Random

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

SIEVE_LIMIT = 20_000
#: Of Miller and Rabin's test, for numbers that nobody chose and that passed Fermat's (FIPS 186-5,
#: table B.1, asks for four of a candidate that has passed nothing).
ROUNDS = 4
#: As many bases are drawn as when there was no other test: a seed keeps its keys.
_DRAWN = 11
#: The library takes no shorter modulus.
_LIBRARY_BITS = 1024
_DIGEST = bytes(32)
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420") + _DIGEST


def rsa_primes(bits: int, exponent: int, rng: Random) -> tuple[int, ...]:
    """Return distinct primes whose product has exactly ``bits`` bits and suits ``exponent``.

    Large moduli get more than two primes (RFC 8017 §3.2): the public key looks the same and costs
    a tenth of the time.
    """
    count = max(2, bits // 1024)
    while True:
        primes = tuple(_prime(bits // count, exponent, rng) for _ in range(count))
        product = 1
        for prime in primes:
            product *= prime
        if len(set(primes)) == count and product.bit_length() == bits:
            return primes


def _prime(bits: int, exponent: int, rng: Random) -> int:
    while True:
        # The three top bits are set so that the product of up to four primes keeps its length.
        candidate = rng.getrandbits(bits) | 0b111 << (bits - 3) | 1
        if (candidate - 1) % exponent and _is_probable_prime(candidate, rng):
            return candidate


def _is_probable_prime(candidate: int, rng: Random) -> bool:
    if any(candidate % small == 0 for small in _small_primes()):
        return False
    bases = (2, *(rng.randrange(3, candidate - 1) for _ in range(_DRAWN)))
    if candidate.bit_length() >= _LIBRARY_BITS and not _passes_fermat(candidate):
        return False
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes_miller_rabin(candidate, odd, twos, base) for base in bases[:ROUNDS])


def _passes_fermat(candidate: int) -> bool:
    """Tell whether ``base ** (candidate - 2)`` is the inverse of ``base``.

    The library's check of a signature is such a power, ten times as fast as Python's: the base is
    a padded block (RFC 8017 §9.2) and its inverse the "signature".
    """
    size = candidate.bit_length() // 8
    block = b"\x00\x01" + b"\xff" * (size - len(_DIGEST_INFO) - 3) + b"\x00" + _DIGEST_INFO
    try:
        inverse = pow(int.from_bytes(block, "big"), -1, candidate)
    except ValueError:
        return False
    power = rsa.RSAPublicNumbers(candidate - 2, candidate).public_key()
    try:
        power.verify(
            inverse.to_bytes(size, "big"), _DIGEST, padding.PKCS1v15(), Prehashed(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return True


def _passes_miller_rabin(candidate: int, odd: int, twos: int, base: int) -> bool:
    power = pow(base, odd, candidate)
    if power in (1, candidate - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % candidate
        if power == candidate - 1:
            return True
    return False


@cache
def _small_primes() -> tuple[int, ...]:
    sieve = bytearray([1]) * SIEVE_LIMIT
    for number in range(2, int(SIEVE_LIMIT**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(
                len(range(number * number, SIEVE_LIMIT, number))
            )
    return tuple(number for number in range(2, SIEVE_LIMIT) if sieve[number])
