"""What a run is about: the catalogue, the cases, and which of them were asked for."""

import hashlib
import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Self

from cognito_conformance.cases import load_cases
from cognito_conformance.catalogue import load_profiles, load_requirements
from cognito_conformance.model import Case, Level, Requirement
from cognito_conformance.report.replay import case_as_toml

#: Asked last: whoever dies of a million dots should have answered everything else.
_LAST_AREA: Final = "dos"


class UnknownProfile(ValueError):  # noqa: N818  (it describes the argument)
    """A profile that the suite does not ship."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Requirements and cases, loaded once."""

    requirements: tuple[Requirement, ...]
    cases: tuple[Case, ...]

    @classmethod
    def load(cls) -> Self:
        """Read the shipped catalogue."""
        return cls(requirements=load_requirements(), cases=load_cases())

    @property
    def sha256(self) -> str:
        """Tell two runs apart that were asked different questions."""
        lines = [
            json.dumps(
                [each.id, each.text, each.level, each.threat, sorted(each.needs)], sort_keys=True
            )
            for each in self.requirements
        ]
        lines += (case_as_toml(case) + json.dumps(sorted(case.needs)) for case in self.cases)
        return hashlib.sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which cases run: a glob, a level, a profile; all of them by default."""

    pattern: str | None = None
    level: Level = Level.MAY
    profile: str | None = None

    def requirements(self, catalogue: Catalogue) -> frozenset[str]:
        """Return the ids of the requirements whose cases may run. Raises `UnknownProfile`."""
        levels = list(Level)
        admitted = levels[: levels.index(self.level) + 1]
        frozen = profile(self.profile) if self.profile else None
        return frozenset(
            each.id
            for each in catalogue.requirements
            if each.level in admitted and (frozen is None or each.id in frozen)
        )

    def matches(self, identifier: str, requirement: str) -> bool:
        """Tell whether the glob, if there is one, names this case or its requirement."""
        return self.pattern is None or any(
            fnmatchcase(name, self.pattern) for name in (identifier, requirement)
        )

    def cases(self, catalogue: Catalogue) -> tuple[Case, ...]:
        """Return the selected cases in the order in which they are asked."""
        admitted = self.requirements(catalogue)
        selected = [
            case
            for case in catalogue.cases
            if case.requirement in admitted and self.matches(case.id, case.requirement)
        ]
        return tuple(sorted(selected, key=_asked_late))


def profile(name: str) -> frozenset[str]:
    """Return the frozen requirement ids of the profile called ``name``."""
    known = load_profiles()
    if name not in known:
        raise UnknownProfile(f"no profile is called {name!r}; known: {', '.join(sorted(known))}")
    return known[name]


def _asked_late(case: Case) -> bool:
    return case.requirement.partition("/")[0] == _LAST_AREA
