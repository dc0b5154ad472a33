"""Turn ``--cognito-adapter`` into a subject.

``package.module:attr`` is an adapter (or a callable that makes one) in this process;
``exec:node adapter.mjs`` is a command, split as a shell would but run without one. The prefix may
be left out of a command that has arguments.
"""

import importlib
import os
import shlex
import sys
from typing import cast

from cognito_conformance.adapters.channel import Channel, LocalChannel, ProcessChannel
from cognito_conformance.adapters.faults import NeverStarted
from cognito_conformance.adapters.responder import Responder
from cognito_conformance.adapters.subject import CALL_LIMIT_S, Subject, Trace
from cognito_conformance.model import Adapter


class UnusableSpec(ValueError):  # noqa: N818  (it describes the argument)
    """An adapter specification that has neither of the two forms."""


def open_subject(
    spec: str,
    *,
    restarts: int = 1,
    call_limit_s: float = CALL_LIMIT_S,
    trace: Trace | None = None,
) -> Subject:
    """Return the subject that ``spec`` names, not started yet."""
    if is_command(spec):
        argv = _split(spec.removeprefix("exec:"))
        if not argv:
            raise UnusableSpec("exec: needs a command, for example 'exec:node adapter.mjs'")

        def open_channel() -> Channel:
            return ProcessChannel(argv)

    elif ":" in spec:

        def open_channel() -> Channel:
            return LocalChannel(Responder(load_adapter(spec)))

    else:
        raise UnusableSpec(
            f"{spec!r} is neither 'package.module:attr' nor 'exec:command with arguments'"
        )
    return Subject(open_channel, restarts=restarts, call_limit_s=call_limit_s, trace=trace)


def is_command(spec: str) -> bool:
    """Tell whether ``spec`` starts a process, so that several of it can run side by side."""
    return not spec.startswith(("http://", "https://")) and (
        spec.startswith("exec:") or " " in spec
    )


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise UnusableSpec(f"{command!r}: {error}") from error


def subject_for(adapter: Adapter, *, trace: Trace | None = None) -> Subject:
    """Return a subject for an adapter object that exists already."""
    return Subject(lambda: LocalChannel(Responder(adapter)), trace=trace)


def load_adapter(spec: str) -> Adapter:
    """Import ``package.module:attr``; call it if it is a class or a factory."""
    module_name, _, attribute = spec.partition(":")
    # What the user's own modules need, as `python -m` would have it.
    if os.getcwd() not in sys.path and "" not in sys.path:  # noqa: PTH109
        sys.path.insert(0, os.getcwd())  # noqa: PTH109
    try:
        found = importlib.import_module(module_name)
        for name in attribute.split("."):
            found = getattr(found, name)
        adapter = found() if callable(found) and not hasattr(found, "info") else found
        if isinstance(adapter, type):
            adapter = adapter()
    except Exception as error:
        raise NeverStarted(f"cannot load {spec!r}: {type(error).__name__}: {error}") from error
    missing = [
        name for name in ("info", "configure", "verify", "reset") if not hasattr(adapter, name)
    ]
    if missing:
        raise NeverStarted(f"{spec!r} is not an adapter: it has no {', '.join(missing)}")
    return cast("Adapter", adapter)
