"""Why a token is refused: one class for each thing a caller would do differently.

::

    VerificationError
    ├── MalformedToken        malformed      not a JWS in compact form, or not strict JSON
    ├── HeaderRefused         header         asks for a JOSE extension (``crit``, ``b64``)
    ├── AlgorithmRefused      algorithm      anything but RS256
    ├── KeyUnavailable        key
    │   ├── UnknownKey        key            the pool publishes no usable key of that ``kid``
    │   └── KeysUnreachable   key            the key set could not be fetched; try again later
    ├── SignatureInvalid      signature
    └── ClaimsRefused                        signed by the pool, but not acceptable here
        ├── ClaimMalformed    malformed      a claim is missing or of the wrong type
        ├── IssuerMismatch    issuer
        ├── TokenUseMismatch  token_use
        ├── ClientMismatch    audience       another app client, or another resource
        ├── ScopeMissing      scope
        ├── GroupMissing      group
        ├── TokenNotYetValid  not_yet_valid
        ├── TokenExpired      expired        otherwise perfectly good: expiry is checked last
        ├── SubjectMismatch   other          two good tokens, of two users
        └── CustomCheckFailed other
    ConfigurationError(ValueError)           a mistake in the program, not in a token
    JwksFetchError                           what a `JwksFetcher` raises

Evidence is in attributes; neither they nor the text ever hold the token.
"""
# ruff: noqa: N818  (named after what was found, like the RFCs and `argon2` do)

from collections.abc import Collection
from typing import Any, ClassVar

__all__ = [
    "AlgorithmRefused",
    "ClaimMalformed",
    "ClaimsRefused",
    "ClientMismatch",
    "ConfigurationError",
    "CustomCheckFailed",
    "GroupMissing",
    "HeaderRefused",
    "IssuerMismatch",
    "JwksFetchError",
    "KeyUnavailable",
    "KeysUnreachable",
    "MalformedToken",
    "ScopeMissing",
    "SignatureInvalid",
    "SubjectMismatch",
    "TokenExpired",
    "TokenNotYetValid",
    "TokenUseMismatch",
    "UnknownKey",
    "VerificationError",
]


class ConfigurationError(ValueError):
    """The verifier cannot be built like this."""


class JwksFetchError(Exception):
    """A key set could not be fetched."""


class VerificationError(Exception):
    """The token is not accepted. Catch this one, and answer 401."""

    #: Stable and machine-readable; one of the reasons of the conformance suite.
    code: ClassVar[str] = "other"

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive pickling although the subclasses' arguments are keyword-only."""
        return _rebuild, (type(self), self.args), self.__dict__


class MalformedToken(VerificationError):
    """The text is not a compact JWS of strict JSON."""

    code = "malformed"


class HeaderRefused(VerificationError):
    """The header asks for an extension; none is implemented."""

    code = "header"

    def __init__(self, *, member: str) -> None:
        super().__init__(f"the header member {member!r} is not supported")
        #: The offending header member.
        self.member = member


class AlgorithmRefused(VerificationError):
    """The header names another algorithm than RS256."""

    code = "algorithm"

    def __init__(self, *, algorithm: object) -> None:
        super().__init__(f"the algorithm must be RS256, not {algorithm!r:.40}")
        #: What the header says, whatever its type.
        self.algorithm = algorithm


class KeyUnavailable(VerificationError):
    """There is no key to check the signature with."""

    code = "key"


class UnknownKey(KeyUnavailable):
    """The key set has no usable key of that id."""

    def __init__(self, *, kid: object, why: str = "is not in the key set") -> None:
        super().__init__(f"the key {kid!r:.80} {why}")
        #: What the header says, whatever its type.
        self.kid = kid


class KeysUnreachable(KeyUnavailable):
    """The key set could not be fetched and there is no copy recent enough."""

    def __init__(self, *, uri: str, why: str) -> None:
        super().__init__(f"the key set at {uri} is unavailable: {why}")
        #: Where the key set was looked for.
        self.uri = uri


class SignatureInvalid(VerificationError):
    """The signature is not the key's."""

    code = "signature"

    def __init__(self, *, kid: str) -> None:
        super().__init__(f"the signature is not one of the key {kid!r:.80}")
        #: The key that was used.
        self.kid = kid


