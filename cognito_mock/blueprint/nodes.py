"""Documents whose values know where they are written, so that they can be taken apart and rebuilt.

An import reads one such tree and builds another; what is refused later still has its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cognito_mock.blueprint.yaml_file import BlueprintError, Located, Place, Where
from cognito_mock.core.json_types import JsonValue

Scalar: TypeAlias = "str | int | float | bool | None"
_KINDS = {dict: "a mapping", list: "a list", type(None): "nothing", str: "a text"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place."""

    value: "dict[str, Node] | list[Node] | Scalar"
    place: Place

    @property
    def members(self) -> "dict[str, Node]":
        """The members of a mapping. Raises `BlueprintError` for anything else."""
        if not isinstance(self.value, dict):
            raise self.error(f"expected a mapping, not {self.kind}")
        return self.value

    @property
    def items(self) -> "list[Node]":
        """The items of a list. Raises `BlueprintError` for anything else."""
        if not isinstance(self.value, list):
            raise self.error(f"expected a list, not {self.kind}")
        return self.value

    @property
    def text(self) -> str:
        """A text, a number as it is written, ``true`` or ``false``; else `BlueprintError`."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, str | int | float):
            return str(self.value)
        raise self.error(f"expected a text, not {self.kind}")

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return _KINDS.get(type(self.value), "a number or true or false")

    @property
    def plain(self) -> JsonValue:
        """The value without places."""
        if isinstance(self.value, dict):
            return {name: member.plain for name, member in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value

    def get(self, name: str) -> "Node | None":
        """Return a member of a mapping; None where there is none, or null."""
        member = self.members.get(name)
        return None if member is None or member.value is None else member

    def error(self, message: str) -> BlueprintError:
        """Return the error that is here."""
        return self.place.error(message)

    def with_members(self, members: "Mapping[str, Node]") -> "Node":
        """Return a mapping at the same place."""
        return Node(dict(members), self.place)

    def with_items(self, items: "Iterable[Node]") -> "Node":
        """Return a list at the same place."""
        return Node(list(items), self.place)

    def with_value(self, value: Scalar) -> "Node":
        """Return a scalar at the same place."""
        return Node(value, self.place)


def tree(located: Located) -> Node:
    """Return the document as nodes."""
    return _node(located, located.document, ())


def located(node: Node) -> Located:
    """Return the nodes as a document."""
    places: dict[Where, Place] = {}
    _note(node, (), places)
    return Located(document=node.plain, places=places)


def _node(source: Located, value: JsonValue, where: Where) -> Node:
    place = source.place(where)
    if isinstance(value, Mapping):
        return Node({n: _node(source, v, (*where, n)) for n, v in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node([_node(source, v, (*where, i)) for i, v in enumerate(value)], place)
    return Node(value, place)  # type: ignore[arg-type]  # a str is a Sequence, too


def _note(node: Node, where: Where, places: dict[Where, Place]) -> None:
    places[where] = node.place
    if isinstance(node.value, dict):
        for name, member in node.value.items():
            _note(member, (*where, name), places)
    elif isinstance(node.value, list):
        for index, item in enumerate(node.value):
            _note(item, (*where, index), places)
