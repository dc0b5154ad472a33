"""A template's sections, and what cannot be worked out in them."""

from dataclasses import dataclass

from cognito_mock.blueprint.nodes import Node

RESOURCES = "Resources"
_SECTIONS = ("Parameters", "Mappings", "Conditions")
_EMPTY: dict[str, Node] = {}


class Unresolved(Exception):  # noqa: N818  (it is no error: the list of what is left out has it)
    """A value that only AWS knows; the text says why. ``node`` is where."""

    def __init__(self, node: Node, reason: str) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource: its logical id, its type, and properties that may still hold functions."""

    logical_id: str
    type: str
    node: Node
    properties: Node
    condition: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The sections that an import looks at."""

    resources: dict[str, Resource]
    parameters: dict[str, Node]
    mappings: dict[str, Node]
    conditions: dict[str, Node]


def template(root: Node) -> Template:
    """Take a document apart. Raises `BlueprintError` for what is no template."""
    resources = root.get(RESOURCES)
    if resources is None:
        raise root.error(f"expected {RESOURCES!r}, as a CloudFormation template has it")
    parameters, mappings, conditions = (_section(root, name) for name in _SECTIONS)
    return Template(
        resources={
            logical_id: _resource(logical_id, node)
            for logical_id, node in resources.members.items()
            # A loop of the language extensions, which is listed where resources are read.
            if not logical_id.startswith("Fn::")
        },
        parameters=parameters,
        mappings=mappings,
        conditions=conditions,
    )


def _section(root: Node, name: str) -> dict[str, Node]:
    section = root.get(name)
    return _EMPTY if section is None else section.members


def _resource(logical_id: str, node: Node) -> Resource:
    kind = node.get("Type")
    if kind is None or not isinstance(kind.value, str):
        raise node.error(f"{logical_id}: expected 'Type'")
    return Resource(
        logical_id=logical_id,
        type=kind.value,
        node=node,
        properties=node.get("Properties") or Node({}, node.place),
        condition=node.get("Condition"),
    )
