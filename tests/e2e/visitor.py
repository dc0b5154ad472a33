"""What tests of other people's OAuth clients share: a person without a browser, a machine."""

import re
from contextlib import contextmanager
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from cognito_mock.core.resource_servers import Scope
from cognito_mock.flows.resource_servers import create_resource_server

_FIELD = re.compile(r'name="_csrf" value="([^"]+)"')


class Visitor:
    """Plain HTTP, the form of the sign-in page, and cookies between visits, as a browser has."""

    def __init__(self):
        self._http = httpx.Client(timeout=10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.close()

    def opens(self, url):
        """Where a link leads: the pool's page, or the address of another host that it names."""
        response = self._http.get(url)
        while response.is_redirect:
            target = urljoin(str(response.url), response.headers["location"])
            if urlsplit(target).netloc != urlsplit(url).netloc:
                return target
            response = self._http.get(target)
        return response

    def signs_in(self, url, user):
        """From an application's link to the callback's address, by the sign-in page."""
        page = self.opens(url)
        assert page.url.path == "/login", page.url
        form = {
            "_csrf": _FIELD.search(page.text)[1],
            "username": user.username,
            "password": user.password,
        }
        answer = self._http.post(str(page.url), data=form)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


def parameters_of(url):
    """The parameters in a query."""
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


@contextmanager
def a_minute_ago(mock):
    """Let what happens inside the block have happened earlier: now is another second."""
    mock.clock.advance(-60)
    try:
        yield
    finally:
        mock.clock.advance(60)


def machine_client(pool):
    """A client for client_credentials; it may have ``orders/read``, but not ``orders/write``."""
    create_resource_server(
        pool.services,
        pool_id=pool.id,
        identifier="orders",
        name="Orders",
        scopes=[Scope(name=name, description=name) for name in ("read", "write")],
    )
    return pool.create_client(
        "machine",
        secret=True,
        callback_urls=(),
        settings={
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read"],
        },
    )
