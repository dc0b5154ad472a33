"""Real servers on this machine, and a client that sends header lines as they are given."""

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn

from ..conftest import CLIENT  # noqa: TID252  (not a package that is installed)


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer, with one value for each header."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self):
        return json.loads(self.text)


def send(port, method, path, lines=()):
    """Send a request with these header lines, also several of one name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path)
    for name, value in lines:
        connection.putheader(name, value)
    connection.putheader("Content-Length", "0")
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Response(status=answer.status, headers=headers, text=text)


def raw_get(port, *lines):
    """Send header lines byte by byte as given; return status and body."""
    request = b"\r\n".join((b"GET /api/me HTTP/1.1", b"Host: 127.0.0.1", *lines))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request + b"\r\nConnection: close\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


def amplify_cookies(access_token):
    """What a browser sends after Amplify has signed "ada" in (COG-AMP-001)."""
    prefix = f"CognitoIdentityServiceProvider.{CLIENT}"
    return f"theme=dark; {prefix}.LastAuthUser=ada; {prefix}.ada.accessToken={access_token}"


@contextmanager
def asgi_server(app) -> Iterator[int]:
    """Serve with uvicorn; give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    # The socket listens already: the first connection waits for the server.
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()
    listener.close()


def handshake(app, lines=(), extensions=()):
    """Try to open a WebSocket at /live; return all that the application sends."""
    scope = {
        "type": "websocket",
        "path": "/live",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in lines],
        "subprotocols": [],
        "extensions": {name: {} for name in extensions},
    }
    incoming = [{"type": "websocket.disconnect", "code": 1000}, {"type": "websocket.connect"}]
    sent = []

    async def receive():
        return incoming.pop()

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


class _ThreadingWSGIServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietWSGI(WSGIRequestHandler):
    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def wsgi_server(app) -> Iterator[int]:
    """Serve with wsgiref; give the port."""
    server = make_server("127.0.0.1", 0, app, _ThreadingWSGIServer, _QuietWSGI)
    with _serving(server):
        yield server.server_port


@contextmanager
def http_server(answer) -> Iterator[int]:
    """Serve with ``answer(method, path, lines) -> (status, headers, body)``; give the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answer(self.command, self.path, self.headers.items())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815  (the base class looks for them)

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with _serving(server):
        yield server.server_port


@contextmanager
def _serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
