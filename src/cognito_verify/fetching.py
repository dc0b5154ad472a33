"""Fetch a key set over HTTP: the only place where this library touches the network.

httpx is imported when the first fetch happens, not before: an application with static keys, or a
Lambda function that has not served a request yet, does not pay for it.
"""

import time
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cognito_verify._tls import tls_context
from cognito_verify.errors import JwksFetchError
from cognito_verify.pool import is_loopback

if TYPE_CHECKING:
    import httpx

# Identity: a compressed answer could be small on the wire and large in memory.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}
_OK = 200


class JwksFetcher(Protocol):
    """Gets the bytes behind a URL. Implement it to fetch through something of your own.

    If it has a ``total_timeout`` in seconds, then nobody waits longer than that for a fetch that
    somebody else has begun.
    """

    def fetch(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError` or `OSError`."""

    async def fetch_async(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError` or `OSError`."""


class HttpFetcher(NamedTuple):
    """Fetches with httpx: bounded in time and size, and never redirected.

    # conformance: jwks/redirect, jwks/oversized
    """

    connect_timeout: float = 2.0
    read_timeout: float = 3.0
    total_timeout: float = 5.0
    max_bytes: int = 1024 * 1024

    def fetch(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError`."""
        import httpx  # noqa: PLC0415  (see the module's docstring)

        deadline = time.monotonic() + self.total_timeout
        trust_env = not is_loopback(uri)
        body = bytearray()
        try:
            with (
                tls_context(trust_env=trust_env) as tls,
                httpx.Client(verify=tls, timeout=self._timeout(), trust_env=trust_env) as client,
                client.stream("GET", uri, headers=_HEADERS) as response,
            ):
                self._check_status(response)
                for chunk in response.iter_raw():
                    body += chunk
                    self._check_size(body)
                    if time.monotonic() > deadline:
                        raise JwksFetchError(f"no complete answer in {self.total_timeout} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise JwksFetchError(type(error).__name__) from error
        return bytes(body)

    async def fetch_async(self, uri: str) -> bytes:
        """Return the document. Raises `JwksFetchError`."""
        import asyncio  # noqa: PLC0415  (slow to import, and here it is in use already)

        import httpx  # noqa: PLC0415  (see the module's docstring)

        trust_env = not is_loopback(uri)
        body = bytearray()
        try:
            with tls_context(trust_env=trust_env) as tls:
                async with (
                    asyncio.timeout(self.total_timeout),
                    httpx.AsyncClient(
                        verify=tls, timeout=self._timeout(), trust_env=trust_env
                    ) as client,
                    client.stream("GET", uri, headers=_HEADERS) as response,
                ):
                    self._check_status(response)
                    async for chunk in response.aiter_raw():
                        body += chunk
                        self._check_size(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise JwksFetchError(type(error).__name__) from error
        except TimeoutError as error:
            raise JwksFetchError(f"no complete answer in {self.total_timeout} s") from error
        return bytes(body)

    def _timeout(self) -> "httpx.Timeout":
        import httpx  # noqa: PLC0415  (see the module's docstring)

        return httpx.Timeout(self.read_timeout, connect=self.connect_timeout)

    def _check_status(self, response: "httpx.Response") -> None:
        if response.status_code != _OK:  # a redirect is no answer either (RFC 8725 §3.10)
            raise JwksFetchError(f"HTTP {response.status_code}")

    def _check_size(self, body: bytearray) -> None:
        if len(body) > self.max_bytes:
            raise JwksFetchError(f"more than {self.max_bytes} bytes")
