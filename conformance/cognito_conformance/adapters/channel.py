"""One line out, one line back: to an adapter in this process, or to a child process."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from cognito_conformance.adapters.faults import Crashed, GarbageOutput, NeverStarted, TimedOut
from cognito_conformance.adapters.responder import Responder

LINE_LIMIT: Final = 64 * 1024 * 1024
"""The longest answer that is read: cases carry payloads of a few megabytes."""

STDERR_LIMIT: Final = 64 * 1024


class Channel(Protocol):
    """A connection that is in step: every exchange is one request and its response."""

    @property
    def takes_threads(self) -> bool:
        """Tell whether several exchanges may be under way at once."""

    def exchange(self, line: bytes, *, limit_s: float) -> bytes:
        """Send ``line`` and return the answer's line. Raises `AdapterFault`."""

    def stderr_mark(self) -> int:
        """Return a position in the adapter's stderr, for `stderr_since`."""

    def stderr_since(self, mark: int) -> str:
        """Return what the adapter wrote to stderr after ``mark``, or its end."""

    def close(self) -> None:
        """End the connection, and the process if there is one."""


class LocalChannel:
    """An adapter in this process, reached through the same bytes as any other."""

    takes_threads = True

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    def exchange(self, line: bytes, *, limit_s: float) -> bytes:
        """Answer at once. A call that hangs cannot be ended from within its own process."""
        del limit_s
        try:
            return self._responder.respond(line)
        except (Exception, SystemExit) as error:
            # In a process of its own this would have ended it; the run must survive it here, too.
            raise Crashed(f"the adapter raised {type(error).__name__}: {error}") from error

    def stderr_mark(self) -> int:
        """Return zero: stderr is pytest's to capture."""
        return 0

    def stderr_since(self, mark: int) -> str:
        """Return nothing: stderr is pytest's to capture."""
        del mark
        return ""

    def close(self) -> None:
        """Do nothing."""


class ProcessChannel:
    """A child process that speaks JSON lines on stdin and stdout."""

    takes_threads = False

    def __init__(self, argv: Sequence[str]) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603  (the command is the user's own)
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # A group of its own, so that a hung grandchild ends with it.
                start_new_session=os.name == "posix",
            )
        except (OSError, ValueError) as error:
            raise NeverStarted(f"cannot start {argv[0]!r}: {error}") from error
        self._watchdog = _Watchdog(self.kill)
        self._stderr = _Tail(self._process)

    def exchange(self, line: bytes, *, limit_s: float) -> bytes:
        """Write one line and read one, within ``limit_s`` seconds."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover  (both are pipes)
            raise Crashed("no pipe to the adapter")
        answer = b""
        gone = contextlib.suppress(BrokenPipeError, ConnectionResetError)
        with self._watchdog.guard(limit_s), gone:
            stdin.write(line)
            stdin.flush()
            answer = stdout.readline(LINE_LIMIT)
        if answer.endswith(b"\n"):
            return answer
        if self._watchdog.fired:
            raise TimedOut(f"no answer within {limit_s:g} s")
        if len(answer) >= LINE_LIMIT:
            raise GarbageOutput(f"a line longer than {LINE_LIMIT} bytes")
        raise Crashed(f"the adapter {self._ending()}")

    def stderr_mark(self) -> int:
        """Return how much has been written to stderr so far."""
        return self._stderr.written

    def stderr_since(self, mark: int) -> str:
        """Return the text written after ``mark``, at most its last 64 KiB."""
        return self._stderr.since(mark)

    def kill(self) -> None:
        """End the process and its children at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def close(self) -> None:
        """Close stdin, wait a moment for the exit, then insist."""
        self._watchdog.stop()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # A dead reader leaves the write buffer full; there is nobody to flush it to.
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()
            self._process.wait()
            self._stderr.close()

    def _ending(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "closed its stdout"
        if status < 0:
            return f"was ended by signal {-status}"
        return f"exited with status {status}"


class _Watchdog:
    """Kills when a guarded call takes too long; one thread, no timer a call."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self.fired = False
        self._kill = kill
        self._deadline: float | None = None
        self._stopped = threading.Event()
        threading.Thread(target=self._watch, daemon=True, name="adapter-watchdog").start()

    @contextlib.contextmanager
    def guard(self, limit_s: float) -> Iterator[None]:
        self._deadline = time.monotonic() + limit_s
        try:
            yield
        finally:
            self._deadline = None

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(0.05):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self.fired = True
                self._kill()
                return


class _Tail:
    """Drains stderr, so that it never blocks the adapter, and keeps its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.written = 0
        self._kept = b""
        self._stream = process.stderr
        self._thread = threading.Thread(target=self._drain, daemon=True, name="adapter-stderr")
        self._thread.start()

    def since(self, mark: int) -> str:
        # What was written just before an answer or a death may still be in the pipe.
        self._thread.join(timeout=0.05)
        wanted = max(0, self.written - mark)
        return self._kept[-wanted:].decode(errors="replace") if wanted else ""

    def close(self) -> None:
        self._thread.join(timeout=2)
        if self._stream is not None:
            self._stream.close()

    def _drain(self) -> None:
        if self._stream is None:  # pragma: no cover  (it is a pipe)
            return
        while chunk := os.read(self._stream.fileno(), 65536):
            self._kept = (self._kept + chunk)[-STDERR_LIMIT:]
            self.written += len(chunk)
