"""Scheme and host as the client sees them."""

import pytest
from starlette.requests import Request

from cognito_mock.web.origin import Origin, origin_of


def request(headers, *, peer=("127.0.0.1", 5000)):
    """A request with these headers."""
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "http"}
    return Request({**scope, "server": ("x", 80), "client": peer, "headers": encoded})


def test_the_host_header_counts():
    """Lower-case, with its port."""
    origin = origin_of(request({"Host": "Demo.auth.eu-west-1.LOCALHOST:9229"}))

    assert origin == Origin(scheme="http", host="demo.auth.eu-west-1.localhost:9229")
    assert origin.hostname == "demo.auth.eu-west-1.localhost"
    assert not origin.secure


@pytest.mark.parametrize("peer", [("127.0.0.1", 1), ("127.8.8.8", 1), ("::1", 1)])
def test_a_proxy_on_this_machine_is_believed(peer):
    """The first of several values is the client's own."""
    headers = {
        "Host": "localhost:9229",
        "X-Forwarded-Proto": "https, http",
        "X-Forwarded-Host": "login.example.com, inner",
    }

    origin = origin_of(request(headers, peer=peer))

    assert origin == Origin(scheme="https", host="login.example.com")


@pytest.mark.parametrize("peer", [("192.0.2.7", 1), ("10.0.0.1", 1), ("unix", 0), None])
def test_nobody_else_is_believed(peer):
    """Forwarding headers from elsewhere are a stranger's claim."""
    headers = {
        "Host": "localhost:9229",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "login.example.com",
    }

    assert origin_of(request(headers, peer=peer)) == Origin(scheme="http", host="localhost:9229")


@pytest.mark.parametrize("host", ["", "a b", 'evil"><x', "a/b", "a@b", "[::1", "host:port", "é"])
def test_what_is_no_host_is_none(host):
    """It would end up in a Location header."""
    assert origin_of(request({"Host": host})).host == ""


def test_an_unknown_forwarded_scheme_is_ignored():
    """Only http and https exist here."""
    assert origin_of(request({"Host": "h", "X-Forwarded-Proto": "javascript"})).scheme == "http"


@pytest.mark.parametrize(
    ("host", "hostname", "local"),
    [
        ("localhost", "localhost", True),
        ("demo.auth.eu-west-1.localhost:80", "demo.auth.eu-west-1.localhost", True),
        ("127.0.0.1:9229", "127.0.0.1", True),
        ("[::1]:9229", "[::1]", True),
        ("[::1]", "[::1]", True),
        ("login.example.com", "login.example.com", False),
        ("localhost.example.com", "localhost.example.com", False),
        ("", "", False),
    ],
)
def test_hostname_and_locality(host, hostname, local):
    """RFC 6761 §6.3: names below localhost never leave the machine."""
    origin = Origin(scheme="https", host=host)

    assert (origin.hostname, origin.local) == (hostname, local)
