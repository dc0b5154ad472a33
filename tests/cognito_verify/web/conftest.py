"""A pool's keys on a real address, and the same API in every framework."""

import json
import threading
from collections.abc import Iterator

import pytest

from cognito_verify import CacheTimes

from ..conftest import KIDS  # noqa: TID252  (not a package that is installed)
from .applications import SERVICES
from .live import http_server


class KeyServer:
    """Publishes ``keys`` ("a", "b"), unless it is dead."""

    def __init__(self, private_keys, make_jwk):
        self._private_keys = private_keys
        self._make_jwk = make_jwk
        self.keys = ["a", "b"]
        self.dead = False
        self.port = 0
        #: To keep callers waiting.
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.was_asked = threading.Event()

    @property
    def uri(self):
        return f"http://127.0.0.1:{self.port}/jwks.json"

    def answer(self, _method, _path, _lines):
        self.was_asked.set()
        self.may_answer.wait(10)
        if self.dead:
            return 500, {}, b"out of order"
        jwks = [self._make_jwk(self._private_keys[name], KIDS[name]) for name in self.keys]
        return 200, {"Content-Type": "application/json"}, json.dumps({"keys": jwks}).encode()


@pytest.fixture
def key_server(private_keys, make_jwk) -> Iterator[KeyServer]:
    server = KeyServer(private_keys, make_jwk)
    with http_server(server.answer) as server.port:
        yield server


@pytest.fixture
def remote_verifier(make_verifier, key_server, clock):
    """A verifier that fetches keys, and a clock that is set by hand."""
    return make_verifier(
        jwks=None, jwks_uri=key_server.uri, clock=clock, times=CacheTimes(ttl=60, max_stale=600)
    )


@pytest.fixture(scope="module", params=SERVICES, ids=lambda service: service.id)
def service(request):
    return request.param
