"""Works out a template's functions, as far as that can be done without AWS.

What cannot be (an import from another stack, an attribute of a resource that is not made here, a
function that is not known) is `Unresolved`: it goes into the notes, and its member is left out.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from cognito_mock.blueprint.cloudformation import physical
from cognito_mock.blueprint.cloudformation.functions import PURE
from cognito_mock.blueprint.cloudformation.parameters import Parameters
from cognito_mock.blueprint.cloudformation.template import Resource, Template, Unresolved
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes

_NO_VALUE = "AWS::NoValue"
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC = "{{resolve:"
_LOGICAL = ("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition")


class Resolver:
    """Turns nodes with functions into nodes without."""

    def __init__(self, template: Template, parameters: Parameters, notes: Notes) -> None:
        self._template = template
        self._parameters = parameters
        self._notes = notes
        self._under_way: set[str] = set()

    @property
    def region(self) -> str:
        """Where the stack is."""
        return self._parameters.region

    def value(self, node: Node, name: str) -> Node | None:
        """Return the value; None for AWS::NoValue. Raises `Unresolved`.

        Members and items that are unresolved are left out of it; ``name`` is what notes call it.
        """
        call = _call(node)
        if call is not None:
            return self._called(*call, node, name)
        if isinstance(node.value, dict):
            members = {n: self._part(v, f"{name}.{n}") for n, v in node.value.items()}
            return node.with_members({n: v for n, v in members.items() if v is not None})
        if isinstance(node.value, list):
            parts = [self._part(v, f"{name}[{i}]") for i, v in enumerate(node.value)]
            return node.with_items(part for part in parts if part is not None)
        if isinstance(node.value, str) and _DYNAMIC in node.value:
            raise Unresolved(node, "a dynamic reference, which only AWS can look up")
        return node

    def exists(self, resource: Resource) -> bool:
        """Tell whether the resource's condition holds. Raises `Unresolved`."""
        return resource.condition is None or self._named_condition(resource.condition)

    def own_name(self, resource: Resource, at: Node) -> str:
        """Return what ``Ref`` of a resource is. Raises `Unresolved`."""
        if resource.type == physical.POOL:
            return physical.pool_id(resource.logical_id, self.region)
        if resource.type == physical.CLIENT:
            return physical.client_id(resource.logical_id)
        named_by = physical.NAMED_BY.get(resource.type)
        if named_by is None:
            raise Unresolved(at, f"{resource.logical_id} is a {resource.type}")
        written = resource.properties.get(named_by)
        if written is None:
            return resource.logical_id
        with self._not_in_a_circle(resource.logical_id, at):
            return self._strictly(written).text

    def _part(self, node: Node, name: str) -> Node | None:
        try:
            return self.value(node, name)
        except Unresolved as unresolved:
            self._notes.left_out(unresolved.node.place, name, unresolved.reason)
            return None

    def _strictly(self, node: Node) -> Node:
        """Return the value of an argument, in which nothing may be missing."""
        call = _call(node)
        if call is not None:
            found = self._called(*call, node, "")
            if found is None:
                raise node.error("AWS::NoValue is no argument")
            return found
        if isinstance(node.value, dict):
            return node.with_members({n: self._strictly(v) for n, v in node.value.items()})
        if isinstance(node.value, list):
            return node.with_items(self._strictly(item) for item in node.value)
        if isinstance(node.value, str) and _DYNAMIC in node.value:
            raise Unresolved(node, "a dynamic reference, which only AWS can look up")
        return node

    def _called(self, function: str, argument: Node, node: Node, name: str) -> Node | None:
        if function == "Ref":
            return self._ref(argument)
        if function == "Fn::If":
            return self._if(argument, name)
        if function == "Fn::Sub":
            return self._sub(argument)
        if function == "Fn::GetAtt":
            return self._get_att(argument)
        if function == "Fn::FindInMap":
            return self._find_in_map(argument)
        if function in PURE:
            return PURE[function](self._strictly(argument))
        if function == "Fn::ImportValue":
            raise Unresolved(node, "Fn::ImportValue, a value of another stack")
        raise Unresolved(node, f"{function} is not worked out here")

    def _ref(self, argument: Node) -> Node | None:
        name = argument.text
        if name == _NO_VALUE:
            return None
        found = self._parameters.find(name, argument)
        if found is not None:
            return found
        return argument.with_value(self.own_name(self._resource(name, argument), argument))

    def _resource(self, name: str, at: Node) -> Resource:
        resource = self._template.resources.get(name)
        if resource is None:
            raise at.error(f"there is no parameter or resource {name!r}")
        if not self.exists(resource):
            raise Unresolved(at, f"{name} is not made: its condition does not hold")
        return resource

    def _get_att(self, argument: Node) -> Node:
        if isinstance(argument.value, str):
            name, _, attribute = argument.value.partition(".")
        else:
            parts = [self._strictly(item).text for item in argument.items]
            name, attribute = parts[0] if parts else "", ".".join(parts[1:])
        resource = self._resource(name, argument)
        try:
            own_name = self.own_name(resource, argument)
        except Unresolved:
            own_name = ""
        found = physical.attribute(resource, attribute, region=self.region, own_name=own_name)
        if found is None:
            raise Unresolved(argument, f"{attribute} of {name}, a {resource.type}")
        return argument.with_value(found)

    def _sub(self, argument: Node) -> Node:
        text, variables = argument, dict[str, Node]()
        if isinstance(argument.value, list):
            if len(argument.value) != 2:  # noqa: PLR2004
                raise argument.error("Fn::Sub: expected a text and a mapping")
            text, given = argument.value
            variables = given.members

        def replacement(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            if literal:
                return f"${{{name}}}"
            if name in variables:
                return self._strictly(variables[name]).text
            at = text.with_value(name)
            value = self._get_att(at) if "." in name else self._ref(at)
            if value is None:
                raise text.error("Fn::Sub: AWS::NoValue is no text")
            return value.text

        replaced = _VARIABLE.sub(replacement, text.text)
        if _DYNAMIC in replaced:
            raise Unresolved(text, "a dynamic reference, which only AWS can look up")
        return text.with_value(replaced)

    def _if(self, argument: Node, name: str) -> Node | None:
        if len(argument.items) != 3:  # noqa: PLR2004
            raise argument.error("Fn::If: expected a condition and two values")
        condition, then, otherwise = argument.items
        return self.value(then if self._named_condition(condition) else otherwise, name)

    def _find_in_map(self, argument: Node) -> Node:
        if len(argument.items) < 3:  # noqa: PLR2004
            raise argument.error("Fn::FindInMap: expected a map and two keys")
        keys = [self._strictly(item) for item in argument.items[:3]]
        found: Node | None = Node(self._template.mappings, argument.place)
        for key in keys:
            found = None if found is None else found.members.get(key.text)
        if found is not None:
            return found
        default = argument.items[3].get("DefaultValue") if len(argument.items) > 3 else None  # noqa: PLR2004
        if default is None:
            path = ".".join(key.text for key in keys)
            raise argument.error(f"Fn::FindInMap: there is no {path}")
        return self._strictly(default)

    def _named_condition(self, name: Node) -> bool:
        expression = self._template.conditions.get(name.text)
        if expression is None:
            raise name.error(f"there is no condition {name.text!r}")
        with self._not_in_a_circle(f"condition {name.text}", name):
            return self._holds(expression)

    def _holds(self, node: Node) -> bool:
        call = _call(node)
        if call is None or call[0] not in _LOGICAL:
            raise node.error(f"expected one of {', '.join(_LOGICAL)}")
        function, argument = call
        if function == "Condition":
            return self._named_condition(argument)
        if function == "Fn::Equals":
            if len(argument.items) != 2:  # noqa: PLR2004
                raise argument.error("Fn::Equals: expected two values")
            left, right = (self._strictly(item).plain for item in argument.items)
            return _as_text(left) == _as_text(right)
        outcomes = [self._holds(item) for item in argument.items]
        if function == "Fn::Not":
            return not all(outcomes)
        return all(outcomes) if function == "Fn::And" else any(outcomes)

    @contextmanager
    def _not_in_a_circle(self, name: str, at: Node) -> Iterator[None]:
        if name in self._under_way:
            raise at.error(f"{name} depends on itself")
        self._under_way.add(name)
        try:
            yield
        finally:
            self._under_way.remove(name)


def _call(node: Node) -> tuple[str, Node] | None:
    """Return a function and its argument; None for a node that calls none."""
    if not isinstance(node.value, dict) or len(node.value) != 1:
        return None
    name, argument = next(iter(node.value.items()))
    if name in {"Ref", "Condition"} or name.startswith("Fn::"):
        return name, argument
    return None


def _as_text(value: object) -> object:
    """Booleans and numbers are equal to how they are written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
