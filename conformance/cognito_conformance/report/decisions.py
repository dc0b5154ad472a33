"""What the project has decided to publish of other people's software although it lets somebody in.

Read from a file in which every entry says why: ``conformance/results/disclosed.toml``.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from cognito_conformance.model import area_of


class UnusableDecisions(ValueError):  # noqa: N818  (it describes the file)
    """A file of decisions that cannot be used; its text says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A requirement or an area that is told of one subject, whatever came of it."""

    subject: str
    requirement: str | None
    area: str | None
    why: str

    def covers(self, subject: str, requirement: str) -> bool:
        """Tell whether this is about ``requirement`` of ``subject``."""
        return self.subject == subject and (
            requirement == self.requirement or area_of(requirement) == self.area
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the project has decided to tell; without any, everything in doubt is withheld."""

    #: Subjects that are ours, of which everything is told.
    own: frozenset[str] = frozenset()
    disclosed: tuple[Decision, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file such as ``conformance/results/disclosed.toml``."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UnusableDecisions(f"{path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnusableDecisions(f"{path}: {error}") from error
        if unknown := document.keys() - {"own", "disclosed"}:
            raise UnusableDecisions(f"{path}: unknown member {', '.join(sorted(unknown))}")
        own = document.get("own", [])
        if not isinstance(own, list) or not all(isinstance(each, str) for each in own):
            raise UnusableDecisions(f"{path}: own is a list of names")
        return cls(
            own=frozenset(own),
            disclosed=tuple(_decision(path, each) for each in document.get("disclosed", ())),
        )

    def tell(self, subject: str, requirement: str) -> bool:
        """Tell whether the project has decided to publish this, whatever came of it."""
        return any(each.covers(subject, requirement) for each in self.disclosed)


NO_DECISIONS: Final = Decisions()


def _decision(path: Path, members: Any) -> Decision:
    if not isinstance(members, dict):
        raise UnusableDecisions(f"{path}: an entry is a table")
    if unknown := members.keys() - {"subject", "requirement", "area", "why"}:
        raise UnusableDecisions(f"{path}: unknown member {', '.join(sorted(unknown))}")
    texts = {name: members[name] for name in members if isinstance(members[name], str)}
    named = [name for name in ("requirement", "area") if texts.get(name)]
    if len(texts) < len(members) or not texts.get("subject") or len(named) != 1:
        raise UnusableDecisions(f"{path}: an entry names a subject, and a requirement or an area")
    if not texts.get("why", "").strip():
        raise UnusableDecisions(f"{path}: {texts['subject']}: say why this may be told")
    return Decision(
        subject=texts["subject"],
        requirement=texts.get("requirement"),
        area=texts.get("area"),
        why=texts["why"],
    )
