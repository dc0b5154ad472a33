# ruff: noqa: D102  (a method that is flawed is described by its class)
"""Saboteurs that have but one answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from cognito_conformance.model import Rejected
from cognito_conformance.saboteurs.reference import Reference

NO_TOKENS: Mapping[str, Any] = {
    "username": None,
    "tokens": {"access": None, "id": None, "refresh": None},
}


class AlwaysAccept(Reference):
    """Everything is fine."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        del token, now
        return {}

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        del headers, layout, client_id
        return {"username": "ana", "tokens": {"access": "a.b.c", "id": "a.b.c", "refresh": "a"}}


class AlwaysReject(Reference):
    """Nothing is fine."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        del token, now
        raise Rejected("other", "no")

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        del headers, layout, client_id
        return NO_TOKENS


class AlwaysError(Reference):
    """Nothing works."""

    def verify(self, token: str, *, now: float) -> Mapping[str, Any]:
        del token, now
        raise KeyError("XX")

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> Mapping[str, Any]:
        del headers, layout, client_id
        raise KeyError("XX")
