"""The session cookie of the pool's pages, for browsers that a test drives."""

from collections.abc import Sequence
from typing import Any, Protocol

from cognito_mock.web.cookies import SESSION_COOKIE


class BrowserContext(Protocol):
    """As much of Playwright's, synchronous, as is needed: a test suite without it needs none."""

    def add_cookies(self, cookies: Sequence[Any]) -> object:
        """Put cookies into the browser's profile."""


def session_cookie(secret: str, *, url: str) -> dict[str, Any]:
    """Return the cookie for the pages at ``url``, as `web.cookies` sets it (COG-COO-009)."""
    return {
        "name": SESSION_COOKIE,
        "value": secret,
        "url": url,
        "httpOnly": True,
        "sameSite": "Lax",
    }
