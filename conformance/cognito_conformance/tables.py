"""Packaged TOML, read strictly: an unknown member is an error, never ignored."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any


class DataError(ValueError):
    """The suite's own data is not what it should be."""


def read_folder(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and content of each TOML file of a folder of this package, in order."""
    files = resources.files("cognito_conformance").joinpath(folder).iterdir()
    for file in sorted(files, key=lambda each: each.name):
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))


def read_file(*path: str) -> dict[str, Any]:
    """Return the content of one TOML file of this package."""
    file = resources.files("cognito_conformance").joinpath(*path)
    return tomllib.loads(file.read_text("utf-8"))


def only(where: str, table: Mapping[str, Any], members: frozenset[str]) -> None:
    """Raise `DataError` if ``table`` has a member that is not one of ``members``."""
    if unknown := table.keys() - members:
        raise DataError(f"{where}: unknown member {', '.join(sorted(unknown))}")
