"""Every way in which an adapter can break is told apart, and none stops the run."""

import time
from collections.abc import Callable

import pytest

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
from cognito_conformance.adapters.opening import UnusableSpec, open_subject
from cognito_conformance.adapters.subject import Subject
from cognito_conformance.model import Verdict

Start = Callable[..., Subject]


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("hang", TimedOut),
        ("hang-in-a-grandchild", TimedOut),
        ("closes-stdout", Crashed),
        ("crash", Crashed),
        ("garbage", GarbageOutput),
        ("noise", GarbageOutput),
        ("wrong-id", WrongId),
        ("no-verdict", InvalidAnswer),
        ("unknown-reason", InvalidAnswer),
    ],
)
def test_each_fault_has_its_own_name_and_the_next_call_works(
    start: Start, way: str, fault: type[AdapterFault]
) -> None:
    """After a fault the adapter is started again, once, and the run goes on."""
    subject = start(way)

    with pytest.raises(fault):
        subject.verify("trigger", 0)

    assert subject.verify("good", 0).verdict is Verdict.ACCEPT


def test_a_second_fatal_fault_loses_the_adapter(start: Start) -> None:
    """With its restart used up, every further call says so instead of rejecting."""
    subject = start("crash")
    for _ in range(2):
        with pytest.raises(Crashed):
            subject.verify("trigger", 0)

    with pytest.raises(AdapterLost, match="crash"):
        subject.verify("good", 0)


def test_an_answer_that_breaks_the_schema_costs_no_restart(start: Start) -> None:
    """The connection is still in step, so the process lives on."""
    subject = start("no-verdict", restarts=0)
    for _ in range(3):
        with pytest.raises(InvalidAnswer):
            subject.verify("trigger", 0)

    assert subject.verify("good", 0).verdict is Verdict.ACCEPT


def test_a_hang_ends_at_the_limit(start: Start) -> None:
    """The call is ended at its limit, not when the adapter pleases."""
    subject = start("hang")
    before = time.monotonic()

    with pytest.raises(TimedOut):
        subject.verify("trigger", 0)

    assert time.monotonic() - before < 5


def test_last_words_on_stderr_survive_the_process(start: Start) -> None:
    """What the adapter wrote before it died can still be shown."""
    subject = start("crash")
    subject.mark_stderr()

    with pytest.raises(Crashed, match="139"):
        subject.verify("trigger", 0)

    assert "more or less" in subject.stderr()


def test_an_adapter_that_exits_before_hello_never_started(start: Start) -> None:
    """The fault carries the exit status and what it said."""
    with pytest.raises(NeverStarted, match=r"status 7(.|\n)*cannot find my library"):
        start("exits-at-once")


def test_a_command_that_does_not_exist_never_started() -> None:
    """It is told apart from an adapter that fails."""
    with pytest.raises(NeverStarted, match="no-such-program"):
        open_subject("exec:no-such-program-at-all").start()


def test_a_module_that_does_not_exist_never_started() -> None:
    """An in-process adapter fails to start in the same way."""
    with pytest.raises(NeverStarted, match="ModuleNotFoundError"):
        open_subject("no_such_package.adapter:adapter").start()


def test_an_object_that_is_no_adapter_never_started() -> None:
    """What is missing is named."""
    with pytest.raises(NeverStarted, match="has no info"):
        open_subject("json:JSONDecodeError.__doc__").start()


def test_another_protocol_version_is_refused(start: Start) -> None:
    """It is refused at hello, with both numbers."""
    with pytest.raises(VersionMismatch, match="protocol 1, it 2"):
        start("version")


def test_an_unknown_capability_is_refused(start: Start) -> None:
    """A misspelt capability would silently skip its cases."""
    with pytest.raises(InvalidAnswer, match="telepathy"):
        start("unknown-capability")


@pytest.mark.parametrize("spec", ["", "exec:", "adapter", "exec:node 'adapter"])
def test_a_specification_of_neither_form_is_refused(spec: str) -> None:
    """It is a usage error, before anything starts."""
    with pytest.raises(UnusableSpec):
        open_subject(spec)


def test_a_million_dots_pass_through_the_pipe_both_ways(start: Start) -> None:
    """Requests larger than a pipe's buffer do not lock the two sides up."""
    subject = start("good")

    assert subject.verify("." * 3_000_000, 0).verdict is Verdict.REJECT
