"""uvicorn on a socket that is bound first."""

import http.client
import socket
import statistics
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cognito_mock.config import ConfigError
from cognito_mock.server import ServerThread, base_url_of, bind


def hello(_request):
    return PlainTextResponse("hello")


async def echo(request):
    return PlainTextResponse(await request.body())


def make_server():
    listener = bind("127.0.0.1", 0)
    routes = [Route("/", hello), Route("/", echo, methods=["POST"])]
    server = ServerThread(Starlette(routes=routes), listener)
    return server, listener.getsockname()[1]


def get(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.read() == b"hello"
    return connection


def test_the_address_is_known_before_the_app_is_made():
    """Port 0 becomes the port that the system chose."""
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]

        assert port != 0
        assert base_url_of(listener, "127.0.0.1") == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104
        ("", "127.0.0.1"),
        ("localhost", "localhost"),
        ("::1", "[::1]"),
    ],
)
def test_the_base_url_is_what_a_client_here_writes(host, written):
    """A wildcard is not an address to call; an IPv6 address is bracketed (RFC 3986 §3.2.2)."""
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]

        assert base_url_of(listener, host) == f"http://{written}:{port}"


def test_a_started_server_answers_at_once():
    """Starting returns when connections are accepted."""
    server, port = make_server()

    server.start()

    get(port).close()
    server.stop()


def test_answers_on_a_kept_alive_connection_do_not_wait():
    """No answer is held back for a delayed acknowledgement, which would cost 40 ms each."""
    server, port = make_server()
    server.start()
    connection = get(port)

    seconds = []
    for _ in range(20):
        started = time.monotonic()
        connection.request("GET", "/")
        connection.getresponse().read()
        seconds.append(time.monotonic() - started)

    assert statistics.median(seconds) < 0.03
    connection.close()
    server.stop()


def test_an_open_connection_does_not_delay_the_stop():
    """An idle keep-alive connection and a half-sent request are cut off, not waited for."""
    server, port = make_server()
    server.start()
    idle = get(port)
    half_sent = socket.create_connection(("127.0.0.1", port))
    half_sent.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    time.sleep(0.05)  # the server has read the half

    started = time.monotonic()
    server.stop()
    seconds = time.monotonic() - started

    assert seconds < 10
    idle.close()
    half_sent.close()


def test_the_port_is_free_after_the_stop():
    """The same port can be bound again."""
    server, port = make_server()
    server.start()
    get(port).close()

    server.stop()

    bind("127.0.0.1", port).close()


def test_a_port_in_use_is_one_clear_line():
    """The refusal names the address and the reason."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            ConfigError, match=rf"^cannot listen on 127.0.0.1:{port}: the port is in use$"
        ):
            bind("127.0.0.1", port)


def test_an_address_of_another_machine_is_one_clear_line():
    """TEST-NET-1 (RFC 5737) is nobody's address."""
    with pytest.raises(ConfigError, match="does not have that address"):
        bind("192.0.2.1", 0)
