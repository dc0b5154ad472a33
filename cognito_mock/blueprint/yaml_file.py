"""YAML with the place of every value. No schema and no pools here.

Only what JSON has too: mappings, lists, texts, numbers, booleans, null. A number or a date that is
not one by JSON's rules stays the text that was written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from cognito_mock.core.json_types import JsonValue

Where = tuple[str | int, ...]
_MOST_BYTES = 5_000_000
# Aliases can make a small file stand for a huge document.
_MOST_VALUES = 200_000
_DEEPEST = 50
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_NULLS = {"", "~", "null"}
_BOOLEANS = {"true": True, "false": False}


class BlueprintError(ValueError):
    """The file is no blueprint; the text is one line with file, line and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A document and, by the path of each value, its line and column (from 1)."""

    source: str
    document: JsonValue
    places: Mapping[Where, tuple[int, int]]

    def error(self, where: Where, message: str) -> BlueprintError:
        """Return the error at a value, or at the nearest one around it."""
        while where not in self.places:
            where = where[:-1]
        line, column = self.places[where]
        return BlueprintError(f"{self.source}:{line}:{column}: {message}")


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
        places: dict[Where, tuple[int, int]] = {(): (1, 1)}
        document = None if node is None else _Walk(source, places).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark is not None else "1:1"
        raise BlueprintError(f"{source}:{where}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BlueprintError(f"{source}:1:1: not YAML: a character that no text has") from error
    except RecursionError as error:
        raise BlueprintError(f"{source}:1:1: nested too deeply") from error
    return Located(source=source, document=document, places=places)


class _Walk:
    """Turns nodes into values and notes where each was."""

    def __init__(self, source: str, places: dict[Where, tuple[int, int]]) -> None:
        self._source = source
        self._places = places

    def value(self, node: yaml.Node, where: Where) -> JsonValue:
        self._places[where] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(self._places) > _MOST_VALUES or len(where) > _DEEPEST:
            raise self._error(node, "the document is too large or nested too deeply")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(str(node.value), plain=node.style is None)
        return [self.value(item, (*where, i)) for i, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, where: Where) -> JsonValue:
        members: dict[str, JsonValue] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "expected a name")
            if key.value in members:
                raise self._error(key, f"{key.value!r} is here twice")
            members[key.value] = self.value(value, (*where, key.value))
        return members

    def _error(self, node: yaml.Node, message: str) -> BlueprintError:
        mark = node.start_mark
        return BlueprintError(f"{self._source}:{mark.line + 1}:{mark.column + 1}: {message}")


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
