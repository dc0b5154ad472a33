"""Fetching over HTTP, from a real server on this machine."""

import asyncio
import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cognito_verify import CognitoVerifier, HttpFetcher, JwksFetchError

Fetch = Callable[[HttpFetcher, str], bytes]


class Server:
    """A JWKS server whose answer is a function."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda _: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                try:
                    outer.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def server(running: Server) -> Server:
    running.requests.clear()
    return running


def in_thread(fetcher: HttpFetcher, uri: str) -> bytes:
    return fetcher.fetch(uri)


def in_loop(fetcher: HttpFetcher, uri: str) -> bytes:
    return asyncio.run(fetcher.fetch_async(uri))


@pytest.fixture(params=[in_thread, in_loop], ids=["sync", "async"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    result: Fetch = request.param
    return result


def test_the_document_is_returned(server: Server, fetch: Fetch) -> None:
    """Byte for byte, and asked for without compression."""
    server.serve(b'{"keys":[]}')

    assert fetch(HttpFetcher(), f"{server.url}/x/.well-known/jwks.json") == b'{"keys":[]}'
    path, headers = server.requests[0]
    assert path == "/x/.well-known/jwks.json"
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [204, 400, 404, 500, 503])
def test_another_status_is_a_failure(status: int, server: Server, fetch: Fetch) -> None:
    """COG-JWK-009: an unknown pool is a 400."""
    server.serve(b"", status=status)

    with pytest.raises(JwksFetchError, match=str(status)):
        fetch(HttpFetcher(), server.url)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int, server: Server, fetch: Fetch) -> None:
    """RFC 8725 §3.10: keys come from the address that was configured."""
    server.serve(b"", status=status, Location=f"{server.url}/elsewhere")

    with pytest.raises(JwksFetchError, match=str(status)):
        fetch(HttpFetcher(), server.url)
    assert len(server.requests) == 1


def test_an_oversized_answer_is_cut_off(server: Server, fetch: Fetch) -> None:
    """An endless body does not fill the memory."""
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(50_000):
            handler.wfile.write(b" " * 1024)
            sent += 1024

    server.answer = endless

    with pytest.raises(JwksFetchError, match="1000 bytes"):
        fetch(HttpFetcher(max_bytes=1000), server.url)
    assert sent < 50_000 * 1024


def test_a_compressed_answer_is_not_unpacked(server: Server, fetch: Fetch) -> None:
    """A small answer cannot become a large one."""
    packed = gzip.compress(b" " * 10_000_000)
    server.serve(packed, Content_Encoding="gzip")

    assert fetch(HttpFetcher(), server.url) == packed


def test_a_silent_server_is_given_up(server: Server, fetch: Fetch) -> None:
    """Reading has a time limit."""
    server.answer = lambda _: time.sleep(0.5)

    with pytest.raises(JwksFetchError):
        fetch(HttpFetcher(read_timeout=0.05), server.url)


def test_a_dripping_server_is_given_up(server: Server, fetch: Fetch) -> None:
    """So has the answer as a whole."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    server.answer = drip
    started = time.monotonic()

    with pytest.raises(JwksFetchError, match="complete"):
        fetch(HttpFetcher(total_timeout=0.2), server.url)
    assert time.monotonic() - started < 10


def test_a_refused_connection_is_a_failure(fetch: Fetch) -> None:
    """Nobody listens there."""
    with pytest.raises(JwksFetchError, match="ConnectError"):
        fetch(HttpFetcher(), "http://127.0.0.1:1/jwks.json")


def test_a_strange_address_is_a_failure(fetch: Fetch) -> None:
    """What httpx cannot read is not fetched, and no reason to crash."""
    with pytest.raises(JwksFetchError):
        fetch(HttpFetcher(), "https://host" + "x" * 70_000)


def test_a_verifier_fetches_the_pools_keys(
    server: Server, make_token: Callable[..., str], jwks: dict[str, Any]
) -> None:
    """End to end, from a pool on this machine."""
    server.serve(json.dumps(jwks).encode())
    issuer = f"{server.url}/us-east-1_LocalPool"
    verifier = CognitoVerifier(
        user_pool_id="us-east-1_LocalPool",
        client_id="1h57kf5cpq17m0eml12EXAMPLE",
        token_use="access",
        issuer=issuer,
    )
    token = make_token(iss=issuer, exp=time.time() + 60)

    assert verifier.verify(token).issuer == issuer
    assert asyncio.run(verifier.verify_async(token))
    assert [path for path, _ in server.requests] == ["/us-east-1_LocalPool/.well-known/jwks.json"]


def test_httpx_is_imported_by_a_fetch_and_not_before() -> None:
    """Importing, configuring and static keys are cheap."""
    code = """
import sys
from cognito_verify import ANY_CLIENT, CognitoVerifier, VerificationError
verifier = CognitoVerifier(
    user_pool_id="us-east-1_Ab1", client_id=ANY_CLIENT, token_use="id",
    jwks_uri="http://127.0.0.1:1/jwks.json")
try:
    verifier.verify("x")
except VerificationError:
    pass
slow = {"httpx", "asyncio", "dataclasses", "inspect", "ssl", "socket", "pathlib"}
assert not slow & set(sys.modules), slow & set(sys.modules)
try:
    verifier.hydrate()
except VerificationError:
    pass
assert "httpx" in sys.modules
"""

    subprocess.run([sys.executable, "-I", "-c", code], check=True)
