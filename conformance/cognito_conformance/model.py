"""The suite's vocabulary: requirements, cases, what a case renders to, and what an adapter is.

Plain values only; nothing here signs, reads files or talks to a subject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol, TypeAlias

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]

SUITE_JWKS_URI: Final = "suite://jwks"
"""What a rendered `Config.jwks_uri` holds for the suite's own JWKS server, whose address only the
runner knows. What it serves at first is the scenario's first `JwksStep`."""


class Level(StrEnum):
    """How binding a requirement is (RFC 2119)."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Threat(StrEnum):
    """Who gains when a requirement is broken; ``forged`` needs no key at all."""

    FORGED = "forged"
    REPLAYED = "replayed"
    EXPIRED = "expired"
    ISSUER_ONLY = "issuer-only"
    AVAILABILITY = "availability"
    NONE = "none"


class Verdict(StrEnum):
    """What a subject said about one token."""

    ACCEPT = "accept"
    REJECT = "reject"
    ERROR = "error"


class Reason(StrEnum):
    """Why a token was rejected: advisory, except for the ``diag/*`` requirements."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TOKEN_USE = "token_use"  # noqa: S105  (a claim's name)
    SCOPE = "scope"
    GROUP = "group"
    HEADER = "header"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a requirement is written down."""

    ref: str
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One sentence that somebody must obey."""

    id: str
    text: str
    level: Level
    threat: Threat
    since: str
    sources: tuple[Source, ...]
    needs: frozenset[str] = frozenset({"verify"})
    #: What goes wrong for whom when it is not met.
    explanation: str = ""

    @property
    def area(self) -> str:
        """What it is about, see `area_of`."""
        return area_of(self.id)


def area_of(name: str) -> str:
    """Return the part of an id before the first slash; an issuer's areas have two parts."""
    area, _, rest = name.partition("/")
    return f"{area}-{rest.partition('/')[0]}" if area == "issuer" else area


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One executable example of a requirement, as data: ``recipe`` is rendered by the forge.

    ``expect`` with more than one verdict records behaviour without scoring it. A case that expects
    only a rejection names its accept ``twin``, which differs from it in one thing.
    ``forbidden_reasons`` is set by ``diag/*`` cases alone.
    """

    id: str
    requirement: str
    expect: frozenset[Verdict]
    recipe: JsonObject
    twin: str | None = None
    reason: Reason | None = None
    forbidden_reasons: frozenset[Reason] = frozenset()
    needs: frozenset[str] = frozenset({"verify"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a verifier is configured with; exactly one of ``jwks`` and ``jwks_uri`` is set."""

    user_pool_id: str
    region: str
    issuers: tuple[str, ...]
    client_ids: tuple[str, ...]
    token_use: str | None = "access"  # noqa: S105  (a claim's value)
    leeway_s: int = 0
    required_scopes: tuple[str, ...] = ()
    required_groups: tuple[str, ...] = ()
    jwks: JsonObject | None = None
    jwks_uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyStep:
    """Present ``token`` at ``now`` (epoch seconds); ``claims`` are those that were signed."""

    token: str
    now: float
    expect: frozenset[Verdict]
    claims: JsonObject | None = None
    forbidden_reasons: frozenset[Reason] = frozenset()
    #: How many threads present it at once.
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigureStep:
    """Configure again, for another pool perhaps, without a reset in between."""

    config: Config


@dataclass(frozen=True, slots=True, kw_only=True)
class CookiesStep:
    """Hand Cookie header lines over; ``expect`` is the username and tokens, as on the wire."""

    headers: tuple[str, ...]
    layout: str
    client_id: str
    expect: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class JwksStep:
    """Change what the suite's JWKS server serves: a document, or an outage by name."""

    jwks: JsonObject | None = None
    outage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchesStep:
    """Count the JWKS requests since the previous step of this kind (or since the start)."""

    at_most: int
    at_least: int = 0


Step: TypeAlias = VerifyStep | ConfigureStep | CookiesStep | JwksStep | FetchesStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A rendered case: configure, then the steps in order. ``refusal_is_reject``: see 4.4.

    When ``refusal_is_reject`` is true, a refusal to configure counts as the expected rejection.
    """

    config: Config
    steps: tuple[Step, ...]
    refusal_is_reject: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementation:
    """Who is being judged, and what it declares about itself."""

    name: str
    version: str
    language: str
    homepage: str = ""
    capabilities: frozenset[str] = frozenset({"verify", "jwks.static", "clock.token"})
    limits: Mapping[str, float | None] = field(default_factory=dict)


class Rejected(Exception):  # noqa: N818  (it is a verdict, not a fault)
    """What an in-process adapter raises when its library refuses a token."""

    def __init__(self, reason: str = "other", message: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class ConfigurationRefused(Exception):  # noqa: N818  (a legal answer of the protocol)
    """What an adapter raises when its library will not be configured that way.

    ``unsupported`` names the members of `Config` for which the library has no setting at all: what
    it cannot be asked is skipped, while a refusal of something that it knows is an answer.
    """

    def __init__(self, message: str = "", *, unsupported: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.unsupported = tuple(unsupported)


class Adapter(Protocol):
    """An implementation under judgement, in this process. CONFORMANCE 4.4."""

    @property
    def info(self) -> Implementation:
        """Name, version and declared capabilities."""

    def configure(self, config: Config) -> None:
        """Use ``config`` from now on. Raises `ConfigurationRefused`."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        """Return the verified claims at ``now`` (epoch seconds). Raises `Rejected`."""

    def reset(self) -> None:
        """Forget every cache."""


class CookieAdapter(Adapter, Protocol):
    """An adapter that also declares the capability ``cookies``."""

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        """Return ``{"username": …, "tokens": {"access": …, "id": …, "refresh": …}}``."""
