"""httpx: the transports that open connections. Transports of the user's own are left alone.

respx works a layer below (in httpcore), so a test may use both.
"""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cognito_mock.testing.courier import Answer, Courier, parcel_to
from cognito_mock.testing.redirection import Find, Patch

if TYPE_CHECKING:
    import httpx


def patches(module: ModuleType, find: Find) -> Sequence[Patch]:
    """Return the patches of ``httpx``."""
    return [
        Patch(owner=module.HTTPTransport, name="handle_request", wrap=lambda f: _sync(f, find)),
        Patch(
            owner=module.AsyncHTTPTransport,
            name="handle_async_request",
            wrap=lambda f: _async(f, find),
        ),
    ]


def ask(courier: Courier, request: "httpx.Request", body: bytes) -> "httpx.Response":
    """Exchange one request; raise what httpx raises."""
    import httpx  # noqa: PLC0415  (whoever has a request has loaded it)

    parcel = parcel_to(
        str(request.url),
        method=request.method,
        headers=request.headers.multi_items(),
        body=body,
    )
    timeout = request.extensions.get("timeout", {}).get("read")
    try:
        answer: Answer = courier.exchange(parcel, timeout=timeout)
    except TimeoutError as error:
        raise httpx.ReadTimeout("the mock did not answer in time", request=request) from error
    except OSError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    # As a stream: given as content it would count as read, and could not be streamed.
    return httpx.Response(answer.status, headers=answer.lines, stream=httpx.ByteStream(answer.body))


async def ask_async(courier: Courier, request: "httpx.Request") -> "httpx.Response":
    """Exchange one request in a thread, under asyncio as under trio."""
    from anyio import to_thread  # noqa: PLC0415  (httpx' own way of serving both)

    body = await request.aread()
    return await to_thread.run_sync(ask, courier, request, body, abandon_on_cancel=True)


def _sync(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    def handle_request(self: Any, request: "httpx.Request") -> "httpx.Response":
        redirection = find(str(request.url))
        if redirection is None:
            response: httpx.Response = original(self, request)
            return response
        return ask(redirection.courier, request, request.read())

    return handle_request


def _async(original: Callable[..., Any], find: Find) -> Callable[..., Any]:
    async def handle_async_request(self: Any, request: "httpx.Request") -> "httpx.Response":
        redirection = find(str(request.url))
        if redirection is None:
            response: httpx.Response = await original(self, request)
            return response
        return await ask_async(redirection.courier, request)

    return handle_async_request
