"""The store's whole interface: explicit transactions over frozen records.

Values go in and out; there is no live object to mutate. A transaction sees its own writes, becomes
visible to others as a whole when its block ends, and leaves nothing behind when the block raises.
Transactions are serialised: a flow that reads and then writes needs no further lock. Do slow work
(RSA, SRP, delivery) outside.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from cognito_mock.core.records import Key, Record

R = TypeVar("R", bound=Record)


class Transaction(Protocol):
    """Reads and writes inside one transaction."""

    def get(self, kind: type[R], *key: str) -> R | None:
        """Return the record with exactly this primary key."""

    def find(self, kind: type[R], index: str, *key: str) -> Sequence[R]:
        """Return the records whose ``index`` equals ``key``, in primary-key order."""

    def scan(
        self, kind: type[R], *prefix: str, after: Key | None = None, limit: int | None = None
    ) -> Sequence[R]:
        """Return records whose key starts with ``prefix``, in key order, after ``after``."""

    def put(self, record: Record) -> None:
        """Insert or replace by primary key."""

    def delete(self, kind: type[Record], *key: str) -> bool:
        """Delete; tell whether there was something to delete."""

    def clear(self) -> None:
        """Delete everything."""


class Store(Protocol):
    """A place for records. Thread-safe."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end of the block, roll back if it raises."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that only reads; writing in it is a programming error."""

    def drop_expired(self, now: float) -> None:
        """Drop records past their table's ``expires``; called now and then."""

    def close(self) -> None:
        """Release what the store holds."""
