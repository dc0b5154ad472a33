"""urllib: where its handlers open a connection. Openers of the user's own come by here, too."""

import http.client
import io
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cognito_mock.testing.courier import Answer, Parcel, parcel_to
from cognito_mock.testing.redirection import Find, Patch, Redirection

if TYPE_CHECKING:
    import urllib.request


def patches(module: ModuleType, find: Find) -> Sequence[Patch]:
    """Return the patches of ``urllib.request``."""
    return [Patch(owner=module.AbstractHTTPHandler, name="do_open", wrap=lambda f: _open(f, find))]


def _open(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    def do_open(
        self: Any, http_class: Any, req: "urllib.request.Request", **connection: Any
    ) -> Any:
        url = req.full_url  # the proxy's address is elsewhere
        redirection = find(url)
        if redirection is not None:
            http_class = lambda _host, timeout, **_tls: _Connection(  # noqa: E731
                redirection, url, timeout
            )
        return original(self, http_class, req, **connection)

    return do_open


class _Connection:
    """As much of `http.client.HTTPConnection` as urllib uses."""

    sock = None

    def __init__(self, redirection: Redirection, url: str, timeout: object) -> None:
        self._courier = redirection.courier
        self._url = url
        # Without a timeout of its own urllib hands over a marker.
        self._timeout = float(timeout) if isinstance(timeout, int | float) else None
        self._parcel: Parcel | None = None

    def set_debuglevel(self, level: int) -> None:
        """There is nothing to print."""

    def set_tunnel(self, host: str, **_options: object) -> None:
        """No proxy is on the way."""

    def request(
        self,
        method: str,
        _selector: str,
        data: Any,
        headers: Mapping[str, str],
        **_options: object,
    ) -> None:
        """Take the request."""
        if hasattr(data, "read"):
            data = data.read()
        elif data is not None and not isinstance(data, bytes | bytearray):
            data = b"".join(data)
        self._parcel = parcel_to(
            self._url, method=method, headers=list(headers.items()), body=bytes(data or b"")
        )

    def getresponse(self) -> http.client.HTTPResponse:
        """Exchange it."""
        if self._parcel is None:
            raise http.client.ResponseNotReady
        answer = self._courier.exchange(self._parcel, timeout=self._timeout)
        stream: Any = _Wire(answer)
        response = http.client.HTTPResponse(stream, method=self._parcel.method)
        response.begin()
        return response

    def close(self) -> None:
        """Nothing is open."""


class _Wire:
    """An answer as it would come from a socket."""

    def __init__(self, answer: Answer) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in answer.lines)
        head = f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, '')}\r\n{lines}"
        self._octets = f"{head}\r\n".encode("latin-1") + answer.body

    def makefile(self, _mode: str) -> io.BytesIO:
        """As a socket's."""
        return io.BytesIO(self._octets)
