# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Exceptions where either verdict would do: what is permitted to say yes or no must say one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cognito_conformance.model import Config
from cognito_conformance.saboteurs.cookies import CookieReader
from cognito_conformance.saboteurs.keys import Key, KeySet
from cognito_conformance.saboteurs.reference import Json, Parsed, Reference

_MEGABYTE = 1024 * 1024
_MILLISECONDS = range(10**12, 10**13)
_SHA256_WITHOUT_NULL = bytes.fromhex("302f300b0609608648016503040201")


class CrashesOnPadding(Reference):
    """Decodes without looking for padding."""

    def decode(self, segment: str) -> bytes:
        if segment.endswith("="):
            raise ValueError("excess data")
        return super().decode(segment)


class CrashesOnLargePayloads(Reference):
    """Has a buffer of one megabyte."""

    def read_claims(self, octets: bytes) -> Mapping[str, Any]:
        if len(octets) > _MEGABYTE:
            raise MemoryError
        return super().read_claims(octets)


class _CrashesOnHeader(Reference):
    """Does not expect a member of the header."""

    member = ""

    def check_header(self, header: Mapping[str, Any]) -> None:
        super().check_header(header)
        if self.member in header:
            raise NotImplementedError(self.member)  # the crash: no verifier may answer so


class CrashesOnZip(_CrashesOnHeader):
    """Does not expect zip."""

    member = "zip"


class CrashesOnCty(_CrashesOnHeader):
    """Does not expect cty."""

    member = "cty"


class CrashesOnTyp(_CrashesOnHeader):
    """Does not expect another typ than JWT."""

    def check_header(self, header: Mapping[str, Any]) -> None:
        if header.get("typ", "JWT") != "JWT":
            raise NotImplementedError("typ")  # the crash
        super().check_header(header)


class CrashesOnExponent3(Reference):
    """Asserts the usual exponent."""

    def check_signature(self, key: Key, parsed: Parsed) -> None:
        if key.e == 3:  # noqa: PLR2004  (the exponent)
            raise AssertionError
        super().check_signature(key, parsed)


class CrashesOnMissingNull(Reference):
    """Parses the digest's algorithm as if it had parameters."""

    def check_signature(self, key: Key, parsed: Parsed) -> None:
        block = pow(int.from_bytes(parsed.signature, "big"), key.e, key.n)
        if _SHA256_WITHOUT_NULL in block.to_bytes(512, "big"):
            raise IndexError
        super().check_signature(key, parsed)


class _CrashingKeys(KeySet):
    """Does not expect something of a set: asks when a key is looked for."""

    def pick(self, kid: object) -> Key | None:
        if self.is_strange(kid):
            raise KeyError(kid)
        return super().pick(kid)

    def is_strange(self, kid: object) -> bool:
        """Tell whether to crash; each of them says when."""
        raise NotImplementedError


class CrashesOnPrivateKeys(Reference):
    """Takes a private key for one to sign with."""

    class keys(_CrashingKeys):  # noqa: N801  (the attribute's name)
        """Its keys."""

        def is_strange(self, kid: object) -> bool:
            key = self.keys.get(kid) if isinstance(kid, str) else None
            return key is not None and "d" in key.jwk


class CrashesOnDuplicateKids(Reference):
    """Insists on one key for each kid."""

    class keys(_CrashingKeys):  # noqa: N801  (the attribute's name)
        """Its keys."""

        def __init__(self, config: Config) -> None:
            self.twice: set[str] = set()
            super().__init__(config)

        def usable(self, document: Any) -> dict[str, Key]:
            entries = document.get("keys") if isinstance(document, dict) else None
            kids = [
                each["kid"]
                for each in (entries if isinstance(entries, list) else ())
                if isinstance(each, dict)
                and each.get("kty") == "RSA"
                and isinstance(each.get("kid"), str)
            ]
            self.twice = {kid for kid in kids if kids.count(kid) > 1}
            return super().usable(document)

        def is_strange(self, kid: object) -> bool:
            return isinstance(kid, str) and kid in self.twice


class CrashesWithoutKid(Reference):
    """Looks for the kid in a set of one key, where it takes none for granted."""

    class keys(_CrashingKeys):  # noqa: N801  (the attribute's name)
        """Its keys."""

        def is_strange(self, kid: object) -> bool:
            return kid is None and len(self.keys) == 1


class CrashesOnRetiredKeys(Reference):
    """Fetches before every token, and cannot do without a key that it has used before."""

    class keys(KeySet):  # noqa: N801  (the attribute's name)
        """Its keys."""

        def __init__(self, config: Config) -> None:
            self.used: set[str] = set()
            super().__init__(config)

        def find(self, kid: object, now: float) -> Key:
            if isinstance(kid, str) and kid in self.used and self.address:
                self.load(now)
                if kid not in self.keys:
                    raise KeyError(kid)
            found = super().find(kid, now)
            self.used.add(str(kid))
            return found


class CrashesOnLoneSurrogates(Reference):
    """Encodes what it has read."""

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        super().check_claims(claims, now)
        json.dumps(claims, ensure_ascii=False).encode()


class CrashesOnMilliseconds(Reference):
    """Makes a date of every exp, and knows no year beyond 9999."""

    def check_expiry(self, claims: Mapping[str, Any], now: float) -> None:
        expiry: Json = claims.get("exp")
        if type(expiry) is int and expiry in _MILLISECONDS:
            raise OverflowError("year is out of range")
        super().check_expiry(claims, now)


class CrashesOnFutureIat(Reference):
    """Computes a token's age, which is not negative."""

    def check_not_before(self, claims: Mapping[str, Any], now: float) -> None:
        super().check_not_before(claims, now)
        issued: Json = claims.get("iat")
        if isinstance(issued, int | float) and now + 600 < issued < now + 86_400:
            raise OverflowError("negative age")


class CrashesOnQuotedCookies(Reference):
    """Does not expect quotes around a cookie's value."""

    class cookie_reader(CookieReader):  # noqa: N801  (the attribute's name)
        """Its reader."""

        def pair(self, part: str) -> tuple[str, str, str]:
            name, equals, value = super().pair(part)
            if value.startswith('"') and "Token" in name:
                raise ValueError("quoted")
            return name, equals, value


class CrashesOnDuplicateCookies(Reference):
    """Insists on one cookie of each name."""

    class cookie_reader(CookieReader):  # noqa: N801  (the attribute's name)
        """Its reader."""

        def pairs(self, headers: Sequence[str]) -> dict[str, str]:
            names = [self.pair(part)[0] for part in self.split(self.join(headers))]
            if any(names.count(name) > 1 for name in names if name.endswith("Token")):
                raise ValueError("duplicate")
            return super().pairs(headers)
