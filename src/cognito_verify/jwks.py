"""A pool's key set (RFC 7517 §5, COG-JWK-006) and how keys are chosen from it: by ``kid`` alone."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from cognito_verify import _base64url
from cognito_verify._rsa import RsaKey, UnusableKey, load_numbers
from cognito_verify._strict_json import parse_object
from cognito_verify.errors import UnknownKey

#: A pool has two or three keys; the limit bounds what loading a set costs.
MAX_KEYS = 100


class NotAKeySet(ValueError):  # noqa: N818  (named after what was found)
    """The document is no JWK set."""


class KeySource(Protocol):
    """Where a verifier gets keys from."""

    def get(self, kid: str) -> RsaKey | None:
        """Return the key if it is here and may be used without asking anybody."""

    def find(self, kid: str) -> RsaKey:
        """Return the key. Raises `cognito_verify.errors.KeyUnavailable`."""

    async def find_async(self, kid: str) -> RsaKey:
        """Return the key. Raises `cognito_verify.errors.KeyUnavailable`."""

    def hydrate(self) -> None:
        """Have the keys ready. Raises `cognito_verify.errors.KeysUnreachable`."""

    async def hydrate_async(self) -> None:
        """Have the keys ready. Raises `cognito_verify.errors.KeysUnreachable`."""


class KeySet:
    """The usable keys of one document, and why the others are not usable. Never changes."""

    __slots__ = ("_keys", "_refused")

    def __init__(self, keys: Mapping[str, RsaKey], refused: Mapping[str, str]) -> None:
        self._keys = dict(keys)
        self._refused = dict(refused)

    def __iter__(self) -> Iterator[RsaKey]:
        return iter(self._keys.values())

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, kid: str) -> RsaKey | None:
        """Return the one usable key of that id.

        # conformance: kid/case, kid/unicode-lookalike, kid/prototype - equal as strings, or not
        """
        return self._keys.get(kid)

    def find(self, kid: str) -> RsaKey:
        """Return the one usable key of that id. Raises `UnknownKey`.

        # conformance: kid/unknown, rotation/never-fallback
        """
        key = self._keys.get(kid)
        if key is None:
            raise UnknownKey(kid=kid, why=self._refused.get(kid, "is not in the key set"))
        return key

    async def find_async(self, kid: str) -> RsaKey:
        """Do the same as `find`: a key set waits for nothing."""
        return self.find(kid)

    def hydrate(self) -> None:
        """Do nothing: the keys are here."""

    async def hydrate_async(self) -> None:
        """Do nothing: the keys are here."""


def parse_key_set(raw: bytes) -> KeySet:
    """Read a JWK set. Raises `NotAKeySet`. # conformance: jwks/not-json."""
    try:
        document = parse_object(raw)
    except ValueError as error:
        raise NotAKeySet("the key set is not strict JSON") from error
    return key_set_from(document)


def key_set_from(document: Mapping[str, object]) -> KeySet:
    """Load the keys of a JWK set, leaving out all that are not for RS256 (RFC 7517 §5).

    # conformance: jwk/unknown-kty, jwk/malformed-neighbour - an odd key spoils nothing

    Raises:
        NotAKeySet: There is no list of keys, or nothing in it. # conformance: jwks/no-keys

    """
    jwks = document.get("keys")
    if not isinstance(jwks, list | tuple) or not jwks:
        raise NotAKeySet("the key set has no keys")
    if len(jwks) > MAX_KEYS:
        raise NotAKeySet(f"the key set has more than {MAX_KEYS} keys")
    loaded: list[RsaKey] = []
    refused: dict[str, str] = {}
    for jwk in jwks:
        kid = jwk.get("kid") if isinstance(jwk, Mapping) else None
        if not isinstance(kid, str) or not kid:
            continue
        try:
            loaded.append(_load_jwk(kid, jwk))
        except UnusableKey as error:
            refused[kid] = str(error)
    return collect_keys(loaded, refused)


def collect_keys(loaded: Iterable[RsaKey], refused: Mapping[str, str]) -> KeySet:
    """Put keys together. Two keys of one id are no key. # conformance: jwk/duplicate-kid."""
    keys: dict[str, RsaKey] = {}
    ambiguous: dict[str, str] = {}
    for key in loaded:
        other = keys.setdefault(key.kid, key)
        if not key.same_material(other):
            ambiguous[key.kid] = "is published twice, with different material"
    usable = {kid: key for kid, key in keys.items() if kid not in ambiguous}
    return KeySet(usable, {**refused, **ambiguous})


def _load_jwk(kid: str, jwk: Mapping[str, object]) -> RsaKey:
    """Load one key of a set. Raises `UnusableKey`."""
    if jwk.get("kty") != "RSA":  # conformance: jwk/oct-same-kid
        raise UnusableKey("is not an RSA key")
    if "use" in jwk and jwk["use"] != "sig":  # RFC 7517 §4.2; conformance: jwk/use-enc
        raise UnusableKey("is not for signatures")
    if "key_ops" in jwk:  # RFC 7517 §4.3; conformance: jwk/key-ops-encrypt
        operations = jwk["key_ops"]
        if not isinstance(operations, list | tuple) or "verify" not in operations:
            raise UnusableKey("is not for verifying")
    if "alg" in jwk and jwk["alg"] != "RS256":  # CVE-2026-48523; conformance: jwk/alg-mismatch
        raise UnusableKey("is for another algorithm")
    return load_numbers(kid, modulus=_number(jwk, "n"), exponent=_number(jwk, "e"))


def _number(jwk: Mapping[str, object], member: str) -> int:
    """Read a Base64urlUInt (RFC 7518 §2)."""
    text = jwk.get(member)
    if not isinstance(text, str):
        raise UnusableKey(f"has no {member!r}")
    try:
        return int.from_bytes(_base64url.decode(text), "big")
    except ValueError as error:
        raise UnusableKey(f"has a malformed {member!r}") from error
