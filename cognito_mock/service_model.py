"""The service model that botocore carries: operations, shapes, who signs. Loaded on first use.

Only the file is botocore's: importing its code takes as long as starting the rest of the mock. The
shapes here have what checks and renderers look at, under botocore's names for it.
"""

import gzip
import json
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FILE = "data/cognito-idp/2016-04-18/service-2.json"
# What describes a shape's structure; everything else it has are its traits.
_STRUCTURE = frozenset({"type", "members", "member", "key", "value", "required"})


class Shape:
    """A shape, or a use of it that adds traits. ``metadata`` are its traits.

    One object per use: compared and cached by identity.
    """

    def __init__(self, model: "ServiceModel", name: str, traits: Mapping[str, Any]) -> None:
        self._model = model
        self._definition: Mapping[str, Any] = model.definitions[name]
        self.name = name
        self.type_name: str = self._definition["type"]
        own = {k: v for k, v in self._definition.items() if k not in _STRUCTURE}
        self.metadata: Mapping[str, Any] = {**own, **traits}

    def _used(self, use: Mapping[str, Any]) -> "Shape":
        return self._model.shape(use["shape"], {k: v for k, v in use.items() if k != "shape"})


class StructureShape(Shape):
    """Members by name, in the model's order."""

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        """Return the members."""
        members: Mapping[str, Mapping[str, Any]] = self._definition.get("members", {})
        return {name: self._used(use) for name, use in members.items()}

    @cached_property
    def required_members(self) -> frozenset[str]:
        """Return the names of the members that must be there."""
        return frozenset(self._definition.get("required", ()))


class ListShape(Shape):
    """Many of one shape."""

    @cached_property
    def member(self) -> Shape:
        """Return the shape of the items."""
        return self._used(self._definition["member"])


class MapShape(Shape):
    """From one shape to another."""

    @cached_property
    def key(self) -> Shape:
        """Return the shape of the keys."""
        return self._used(self._definition["key"])

    @cached_property
    def value(self) -> Shape:
        """Return the shape of the values."""
        return self._used(self._definition["value"])


_KINDS: Mapping[str, type[Shape]] = {
    "structure": StructureShape,
    "list": ListShape,
    "map": MapShape,
}


class OperationModel:
    """An operation's name, shapes and signing."""

    def __init__(self, model: "ServiceModel", name: str, definition: Mapping[str, Any]) -> None:
        self.name = name
        self.signed = definition.get("authtype") != "none"
        self.input_shape = model.structure(definition.get("input"))
        self.output_shape = model.structure(definition.get("output"))


class ServiceModel:
    """All operations and shapes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.definitions: Mapping[str, Mapping[str, Any]] = document["shapes"]
        self._operations: Mapping[str, Mapping[str, Any]] = document["operations"]
        self.operation_names = frozenset(self._operations)
        self._models: dict[str, OperationModel] = {}

    @property
    def shape_names(self) -> list[str]:
        """Return the names of all shapes."""
        return list(self.definitions)

    def shape_for(self, name: str) -> Shape:
        """Return a shape by itself."""
        return self.shape(name, {})

    def shape(self, name: str, traits: Mapping[str, Any]) -> Shape:
        """Return a shape as it is used somewhere."""
        kind = _KINDS.get(self.definitions[name]["type"], Shape)
        return kind(self, name, traits)

    def structure(self, use: Mapping[str, Any] | None) -> StructureShape | None:
        """Return an operation's input or output, None when it has none."""
        return None if use is None else StructureShape(self, use["shape"], {})

    def operation_model(self, name: str) -> OperationModel:
        """Return an operation, always the same object for a name."""
        model = self._models.get(name)
        if model is None:
            made = OperationModel(self, name, self._operations[name])
            model = self._models.setdefault(name, made)
        return model


@cache
def service_model() -> ServiceModel:
    """Return the model of ``cognito-idp``; it never changes while the process runs."""
    botocore = find_spec("botocore")
    if botocore is None or botocore.origin is None:
        raise ModuleNotFoundError("the mock needs botocore, which carries the service model")
    path = Path(botocore.origin).parent / _FILE
    # Compressed since botocore 1.29.
    packed = path.with_name(f"{path.name}.gz")
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    return ServiceModel(json.loads(text))


@cache
def operation_names() -> frozenset[str]:
    """Return the names of all operations of the service."""
    return service_model().operation_names


def operation_model(name: str) -> OperationModel:
    """Return the model of an operation that is in ``operation_names()``."""
    return service_model().operation_model(name)


def is_signed(operation: OperationModel) -> bool:
    """Tell whether callers sign the operation with AWS credentials (COG-API-WIRE-026)."""
    return operation.signed
