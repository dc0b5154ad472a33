"""A JWKS server on the loopback, owned by the runner: it can fail on purpose and counts requests.

Each scenario gets an address of its own, so one subject's cache never answers for another case.
The request log is the oracle of the fetch-counting requirements.
"""

import contextlib
import json
import socketserver
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Self

from cognito_conformance.protocol.messages import plain

HANG_S: Final = 1.5
"""How long the outage ``timeout`` stays silent: longer than a loopback answer ever takes, shorter
than the suite's limit for one call."""

SLOW_S: Final = 0.2
"""How long the outage ``slow`` lets everybody wait for a good answer: others ask meanwhile."""

OVERSIZED_BYTES: Final = 50 * 1024 * 1024
OUTAGES: Final = (
    "503", "slow", "timeout", "html", "empty", "truncated", "redirect", "oversized"
)  # fmt: skip


class ServedSet:
    """What is served at one address, and who asked for it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.fetches = 0
        #: The key ids in the last document that was actually delivered.
        self.last_served: frozenset[str] = frozenset()
        #: Every key id that was ever delivered.
        self.ever_served: frozenset[str] = frozenset()
        self._document: Any = {"keys": []}
        self._outage: str | None = None
        self._counted = 0

    def publish(self, jwks: Any) -> None:
        """Serve ``jwks`` from now on."""
        self._document = plain(jwks)

    def outage(self, name: str | None) -> None:
        """Fail in the way called ``name``, or work again."""
        if name is not None and name not in OUTAGES:
            raise ValueError(f"no outage is called {name!r}; known: {', '.join(OUTAGES)}")
        self._outage = name

    def take_count(self) -> int:
        """Return the number of requests since the last call."""
        counted, self._counted = self._counted, self.fetches
        return self.fetches - counted

    def answer(self, request: BaseHTTPRequestHandler, elsewhere: Callable[[str], str]) -> None:
        """Answer one request as the current state has it."""
        self.fetches += 1
        body = json.dumps(self._document).encode()
        match self._outage:
            case None:
                self._note_delivery()
                _send(request, 200, "application/json", body)
            case "503":
                _send(request, 503, "text/plain", b"unavailable")
            case "slow":
                threading.Event().wait(SLOW_S)
                self._note_delivery()
                _send(request, 200, "application/json", body)
            case "timeout":
                threading.Event().wait(HANG_S)
            case "html":
                _send(request, 200, "text/html", b"<!doctype html><title>Login</title>")
            case "empty":
                _send(request, 200, "application/json", b"")
            case "truncated":
                _send(request, 200, "application/json", body[: len(body) // 2], claimed=len(body))
            case "redirect":
                _send(request, 302, "text/plain", b"", location=elsewhere(request.path))
            case "oversized":
                _send_oversized(request, body)

    def answer_elsewhere(self, request: BaseHTTPRequestHandler) -> None:
        """Serve the keys at the address that the outage ``redirect`` points to."""
        _send(request, 200, "application/json", json.dumps(self._document).encode())

    def _note_delivery(self) -> None:
        document = self._document
        keys = document.get("keys") if isinstance(document, Mapping) else None
        kids = [key.get("kid") for key in keys or () if isinstance(key, Mapping)]
        self.last_served = frozenset(kid for kid in kids if isinstance(kid, str))
        self.ever_served |= self.last_served


class JwksServer:
    """The server: any number of addresses on one port, and a second port for redirects."""

    def __init__(self) -> None:
        self._sets: dict[str, ServedSet] = {}
        self._elsewhere = LoopbackServer(self._answer_elsewhere)
        self._here = LoopbackServer(self._answer)

    @classmethod
    def start(cls) -> Self:
        """Listen on two free loopback ports."""
        return cls()

    def new_set(self) -> ServedSet:
        """Return a fresh address that serves an empty set."""
        path = f"/{len(self._sets) + 1}/.well-known/jwks.json"
        served = ServedSet(f"http://127.0.0.1:{self._here.port}{path}")
        self._sets[path] = served
        return served

    def close(self) -> None:
        """Stop listening."""
        self._here.stop()
        self._elsewhere.stop()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        served = self._sets.get(request.path)
        if served is None:
            _send(request, 404, "text/plain", b"no such set")
        else:
            served.answer(request, lambda path: f"http://localhost:{self._elsewhere.port}{path}")

    def _answer_elsewhere(self, request: BaseHTTPRequestHandler) -> None:
        served = self._sets.get(request.path)
        if served is None:
            _send(request, 404, "text/plain", b"no such set")
        else:
            served.answer_elsewhere(request)


class LoopbackServer(socketserver.ThreadingTCPServer):
    """Answers GET requests in threads; never writes a log."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None], *, port: int = 0) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet: the log is `ServedSet.fetches`."""

        super().__init__(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True, name="jwks"
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: a subject that hangs up early is no error of ours."""

    def stop(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()
        self._thread.join(timeout=2)


def send_document(request: BaseHTTPRequestHandler, documents: Mapping[str, Any]) -> None:
    """Answer with the JSON document at the request's path."""
    if request.path in documents:
        body = json.dumps(documents[request.path]).encode()
        _send(request, 200, "application/json", body)
    else:
        _send(request, 404, "text/plain", b"no such document")


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    content_type: str,
    body: bytes,
    *,
    claimed: int | None = None,
    location: str | None = None,
) -> None:
    request.send_response(status)
    request.send_header("Content-Type", content_type)
    request.send_header("Content-Length", str(len(body) if claimed is None else claimed))
    if location is not None:
        request.send_header("Location", location)
    request.end_headers()
    request.wfile.write(body)


def _send_oversized(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send the good document behind 50 MB of blanks, as RFC 8259 §2 permits."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.end_headers()
    blanks = b" " * 65536
    with contextlib.suppress(OSError):
        for _ in range(OVERSIZED_BYTES // len(blanks)):
            request.wfile.write(blanks)
        request.wfile.write(body)
