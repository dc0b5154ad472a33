"""Sign in as somebody with a browser does: follow redirects, fill in the form, press the button.

The pages are no interface (COG-PAG-001), so nothing is assumed but a form with a field for a
password and one for a name.
"""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin

import httpx

from cognito_conformance.issuers.target import User
from cognito_conformance.issuers.wire import Reply, Wrong, origin, reply_of

_MOST_STEPS: Final = 8
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Browser:
    """One person's browser: cookies and a place to be; it never leaves the issuer's domain."""

    def __init__(self, client: httpx.Client, domain: str) -> None:
        self._client = client
        self._domain = domain

    def open(self, path: str, parameters: Mapping[str, str]) -> Reply:
        """GET an address of the domain, without following where it leads."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return reply_of(self._client.get(f"{self._domain}{path}{query}"))

    def arrive(self, reply: Reply, at: str, *, away: str) -> Reply:
        """Follow redirects inside the domain; end at a page, or where one leads to ``away``."""
        here = at
        for _ in range(_MOST_STEPS):
            if reply.status not in _REDIRECTS or leads_to(reply, away):
                return reply
            here = urljoin(here, reply.location)
            if origin(here) != origin(self._domain):
                raise Wrong(f"a redirect leaves the domain for {here.partition('?')[0]}")
            reply = reply_of(self._client.get(here))
        raise Wrong("redirects without end")

    def sign_in(self, parameters: Mapping[str, str], user: User) -> Reply:
        """Sign in; the answer is the redirect away from the pages, or the page that remains."""
        away = parameters["redirect_uri"]
        start = f"{self._domain}/oauth2/authorize"
        reply = self.open("/oauth2/authorize", parameters)
        # Where the page itself is, for an address in its form that is relative.
        here = urljoin(start, reply.location) if reply.location else start
        page = self.arrive(reply, start, away=away)
        if page.status in _REDIRECTS:
            return page
        form = _Form(page.text)
        if not form.password:
            raise Wrong(f"no form with a password at {here.partition('?')[0]}: {page}")
        target = urljoin(here, form.action)
        if origin(target) != origin(self._domain):
            raise Wrong("the sign-in form is sent to another host")
        sent = self._client.post(target, data=form.filled(user))
        return self.arrive(reply_of(sent), target, away=away)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def leads_to(reply: Reply, address: str) -> bool:
    """Tell whether a reply is a redirect to ``address``, whatever its query and fragment."""
    return reply.status in _REDIRECTS and any(
        reply.location == address or reply.location.startswith(address + mark) for mark in "?#&"
    )


class _Form(HTMLParser):
    """The first form with a field for a password."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.password = ""
        self._name = ""
        self._fields: dict[str, str] = {}
        self._done = False
        self.feed(page)

    def filled(self, user: User) -> dict[str, str]:
        """Return what the browser sends."""
        return self._fields | {
            self._name or "username": user.username,
            self.password: user.password,
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and their fields."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.password:
            self.action, self._name, self._fields = found.get("action", ""), "", {}
        elif tag == "input" and not self._done and found.get("name"):
            self._note(found)

    def handle_endtag(self, tag: str) -> None:
        """End the form."""
        if tag == "form" and self.password:
            self._done = True

    def _note(self, found: Mapping[str, str]) -> None:
        kind, name = found.get("type", "text").lower(), found["name"]
        if kind == "password":
            self.password = name
        elif kind in {"text", "email", "tel"}:
            self._name = self._name or name
        elif kind in {"hidden", "submit"}:
            self._fields[name] = found.get("value", "")
