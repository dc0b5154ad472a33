"""Worker threads for plain functions, at the price of a queue entry each way.

A sign-in over HTTP is one call of a function that spends most of its time in OpenSSL, outside the
interpreter's lock. A general thread pool costs it as much as routing and parsing together: futures
with locks of their own, copied contexts, cancel scopes. Nothing here needs these.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Calls may wait for somebody (a delivery, a lock), so there are many more threads than cores.
_MOST = 40

_Work = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Workers:
    """Daemon threads, started when all others are busy, up to ``most``."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._queue: SimpleQueue[_Work] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call ``function`` in a worker and return what it returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._threads < self._most:
                self._threads += 1
                name = f"cognito-mock-worker-{self._threads}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
        self._queue.put((loop, future, lambda: function(*args, **kwargs)))
        return await future

    def _work(self) -> None:
        finish: Callable[[asyncio.Future[Any], Any], None]
        while True:
            loop, future, call = self._queue.get()
            try:
                finish, outcome = _succeed, call()
            except BaseException as error:  # noqa: BLE001  (the caller gets it, whatever it is)
                finish, outcome = _fail, error
            with suppress(RuntimeError):  # the loop has ended, and the one who asked with it
                loop.call_soon_threadsafe(finish, future, outcome)
            # Nothing of the call may live on while this thread waits for the next.
            del loop, future, call, outcome
            with self._lock:
                self._idle += 1


def _succeed(future: "asyncio.Future[Any]", result: Any) -> None:
    if not future.done():  # it may have been cancelled meanwhile
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


run_in_worker = Workers().run
