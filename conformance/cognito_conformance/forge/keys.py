"""The keys of one session: named, made on first use, and exported in every dress an attacker tries.

`k1` signs access tokens and `k2` id tokens: one pool publishes both (COG-TOK-005).
"""

import base64
import datetime as dt
import json
import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from random import Random
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from cognito_conformance.forge._primes import rsa_primes
from cognito_conformance.forge.encoding import b64url, b64url_uint
from cognito_conformance.forge.errors import RecipeError

RSA_KEYS: Final = {
    "k1": (2048, 65537),
    "k2": (2048, 65537),
    "k3": (2048, 65537),
    "attacker": (2048, 65537),
    "other_pool": (2048, 65537),
    "rsa1024": (1024, 65537),
    "rsa3072": (3072, 65537),
    "rsa4096": (4096, 65537),
    "e3": (2048, 3),
}
KEY_NAMES: Final = frozenset(RSA_KEYS) | {"e1", "ec", "ed", "oct"}
OCT_SECRET: Final = b"a secret that the attacker holds, too"
Encoding = serialization.Encoding
PublicFormat = serialization.PublicFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class RsaKey:
    """One RSA key pair as integers. ``signer`` is absent when only raw RSA will do."""

    n: int
    e: int
    d: int = field(repr=False)
    signer: rsa.RSAPrivateKey | None = field(repr=False, default=None)
    #: Of a key that has more than two, for which there is no signer.
    primes: tuple[int, ...] = field(repr=False, default=())

    @property
    def size(self) -> int:
        """The modulus' length in octets: k of RFC 8017."""
        return (self.n.bit_length() + 7) // 8

    def raw(self, number: int) -> int:
        """RSASP1 of RFC 8017 §5.2.1: no padding, no opinion."""
        if self.signer is None:
            return self._raw_of_primes(number) if self.primes else pow(number, self.d, self.n)
        private = self.signer.private_numbers()
        # Garner's form, four times as fast as one power modulo n.
        first = pow(number, private.dmp1, private.p)
        second = pow(number, private.dmq1, private.q)
        return second + private.q * ((first - second) * private.iqmp % private.p)

    def _raw_of_primes(self, number: int) -> int:
        """Garner's form for any number of primes (RFC 8017 §5.1.2 step 2.b)."""
        result, product = 0, 1
        for prime in self.primes:
            residue = pow(number, self.d % (prime - 1), prime)
            result += product * ((residue - result) * pow(product, -1, prime) % prime)
            product *= prime
        return result


