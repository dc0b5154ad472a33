"""Functions of a template that need nothing but their arguments: Join, Select, Split, Base64."""

from base64 import b64encode
from collections.abc import Callable, Mapping

from cognito_mock.blueprint.nodes import Node


def join(argument: Node) -> Node:
    """``Fn::Join: [delimiter, [values]]``."""
    delimiter, values = _arguments(argument, 2)
    return argument.with_value(delimiter.text.join(value.text for value in values.items))


def select(argument: Node) -> Node:
    """``Fn::Select: [index, [values]]``."""
    index, values = _arguments(argument, 2)
    number = index.text
    if not (number.isascii() and number.isdigit() and int(number) < len(values.items)):
        raise index.error(f"Fn::Select: there is no item {number} of {len(values.items)}")
    return values.items[int(number)]


def split(argument: Node) -> Node:
    """``Fn::Split: [delimiter, text]``."""
    delimiter, text = _arguments(argument, 2)
    if not delimiter.text:
        raise delimiter.error("Fn::Split: the delimiter is empty")
    return argument.with_items(argument.with_value(p) for p in text.text.split(delimiter.text))


def base64(argument: Node) -> Node:
    """``Fn::Base64: text``."""
    return argument.with_value(b64encode(argument.text.encode()).decode())


def _arguments(argument: Node, count: int) -> list[Node]:
    items = argument.items
    if len(items) != count:
        raise argument.error(f"expected {count} arguments, not {len(items)}")
    return items


PURE: Mapping[str, Callable[[Node], Node]] = {
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Base64": base64,
}
