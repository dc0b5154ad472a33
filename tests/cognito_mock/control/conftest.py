"""A running mock with its starter pool, and a way to call it."""

import http.client
import json
from dataclasses import dataclass

import pytest

from cognito_mock import MockCognito


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is parsed when it is JSON."""

    status: int
    headers: dict
    text: str

    @property
    def body(self):
        return json.loads(self.text)


@pytest.fixture(scope="session")
def running_mock():
    """One server for all these tests."""
    with MockCognito(starter_pool=True) as mock:
        yield mock


@pytest.fixture
def mock(running_mock):
    """The mock, for a test that changes it: put back to its start afterwards."""
    yield running_mock
    running_mock.reset()


@pytest.fixture
def call(running_mock):
    """Make one request: ``call(method, path, body, **headers)``."""

    def make(method, path, body=None, **headers):
        content = json.dumps(body) if isinstance(body, dict | list) else body
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(
            running_mock.url.removeprefix("http://"), timeout=10
        )
        connection.request(method, path, content, names)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, text)

    return make
