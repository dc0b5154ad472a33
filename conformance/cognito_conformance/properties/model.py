"""What a property is, and how its examples become cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cognito_conformance.model import Case, Verdict

ACCEPT: Final = frozenset({Verdict.ACCEPT})
REJECT: Final = frozenset({Verdict.REJECT})
NO_CRASH: Final = ACCEPT | REJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One drawn recipe, the verdict it was made to get, and the requirement that says so."""

    requirement: str
    expect: frozenset[Verdict]
    recipe: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A law over generated tokens.

    ``twin`` is the case that must be accepted for a rejection to mean anything.
    """

    name: str
    law: str
    requirements: tuple[str, ...]
    examples: SearchStrategy[Example]
    twin: str = "base/access"
    needs: frozenset[str] = frozenset({"verify"})

    def case(self, example: Example) -> Case:
        """Return ``example`` as an ordinary case, ready to be run and to be pasted."""
        return Case(
            id=self.outcome_id(example.requirement),
            requirement=example.requirement,
            expect=example.expect,
            recipe=example.recipe,
            twin=self._twin(example.recipe) if example.expect == REJECT else None,
            needs=self.needs,
        )

    def _twin(self, recipe: Mapping[str, Any]) -> str:
        """Return the case that must be accepted under the same configuration."""
        return "base/id" if recipe.get("config") == {"token_use": "id"} else self.twin

    def outcome_id(self, requirement: str) -> str:
        """Return the id under which this property reports about ``requirement``."""
        return f"{requirement}/property-{self.name}"


#: Names that JavaScript libraries drop on purpose, lest they pollute a prototype.
_DROPPED: Final = ("__proto__", "constructor", "prototype")
_CHARACTERS: Final = st.characters(exclude_characters="@!\0", exclude_categories=["Cs"])


def _plain_text(*, min_size: int) -> SearchStrategy[str]:
    return st.text(_CHARACTERS, min_size=min_size, max_size=12).filter(
        lambda text: not text.startswith(("now", *_DROPPED))
    )


# Made once: building a strategy takes longer than drawing from it.
TEXTS: Final = _plain_text(min_size=0)
"""Texts that mean themselves in a recipe: no directive, no lone surrogate."""

WORDS: Final = _plain_text(min_size=1)
"""The same, but never empty."""

JSON_VALUES: Final[SearchStrategy[Any]] = st.recursive(
    st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
"""JSON values that a recipe can hold and that every parser reads alike."""


def about(requirement: str, values: SearchStrategy[Any]) -> SearchStrategy[tuple[Any, str]]:
    """Draw a value together with the requirement that it breaks."""
    return values.map(lambda value: (value, requirement))
