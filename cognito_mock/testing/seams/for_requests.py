"""requests: the choice of an adapter. It comes before `HTTPAdapter.send`, which moto patches.

Adapters of the user's own that open no connections are left alone.
"""

import http.client
import io
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cognito_mock.testing.courier import Answer, parcel_to
from cognito_mock.testing.redirection import Find, Patch, Redirection

if TYPE_CHECKING:
    import requests


def patches(module: ModuleType, find: Find) -> Sequence[Patch]:
    """Return the patches of ``requests.sessions``."""
    return [Patch(owner=module.Session, name="get_adapter", wrap=lambda f: _choose(f, find))]


def _choose(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    def get_adapter(self: Any, url: str) -> Any:
        from requests.adapters import HTTPAdapter  # noqa: PLC0415  (the caller has loaded it)

        adapter = original(self, url)
        redirection = find(url)
        if redirection is None or not isinstance(adapter, HTTPAdapter):
            return adapter
        return _Diverted(adapter, redirection)

    return get_adapter


class _Diverted:
    """An adapter's place while its requests go to the mock; its retries are kept."""

    def __init__(self, adapter: "requests.adapters.HTTPAdapter", redirection: Redirection) -> None:
        self._adapter = adapter
        self._courier = redirection.courier

    def send(
        self,
        request: "requests.PreparedRequest",
        timeout: Any = None,
        **_options: object,
    ) -> "requests.Response":
        """Send as `HTTPAdapter.send` does; TLS and proxies have nothing to say here."""
        import requests  # noqa: PLC0415  (the caller has loaded it)
        from urllib3.exceptions import MaxRetryError  # noqa: PLC0415

        url, method = str(request.url), str(request.method)
        retries = self._adapter.max_retries
        seconds = timeout[1] if isinstance(timeout, tuple) else timeout
        parcel = parcel_to(
            url, method=method, headers=list(request.headers.items()), body=_body(request.body)
        )
        while True:
            try:
                raw = _raw(self._courier.exchange(parcel, timeout=seconds))
            except TimeoutError as error:
                raise requests.exceptions.ReadTimeout(error, request=request) from error
            except OSError as error:
                raise requests.exceptions.ConnectionError(error, request=request) from error
            if not retries.is_retry(method, raw.status, "Retry-After" in raw.headers):
                break
            try:
                retries = retries.increment(method, url, response=raw)
            except MaxRetryError as error:
                if retries.raise_on_status:
                    raise requests.exceptions.RetryError(error, request=request) from error
                break
            retries.sleep(raw)
        return self._adapter.build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        return _body(body.read())
    return b"".join(_body(part) for part in body)


class _HeadersOnly:
    """What requests reads cookies from."""

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        self.msg = http.client.HTTPMessage()
        for name, value in lines:
            self.msg.add_header(name, value)

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing is open."""


def _raw(answer: Answer) -> Any:
    from urllib3 import HTTPHeaderDict, HTTPResponse  # noqa: PLC0415  (requests has loaded it)

    return HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=HTTPHeaderDict(answer.lines),
        status=answer.status,
        reason=http.client.responses.get(answer.status, ""),
        preload_content=False,
        original_response=_HeadersOnly(answer.lines),  # type: ignore[arg-type]  # all that is used
    )
