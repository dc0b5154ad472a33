"""What a template writes, in the types that a request has.

CloudFormation takes ``"true"`` for true, ``8`` for ``"8"`` and the other way round. Members that
the request does not have are left out, with a note.
"""

import re

from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.service_model import ListShape, MapShape, Shape, StructureShape

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}
_NUMBERS = {"integer", "long", "float", "double"}


def coerced(node: Node, shape: Shape, name: str, notes: Notes) -> Node:
    """Return the value as ``shape`` has it. ``name`` is what notes call it.

    Raises `BlueprintError` for what cannot be one.
    """
    if isinstance(shape, StructureShape):
        return coerced_members(node, shape, name, notes)
    if isinstance(shape, ListShape):
        member = shape.member
        return node.with_items(
            coerced(item, member, f"{name}[{i}]", notes) for i, item in enumerate(node.items)
        )
    if isinstance(shape, MapShape):
        inner = shape.value
        return node.with_members(
            {n: coerced(v, inner, f"{name}.{n}", notes) for n, v in node.members.items()}
        )
    if shape.type_name == "boolean":
        return _boolean(node)
    if shape.type_name in _NUMBERS:
        return _number(node)
    return node.with_value(node.text)


def coerced_members(
    node: Node,
    shape: StructureShape,
    name: str,
    notes: Notes,
    *,
    silently: frozenset[str] = frozenset(),
) -> Node:
    """Return the members that ``shape`` has; others are noted, unless they are in ``silently``."""
    found = {}
    for member, value in node.members.items():
        known = shape.members.get(member)
        if known is None:
            if member not in silently:
                notes.left_out(value.place, f"{name}.{member}", "the mock has no such setting")
        elif value.value is not None:
            found[member] = coerced(value, known, f"{name}.{member}", notes)
    return node.with_members(found)


def _boolean(node: Node) -> Node:
    if isinstance(node.value, bool):
        return node
    if isinstance(node.value, str) and node.value.lower() in _BOOLEANS:
        return node.with_value(_BOOLEANS[node.value.lower()])
    raise node.error(f"expected true or false, not {node.kind}")


def _number(node: Node) -> Node:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node
    if isinstance(node.value, str) and _WHOLE.fullmatch(node.value):
        return node.with_value(int(node.value))
    raise node.error(f"expected a number, not {node.kind}")
