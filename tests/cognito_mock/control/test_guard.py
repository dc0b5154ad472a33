"""No web page of another origin drives the mock."""

import re

import pytest
from starlette.routing import Mount

from cognito_mock import MockCognito
from cognito_mock.control import ControlParts, create_routes


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(running_mock, call, origin):
    """The clock does not move for a page of another origin, not even on this machine."""
    before = running_mock.clock.now()

    answer = call("POST", "/_mock/api/clock", {"advance": 10_000}, Origin=origin)

    assert (answer.status, answer.body["error"]) == (403, "forbidden")
    assert running_mock.clock.now() < before + 1000


def calls(routes, prefix=""):
    """Every path and method below the mock's own surface, parameters filled in."""
    for route in routes:
        path = prefix + re.sub(r"\{\w+(:\w+)?\}", "x", route.path)
        if isinstance(route, Mount):
            yield from calls(route.routes, path)
        else:
            yield from ((method, path) for method in sorted(route.methods or ()))


def test_every_call_and_page_refuses_foreign_origins(running_mock, call):
    """Found in the routing table, so that a call which is added is asked, too."""
    with MockCognito(socket=False) as mock:
        parts = ControlParts(
            services=mock.services, clock=mock.clock, reset=None, coverage=None, known_passwords={}
        )
        asked = [
            (method, path)
            for method, path in calls(create_routes(parts))
            if path == "/" or path.startswith("/_mock")
        ]
    before = call("GET", "/_mock/api/snapshot").body["tables"]

    answers = {
        (method, path): call(method, path, "{}", Origin="http://evil.example").status
        for method, path in asked
    }

    assert ("PUT", "/_mock/api/snapshot") in answers
    assert ("POST", "/_mock/api/pools/x/keys/rotate") in answers
    assert len(answers) > 25
    assert set(answers.values()) == {403}
    assert call("GET", "/_mock/api/snapshot").body["tables"] == before


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
