"""Take an issued token apart and check its signature, with nothing but RSA and JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_conformance.forge.encoding import b64url_decode
from cognito_conformance.issuers.wire import Wrong

SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")
_PARTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An issued token."""

    text: str = field(repr=False)
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signature: bytes = field(repr=False)

    @property
    def signing_input(self) -> bytes:
        """What the signature is over (RFC 7515 §5.2)."""
        return self.text.rpartition(".")[0].encode("ascii")

    def claim(self, name: str) -> Any:
        """Return a claim that has to be there."""
        if name not in self.claims:
            raise Wrong(f"the token has no {name}")
        return self.claims[name]


def parse(text: object) -> Token:
    """Read a compact JWS. Raises `Wrong`."""
    if not isinstance(text, str) or text.count(".") != _PARTS - 1:
        raise Wrong("not a token of three parts")
    header, claims, signature = text.split(".")
    try:
        return Token(
            text=text,
            header=_object(header),
            claims=_object(claims),
            signature=b64url_decode(signature),
        )
    except ValueError as error:
        raise Wrong("a part of the token cannot be decoded") from error


def verifies(token: Token, jwk: Mapping[str, Any]) -> bool:
    """Tell whether the RS256 signature is ``jwk``'s."""
    try:
        public_key(jwk).verify(
            token.signature, token.signing_input, padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True


def public_key(jwk: Mapping[str, Any]) -> rsa.RSAPublicKey:
    """Return the RSA key in ``jwk``. Raises `Wrong`."""
    try:
        n, e = (int.from_bytes(b64url_decode(jwk[name]), "big") for name in ("n", "e"))
        return rsa.RSAPublicNumbers(e, n).public_key()
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong("a published key is not an RSA key") from error


def _object(segment: str) -> Mapping[str, Any]:
    found = json.loads(b64url_decode(segment))
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  (one error for all of it)
    return found
