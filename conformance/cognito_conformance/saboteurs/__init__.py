"""Adapters with exactly one flaw each, and the requirements that must find it.

A requirement that no saboteur fails proves nothing: it might pass everything.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Final

from cognito_conformance.model import CookieAdapter
from cognito_conformance.saboteurs import (
    algorithms,
    claims,
    conduct,
    cookie_names,
    crashes,
    extremes,
    fetching,
    issuers,
    jwks,
    kids,
    shape,
    signatures,
    times,
)
from cognito_conformance.saboteurs.reference import Reference
from cognito_conformance.tables import read_file

__all__ = ["SABOTEURS", "Reference", "Saboteur"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saboteur:
    """One flawed adapter: what it is called, what it fails, and how to make one."""

    name: str
    fails: frozenset[str]
    factory: Callable[[], CookieAdapter]


def _classes(module: ModuleType) -> dict[str, type[Reference]]:
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Reference)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }


def _load() -> dict[str, Saboteur]:
    declared = read_file("saboteurs", "declared.toml")
    modules = (
        shape,
        algorithms,
        signatures,
        kids,
        jwks,
        fetching,
        times,
        issuers,
        claims,
        conduct,
        cookie_names,
        crashes,
        extremes,
    )
    return {
        name: Saboteur(name=name, fails=frozenset(declared.get(name, ())), factory=factory)
        for module in modules
        for name, factory in _classes(module).items()
    }


SABOTEURS: Final[Mapping[str, Saboteur]] = MappingProxyType(_load())
