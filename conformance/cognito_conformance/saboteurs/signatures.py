# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in checking an RSA signature, and in taking the key from the token itself."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_conformance.model import Rejected
from cognito_conformance.saboteurs.keys import Key
from cognito_conformance.saboteurs.raw_rsa import SHA256_INFO, OwnRsa, padded_block, verifies
from cognito_conformance.saboteurs.reference import Parsed, Reference


class SignatureUnchecked(Reference):
    """Decodes and forgets to verify."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        del key, parsed
        return True


class ChecksDigestOnly(OwnRsa):
    """Looks for the digest at the end of a block with the right padding before something."""

    def block_fits(self, block: bytes, message: bytes) -> bool:
        padded, _, info = block[2:].partition(b"\x00")
        return (
            block.startswith(b"\x00\x01")
            and len(padded) >= 8  # noqa: PLR2004
            and set(padded) == {0xFF}
            and len(info) > 34  # noqa: PLR2004
            and info.endswith(hashlib.sha256(message).digest())
            and b"\x60\x86\x48\x01\x65\x03\x04\x02\x01" in info
        )


class IgnoresGarbageAfterDigest(OwnRsa):
    """Reads the block from the left and stops after the digest."""

    def block_fits(self, block: bytes, message: bytes) -> bool:
        padded, _, info = block[2:].partition(b"\x00")
        return (
            block.startswith(b"\x00\x01")
            and set(padded) <= {0xFF}
            and info.startswith(SHA256_INFO + hashlib.sha256(message).digest())
        )


class ReadsPaddingLoosely(OwnRsa):
    """Looks at the end of the block and not at its padding."""

    def block_fits(self, block: bytes, message: bytes) -> bool:
        return block.endswith(SHA256_INFO + hashlib.sha256(message).digest())


class AcceptsAnyNamedHash(Reference):
    """Lets the block choose the hash."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        known = (hashes.SHA256(), hashes.SHA1(), hashes.SHA384(), hashes.SHA512())  # noqa: S303
        return any(verifies(key, parsed, padding.PKCS1v15(), each) for each in known)


class AcceptsUnnamedHash(OwnRsa):
    """Accepts a digest without a DigestInfo as well."""

    def block_fits(self, block: bytes, message: bytes) -> bool:
        unnamed = padded_block(hashlib.sha256(message).digest(), len(block))
        return block == unnamed or super().block_fits(block, message)


class ReducesSignature(Reference):
    """Computes with the signature modulo n."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        size = (key.n.bit_length() + 7) // 8
        reduced = (int.from_bytes(parsed.signature, "big") % key.n).to_bytes(size, "big")
        return super().signature_fits(key, _with_signature(parsed, reduced))


class CutsSignatureToSize(Reference):
    """Takes as many octets as the modulus has."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        size = (key.n.bit_length() + 7) // 8
        return super().signature_fits(key, _with_signature(parsed, parsed.signature[:size]))


class PadsShortSignature(Reference):
    """Puts leading zeros in front of a short signature."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        size = (key.n.bit_length() + 7) // 8
        padded = parsed.signature.rjust(size, b"\x00")
        return super().signature_fits(key, _with_signature(parsed, padded))


class CrashesOnSignatureLength(Reference):
    """Does not expect a signature of another length than the modulus."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        size = (key.n.bit_length() + 7) // 8
        if len(parsed.signature) != size:
            raise ValueError("Ciphertext length must be equal to key size.")
        return super().signature_fits(key, parsed)


class AcceptsTrivialPowers(OwnRsa):
    """Takes a block of 0 or 1 for the answer "true"."""

    def block_fits(self, block: bytes, message: bytes) -> bool:
        return int.from_bytes(block, "big") <= 1 or super().block_fits(block, message)


class RemembersSignatures(Reference):
    """Remembers a signature it has verified, and skips the work when it comes again."""

    def forget(self) -> None:
        self._seen: set[bytes] = set()

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        if parsed.signature in self._seen:
            return True
        fits = super().signature_fits(key, parsed)
        if fits:
            self._seen.add(parsed.signature)
        return fits


class RemembersPayloads(Reference):
    """Remembers what it has verified, by the signed text alone."""

    def forget(self) -> None:
        self._seen: set[bytes] = set()

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        if parsed.signing_input in self._seen:
            return True
        fits = super().signature_fits(key, parsed)
        if fits:
            self._seen.add(parsed.signing_input)
        return fits


class TrustsEmbeddedJwk(Reference):
    """Prefers the key that the token brings along."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        jwk = parsed.header.get("jwk")
        key = self.key_set.usable_key(jwk)
        return key if key is not None else super().find_key(parsed, now)


class TrustsEmbeddedJwkForUnknownKid(Reference):
    """Falls back to the key that the token brings along."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        try:
            return super().find_key(parsed, now)
        except Rejected:
            key = self.key_set.usable_key(parsed.header.get("jwk"))
            if key is None:
                raise
            return key


class TrustsEmbeddedCertificate(Reference):
    """Takes the key from the header's certificate."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        chain = parsed.header.get("x5c")
        if not chain:
            return super().find_key(parsed, now)
        return _certified(base64.b64decode(chain[0]))


class FollowsJku(Reference):
    """Fetches the key set that the token names."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        if "jku" in parsed.header:
            raise OSError("could not resolve the host of the key set")
        return super().find_key(parsed, now)


class FollowsX5u(Reference):
    """Fetches the certificate that the token names."""

    def find_key(self, parsed: Parsed, now: float) -> Key:
        if "x5u" in parsed.header:
            raise OSError("could not resolve the host of the certificate")
        return super().find_key(parsed, now)


class TrustsAlbUserClaims(Reference):
    """Takes a load balancer's word for it."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        parsed = self.parse(token)
        if "signer" in parsed.header:
            return self.read_claims(parsed.payload)
        return super().verify(token, now=now)


def _with_signature(parsed: Parsed, signature: bytes) -> Parsed:
    return Parsed(
        header=parsed.header,
        payload=parsed.payload,
        signature=signature,
        signing_input=parsed.signing_input,
    )


def _certified(der: bytes) -> Key:
    public = x509.load_der_x509_certificate(der).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise Rejected("key", "not an RSA certificate")
    numbers = public.public_numbers()
    return Key(n=numbers.n, e=numbers.e, jwk={})
