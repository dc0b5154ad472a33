"""uvicorn in this process or in a thread, on a socket that is bound before the app is made.

So ``--port 0`` works and the app knows its own address before the first request.
"""

import asyncio
import errno
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from cognito_mock.config import ConfigError

_logger = logging.getLogger("cognito_mock")
# A stop takes at most: one tick of uvicorn (0.1 s), its own pause (0.1 s) and this.
_PATIENCE_SECONDS = 0.5
_BACKLOG = 512
_WILDCARDS = {"", "0.0.0.0", "::"}  # noqa: S104  (recognised, not bound)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket, or say in one line why there is none."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None,
            port,
            type=socket.SOCK_STREAM,
            proto=socket.IPPROTO_TCP,
            flags=socket.AI_PASSIVE,
        )[0]
        # The protocol is spelled out because asyncio switches Nagle's algorithm off only where it
        # reads TCP; with it on, every answer on a kept-alive connection waits 40 ms.
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        code = error.errno if isinstance(error, OSError) else None
        reason = {
            errno.EADDRINUSE: "the port is in use",
            errno.EACCES: "permission denied",
            errno.EADDRNOTAVAIL: "this machine does not have that address",
        }.get(code or 0, "no such address")
        raise ConfigError(f"cannot listen on {host}:{port}: {reason}") from error
    return listener


def base_url_of(listener: socket.socket, host: str) -> str:
    """``http://HOST:PORT`` as a client on this machine writes it."""
    port = listener.getsockname()[1]
    if host in _WILDCARDS:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Calls back once connections are accepted."""

    def __init__(self, app: Starlette, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # the command decides; a library does not touch logging
                access_log=False,  # its lines hold query strings, and these hold codes
                ws="none",
                lifespan="on",
                proxy_headers=False,
                server_header=False,
                workers=1,
                timeout_keep_alive=75,
                # uvicorn hands the number to asyncio.wait_for, which takes fractions.
                timeout_graceful_shutdown=_PATIENCE_SECONDS,  # type: ignore[arg-type]
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()


def serve_until_stopped(
    app: Starlette, listener: socket.socket, *, on_ready: Callable[[], None]
) -> None:
    """Serve in this thread, which must be the main one, until SIGTERM or SIGINT."""
    server = _Server(app, on_ready)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # uvicorn has its own handlers while it serves, and raises the signal again after a clean
        # stop. A requested stop is a success; one that comes before uvicorn listens is not lost.
        if not server.started:
            raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    server.run(sockets=[listener])


class SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers go by the machine, whatever a test does to `time`.

    Libraries that freeze time replace ``time.monotonic`` in all modules. A timer that was set in a
    frozen 2030 would be due decades after the test, and the server would never stop.
    """

    # A default is no name in a module, so nobody replaces it.
    def time(self, monotonic: Callable[[], float] = time.monotonic) -> float:
        """Return seconds that only ever run forward."""
        return monotonic()


class ServerThread:
    """A server in a daemon thread."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._ready = threading.Event()
        self._server = _Server(app, self._ready.set)
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name="cognito-mock", daemon=True)

    def start(self) -> None:
        """Return once connections are accepted."""
        self._thread.start()
        self._ready.wait()
        if not self._server.started:
            self._thread.join()
            raise RuntimeError("the mock's server did not start; its log says why")

    def stop(self) -> None:
        """Stop and wait for the end."""
        self._server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=SteadyLoop) as runner:
                runner.run(self._server.serve(sockets=[self._listener]))
        except SystemExit:  # how uvicorn says that start-up failed; it has logged the reason
            _logger.debug("uvicorn gave up")
        finally:
            self._listener.close()
            self._ready.set()