class Keyring:
    """The session's keys. With ``reproducible`` the same seed makes the same keys, more slowly."""

    def __init__(self, seed: int, *, reproducible: bool) -> None:
        self._seed = seed
        self._reproducible = reproducible
        self._rsa: dict[str, RsaKey] = {}

    def rng(self, label: str) -> Random:
        """Return a generator that depends on the seed and the label alone."""
        return _random(f"{self._seed}:{label}")

    def kid(self, name: str) -> str:
        """Return a key id as Cognito makes them: padded base64 of 32 octets (COG-TOK-003)."""
        if name not in KEY_NAMES:
            raise RecipeError(f"unknown key {name!r}; known: {', '.join(sorted(KEY_NAMES))}")
        return base64.b64encode(self.rng(f"kid:{name}").randbytes(32)).decode("ascii")

    def rsa(self, name: str) -> RsaKey:
        """Return the RSA key called ``name``."""
        if name not in self._rsa:
            self._rsa[name] = self._make_rsa(name)
        return self._rsa[name]

    @cached_property
    def ec(self) -> ec.EllipticCurvePrivateKey:
        """The attacker's P-256 key."""
        return ec.derive_private_key(self.rng("ec").getrandbits(255) | 1, ec.SECP256R1())

    @cached_property
    def ed(self) -> ed25519.Ed25519PrivateKey:
        """The attacker's Ed25519 key."""
        return ed25519.Ed25519PrivateKey.from_private_bytes(self.rng("ed").randbytes(32))

    def jwk(self, name: str) -> dict[str, Any]:
        """Return the public JWK as the pool would publish it (RFC 7517 §4)."""
        kid = self.kid(name)
        if name == "ec":
            point = self.ec.public_key().public_numbers()
            members = {
                "kty": "EC",
                "crv": "P-256",
                "x": b64url(point.x.to_bytes(32, "big")),
                "y": b64url(point.y.to_bytes(32, "big")),
            }
            return {"alg": "ES256", "kid": kid, "use": "sig", **members}
        if name == "ed":
            raw = self.ed.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {"alg": "EdDSA", "crv": "Ed25519", "kid": kid, "kty": "OKP", "x": b64url(raw)}
        if name == "oct":
            return {"alg": "HS256", "k": b64url(OCT_SECRET), "kid": kid, "kty": "oct"}
        key = self.rsa(name)
        return {
            "alg": "RS256",
            "e": b64url_uint(key.e),
            "kid": kid,
            "kty": "RSA",
            "n": b64url_uint(key.n),
            "use": "sig",
        }

    def private_members(self, name: str) -> dict[str, str]:
        """Return what a pool must never publish (RFC 7518 §6.3.2), d alone being enough."""
        return {"d": b64url_uint(self.rsa(name).d)}

    def certificate(self, name: str) -> bytes:
        """Return a self-signed certificate of a 2048-bit key, in DER."""
        signer = self.rsa(name).signer
        if signer is None:
            raise RecipeError(f"no certificate can be made for {name!r}")
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cognito-idp")])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(signer.public_key())
            .serial_number(1)
            .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
            .not_valid_after(dt.datetime(2049, 1, 1, tzinfo=dt.UTC))
            .sign(signer, hashes.SHA256())
            .public_bytes(Encoding.DER)
        )

    def public_bytes(self, form: str, name: str) -> bytes:
        """Return the RSA public key as a careless verifier may hold it: the HMAC secret to be."""
        key = self.rsa(name)
        public = rsa.RSAPublicNumbers(key.e, key.n).public_key()
        match form:
            case "pem":
                return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            case "pkcs1-pem":
                return public.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
            case "der":
                return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            case "pkcs1-der":
                return public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
            case "ssh":
                return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
            case "certificate-pem":
                certificate = x509.load_der_x509_certificate(self.certificate(name))
                return certificate.public_bytes(Encoding.PEM)
            case "jwk":
                return json.dumps(self.jwk(name)).encode()
            case "jwk-compact":
                return json.dumps(self.jwk(name), separators=(",", ":")).encode()
            case "modulus":
                return b64url_uint(key.n).encode()
            case "modulus-octets":
                return key.n.to_bytes(key.size, "big")
            case "exponent":
                return b64url_uint(key.e).encode()
            case _:
                raise RecipeError(f"unknown key form {form!r}")

    def _make_rsa(self, name: str) -> RsaKey:
        if name == "e1":
            # e = 1 makes every padded block its own signature: no private key is involved.
            return RsaKey(n=self.rsa("k3").n, e=1, d=1)
        if name not in RSA_KEYS:
            raise RecipeError(f"{name!r} is not an RSA key of the forge")
        bits, exponent = RSA_KEYS[name]
        if self._reproducible:
            return _seeded(bits, exponent, f"{self._seed}:{name}")
        signer = rsa.generate_private_key(exponent, bits)
        numbers = signer.private_numbers()
        return RsaKey(n=numbers.public_numbers.n, e=exponent, d=numbers.d, signer=signer)


def _random(label: str) -> Random:
    return Random(label)  # noqa: S311  (test material)


@lru_cache(maxsize=64)
def _seeded(bits: int, exponent: int, label: str) -> RsaKey:
    """Make a key once a process: who serves an issuer's keys and who signs have a forge each."""
    return _from_primes(rsa_primes(bits, exponent, _random(label)), exponent)


def forget_seeded_keys() -> None:
    """Make the keys of a seed anew, as another process would: for tests."""
    _seeded.cache_clear()


def _from_primes(primes: tuple[int, ...], exponent: int) -> RsaKey:
    modulus = math.prod(primes)
    d = pow(exponent, -1, math.lcm(*(prime - 1 for prime in primes)))
    if len(primes) > 2:  # noqa: PLR2004  (the library knows two-prime keys only)
        return RsaKey(n=modulus, e=exponent, d=d, primes=primes)
    p, q = primes
    private = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(exponent, modulus),
    )
    # Whether the primes are prime has just been found out.
    signer = private.private_key(unsafe_skip_rsa_key_validation=True)
    return RsaKey(n=modulus, e=exponent, d=d, signer=signer)
