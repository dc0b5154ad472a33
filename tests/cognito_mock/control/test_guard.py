"""No web page of another origin drives the mock."""

import pytest


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(running_mock, call, origin):
    """The clock does not move for a page of another origin, not even on this machine."""
    before = running_mock.clock.now()

    answer = call("POST", "/_mock/api/clock", {"advance": 10_000}, Origin=origin)

    assert (answer.status, answer.body["error"]) == (403, "forbidden")
    assert running_mock.clock.now() < before + 1000


def test_the_own_origin_is_served(running_mock, call):
    """The mock's own pages may call it."""
    assert call("GET", "/_mock/api/clock", None, Origin=running_mock.url).status == 200


@pytest.mark.parametrize("path", ["/", "/_mock/api/messages", "/_mock/callback", "/_mock/health"])
def test_a_public_host_name_is_refused(call, path):
    """DNS rebinding: the browser takes the page for same-origin, but its name gives it away."""
    assert call("GET", path, None, Host="rebound.example:9229").status == 403


@pytest.mark.parametrize(
    "host", ["localhost:9229", "[::1]:9229", "cognito:9229", "host.docker.internal:9229"]
)
def test_local_host_names_are_served(call, host):
    """Containers call each other by name."""
    assert call("GET", "/_mock/health", None, Host=host).status == 200
