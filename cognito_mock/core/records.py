"""How a value says where it is stored: its table, its key, and what it can be found by.

Every stored value is a frozen dataclass with a ``TABLE``. A store needs to know nothing else about
it, so a new kind of record touches no store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Where records of one kind live.

    ``key`` and the values of ``indexes`` name attributes (fields or properties) of the record, all
    of type ``str``; an index whose attributes include ``None`` leaves the record out of it. Indexes
    are not unique. ``expires`` names an attribute with the epoch second after which a record may be
    dropped.
    """

    name: str
    key: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expires: str | None = None


class Record(Protocol):
    """A value that a store can hold."""

    TABLE: ClassVar[Table]
    # Every dataclass has it; naming it here keeps anything else out of a store.
    __dataclass_fields__: ClassVar[dict[str, Any]]


def key_of(record: Record) -> Key:
    """Return the primary key of ``record``."""
    return tuple([getattr(record, name) for name in record.TABLE.key])


def index_keys(record: Record) -> dict[str, Key]:
    """Return the secondary keys of ``record`` by index name, without those that have a ``None``."""
    found: dict[str, Key] = {}
    for index, names in record.TABLE.indexes.items():
        key = tuple([getattr(record, name) for name in names])
        if None not in key:
            found[index] = key
    return found
