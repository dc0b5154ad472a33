"""Opaque page tokens: what was listed, after which key, until when (COG-API-LIST-005)."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cognito_mock.core.errors import InvalidParameterException

T = TypeVar("T")
_LIFETIME = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some of the items; ``token`` leads to the next ones, None after the last."""

    items: Sequence[T]
    token: str | None


def page(
    items: Sequence[T], *, size: int, listing: str, key: Callable[[T], str], now: float
) -> Page[T]:
    """Make a page of ``size`` from items of which one more than that was fetched."""
    if len(items) <= size:
        return Page(items=items, token=None)
    shown = items[:size]
    return Page(items=shown, token=page_token(key(shown[-1]), listing=listing, now=now))


def page_token(key: str, *, listing: str, now: float) -> str:
    """Return a token for what follows ``key`` in ``listing``."""
    content = json.dumps([listing, key, now + _LIFETIME])
    return base64.urlsafe_b64encode(content.encode()).decode()


def key_after(token: str | None, *, listing: str, now: float) -> str | None:
    """Return the key to go on after; the token must be of the same ``listing`` and not too old."""
    if token is None:
        return None
    try:
        content = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        content = None
    match content:
        case [str(name), str(key), float(end)] if name == listing and now < end:
            return key
        case _:
            raise InvalidParameterException("Invalid pagination token")
