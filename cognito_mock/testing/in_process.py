"""The mock without a socket: its app runs in an event loop of its own, in a daemon thread."""

import asyncio
import threading

import httpx
from starlette.applications import Starlette

from cognito_mock.server import SteadyLoop
from cognito_mock.testing.courier import Answer, Parcel

_LONGEST_SECONDS = 300.0


class InProcess:
    """Runs an app, and is a `Courier` to it."""

    def __init__(self, app: Starlette, base_url: str) -> None:
        self._app = app
        self._base_url = base_url
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="cognito-mock", daemon=True)

    def start(self) -> None:
        """Return once the app is ready; raise what kept it from that."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise RuntimeError("the mock did not start") from self._failure

    def stop(self) -> None:
        """End the app and wait for that; requests under way are cut off."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def exchange(self, parcel: Parcel, *, timeout: float | None) -> Answer:
        """Return the answer; raise TimeoutError after ``timeout`` seconds, or another OSError."""
        if self._loop is None or self._loop.is_closed():
            raise ConnectionError("the mock is not running")
        asked = asyncio.run_coroutine_threadsafe(self._ask(parcel), self._loop)
        try:
            return asked.result(_LONGEST_SECONDS if timeout is None else timeout)
        except TimeoutError:
            asked.cancel()
            raise
        except asyncio.CancelledError as error:
            raise ConnectionError("the mock stopped") from error

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=SteadyLoop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001  (start() raises it where it is seen)
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        stop = asyncio.Event()
        async with self._app.router.lifespan_context(self._app):
            self._loop, self._stop = asyncio.get_running_loop(), stop
            self._ready.set()
            await stop.wait()

    async def _ask(self, parcel: Parcel) -> Answer:
        # The peer is this machine, as it is for a server on the loopback interface.
        transport = httpx.ASGITransport(
            app=self._app, raise_app_exceptions=False, client=("127.0.0.1", 0)
        )
        request = httpx.Request(
            parcel.method,
            self._base_url + parcel.target,
            headers=parcel.lines,
            content=parcel.body,
        )
        response = await transport.handle_async_request(request)
        body = await response.aread()
        return Answer(
            status=response.status_code, headers=list(response.headers.multi_items()), body=body
        )
