"""Issuers with exactly one flaw each, and the requirements that must find it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cognito_conformance.issuers.reference import ReferenceIssuer
from cognito_conformance.issuers.saboteurs import keys, oauth, signin, tokens
from cognito_conformance.tables import read_file

__all__ = ["ISSUER_SABOTEURS", "IssuerSaboteur"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSaboteur:
    """One flawed issuer: what it is called, what it fails, and how to make one."""

    name: str
    fails: frozenset[str]
    factory: Callable[[], ReferenceIssuer]


def _load() -> dict[str, IssuerSaboteur]:
    declared = read_file("issuers", "saboteurs", "declared.toml")
    found = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value
        for module in (keys, tokens, signin, oauth)
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, ReferenceIssuer)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }
    return {
        name: IssuerSaboteur(name=name, fails=frozenset(declared.get(name, ())), factory=factory)
        for name, factory in found.items()
    }


ISSUER_SABOTEURS: Final[Mapping[str, IssuerSaboteur]] = MappingProxyType(_load())
