"""Resources whose functions are worked out, and a pool that is put together from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.yaml_file import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A resource. ``own_name`` is its physical id; ``untouched`` properties may hold functions.

    It is ``complete`` if all others could be worked out.
    """

    logical_id: str
    type: str
    own_name: str
    properties: Node
    untouched: Mapping[str, Node]
    complete: bool
    place: Place

    def node(self, value: str) -> Node:
        """Return a text at the resource's place."""
        return Node(value, self.place)

    def text(self, name: str) -> Node | None:
        """Return a property as a text."""
        found = self.properties.get(name)
        return None if found is None else found.with_value(found.text)


@dataclass(slots=True, kw_only=True)
class PoolParts:
    """A blueprint's pool in the making: plain members, and lists of what it has many of."""

    members: dict[str, Node]
    place: Place
    lists: dict[str, list[Node]] = field(default_factory=dict)

    def add(self, part: str, entry: Node) -> None:
        """Append to one of the lists."""
        self.lists.setdefault(part, []).append(entry)

    def named(self, part: str, name: str, *, by: str = "name") -> Node | None:
        """Return the entry of a list that has this name."""
        for entry in self.lists.get(part, ()):
            written = entry.get(by)
            if written is not None and written.text == name:
                return entry
        return None

    def described(self) -> Node:
        """Return the pool as the blueprint has it."""
        lists = {part: Node(list(entries), self.place) for part, entries in self.lists.items()}
        return Node({**self.members, **lists}, self.place)
