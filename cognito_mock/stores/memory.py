"""The default store: records in this process, gone when it ends.

One lock serialises all transactions, readers included: each lasts microseconds, and CPython runs
one of them at a time anyway. So a transaction may write in place and keep a journal for taking it
back; nobody can look in between.
"""

import heapq
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import NoReturn, Self, TypeVar, cast

from cognito_mock.core.records import Key, Record, index_keys, key_of
from cognito_mock.stores._sorted_keys import SortedKeys
from cognito_mock.stores.base import Transaction

R = TypeVar("R", bound=Record)


class _Rows:
    """One table: records by key, the keys in order, and ``index key + primary key`` in order."""

    __slots__ = ("expiry", "indexes", "keys", "records")

    def __init__(self) -> None:
        self.records: dict[Key, Record] = {}
        self.keys = SortedKeys()
        self.indexes: dict[str, SortedKeys] = {}
        # A heap of (end, key); an entry may be outdated, so the record has the last word.
        self.expiry: list[tuple[float, Key]] = []

    def put(self, key: Key, record: Record) -> Record | None:
        """Insert or replace; return what was there."""
        former = self.records.get(key)
        self._reindex(key, former, record)
        if former is None:
            self.keys.add(key)
        self.records[key] = record
        expires = record.TABLE.expires
        if expires is not None:
            heapq.heappush(self.expiry, (getattr(record, expires), key))
        return former

    def delete(self, key: Key) -> Record | None:
        """Delete; return what was there."""
        former = self.records.pop(key, None)
        if former is not None:
            self._reindex(key, former, None)
            self.keys.remove(key)
        return former

    def drop_expired(self, now: float) -> None:
        """Delete what ended at or before ``now``."""
        while self.expiry and self.expiry[0][0] <= now:
            _, key = heapq.heappop(self.expiry)
            record = self.records.get(key)
            expires = record.TABLE.expires if record is not None else None
            if expires is not None and getattr(record, expires) <= now:
                self.delete(key)

    def _reindex(self, key: Key, former: Record | None, record: Record | None) -> None:
        old = index_keys(former) if former is not None else {}
        new = index_keys(record) if record is not None else {}
        for index, value in old.items():
            if new.get(index) != value:
                self.indexes[index].remove(value + key)
        for index, value in new.items():
            if old.get(index) != value:
                self.indexes.setdefault(index, SortedKeys()).add(value + key)


class _Data:
    """All tables, and the right to touch them."""

    __slots__ = ("_lock", "_owner", "tables")

    def __init__(self) -> None:
        self.tables: dict[str, _Rows] = {}
        self._lock = threading.Lock()
        self._owner: int | None = None

    def enter(self) -> None:
        """Wait for one's turn."""
        thread = threading.get_ident()
        # Without this a nested transaction would wait for itself for ever.
        if self._owner == thread:
            raise RuntimeError("transactions do not nest")
        self._lock.acquire()
        self._owner = thread

    def leave(self) -> None:
        """Let the next one in."""
        self._owner = None
        self._lock.release()


class MemoryStore:
    """A `Store` in memory."""

    def __init__(self) -> None:
        self._data = _Data()

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end of the block, roll back if it raises."""
        return _Transaction(self._data)

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that only reads."""
        return _ReadTransaction(self._data)

    def drop_expired(self, now: float) -> None:
        """Drop records past their table's ``expires``."""
        self._data.enter()
        try:
            for rows in self._data.tables.values():
                rows.drop_expired(now)
        finally:
            self._data.leave()

    def close(self) -> None:
        """Release what the store holds."""
        self._data.enter()
        self._data.tables = {}
        self._data.leave()


class _Reader:
    """The reading half of a transaction, for the length of its block.

    Not a generator: a sign-in at the pages has a dozen of these.
    """

    __slots__ = ("_data", "tables")

    def __init__(self, data: _Data) -> None:
        self._data = data
        self.tables: dict[str, _Rows] = {}

    def __enter__(self) -> Self:
        self._data.enter()
        self.tables = self._data.tables
        return self

    def get(self, kind: type[R], *key: str) -> R | None:
        """Return the record with exactly this primary key."""
        rows = self.tables.get(kind.TABLE.name)
        return None if rows is None else cast("R | None", rows.records.get(key))

    def find(self, kind: type[R], index: str, *key: str) -> Sequence[R]:
        """Return the records whose ``index`` equals ``key``, in primary-key order."""
        width = len(kind.TABLE.indexes[index])
        if len(key) != width:
            raise TypeError(f"index {index} of {kind.TABLE.name} has {width} parts")
        rows = self.tables.get(kind.TABLE.name)
        entries = None if rows is None else rows.indexes.get(index)
        if rows is None or entries is None:
            return []
        return [cast("R", rows.records[e[width:]]) for e in entries.starting_with(key)]

    def scan(
        self, kind: type[R], *prefix: str, after: Key | None = None, limit: int | None = None
    ) -> Sequence[R]:
        """Return records whose key starts with ``prefix``, in key order, after ``after``."""
        rows = self.tables.get(kind.TABLE.name)
        if rows is None:
            return []
        keys = islice(rows.keys.starting_with(prefix, after), limit)
        return [cast("R", rows.records[key]) for key in keys]


class _ReadTransaction(_Reader):
    """A transaction that refuses to write."""

    __slots__ = ()

    def __exit__(self, *_raised: object) -> None:
        self._data.leave()

    def put(self, record: Record) -> NoReturn:
        """Refuse."""
        raise RuntimeError(f"{record.TABLE.name} cannot be written in read()")

    def delete(self, kind: type[Record], *key: str) -> NoReturn:
        """Refuse."""
        raise RuntimeError(f"{kind.TABLE.name} {key} cannot be deleted in read()")

    def clear(self) -> NoReturn:
        """Refuse."""
        raise RuntimeError("nothing can be deleted in read()")


class _Transaction(_Reader):
    """Writes in place; the journal says what stood there before, latest last."""

    __slots__ = ("_cleared", "_journal")

    def __init__(self, data: _Data) -> None:
        super().__init__(data)
        self._journal: list[tuple[_Rows, Key, Record | None]] = []
        self._cleared: dict[str, _Rows] | None = None

    def __exit__(self, kind: type[BaseException] | None, *_raised: object) -> None:
        try:
            if kind is not None:
                self._roll_back()
        finally:
            self._data.tables = self.tables
            self._data.leave()

    def put(self, record: Record) -> None:
        """Insert or replace by primary key."""
        rows = self.tables.get(record.TABLE.name)
        if rows is None:
            rows = self.tables[record.TABLE.name] = _Rows()
        key = key_of(record)
        self._journal.append((rows, key, rows.put(key, record)))

    def delete(self, kind: type[Record], *key: str) -> bool:
        """Delete; tell whether there was something to delete."""
        rows = self.tables.get(kind.TABLE.name)
        former = rows.delete(key) if rows is not None else None
        if rows is not None and former is not None:
            self._journal.append((rows, key, former))
        return former is not None

    def clear(self) -> None:
        """Delete everything."""
        if self._cleared is None:
            self._cleared = self.tables
        self.tables = {}

    def _roll_back(self) -> None:
        """Put everything back as it was when the transaction began."""
        for rows, key, former in reversed(self._journal):
            if former is None:
                rows.delete(key)
            else:
                rows.put(key, former)
        if self._cleared is not None:
            self.tables = self._cleared
