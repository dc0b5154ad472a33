"""The subject of a run: requests out, checked answers in, and what happens when it breaks."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from cognito_conformance.adapters.channel import Channel
from cognito_conformance.adapters.faults import (
    AdapterFault,
    AdapterLost,
    Crashed,
    GarbageOutput,
    InvalidAnswer,
    NeverStarted,
    TimedOut,
    VersionMismatch,
    WrongId,
)
from cognito_conformance.model import Config, Implementation, Reason, Verdict
from cognito_conformance.protocol import (
    PROTOCOL_VERSION,
    SchemaViolation,
    check_request,
    check_response,
    config_to_wire,
    implementation_from_wire,
)
from cognito_conformance.version import SUITE_VERSION

CALL_LIMIT_S: Final = 5.0
START_LIMIT_S: Final = 20.0
"""For hello alone: it includes starting an interpreter, perhaps a package manager."""

_EXACT_FLOAT: Final = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an implementation would not be configured."""

    message: str
    #: The members for which it has no setting at all.
    unsupported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the subject said about one token."""

    verdict: Verdict
    reason: Reason | None = None
    claims: Mapping[str, Any] | None = None
    message: str = ""
    traceback: str = ""
    ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieAnswer:
    """What the subject found in Cookie headers, or the error it ended with."""

    found: Mapping[str, Any] | None
    error: str = ""
    ms: float = 0.0


class Trace(Protocol):
    """Writes every line of the wire down."""

    def __call__(self, direction: str, line: bytes) -> None:
        """Record one ``line``; direction is ``→`` or ``←``."""


class Subject:
    """One implementation under judgement, started once and restarted at most ``restarts`` times."""

    def __init__(
        self,
        open_channel: Callable[[], Channel],
        *,
        restarts: int = 1,
        call_limit_s: float = CALL_LIMIT_S,
        start_limit_s: float = START_LIMIT_S,
        trace: Trace | None = None,
    ) -> None:
        self._open_channel = open_channel
        self._restarts = restarts
        self._call_limit_s = call_limit_s
        self._start_limit_s = start_limit_s
        self._trace = trace
        self._channel: Channel | None = None
        self._requests = 0
        self._numbering = threading.Lock()
        self._info: Implementation | None = None
        self._lost: str | None = None
        self._mark = 0
        self._last_words = ""

    @property
    def info(self) -> Implementation:
        """Who it is. Raises `NeverStarted` before `start`."""
        if self._info is None:
            raise NeverStarted("the adapter has not said hello")
        return self._info

    def start(self) -> Implementation:
        """Open the channel and shake hands."""
        self._channel = self._open_channel()
        hello = {"protocol": PROTOCOL_VERSION, "suite": SUITE_VERSION}
        try:
            answer = self._exchange("hello", hello, limit_s=self._start_limit_s)
        except (Crashed, TimedOut) as fault:
            stderr = self.stderr().strip()[-2000:]
            said = f"; its stderr ends:\n{stderr}" if stderr else ""
            self.close()
            raise NeverStarted(f"no hello: {fault}{said}") from fault
        except AdapterFault:
            self.close()
            raise
        info = implementation_from_wire(answer)
        if not self._channel.takes_threads:
            # One pipe is one queue, whatever its other end can do.
            info = replace(info, capabilities=info.capabilities - {"concurrency"})
        self._info = info
        return info

    def configure(self, config: Config) -> Refusal | None:
        """Configure; return None, or why the implementation refused."""
        answer = self._call("configure", {"config": config_to_wire(config)})
        if answer["ok"]:
            return None
        return Refusal(
            message=answer.get("message") or "no reason given",
            unsupported=frozenset(answer.get("unsupported", ())),
        )

    def verify(self, token: str, now: float) -> Answer:
        """Ask for a verdict on ``token`` at ``now``."""
        members = {"token": token, "now": _number(now)}
        started = time.perf_counter()
        answer = self._call("verify", members)
        elapsed = (time.perf_counter() - started) * 1000
        return Answer(
            verdict=Verdict(answer["verdict"]),
            reason=Reason(answer["reason"]) if "reason" in answer else None,
            claims=answer.get("claims"),
            message=answer.get("message", ""),
            traceback=answer.get("traceback", ""),
            ms=elapsed,
        )

    def verify_together(self, token: str, now: float, *, threads: int) -> tuple[Answer, ...]:
        """Ask for a verdict on ``token`` from several threads at once."""
        start = threading.Barrier(threads)

        def ask(_: int) -> Answer:
            start.wait()
            return self.verify(token, now)

        with ThreadPoolExecutor(threads) as pool:
            return tuple(pool.map(ask, range(threads)))

    def cookies(self, headers: Sequence[str], *, layout: str, client_id: str) -> CookieAnswer:
        """Ask for the tokens in Cookie header lines."""
        members = {"headers": list(headers), "layout": layout, "client_id": client_id}
        started = time.perf_counter()
        answer = self._call("cookies", members)
        elapsed = (time.perf_counter() - started) * 1000
        if "verdict" in answer:
            return CookieAnswer(found=None, error=answer["message"], ms=elapsed)
        found = {"username": answer["username"], "tokens": answer["tokens"]}
        return CookieAnswer(found=found, ms=elapsed)

    def reset(self) -> None:
        """Have it forget its caches."""
        self._call("reset", {})

    def mark_stderr(self) -> None:
        """Make `stderr` start here."""
        self._last_words = ""
        self._mark = self._channel.stderr_mark() if self._channel else 0

    def stderr(self) -> str:
        """Return what the adapter wrote to stderr since the last mark, even if it is gone now."""
        return self._channel.stderr_since(self._mark) if self._channel else self._last_words

    def close(self) -> None:
        """End the adapter's process."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _call(self, command: str, members: dict[str, Any]) -> dict[str, Any]:
        if self._lost is not None:
            raise AdapterLost(self._lost)
        if self._channel is None:
            self._restart()
        try:
            return self._exchange(command, members, limit_s=self._call_limit_s)
        except AdapterFault as fault:
            if fault.fatal:
                self._give_up(fault)
            raise

    def _give_up(self, fault: AdapterFault) -> None:
        """Close a channel that is out of step or dead; the next call may start another."""
        self._last_words = self.stderr()
        self.close()
        if self._restarts == 0:
            self._lost = f"lost after {fault.kind}: {fault}"

    def _restart(self) -> None:
        self._restarts -= 1
        try:
            self.start()
        except AdapterFault as fault:
            self._lost = f"did not start again: {fault}"
            raise AdapterLost(self._lost) from fault

    def _exchange(self, command: str, members: dict[str, Any], *, limit_s: float) -> dict[str, Any]:
        if self._channel is None:
            raise NeverStarted("the adapter was not started")
        with self._numbering:
            self._requests += 1
            number = self._requests
        request = {"id": number, "cmd": command, **members}
        check_request(command, request)
        line = json.dumps(request, allow_nan=False).encode() + b"\n"
        if self._trace:
            self._trace("→", line)
        answered = self._channel.exchange(line, limit_s=limit_s)
        if self._trace:
            self._trace("←", answered)
        return _checked(command, number, answered)


def _checked(command: str, sent_id: int, line: bytes) -> dict[str, Any]:
    """Return the answer in ``line``, or raise what is wrong with it."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise GarbageOutput(f"not JSON on stdout: {_excerpt(line)}") from error
    if not isinstance(answer, dict):
        raise GarbageOutput(f"not a JSON object on stdout: {_excerpt(line)}")
    if answer.get("id") != sent_id:
        raise WrongId(f"sent request {sent_id}, got an answer to {answer.get('id')!r}")
    if command == "hello" and answer.get("protocol") != PROTOCOL_VERSION:
        theirs = answer.get("protocol")
        raise VersionMismatch(f"the suite speaks protocol {PROTOCOL_VERSION}, it {theirs!r}")
    try:
        check_response(command, answer)
    except SchemaViolation as violation:
        raise InvalidAnswer(str(violation)) from violation
    return answer


def _excerpt(line: bytes) -> str:
    return repr(line[:120].decode(errors="replace"))


def _number(now: float) -> float:
    """Write whole seconds without a fraction, as most clocks do."""
    return int(now) if float(now).is_integer() and abs(now) < _EXACT_FLOAT else now
