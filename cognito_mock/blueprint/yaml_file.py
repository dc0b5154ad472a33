"""YAML with the place of every value. No schema and no pools here.

Only what JSON has too: mappings, lists, texts, numbers, booleans, null. A number or a date that is
not one by JSON's rules stays the text that was written. A tag such as ``!Ref x`` is a short form
of ``{"Ref": "x"}``, as CloudFormation has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from cognito_mock.core.json_types import JsonValue

Where = tuple[str | int, ...]
_MOST_BYTES = 5_000_000
# Aliases can make a small file stand for a huge document.
_MOST_VALUES = 200_000
_DEEPEST = 50
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NULLS = {"", "~", "null"}
_BOOLEANS = {"true": True, "false": False}
# Short forms of what does not begin with Fn:: in its long one.
_PLAIN_FUNCTIONS = ("Ref", "Condition")


class BlueprintError(ValueError):
    """The file is no blueprint; the text is one line with file, line and column."""


class Place(NamedTuple):
    """Where something is written; line and column count from 1."""

    source: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"

    def error(self, message: str) -> BlueprintError:
        """Return the error that is there."""
        return BlueprintError(f"{self}: {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A document and, by the path of each value, its place in a file."""

    document: JsonValue
    places: Mapping[Where, Place]

    def place(self, where: Where) -> Place:
        """Return the place of a value, or of the nearest one around it."""
        while where not in self.places:
            where = where[:-1]
        return self.places[where]

    def error(self, where: Where, message: str) -> BlueprintError:
        """Return the error at a value, or at the nearest one around it."""
        return self.place(where).error(message)


def read_yaml(path: Path) -> Located:
    """Read a file."""
    try:
        with path.open("rb") as file:
            octets = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BlueprintError(f"cannot read the config file {path}: {error.strerror}") from error
    if len(octets) > _MOST_BYTES:
        raise BlueprintError(f"cannot read the config file {path}: over {_MOST_BYTES} bytes")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BlueprintError(f"cannot read the config file {path}: not UTF-8 text") from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, source: str) -> Located:
    """Parse one document; ``source`` is its name in errors."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        places: dict[Where, Place] = {(): Place(source, 1, 1)}
        document = None if node is None else _Walk(source, places).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark is not None else "1:1"
        raise BlueprintError(f"{source}:{where}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BlueprintError(f"{source}:1:1: not YAML: a character that no text has") from error
    except RecursionError as error:
        raise BlueprintError(f"{source}:1:1: nested too deeply") from error
    return Located(document=document, places=places)


class _Walk:
    """Turns nodes into values and notes where each was."""

    def __init__(self, source: str, places: dict[Where, Place]) -> None:
        self._source = source
        self._places = places

    def value(self, node: yaml.Node, where: Where) -> JsonValue:
        self._places[where] = self._place(node)
        if len(self._places) > _MOST_VALUES or len(where) > _DEEPEST:
            raise self._error(node, "the document is too large or nested too deeply")
        if node.tag.startswith("!") and len(node.tag) > 1:
            return self._short_form(node, where)
        return self._untagged(node, where)

    def _untagged(self, node: yaml.Node, where: Where) -> JsonValue:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.ScalarNode):
            return self._text(node)
        return [self.value(item, (*where, i)) for i, item in enumerate(node.value)]

    def _short_form(self, node: yaml.Node, where: Where) -> JsonValue:
        """``!Sub x`` is ``{"Fn::Sub": "x"}``; ``!GetAtt A.B`` is a list in its long form."""
        name = node.tag[1:]
        function = name if name in _PLAIN_FUNCTIONS else f"Fn::{name}"
        self._places[(*where, function)] = self._place(node)
        if isinstance(node, yaml.ScalarNode):
            # Whatever it looks like, the argument of a function is the text that is written.
            text = str(node.value)
            return {function: list(text.split(".", 1)) if name == "GetAtt" else text}
        return {function: self._untagged(node, (*where, function))}

    def _text(self, node: yaml.ScalarNode) -> JsonValue:
        value = _scalar(str(node.value), plain=node.style is None)
        if not isinstance(value, str) or not _SURROGATE.search(value):
            return value
        try:
            # JSON writes a character beyond the 16 bits of \u as two halves (RFC 8259 §7).
            return value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            raise self._error(node, "half a character") from error

    def _mapping(self, node: yaml.MappingNode, where: Where) -> JsonValue:
        members: dict[str, JsonValue] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "expected a name")
            if key.value in members:
                raise self._error(key, f"{key.value!r} is here twice")
            members[key.value] = self.value(value, (*where, key.value))
        return members

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self._source, mark.line + 1, mark.column + 1)

    def _error(self, node: yaml.Node, message: str) -> BlueprintError:
        return self._place(node).error(message)


def _scalar(text: str, *, plain: bool) -> JsonValue:
    if not plain:  # quoted, or a block
        return text
    if text.lower() in _NULLS:
        return None
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
