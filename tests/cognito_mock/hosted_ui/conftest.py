"""Somebody with a browser who walks from page to page."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from cognito_mock.flows.inbox import list_messages


class Visitor:
    """A browser on a client's pages; ``page`` is the one that it shows."""

    def __init__(self, site, client, base_url="http://localhost:9229"):
        self.site = site
        self.client = client
        self.browser = site.browser(base_url)
        self.page = None

    def open(self, path="/login", **parameters):
        """Type the address of a page with a good authorize request."""
        url = self.site.authorize_url(self.client, **parameters).replace("/oauth2/authorize", path)
        return self._show(self.browser.get(url))

    def send(self, path=None, **fields):
        """Send the (first) form of the page, or the one with ``path``; None leaves a field out."""
        form = self._form(path)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        action = unescape(re.search(r'action="([^"]+)"', form)[1])
        values = {**{name: unescape(value) for name, value in hidden}, **fields}
        sent = {name: value for name, value in values.items() if value is not None}
        return self._show(self.browser.post(action, data=sent))

    def follow(self, response=None):
        """Go where a redirect points."""
        return self._show(self.browser.get((response or self.page).headers["location"]))

    def sign_in(self, username="ada", password="Passw0rd!x"):
        """Open the sign-in page and send it."""
        self.open()
        return self.send(username=username, password=password)

    def message(self):
        """The newest message that was sent to anybody."""
        return list_messages(self.site.services)[-1]

    def _form(self, path):
        forms = re.findall(r"<form.*?</form>", self.page.text, re.DOTALL)
        return next(f for f in forms if path is None or f' action="{path}?' in f)

    def _show(self, response):
        self.page = response
        return response


@pytest.fixture
def visitor(site):
    """A visitor of a new client of the site's pool."""
    return Visitor(site, site.new_client())


@pytest.fixture
def new_visitor(site):
    """Visitors of other clients."""
    return lambda client, **options: Visitor(site, client, **options)


@pytest.fixture
def path_of():
    """The path that a redirect points to."""
    return lambda response: urlsplit(response.headers["location"]).path
