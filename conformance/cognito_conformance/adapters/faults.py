"""What can go wrong between the suite and an adapter, before any verdict.

AdapterFault
├── NeverStarted      no hello: not found, not importable, exited, or silent
├── VersionMismatch   speaks another version of the protocol
├── GarbageOutput     wrote something on stdout that is not one JSON object a line
├── InvalidAnswer     answered with JSON that the schema does not admit
├── WrongId           answered another request
├── TimedOut          did not answer within the limit
├── Crashed           exited in the middle of a call
└── AdapterLost       failed before, and its restarts are used up
"""

from typing import ClassVar


class AdapterFault(Exception):  # noqa: N818  (each kind is named after what happened)
    """The adapter broke the protocol; this is neither accept nor reject."""

    kind: ClassVar[str] = "adapter_fault"

    #: False when the process is still in step and may be asked the next question.
    fatal: ClassVar[bool] = True


class NeverStarted(AdapterFault):
    """The adapter could not be started, or never said hello."""

    kind = "never_started"


class VersionMismatch(AdapterFault):
    """The adapter speaks another version of the protocol."""

    kind = "version_mismatch"


class GarbageOutput(AdapterFault):
    """A line on stdout is not a JSON object."""

    kind = "garbage"


class InvalidAnswer(AdapterFault):
    """A JSON object that does not answer the request."""

    kind = "invalid_answer"
    fatal = False


class WrongId(AdapterFault):
    """An answer to a request that was not the last one."""

    kind = "wrong_id"


class TimedOut(AdapterFault):
    """No answer within the time limit; the process was killed."""

    kind = "timeout"


class Crashed(AdapterFault):
    """The process ended in the middle of a call."""

    kind = "crash"


class AdapterLost(AdapterFault):
    """The adapter failed before and is not started again."""

    kind = "adapter_lost"
