# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Flaws in taking a token apart: segments, base64url, JSON, header members."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from cognito_conformance.model import Rejected
from cognito_conformance.saboteurs.encoding import parse_json
from cognito_conformance.saboteurs.reference import Reference


class CrashesOnShape(Reference):
    """Unpacks the segments without counting them."""

    def split(self, token: str) -> tuple[str, str, str]:
        header, payload, signature = token.split(".")
        return header, payload, signature


class IgnoresExtraParts(Reference):
    """Looks at the first three segments only."""

    def split(self, token: str) -> tuple[str, str, str]:
        parts = token.split(".", 3)
        return super().split(".".join(parts[:3]))


class IgnoresLeadingDots(Reference):
    """Throws empty segments away at the front."""

    def split(self, token: str) -> tuple[str, str, str]:
        return super().split(token.lstrip("."))


class UnsignedWithoutSignature(Reference):
    """Takes a token without a signature for one that needs none."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        parts = token.split(".")
        if len(parts) in (2, 3) and not any(parts[2:]) and parts[1]:
            claims = self.read_claims(self.decode(parts[1]))
            self.check_claims(claims, now)
            return claims
        return super().verify(token, now=now)


class UnsignedWithoutHeader(Reference):
    """Takes a token without a header for one that needs no signature."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token.startswith(".") and token.count(".") == 2:  # noqa: PLR2004
            claims = self.read_claims(self.decode(token.split(".")[1]))
            self.check_claims(claims, now)
            return claims
        return super().verify(token, now=now)


class ReadsOnePart(Reference):
    """Takes a lone segment for the claims: a token whose envelope a proxy has removed."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token and "." not in token:
            claims = self.read_claims(self.decode(token))
            self.check_claims(claims, now)
            return claims
        return super().verify(token, now=now)


class EmptyMeansAnonymous(Reference):
    """Lets the empty string through as a visitor who has not signed in."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        return super().verify(token, now=now) if token else {}


