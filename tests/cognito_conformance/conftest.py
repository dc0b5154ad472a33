"""Hand-made cases and a way to start the misbehaving adapter."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cognito_conformance.adapters.opening import open_subject
from cognito_conformance.adapters.subject import Subject

MISBEHAVING = Path(__file__).parent / "misbehaving.py"


def command(way: str) -> str:
    """Return the specification of the adapter that misbehaves in this way."""
    return f"exec:{shlex.join([sys.executable, str(MISBEHAVING), way])}"


@pytest.fixture
def start() -> Iterator[Callable[..., Subject]]:
    """Start a misbehaving adapter; all are closed at the end."""
    subjects: list[Subject] = []

    def open_and_start(way: str, *, restarts: int = 1) -> Subject:
        subject = open_subject(command(way), restarts=restarts, call_limit_s=0.5)
        subjects.append(subject)
        subject.start()
        return subject

    yield open_and_start
    for subject in subjects:
        subject.close()
