# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in choosing an algorithm."""

import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from cognito_conformance.saboteurs.keys import Key
from cognito_conformance.saboteurs.raw_rsa import verifies
from cognito_conformance.saboteurs.reference import Parsed, Reference

HMACS: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


_ENCODING = serialization.Encoding


_FORMAT = serialization.PublicFormat


class _Unsigned(Reference):
    """Some headers mean that no signature is needed."""

    def needs_no_signature(self, header: Mapping[str, Any]) -> bool:
        """Tell whether the header says so."""
        raise NotImplementedError

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        parts = token.split(".")
        if len(parts) == 3:  # noqa: PLR2004
            header = self.read_header(self.decode(parts[0]))
            if self.needs_no_signature(header):
                claims = self.read_claims(self.decode(parts[1]))
                self.check_claims(claims, now)
                return claims
        return super().verify(token, now=now)


class AcceptsAlgNone(_Unsigned):
    """Honours alg none."""

    def needs_no_signature(self, header: Mapping[str, Any]) -> bool:
        return header.get("alg") == "none"


class AcceptsAlgNoneInAnyCase(_Unsigned):
    """Keeps a list of forbidden names, with "none" on it."""

    def needs_no_signature(self, header: Mapping[str, Any]) -> bool:
        algorithm = header.get("alg")
        return (
            isinstance(algorithm, str)
            and algorithm != "none"
            and algorithm.strip().lower() in ("none", "")
        )


class MissingAlgIsNone(_Unsigned):
    """Takes a header without alg for an unsigned token's."""

    def needs_no_signature(self, header: Mapping[str, Any]) -> bool:
        return "alg" not in header


class MissingAlgIsRs256(Reference):
    """Fills a missing alg in."""

    def check_algorithm(self, algorithm: object) -> None:
        super().check_algorithm("RS256" if algorithm is None else algorithm)


class LooksForAlgInside(Reference):
    """Asks whether the name is *in* what the header says."""

    def check_algorithm(self, algorithm: object) -> None:
        inside = isinstance(algorithm, list | dict) and "RS256" in algorithm
        super().check_algorithm("RS256" if inside else algorithm)


class CrashesOnAlg(Reference):
    """Looks the algorithm up in a table."""

    def check_algorithm(self, algorithm: object) -> None:
        super().check_algorithm({"RS256": "RS256"}.get(algorithm))  # type: ignore[call-overload]


class IgnoresAlgCase(Reference):
    """Compares the algorithm's name without its case, trimmed."""

    def check_algorithm(self, algorithm: object) -> None:
        super().check_algorithm(
            algorithm.strip().upper() if isinstance(algorithm, str) else algorithm
        )


class IgnoresAlg(Reference):
    """Always verifies RS256, whatever the header says."""

    def check_algorithm(self, algorithm: object) -> None:
        """Check nothing."""


class SkipsUnknownAlgorithms(Reference):
    """Verifies what it knows and lets the rest be somebody else's business."""

    def check_algorithm(self, algorithm: object) -> None:
        """Check nothing: `signature_fits` does."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        if parsed.header.get("alg") in ("ES256", "EdDSA", "Ed25519"):
            return True
        super().check_algorithm(parsed.header.get("alg"))
        return super().signature_fits(key, parsed)


class PsychicSignatures(Reference):
    """Knows ES256, and accepts r = s = 0 for it."""

    def check_algorithm(self, algorithm: object) -> None:
        if algorithm != "ES256":
            super().check_algorithm(algorithm)

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        if parsed.header.get("alg") == "ES256":
            return not any(parsed.signature)
        return super().signature_fits(key, parsed)


class _Hmac(Reference):
    """Verifies HMAC with whatever it holds as "the key"."""

    def check_algorithm(self, algorithm: object) -> None:
        if not isinstance(algorithm, str) or algorithm not in HMACS:
            super().check_algorithm(algorithm)

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        digest = HMACS.get(parsed.header["alg"])
        if digest is None:
            return super().signature_fits(key, parsed)
        return any(
            hmac.compare_digest(hmac.digest(secret, parsed.signing_input, digest), parsed.signature)
            for secret in self.secrets(key)
        )

    def secrets(self, key: Key) -> Iterable[bytes]:
        """Return the octets that may serve as an HMAC key."""
        raise NotImplementedError


class AcceptsHs256WithPem(_Hmac):
    """Gives the PEM of the public key to HMAC."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        yield key.public.public_bytes(_ENCODING.PEM, _FORMAT.SubjectPublicKeyInfo)


class RefusesOneSpellingOfPem(_Hmac):
    """Refuses the usual PEM as an HMAC key, and no other spelling of it."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        pem = key.public.public_bytes(_ENCODING.PEM, _FORMAT.SubjectPublicKeyInfo)
        yield pem.strip()
        yield b"\n" + pem
        yield b" " + pem
        yield pem.replace(b"\n", b"\r\n")


class AcceptsHs256WithDer(_Hmac):
    """Gives the DER of the public key to HMAC."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        yield key.public.public_bytes(_ENCODING.DER, _FORMAT.SubjectPublicKeyInfo)
        yield key.public.public_bytes(_ENCODING.DER, _FORMAT.PKCS1)


class AcceptsHs256WithSsh(_Hmac):
    """Gives the ssh-rsa line to HMAC."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        line = key.public.public_bytes(_ENCODING.OpenSSH, _FORMAT.OpenSSH)
        yield line
        yield line + b"\n"


class AcceptsHs256WithJwkMember(_Hmac):
    """Gives the modulus to HMAC."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        yield key.jwk["n"].encode()


class AcceptsHs256WithEmptyKey(_Hmac):
    """Asks an RSA key for its symmetric octets, and gets none."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        yield key.jwk.get("k", "").encode()


class AcceptsHs256WithKid(_Hmac):
    """Gives the key id to HMAC."""

    def secrets(self, key: Key) -> Iterable[bytes]:
        yield key.jwk["kid"].encode()


class AcceptsOtherRsaHashes(Reference):
    """Verifies RS384 and RS512 as well."""

    def check_algorithm(self, algorithm: object) -> None:
        if algorithm not in ("RS384", "RS512"):
            super().check_algorithm(algorithm)

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        known = {"RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
        algorithm = known.get(parsed.header["alg"], hashes.SHA256())
        return verifies(key, parsed, padding.PKCS1v15(), algorithm)


class AcceptsPss(Reference):
    """Verifies the PS family as well."""

    def check_algorithm(self, algorithm: object) -> None:
        if algorithm not in ("PS256", "PS384", "PS512"):
            super().check_algorithm(algorithm)

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        known = {"PS256": hashes.SHA256(), "PS384": hashes.SHA384(), "PS512": hashes.SHA512()}
        algorithm = known.get(parsed.header["alg"])
        if algorithm is None:
            return super().signature_fits(key, parsed)
        return verifies(key, parsed, _pss(algorithm), algorithm)


class TriesPssToo(Reference):
    """Tries the other padding when the first does not fit."""

    def signature_fits(self, key: Key, parsed: Parsed) -> bool:
        return super().signature_fits(key, parsed) or verifies(
            key, parsed, _pss(hashes.SHA256()), hashes.SHA256()
        )


def _pss(algorithm: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