class AcceptsEncryptedTokens(Reference):
    """Lets five segments through: somebody else can read them, surely."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        return {} if token.count(".") == 4 else super().verify(token, now=now)  # noqa: PLR2004


class AcceptsJsonSerialization(Reference):
    """Understands the flattened JSON serialization as well."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        if token.startswith("{"):
            parts = json.loads(token)
            token = ".".join((parts["protected"], parts["payload"], parts["signature"]))
        return super().verify(token, now=now)


class StripsWhiteSpace(Reference):
    """Trims the token."""

    def split(self, token: str) -> tuple[str, str, str]:
        return super().split(token.strip())


class StripsBearer(Reference):
    """Takes the authentication scheme off."""

    def split(self, token: str) -> tuple[str, str, str]:
        return super().split(token.removeprefix("Bearer "))


class StopsAtNul(Reference):
    """Hands the token to a C library."""

    def split(self, token: str) -> tuple[str, str, str]:
        return super().split(token.partition("\0")[0])


class IgnoresNonAscii(Reference):
    """Drops what is not ASCII."""

    def split(self, token: str) -> tuple[str, str, str]:
        return super().split(token.encode("ascii", "ignore").decode())


class LenientBase64(Reference):
    """Decodes as Python's standard library does: skips what it does not know."""

    def decode_signature(self, segment: str) -> bytes:
        try:
            return base64.urlsafe_b64decode(segment + "==")
        except ValueError as error:
            raise Rejected("malformed", "not base64") from error


class UnusedBitsOk(Reference):
    """Does not compare a segment with its one right spelling."""

    def decode(self, segment: str) -> bytes:
        if re.fullmatch(r"[A-Za-z0-9_-]+", segment) and len(segment) % 4 != 1:
            return base64.urlsafe_b64decode(segment + "==")
        return super().decode(segment)


class SkipsBlanksInSegments(Reference):
    """Drops white space inside a segment, as MIME does."""

    def decode_signature(self, segment: str) -> bytes:
        return super().decode_signature(re.sub(r"\s", "", segment))


class StandardAlphabetOk(Reference):
    """Takes both base64 alphabets."""

    def decode_signature(self, segment: str) -> bytes:
        return super().decode_signature(segment.replace("+", "-").replace("/", "_"))


class EmptyPayloadIsNoClaims(Reference):
    """Takes an empty payload for an object without a claim, and asks nothing of it."""

    def check_claims(self, claims: Mapping[str, Any], now: float) -> None:
        if claims:
            super().check_claims(claims, now)

    def read_claims(self, octets: bytes) -> Mapping[str, Any]:
        return super().read_claims(octets) if octets else {}


class LetsJsonErrorsOut(Reference):
    """Does not expect that a segment might not be JSON."""

    def parse_json(self, octets: bytes) -> Any:
        try:
            return super().parse_json(octets)
        except Rejected as rejected:
            raise ValueError("Expecting value: line 1 column 1 (char 0)") from rejected


class CrashesOnDepth(Reference):
    """Does not expect deep nesting."""

    def parse_json(self, octets: bytes) -> Any:
        if octets.count(b"[") + octets.count(b"{") > 10_000:  # noqa: PLR2004
            raise RecursionError("maximum recursion depth exceeded")
        return super().parse_json(octets)


class TakesFirstOfArray(Reference):
    """Unwraps an array of one."""

    def json_object(self, octets: bytes) -> Mapping[str, Any]:
        value = self.parse_json(octets)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            first: Mapping[str, Any] = value[0]
            return first
        return super().json_object(octets)


class CrashesOnNonObjects(Reference):
    """Expects an object wherever there is JSON."""

    def json_object(self, octets: bytes) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self.parse_json(octets)
        value.items()
        return value


class IgnoresTrailingText(Reference):
    """Stops reading where the first JSON value ends."""

    def parse_json(self, octets: bytes) -> Any:
        try:
            return super().parse_json(octets)
        except Rejected as rejected:
            try:
                text = octets.decode()
                end = json.JSONDecoder().raw_decode(text)[1]
            except (ValueError, RecursionError):
                raise rejected from None
            return super().parse_json(text[:end].encode())


class RepairsUtf8(Reference):
    """Replaces octets that are not UTF-8."""

    def parse_json(self, octets: bytes) -> Any:
        return super().parse_json(octets.decode("utf-8", "replace").encode())


class DetectsEncoding(Reference):
    """Guesses the encoding of JSON."""

    def parse_json(self, octets: bytes) -> Any:
        encoding = json.detect_encoding(octets)
        try:
            return parse_json(octets.decode(encoding).encode())
        except UnicodeError as error:
            raise Rejected("malformed", "not text") from error


class SkipsByteOrderMark(Reference):
    """Takes a byte order mark off."""

    def parse_json(self, octets: bytes) -> Any:
        return super().parse_json(octets.removeprefix(b"\xef\xbb\xbf"))


class FirstMemberWins(Reference):
    """Takes the first of two members with one name."""

    def parse_json(self, octets: bytes) -> Any:
        return parse_json(octets, members=lambda pairs: dict(reversed(pairs)))


class NanOk(Reference):
    """Takes NaN and Infinity for numbers, as Python does."""

    def parse_json(self, octets: bytes) -> Any:
        return parse_json(octets, constant=float, fraction=float)


class RequiresCompactJson(Reference):
    """Reads the header with a pattern."""

    def read_header(self, octets: bytes) -> Mapping[str, Any]:
        if not octets.startswith(b'{"kid":"'):
            raise Rejected("malformed", "not the header Cognito writes")
        return super().read_header(octets)


class RejectsUnknownHeader(Reference):
    """Knows the header's members by heart."""

    def check_header(self, header: Mapping[str, Any]) -> None:
        super().check_header(header)
        if header.keys() - {"kid", "alg", "typ"}:
            raise Rejected("header", "an unknown member")


class IgnoresCrit(Reference):
    """Has never heard of crit."""

    def check_header(self, header: Mapping[str, Any]) -> None:
        """Check nothing."""


class ChecksCritShapeOnly(Reference):
    """Wants crit to be a list, and takes what is in it."""

    def check_header(self, header: Mapping[str, Any]) -> None:
        if not isinstance(header.get("crit", ["x"]), list):
            raise Rejected("header", "crit is not a list")


class CritNeedsItsMember(Reference):
    """Accepts any crit whose names are in the header."""

    def check_header(self, header: Mapping[str, Any]) -> None:
        crit = header.get("crit", ["alg"])
        if not isinstance(crit, list) or not crit or not set(map(str, crit)) <= header.keys():
            raise Rejected("header", "crit names what is not there")
