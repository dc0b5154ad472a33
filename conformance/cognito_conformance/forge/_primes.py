"""Seeded RSA primes, so that a forge made from a seed signs the same bytes on every machine.

For the suite's own throw-away keys only: the randomness is reproducible on purpose.
"""

from functools import cache
from random import Random

SIEVE_LIMIT = 20_000
ROUNDS = 12


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
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(
        _passes_miller_rabin(candidate, odd, twos, base)
        for base in (2, *(rng.randrange(3, candidate - 1) for _ in range(ROUNDS - 1)))
    )


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
