"""Where an endpoint's function is called, and what becomes of half a request."""

import asyncio
import threading

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from cognito_mock.web.endpoints import Endpoint, Rest


def thread_names(answer, *, waits: bool) -> list[str]:
    """Answer one request, and say in which threads ``answer`` noted itself."""
    noted: list[str] = []

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=endpoint_of(answer(noted), waits=waits))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/?a=b")

    assert asyncio.run(ask()).text == "done"
    return ["loop" if name == threading.current_thread().name else "worker" for name in noted]


def endpoint_of(handler, *, waits: bool) -> Endpoint:
    def unreadable(_request, status: int) -> Response:
        return PlainTextResponse("unreadable", status)

    return Endpoint(handler, unreadable=unreadable, waits=waits)


def at_once(noted: list[str]):
    def handler(_call) -> Response:
        noted.append(threading.current_thread().name)
        return PlainTextResponse("done")

    return handler


def in_two_steps(noted: list[str]):
    def finish() -> Response:
        noted.append(threading.current_thread().name)
        return PlainTextResponse("done")

    def handler(_call) -> Rest:
        noted.append(threading.current_thread().name)
        return Rest(finish)

    return handler


def test_a_handler_is_called_in_a_worker():
    """It may wait for whatever it likes."""
    assert thread_names(at_once, waits=True) == ["worker"]


def test_a_handler_that_waits_for_nobody_is_called_in_the_loop():
    """No way to a worker and back."""
    assert thread_names(at_once, waits=False) == ["loop"]


def test_what_takes_a_while_goes_to_a_worker_after_all():
    """The rest of an answer that was begun in the loop."""
    assert thread_names(in_two_steps, waits=False) == ["loop", "worker"]


@pytest.mark.parametrize("first", [b"", b"a=1&b=2"])
def test_half_a_form_does_nothing(first):
    """Of a client that went away before the end, not even what arrived is used."""
    called: list[str] = []
    messages = iter(
        [
            {"type": "http.request", "body": first, "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[dict] = []

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }

    asyncio.run(endpoint_of(at_once(called), waits=False)(scope, receive, send))

    assert called == []
    assert sent[0]["status"] == 400
