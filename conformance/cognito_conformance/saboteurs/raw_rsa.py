"""The reference with RSA of its own: correct, and open to flaws in reading the padded block."""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from cognito_conformance.saboteurs.keys import Key
from cognito_conformance.saboteurs.reference import Parsed, Reference

#: The DER that stands before a SHA-256 digest (RFC 8017 §9.2 note 1).
SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")


def padded_block(info: bytes, size: int) -> bytes:
    """Return EM (RFC 8017 §9.2)."""
    return b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info


def verifies(
    key: Key, parsed: Parsed, how: padding.AsymmetricPadding, algorithm: hashes.HashAlgorithm
) -> bool:
    """Tell whether the signature is the key's under this padding and hash."""
    try:
        key.public.verify(parsed.signature, parsed.signing_input, how, algorithm)
    except InvalidSignature:
        return False
    return True


class OwnRsa(Reference):
    """Recovers the padded block itself."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        """Recover the block and compare it."""
        size = (key.n.bit_length() + 7) // 8
        number = int.from_bytes(parsed.signature, "big")
        if len(parsed.signature) != size or number >= key.n:
            return False
        block = pow(number, key.e, key.n).to_bytes(size, "big")
        return self.block_fits(block, parsed.signing_input)

    def block_fits(self, block: bytes, message: bytes) -> bool:
        """Compare the padded block with the one that is right (RFC 8017 §8.2.2 step 3)."""
        return block == padded_block(SHA256_INFO + hashlib.sha256(message).digest(), len(block))
