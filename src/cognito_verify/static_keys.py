"""Keys that are at hand: a JWK set, or the ``pems.json`` of the command `prepare-pems`.

The latter is ``{region: {pool: {kid: PEM}}}`` (COG-ACN-004), for any number of pools.
"""

from collections.abc import Mapping
from os import PathLike
from typing import TypeAlias

from cognito_verify._rsa import RsaKey, UnusableKey, load_numbers
from cognito_verify._strict_json import JsonObject, parse_object
from cognito_verify.errors import ConfigurationError
from cognito_verify.jwks import KeySet, NotAKeySet, collect_keys, key_set_from

StaticKeys: TypeAlias = Mapping[str, object] | str | PathLike[str]


def load_static_keys(source: object, user_pool_id: str | None) -> KeySet:
    """Load the keys of a pool from a document, or from the file of that path.

    Raises:
        ConfigurationError: There are none. Keys that are merely unusable are left out, like those
            of a set that is fetched.

    """
    document = read_document(source) if isinstance(source, str | PathLike) else source
    if not isinstance(document, Mapping):
        raise ConfigurationError("jwks must be a JWK set, or the path of one or of a pems.json")
    try:
        if "keys" in document:
            return key_set_from(document)
        return _key_set_from_pems(document, user_pool_id)
    except NotAKeySet as error:
        raise ConfigurationError(f"jwks is not usable: {error}") from error


def read_document(path: str | PathLike[str]) -> JsonObject:
    """Read a file of strict JSON. Raises `ConfigurationError`."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  (pathlib is slow to import)
            return parse_object(file.read())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"cannot read keys from {path}: {error}") from error


def pem_of(key: RsaKey) -> str:
    """Write a key as PEM (SubjectPublicKeyInfo)."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  (slow to import)
        Encoding,
        PublicFormat,
    )

    encoded = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode("ascii")


def _key_set_from_pems(document: Mapping[str, object], user_pool_id: str | None) -> KeySet:
    """Load the keys of one pool. Raises `NotAKeySet`."""
    if user_pool_id is None:
        raise NotAKeySet("a pems.json needs a user_pool_id")
    # The pool's name is enough to find it: a local pool's id may not start with its region.
    regions = [pools for pools in document.values() if isinstance(pools, Mapping)]
    found = [pools[user_pool_id] for pools in regions if user_pool_id in pools]
    pems = found[0] if len(found) == 1 else None
    if not isinstance(pems, Mapping) or not pems:
        raise NotAKeySet(f"there are no keys of {user_pool_id}")
    loaded: list[RsaKey] = []
    refused: dict[str, str] = {}
    for kid, pem in pems.items():
        try:
            loaded.append(_load_pem(kid, pem))
        except UnusableKey as error:
            refused[kid] = str(error)
    return collect_keys(loaded, refused)


def _load_pem(kid: str, pem: object) -> RsaKey:
    """Load one key. Raises `UnusableKey`."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  (slow to import)
    from cryptography.hazmat.primitives.asymmetric.rsa import (  # noqa: PLC0415
        RSAPublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        load_pem_public_key,
    )

    if not isinstance(pem, str):
        raise UnusableKey("is no PEM")
    try:
        public_key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey("is no PEM") from error
    if not isinstance(public_key, RSAPublicKey):
        raise UnusableKey("is not an RSA key")
    numbers = public_key.public_numbers()
    return load_numbers(kid, modulus=numbers.n, exponent=numbers.e)
