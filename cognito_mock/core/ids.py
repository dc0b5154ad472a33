"""Identifiers, secrets and codes in Cognito's shapes. Randomness is an argument."""

import os
import threading
from typing import Protocol

_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
_POOL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BLOCK_BYTES = 16384


class Entropy(Protocol):
    """A source of random bytes."""

    def token_bytes(self, count: int) -> bytes:
        """Return ``count`` random bytes."""


class SystemEntropy:
    """The operating system's generator, read in blocks; no byte is given out twice.

    Each call of the generator lets go of the interpreter's lock, which with several busy threads
    means a change of threads. A sign-in needs random bytes in seven places.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = 0
        self._block = b""
        self._used = 0

    def token_bytes(self, count: int) -> bytes:
        """Return ``count`` random bytes."""
        with self._lock:
            start, end = self._used, self._used + count
            # After a fork parent and child would go on with the same block.
            if end > len(self._block) or self._process != os.getpid():
                self._process = os.getpid()
                self._block = os.urandom(max(count, _BLOCK_BYTES))
                start, end = 0, count
            self._used = end
            return self._block[start:end]


def random_text(entropy: Entropy, alphabet: str, length: int) -> str:
    """Return ``length`` characters of ``alphabet``, each equally likely."""
    # Rejection sampling keeps every character equally likely.
    limit = 256 - 256 % len(alphabet)
    out: list[str] = []
    while len(out) < length:
        out += [alphabet[b % len(alphabet)] for b in entropy.token_bytes(length) if b < limit]
    return "".join(out[:length])


def new_pool_id(entropy: Entropy, region: str) -> str:
    """``us-east-1_AbCdEfGhI`` (COG-API-WIRE-031)."""
    return f"{region}_{random_text(entropy, _POOL, 9)}"


def new_client_id(entropy: Entropy) -> str:
    """26 lower-case letters and digits (COG-API-WIRE-033)."""
    return random_text(entropy, _LOWER, 26)


def new_client_secret(entropy: Entropy) -> str:
    """52 lower-case letters and digits (COG-API-WIRE-033)."""
    return random_text(entropy, _LOWER, 52)


def new_uuid(entropy: Entropy) -> str:
    """Return a random UUID, version 4 (RFC 9562 §5.4)."""
    # Four of these go into a sign-in; uuid.UUID would take several times as long.
    text = entropy.token_bytes(16).hex()
    variant = "89ab"[int(text[16], 16) % 4]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def new_sub(entropy: Entropy) -> str:
    """Return a UUID-shaped subject, not quite RFC 4122 (COG-TOK-010, COG-API-WIRE-035)."""
    return sub_from_hex(entropy.token_bytes(16).hex())


def sub_from_hex(text: str) -> str:
    """Give 32 hex digits the shape of a subject."""
    return f"{text[:8]}-{text[8:12]}-70{text[14:16]}-{text[16:20]}-{text[20:]}"


def new_code(entropy: Entropy, digits: int = 6) -> str:
    """Return a confirmation or MFA code of decimal digits (COG-API-WIRE-038)."""
    return random_text(entropy, "0123456789", digits)
