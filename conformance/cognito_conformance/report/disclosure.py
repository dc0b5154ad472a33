"""What of a report may be published: everything but how to get into somebody else's program.

A requirement whose breach lets in someone without a key, or with an old or a foreign token, is
*withheld* when a token was accepted that had to be refused, until its maintainers have had their
time (SECURITY.md). So are the neighbours that share its area and such a threat, whatever came of
them: a single withheld line would name the hole.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

WITHHELD: Final = "withheld"
GRAVE: Final = frozenset({"forged", "replayed", "expired", "availability"})
"""A token accepted where only a crash was looked for got in all the same."""
#: An accept that is wrong there is about waiting or memory, not about who gets in.
_LOAD: Final = frozenset({"jwks", "dos"})
_BINDING: Final = frozenset({"must", "should"})
_FAILED: Final = frozenset({"fail", "vacuous", "lost"})
#: What `judge` writes for a wrong verdict, of any step.
_ACCEPTED: Final = re.compile(r"(?:^|; )(?:step \d+: )?accept\b")


def findings(report: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the requirements that are to be reported to the maintainers first."""
    return tuple(each["id"] for each in report["requirements"] if _lets_in(each))


def publishable(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``report`` with such requirements withheld, and without what differs in every run."""
    hidden = {_area(each) for each in report["requirements"] if _lets_in(each)}
    requirements = [
        {**_identity(each), "status": WITHHELD, "cases": []}
        if _is_grave(each) and _area(each) in hidden
        else {**_identity(each), "status": each["status"], "cases": _failures(each)}
        for each in report["requirements"]
    ]
    return {
        **report,
        "adapter": {**report["adapter"], "spec": report["adapter"].get("name", "")},
        "started": report["started"][:10],
        "summary": _summary(requirements, report["summary"]),
        "requirements": requirements,
        "behaviours": {
            name: verdict
            for name, verdict in report["behaviours"].items()
            if name.partition("/")[0] not in hidden
        },
        "stale_baseline": [],
    }


def _is_grave(requirement: Mapping[str, Any]) -> bool:
    return (
        requirement["threat"] in GRAVE
        and requirement["level"] in _BINDING
        and not (requirement["threat"] == "availability" and _area(requirement) in _LOAD)
    )


def _lets_in(requirement: Mapping[str, Any]) -> bool:
    return _is_grave(requirement) and any(
        case["status"] in _FAILED
        and (_ACCEPTED.search(case.get("detail", "")) or _found_foreign_cookies(requirement, case))
        for case in requirement["cases"]
    )


def _found_foreign_cookies(requirement: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    """Tell whether tokens were handed out that should not have been: no verdict says so."""
    return _area(requirement) == "cookie" and case["verdict"] == "accept"


def _area(requirement: Mapping[str, Any]) -> str:
    return str(requirement["id"]).partition("/")[0]


def _identity(requirement: Mapping[str, Any]) -> dict[str, Any]:
    return {name: requirement[name] for name in ("id", "level", "threat")}


def _failures(requirement: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = ("id", "status", "verdict", "reason", "detail", "fault", "expected")
    return [
        {name: case[name] for name in kept if name in case}
        for case in requirement["cases"]
        if case["status"] in _FAILED
    ]


def _summary(
    requirements: list[dict[str, Any]], before: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    return {
        level: {
            status: sum(
                each["level"] == level and each["status"] == status for each in requirements
            )
            for status in dict.fromkeys([*counts, WITHHELD])
        }
        for level, counts in before.items()
    }
