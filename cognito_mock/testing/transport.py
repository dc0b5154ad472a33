"""A transport for httpx clients that talk to a mock, with or without a socket."""

import httpx

from cognito_mock.testing.courier import Courier
from cognito_mock.testing.seams.for_httpx import ask, ask_async


class CognitoTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Give it to ``httpx.Client`` or ``httpx.AsyncClient``: every request goes to the mock."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Exchange one request."""
        return ask(self._courier, request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Exchange one request without holding up the event loop."""
        return await ask_async(self._courier, request)
