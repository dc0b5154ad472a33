"""The reference's key set: which JWKs count, and when the set is fetched again."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from cognito_conformance.model import Config, ConfigurationRefused, Rejected
from cognito_conformance.saboteurs.encoding import decode_segment, parse_json

COOLDOWN_S: Final = 10
TTL_S: Final = 3600
LARGEST_DOCUMENT: Final = 512 * 1024
TIMEOUT_S: Final = 3.0
SMALLEST_MODULUS: Final = 2048
SMALLEST_EXPONENT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One usable key: the integers, and the JWK they came from."""

    n: int
    e: int
    jwk: dict[str, Any]

    @property
    def public(self) -> rsa.RSAPublicKey:
        """The key as the library wants it."""
        return public_key(self.n, self.e)


@lru_cache(maxsize=64)
def public_key(n: int, e: int) -> rsa.RSAPublicKey:
    """Return the library's key of these integers."""
    return rsa.RSAPublicNumbers(e, n).public_key()


@lru_cache(maxsize=64)
def _integer(text: str) -> int:
    return int.from_bytes(decode_segment(text), "big")


class FetchError(Exception):
    """The key set could not be had."""


def fetch(address: str) -> Any:
    """GET a key set: one request, no redirect, a limit on its size and on the time it takes."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=TIMEOUT_S
    )
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read(LARGEST_DOCUMENT + 1)
    except (OSError, http.client.HTTPException) as error:
        raise FetchError("no answer") from error
    finally:
        connection.close()
    if answer.status != http.client.OK or len(body) > LARGEST_DOCUMENT:
        raise FetchError("not a key set")
    try:
        return parse_json(body)
    except Rejected as error:
        raise FetchError("not JSON") from error


class KeySet:
    """Keys by id, from the configuration or from an address."""

    cooldown_s: float = COOLDOWN_S
    ttl_s: float = TTL_S

    def __init__(self, config: Config) -> None:
        self.fetch: Callable[[str], Any] = fetch
        self.keys: dict[str, Key] = {}
        self.address = config.jwks_uri or ""
        self._fetched_at: float | None = None
        self.last_try: float | None = None
        if config.jwks_uri is None:
            self.keys = self.usable(config.jwks)
        elif urlsplit(config.jwks_uri).scheme not in self.schemes():
            raise ConfigurationRefused("a key set address is http or https")

    def schemes(self) -> tuple[str, ...]:
        """Return the schemes an address may have."""
        return ("http", "https")

    def find(self, kid: object, now: float) -> Key:
        """Return the one key called ``kid``, fetching at most once per cooldown."""
        self.refresh(kid, now)
        key = self.pick(kid)
        if key is None:
            raise Rejected("key", "no such key")
        return key

    def pick(self, kid: object) -> Key | None:
        """Return the key with exactly this id."""
        return self.keys.get(kid) if isinstance(kid, str) else None

    def refresh(self, kid: object, now: float) -> None:
        """Fetch if there is a reason to and the last attempt is long enough ago."""
        if not self.address:
            return
        stale = self._fetched_at is None or now - self._fetched_at >= self.ttl_s
        if (stale or self.pick(kid) is None) and self.may_fetch(now):
            self.last_try = now
            self.load(now)

    def may_fetch(self, now: float) -> bool:
        """Tell whether the cooldown since the last attempt is over."""
        return self.last_try is None or now - self.last_try >= self.cooldown_s

    def load(self, now: float) -> None:
        """Replace the keys by what the address serves; keep them if that is nothing usable."""
        try:
            keys = self.usable(self.fetch(self.address))
        except FetchError:
            keys = {}
        if keys:
            self.keys, self._fetched_at = keys, now

    def usable(self, document: Any) -> dict[str, Key]:
        """Return the keys of a document that may verify RS256, the first of each id."""
        entries = document.get("keys") if isinstance(document, dict) else None
        found: dict[str, Key] = {}
        for jwk in entries if isinstance(entries, list) else ():
            key = self.usable_key(jwk)
            if key is not None:
                found.setdefault(jwk["kid"], key)
        return found

    def usable_key(self, jwk: Any) -> Key | None:
        """Return the key in ``jwk``, or None where it is not one of ours."""
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA":
            return None
        if not isinstance(jwk.get("kid"), str) or not self.purpose_fits(jwk):
            return None
        key = self.numbers(jwk)
        return key if key is not None and self.strong(key) else None

    def purpose_fits(self, jwk: dict[str, Any]) -> bool:
        """Tell whether use, key_ops and alg allow verifying RS256 (RFC 7517 §4.2 to 4.4)."""
        return self.use_fits(jwk) and self.operations_fit(jwk) and self.algorithm_fits(jwk)

    def use_fits(self, jwk: dict[str, Any]) -> bool:
        """Tell whether the key is for signatures."""
        return bool(jwk.get("use", "sig") == "sig")

    def operations_fit(self, jwk: dict[str, Any]) -> bool:
        """Tell whether verifying is among the key's operations."""
        operations = jwk.get("key_ops", ["verify"])
        return isinstance(operations, list) and "verify" in operations

    def algorithm_fits(self, jwk: dict[str, Any]) -> bool:
        """Tell whether the key is for RS256."""
        return bool(jwk.get("alg", "RS256") == "RS256")

    def numbers(self, jwk: dict[str, Any]) -> Key | None:
        """Return modulus and exponent."""
        try:
            n, e = _integer(jwk["n"]), _integer(jwk["e"])
        except (KeyError, TypeError, Rejected):
            return None
        return Key(n=n, e=e, jwk=jwk)

    def strong(self, key: Key) -> bool:
        """Tell whether the key is long enough (RFC 7518 §3.3) and its exponent is one."""
        return self.long_enough(key) and self.exponent_fits(key)

    def long_enough(self, key: Key) -> bool:
        """Tell whether the modulus has 2048 bits."""
        return key.n.bit_length() >= SMALLEST_MODULUS

    def exponent_fits(self, key: Key) -> bool:
        """Tell whether the exponent is odd and above 1."""
        return key.e >= SMALLEST_EXPONENT and key.e % 2 == 1