class ClaimsRefused(VerificationError):
    """The signature is good; what was signed is not acceptable here."""


class ClaimMalformed(ClaimsRefused):
    """A claim is missing or has the wrong type."""

    code = "malformed"

    def __init__(self, *, claim: str, expected: str) -> None:
        super().__init__(f"the claim {claim!r} must be {expected}")
        #: The claim's name.
        self.claim = claim
        #: What it should have been, in words.
        self.expected = expected


class IssuerMismatch(ClaimsRefused):
    """Another pool issued the token."""

    code = "issuer"

    def __init__(self, *, actual: object, expected: Collection[str]) -> None:
        super().__init__(f"issued by {actual!r:.200}, expected {_one_of(expected)}")
        #: The claim ``iss``, whatever its type; None if missing.
        self.actual = actual
        #: The configured issuers.
        self.expected = expected


class TokenUseMismatch(ClaimsRefused):
    """An id token where an access token is wanted, or the reverse."""

    code = "token_use"

    def __init__(self, *, actual: object, expected: Collection[str]) -> None:
        super().__init__(f"token_use is {actual!r:.40}, expected {_one_of(expected)}")
        #: The claim ``token_use``, whatever its type; None if missing.
        self.actual = actual
        #: The acceptable values.
        self.expected = expected


class ClientMismatch(ClaimsRefused):
    """The token was issued to another app client, or for another resource."""

    code = "audience"

    def __init__(self, *, claim: str, actual: object, expected: Collection[str]) -> None:
        super().__init__(f"{claim} is {actual!r:.200}, expected {_one_of(expected)}")
        #: ``aud`` or ``client_id``.
        self.claim = claim
        #: Its value, whatever its type; None if missing.
        self.actual = actual
        #: The configured clients or resources; empty if any will do.
        self.expected = expected


class ScopeMissing(ClaimsRefused):
    """None of the required scopes was granted."""

    code = "scope"

    def __init__(self, *, granted: Collection[str], required: Collection[str]) -> None:
        super().__init__(f"none of the scopes was granted: {_one_of(required)}")
        #: The token's scopes.
        self.granted = granted
        #: Any of these would have done.
        self.required = required


class GroupMissing(ClaimsRefused):
    """The user is in none of the required groups."""

    code = "group"

    def __init__(self, *, groups: Collection[str], required: Collection[str]) -> None:
        super().__init__(f"the user is in none of the groups: {_one_of(required)}")
        #: The token's groups.
        self.groups = groups
        #: Any of these would have done.
        self.required = required


class TokenNotYetValid(ClaimsRefused):
    """The time given by ``nbf`` has not come."""

    code = "not_yet_valid"

    def __init__(self, *, not_before: float, now: float) -> None:
        super().__init__(f"not valid before {not_before:.0f}, and it is {now:.0f}")
        #: The claim ``nbf``.
        self.not_before = not_before
        #: The time of the check.
        self.now = now


class TokenExpired(ClaimsRefused):
    """The token was good until it expired: everything else has been checked."""

    code = "expired"

    def __init__(self, *, expired_at: float, now: float) -> None:
        super().__init__(f"expired at {expired_at:.0f}, and it is {now:.0f}")
        #: The claim ``exp``.
        self.expired_at = expired_at
        #: The time of the check.
        self.now = now


class SubjectMismatch(ClaimsRefused):
    """The id token and the access token of one session belong to two users."""

    code = "other"

    def __init__(self) -> None:
        super().__init__("the id token and the access token belong to two users")


class CustomCheckFailed(ClaimsRefused):
    """The application's own check refused good claims; it may raise this to say why."""

    code = "other"

    def __init__(self, why: str = "the application refused the claims") -> None:
        super().__init__(why)


def _rebuild(kind: type[VerificationError], args: tuple[Any, ...]) -> VerificationError:
    """Make an error again without its constructor; pickle then restores the attributes."""
    return kind.__new__(kind, *args)


def _one_of(values: Collection[str]) -> str:
    """Name the acceptable values in an error text."""
    return " or ".join(map(repr, sorted(values))) or "a non-empty string"
