"""What became of one case: plain values that survive JSON, so that workers can hand them over."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self


class Status(StrEnum):
    """How a case ended. Everything but ``pass``, ``skip`` and ``recorded`` is a failure."""

    PASS = "pass"  # noqa: S105  (not a password)
    FAIL = "fail"
    #: Rejected as it should be, but so was its twin: the rejection proves nothing.
    VACUOUS = "vacuous"
    #: Not asked: the adapter had broken before.
    LOST = "lost"
    #: Not asked: the adapter declares that it lacks a capability.
    SKIP = "skip"
    #: Several verdicts are permitted; this one was noted.
    RECORDED = "recorded"

    @property
    def failed(self) -> bool:
        """Tell whether this counts against the subject."""
        return self in {Status.FAIL, Status.VACUOUS, Status.LOST}

    @property
    def executed(self) -> bool:
        """Tell whether the subject was asked."""
        return self not in {Status.SKIP, Status.LOST}


class Breach(StrEnum):
    """In which way a requirement was broken; what may be published depends on it."""

    #: A token was accepted, or tokens were handed out, that had to be refused.
    ACCEPTED = "accepted"
    #: Other claims or another user than what was signed or sent.
    MISREAD = "misread"
    #: A refusal that says that all the rest was good.
    MASKED = "masked"
    #: A refusal or an error text gives away what is in the token.
    LEAKED = "leaked"
    #: The same question got different answers.
    UNSTEADY = "unsteady"
    #: A request where none may be made.
    CONTACTED = "contacted"
    #: More requests than permitted, of those that may be made.
    FETCHED = "fetched"
    #: A token refused, or tokens not found, that were good.
    REFUSED = "refused"
    #: An answer that is none: an exception, silence, garbage.
    CRASHED = "crashed"


class Situation(StrEnum):
    """What happens while a new key is waited for."""

    #: Good tokens are presented, and nothing else.
    QUIET = "quiet"
    #: Somebody presents key ids that nobody published.
    STORM = "storm"

    @property
    def requirement(self) -> str:
        """The id of the requirement that is judged by what is measured."""
        return _JUDGED_BY[self]


MEASURED: Final = "measured"
"""Ends the id of an outcome that is a measurement."""

_JUDGED_BY: Final[Mapping[Situation, str]] = {
    Situation.QUIET: "rotation/settle-time",
    Situation.STORM: "rotation/storm-does-not-starve",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """For how long the tokens of a newly published key were refused, see `runner.settling`."""

    #: To the nearest interval; None if it was longer than ``limit_s``.
    seconds: float | None
    interval_s: float
    limit_s: float
    #: ``moved`` or ``waited``.
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A requirement broken along the way, other than the one the case is about."""

    requirement: str
    detail: str
    breach: Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """One case's result, with what a reader needs when it failed."""

    id: str
    requirement: str
    status: Status
    verdict: str | None = None
    reason: str | None = None
    detail: str = ""
    fault: str | None = None
    findings: tuple[Finding, ...] = ()
    ms: float = 0.0
    #: The capabilities that this case exercises; a skip names the absent ones in ``detail``.
    needs: tuple[str, ...] = ()
    #: In which ways the case's own requirement was broken; a failure without any is not understood.
    breaches: tuple[Breach, ...] = ()
    stderr: str = ""
    #: For failures: a pasteable ``[[case]]`` and the frozen scenario, see `report.replay`.
    recipe: str = ""
    replay: Mapping[str, Any] | None = None
    #: What was measured, for the two outcomes that are a measurement.
    latency: Latency | None = None

    @property
    def failed(self) -> bool:
        """Tell whether the case or anything found along the way counts against the subject."""
        return self.status.failed or bool(self.findings)

    @property
    def requirements(self) -> frozenset[str]:
        """The requirement that the case is about, and those found broken along the way."""
        return frozenset({self.requirement, *(each.requirement for each in self.findings)})

    def fails(self, requirement: str) -> bool:
        """Tell whether this outcome shows that ``requirement`` is broken."""
        return (self.requirement == requirement and self.status.failed) or any(
            each.requirement == requirement for each in self.findings
        )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        values = dict(members)
        values["status"] = Status(values["status"])
        values["findings"] = tuple(
            Finding(**{**finding, "breach": Breach(finding["breach"])})
            for finding in values["findings"]
        )
        values["breaches"] = tuple(Breach(breach) for breach in values["breaches"])
        values["needs"] = tuple(values["needs"])
        if values["latency"] is not None:
            values["latency"] = Latency(**values["latency"])
        return cls(**values)
