"""Carries a request to the mock and its answer back, past proxies and other people's patches."""

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

HeaderLines = Sequence[tuple[str, str]]
# The body goes and comes whole, so these would lie about it; and each request has a connection.
_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A request. ``target`` is path and query; ``host`` is the name that the client asked for."""

    method: str
    target: str
    host: str
    secure: bool
    headers: HeaderLines
    body: bytes

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The headers as the mock gets them."""
        # A TLS proxy on this machine would announce the client's scheme like this.
        forwarded = [("X-Forwarded-Proto", "https")] if self.secure else []
        length = [("Content-Length", str(len(self.body)))] if self.body else []
        kept = [(n, v) for n, v in self.headers if n.lower() not in {*_HOP_BY_HOP, "host"}]
        return [("Host", self.host), *forwarded, *kept, *length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole response."""

    status: int
    headers: HeaderLines
    body: bytes

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The headers as the client gets them: the body is whole, its length known."""
        kept = [(n, v) for n, v in self.headers if n.lower() not in _HOP_BY_HOP]
        return [*kept, ("Content-Length", str(len(self.body)))]


class Courier(Protocol):
    """A way to the mock. Thread-safe."""

    def exchange(self, parcel: Parcel, *, timeout: float | None) -> Answer:
        """Return the answer; raise TimeoutError after ``timeout`` seconds, or another OSError."""


def parcel_to(url: str, *, method: str, headers: HeaderLines, body: bytes) -> Parcel:
    """Wrap a request to ``url``."""
    parts = urlsplit(url)
    return Parcel(
        method=method,
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        host=parts.netloc.rpartition("@")[2],
        secure=parts.scheme == "https",
        headers=headers,
        body=body,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketCourier:
    """Goes to the mock's own server, by a connection for each request."""

    host: str
    port: int

    def exchange(self, parcel: Parcel, *, timeout: float | None) -> Answer:
        """Return the answer; raise TimeoutError after ``timeout`` seconds, or another OSError."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.putrequest(
                parcel.method, parcel.target, skip_host=True, skip_accept_encoding=True
            )
            for name, value in parcel.lines:
                connection.putheader(name, value)
            connection.endheaders(parcel.body)
            response = connection.getresponse()
            return Answer(
                status=response.status, headers=response.getheaders(), body=response.read()
            )
        except http.client.HTTPException as error:
            raise ConnectionError("the mock broke off") from error
        finally:
            connection.close()
