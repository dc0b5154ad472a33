"""The whole state as one document, and back: ``/_mock/api/snapshot``. Secrets are in it."""

from collections.abc import Iterator

from cognito_mock.control.http import Call, bad_request
from cognito_mock.control.parts import ControlParts
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import PoolKeys, UserPool
from cognito_mock.core.record_codec import (
    RecordError,
    from_document,
    record_kinds,
    to_document,
)
from cognito_mock.core.records import Record, key_of
from cognito_mock.core.signing import load_private_key

# Raised with every change that an older mock would misread.
VERSION = 1
MAX_BYTES = 64_000_000
_CENTURY_SECONDS = 100 * 366 * 86400.0


def show(parts: ControlParts, _call: Call) -> JsonObject:
    """``GET``: every record of every table, and how far the clock was moved."""
    with parts.services.store.read() as tx:
        tables = [(kind.TABLE.name, tx.scan(kind)) for kind in record_kinds()]
    return {
        "version": VERSION,
        "clock_offset": parts.clock.offset,
        "tables": {name: [to_document(record) for record in records] for name, records in tables},
    }


def restore(parts: ControlParts, call: Call) -> JsonObject:
    """``PUT``: replace everything. What is wrong anywhere changes nothing."""
    version = call.body.get("version")
    if version != VERSION or isinstance(version, bool):
        raise bad_request(
            f"this mock reads snapshots of version {VERSION}; this one has version {version!r:.20}"
        )
    call.only("version", "clock_offset", "tables")
    offset = _offset(call.body.get("clock_offset"))
    try:
        records = list(_records(call.body.get("tables")))
        _check_whole(records)
    except RecordError as error:
        raise bad_request(f"the snapshot is damaged: {error}") from error
    with parts.services.store.transaction() as tx:
        tx.clear()
        for record in records:
            tx.put(record)
    parts.clock.reset()
    parts.clock.advance(offset)
    return {"records": len(records)}


def _offset(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request('"clock_offset" must be a number of seconds')
    if not -_CENTURY_SECONDS <= value <= _CENTURY_SECONDS:
        raise bad_request('"clock_offset" is more than a century')
    return float(value)


def _records(tables: JsonValue) -> Iterator[Record]:
    if not isinstance(tables, dict):
        raise RecordError('"tables" must be an object')
    kinds = {kind.TABLE.name: kind for kind in record_kinds()}
    unknown = sorted(set(tables) - set(kinds))
    if unknown:
        raise RecordError(f"there is no table {unknown[0][:64]!r}")
    for name, kind in kinds.items():
        documents = tables.get(name, [])
        if not isinstance(documents, list):
            raise RecordError(f"tables.{name} must be a list")
        for index, document in enumerate(documents):
            yield from_document(kind, document, f"tables.{name}[{index}]")


def _check_whole(records: list[Record]) -> None:
    """Refuse what the flows could not work with: twins, orphans, and keys that cannot sign."""
    seen = set()
    for record in records:
        if (identity := (record.TABLE.name, key_of(record))) in seen:
            raise RecordError(f"{record.TABLE.name} has a record twice")
        seen.add(identity)
    pools = {record.id for record in records if isinstance(record, UserPool)}
    with_keys = {record.pool_id for record in records if isinstance(record, PoolKeys)}
    if pools - with_keys:
        raise RecordError(f"user pool {min(pools - with_keys)[:64]} has no keys")
    for record in records:
        pool_id = getattr(record, "pool_id", None)
        if pool_id is not None and pool_id not in pools:
            raise RecordError(f"{record.TABLE.name} has a record of a user pool that is not there")
        if isinstance(record, PoolKeys):
            _check_keys(record)


def _check_keys(keys: PoolKeys) -> None:
    for key in keys.published:
        try:
            load_private_key(key.pem)
        except ValueError as error:  # of UnicodeEncodeError's family, too
            raise RecordError(f"a key of {keys.pool_id} is no RSA private key") from error
