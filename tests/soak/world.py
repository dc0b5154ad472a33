"""A pool that rotates, withdraws, reuses and loses its keys, on a real loopback server with a log.

The log is the oracle: what was answered when decides which verdicts are right.
"""

import base64
import json
import random
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

POOL = "eu-west-1_Soak"
CLIENT = "soak-client"
OUTAGES = ("503", "hang", "html", "empty", "no keys")
MATERIALS = 6
#: Seconds that a loopback answer never takes, unless the machine is very busy.
SLOW = 1.0


class Published(NamedTuple):
    """A key of the pool: its id, and which of the `MATERIALS` it is."""

    kid: str
    material: int


class Exchange(NamedTuple):
    """One request, as the server saw it; ``keys`` is empty unless it answered with keys."""

    arrived: float
    answered: float
    mode: str
    keys: frozenset[Published]
    #: The answer's number; 0 if it has none.
    serial: int = 0


class Token(NamedTuple):
    """A token and the truth about it."""

    text: str
    kind: str
    key: Published | None
    expires_at: float


class World:
    """The pool and its server."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (a schedule, no secret)
        self._private = [generate_private_key(65537, 2048) for _ in range(MATERIALS)]
        self._stranger = generate_private_key(65537, 2048)
        self._jwks = [_jwk_members(key) for key in self._private]
        self._lock = threading.Lock()
        self._count = 0
        self.closing = threading.Event()
        self.mode = "ok"
        self.healthy_since = time.time()
        #: With the time since when each is published.
        self.published: dict[Published, float] = {}
        self.withdrawn: deque[Published] = deque(maxlen=8)
        self.exchanges: deque[Exchange] = deque(maxlen=2000)
        self.requests = 0
        #: The numbers of the answers that somebody has got.
        self._fetches: list[float] = []
        self._read: deque[int] = deque(maxlen=2000)
        self.issuer = ""
        for _ in range(2):
            self._publish(None)

    def rotate(self) -> None:
        """Publish a new key and withdraw the oldest."""
        with self._lock:
            self._publish(None)
            self._withdraw(next(iter(self.published)))

    def reuse(self) -> None:
        """Replace a key by another one of the same id (RFC 7517 §4.5 allows it)."""
        with self._lock:
            old = next(iter(self.published))
            self._withdraw(old)
            self._publish(old.kid)

    def set_mode(self, mode: str) -> None:
        """Begin an outage, or end it."""
        with self._lock:
            if mode == "ok" and self.mode != "ok":
                self.healthy_since = time.time()
            self.mode = mode

    def note_read(self, body: bytes) -> None:
        """Note that somebody has got this answer."""
        if self.keys_of(body):
            with self._lock:
                self._read.append(serial_of(body))

    def numbers_read(self) -> frozenset[int]:
        """Return the numbers of the answers that somebody has got."""
        with self._lock:
            return frozenset(self._read)

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Watch a fetch. To the verifier the pool is down until one has not failed, nor been slow.

        On a machine so busy that even a loopback answer takes seconds that is no mistake.
        """
        begun = time.time()
        good = False
        with self._lock:
            self._fetches.append(begun)
        try:
            yield
            good = time.time() < begun + SLOW
        finally:
            with self._lock:
                self._fetches.remove(begun)
                if not good:
                    self.healthy_since = time.time()

    def is_slow(self) -> bool:
        """Tell whether a fetch is under way that should have ended."""
        with self._lock:
            return any(begun < time.time() - SLOW for begun in self._fetches)

    def exchanges_until(self, moment: float) -> list[Exchange]:
        """Return what was answered with keys, newest first."""
        with self._lock:
            found = [one for one in self.exchanges if one.keys and one.answered <= moment]
        return found[::-1]

    def make(self, kind: str) -> Token:
        """Sign a token of that kind."""
        with self._lock:
            newest = list(self.published)[-1]
            key = self.random.choice(list(self.published))
            gone = self.random.choice(self.withdrawn) if self.withdrawn else key
        expires_at = time.time() + (self.random.uniform(0.1, 1) if kind == "short" else 3600.0)
        if kind == "junk":
            return Token(self.random.choice(("", "a.b.c", "x" * 9000)), kind, None, expires_at)
        if kind == "newest":
            key = newest
        if kind == "withdrawn":
            key = gone
        if kind == "expired":
            expires_at = time.time() - 1
        claims = {
            "sub": "soak",
            "iss": self.issuer,
            "client_id": "another" if kind == "client" else CLIENT,
            "token_use": "id" if kind == "use" else "access",
            "exp": expires_at,
            "jti": self.random.getrandbits(64),
            "cognito:groups": ["editors"],
        }
        kid = f"unknown {self.random.getrandbits(64)}" if kind == "unknown" else key.kid
        text = self._sign(kid, claims, None if kind == "forged" else key.material)
        genuine = kind not in {"forged", "unknown", "client", "use"}
        return Token(text, kind, key if genuine else None, expires_at)

    def answer(self, arrived: float) -> tuple[int, bytes]:
        """Decide what to send; hangs if that is the mode."""
        with self._lock:
            mode, keys = self.mode, frozenset(self.published)
            self.requests += 1
            serial = self.requests
        if mode == "hang":
            self.closing.wait(6)
        jwks = [{**self._jwks[key.material], "kid": key.kid} for key in keys]
        document = {"keys": jwks, "serial": serial}  # RFC 7517 §5: other members are ignored
        if mode == "ok":
            return 200, json.dumps(document).encode()
        self.log(Exchange(arrived, time.time(), mode, frozenset()))
        body = {"html": b"<html>It works!</html>", "no keys": b'{"keys":[]}'}.get(mode, b"")
        return (200 if mode in {"html", "empty", "no keys"} else 503), body

    def log(self, exchange: Exchange) -> None:
        """Write it down."""
        with self._lock:
            self.exchanges.append(exchange)

    def keys_of(self, body: bytes) -> frozenset[Published]:
        """Return what a document that `answer` made publishes."""
        materials = {jwk["n"]: index for index, jwk in enumerate(self._jwks)}
        if not body.startswith(b'{"keys": [{'):
            return frozenset()
        return frozenset(
            Published(jwk["kid"], materials[jwk["n"]]) for jwk in json.loads(body)["keys"]
        )

    def _publish(self, kid: str | None) -> None:
        self._count += 1
        key = Published(kid or f"key {self._count}", self._count % MATERIALS)
        self.published[key] = time.time()

    def _withdraw(self, key: Published) -> None:
        del self.published[key]
        self.withdrawn.append(key)

    def _sign(self, kid: str, claims: Mapping[str, object], material: int | None) -> str:
        key = self._stranger if material is None else self._private[material]
        parts = ({"kid": kid, "alg": "RS256"}, claims)
        signing_input = ".".join(_segment(json.dumps(part).encode()) for part in parts)
        signature = key.sign(signing_input.encode(), PKCS1v15(), SHA256())
        return f"{signing_input}.{_segment(signature)}"


@contextmanager
def serve(world: World) -> Iterator[None]:
    """Run the server meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arrived = time.time()
            status, body = world.answer(arrived)
            keys = world.keys_of(body)
            if keys:  # before anybody can have read it
                world.log(Exchange(arrived, time.time(), "ok", keys, serial_of(body)))
            with suppress(OSError):  # the client may have lost patience
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Print nothing: `World.exchanges` is the log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.issuer = f"http://127.0.0.1:{server.server_port}/{POOL}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield
    finally:
        world.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def serial_of(body: bytes) -> int:
    """Return the number of an answer that has keys."""
    serial: int = json.loads(body)["serial"]
    return serial


def _jwk_members(key: Any) -> dict[str, str]:
    modulus = key.public_key().public_numbers().n.to_bytes(256, "big")
    return {"alg": "RS256", "e": "AQAB", "kty": "RSA", "n": _segment(modulus), "use": "sig"}


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
