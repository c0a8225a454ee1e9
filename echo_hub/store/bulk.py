"""The fast path: many records by key, looked up, upserted and marked with one statement per page."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import column, table

from echo_hub.store.database import Transaction

RECORD_COLUMNS = (
    "stream_id",
    "entity",
    "source_id",
    "raw_key",
    "payload",
    "content_hash",
    "raw_hash",
    "source_url",
    "updated_at",
    "first_run",
    "changed_run",
    "changed_at",
    "removed_at",
    "removal",
    "excluded_by",
    "payload_version",
)
"""The order of values in a row given to `upsert_records`."""

_KEY = ("stream_id", "entity", "source_id")


class Known(NamedTuple):
    """What the store knows of a record. A removed one has no hashes, so that its return counts as a change."""

    source_id: str
    id: int
    content_hash: bytes | None
    raw_hash: bytes | None
    updated_at: Any


@cache
def upsert_sql(*, on_sqlite: bool) -> str:
    """INSERT … ON CONFLICT (key) DO UPDATE, compiled once; everything but the key and `first_run` moves."""
    target = table("record", *(column(name) for name in RECORD_COLUMNS))  # in their order
    kept = {*_KEY, "first_run"}
    if on_sqlite:
        from sqlalchemy.dialects import sqlite  # only the dialect in use: the other costs a tenth of a second

        lite = sqlite.insert(target)
        changes = {name: lite.excluded[name] for name in RECORD_COLUMNS if name not in kept}
        statement: Any = lite.on_conflict_do_update(index_elements=_KEY, set_=changes)
        return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))
    from sqlalchemy.dialects import postgresql

    full = postgresql.insert(target)
    changes = {name: full.excluded[name] for name in RECORD_COLUMNS if name not in kept}
    statement = full.on_conflict_do_update(index_elements=_KEY, set_=changes)
    return str(statement.compile(dialect=postgresql.dialect(paramstyle="format")))  # type: ignore[no-untyped-call]  # SQLAlchemy has no type here


def upsert_records(transaction: Transaction, rows: list[tuple[Any, ...]]) -> None:
    """Writes rows in the order of `RECORD_COLUMNS`; a key must occur once."""
    if rows:
        transaction.connection.exec_driver_sql(upsert_sql(on_sqlite=transaction.sqlite), rows)


_KNOWN = (
    "r.source_id, r.id, CASE WHEN r.removed_at IS NULL THEN r.content_hash END,"
    " CASE WHEN r.removed_at IS NULL THEN r.raw_hash END, r.updated_at"
)
_KNOWN_SQLITE = (
    f"SELECT {_KNOWN} FROM json_each(?) k CROSS JOIN record r"  # noqa: S608, our own names
    " ON r.stream_id = ? AND r.entity = ? AND r.source_id = k.value"
)
_KNOWN_POSTGRES = f"SELECT {_KNOWN} FROM record r WHERE r.source_id = ANY(?) AND r.stream_id = ? AND r.entity = ?"  # noqa: S608, our own names


def known_records(transaction: Transaction, stream_id: int, entity: str, keys: Collection[str]) -> dict[str, Known]:
    """What is stored under these source ids."""
    if not keys:
        return {}
    sql = _KNOWN_SQLITE if transaction.sqlite else _KNOWN_POSTGRES
    return {row[0]: Known(*row) for row in transaction.rows(sql, (_array(transaction, keys), stream_id, entity))}


_SEEN_SQLITE = (
    "INSERT INTO seen (run_id, record_id) SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
)
_SEEN_POSTGRES = "INSERT INTO seen (run_id, record_id) SELECT ?, unnest(?::bigint[]) ON CONFLICT DO NOTHING"


def mark_seen(transaction: Transaction, run_id: int, ids: Sequence[int]) -> None:
    """Notes that a run met these records unchanged."""
    if ids:
        sql = _SEEN_SQLITE if transaction.sqlite else _SEEN_POSTGRES
        transaction.run(sql, (run_id, _array(transaction, ids)))


def met_before(transaction: Transaction, run_id: int, ids: Collection[int]) -> set[int]:
    """Which of these live records the run has met on an earlier page, changed or not."""
    if not ids:
        return set()
    among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
    met = transaction.rows(
        f"SELECT r.id FROM record r WHERE r.id {among} AND r.removed_at IS NULL AND (r.changed_run = ?"  # noqa: S608, our own names
        " OR EXISTS (SELECT 1 FROM seen m WHERE m.run_id = ? AND m.record_id = r.id))",
        (_array(transaction, ids), run_id, run_id),
    )
    return {row[0] for row in met}


def ids_of_keys(transaction: Transaction, stream_id: int, entities: Sequence[str], keys: Collection[str]) -> list[int]:
    """Live records that came from these raw keys: by source id, or by the raw key where the two differ."""
    if not keys:
        return []
    array = _array(transaction, keys)
    among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
    ids: set[int] = set()
    for entity in entities:
        by_id = f"SELECT id FROM record WHERE stream_id = ? AND entity = ? AND source_id {among} AND removed_at IS NULL"  # noqa: S608, our own names
        ids.update(row[0] for row in transaction.rows(by_id, (stream_id, entity, array)))
    by_raw = (
        f"SELECT id FROM record WHERE stream_id = ? AND raw_key {among} AND raw_key IS NOT NULL AND removed_at IS NULL"  # noqa: S608, our own names
    )
    ids.update(row[0] for row in transaction.rows(by_raw, (stream_id, array)))
    return sorted(ids)


def live_of_raw_keys(
    transaction: Transaction, stream_id: int, keys: Collection[str]
) -> list[tuple[int, str, str, str]]:
    """(id, entity, source id, raw key) of live records whose raw record has another key than they have."""
    if not keys:
        return []
    among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
    rows = transaction.rows(
        f"SELECT id, entity, source_id, raw_key FROM record WHERE stream_id = ? AND raw_key {among}"  # noqa: S608, our own names
        " AND raw_key IS NOT NULL AND removed_at IS NULL",
        (stream_id, _array(transaction, keys)),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def remove_records(transaction: Transaction, ids: Sequence[int], run_id: int, at: Any, removal: str) -> int:
    """Marks live records as gone; their content stays until it returns or retention takes it."""
    if not ids:
        return 0
    among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
    done = transaction.run(
        f"UPDATE record SET removed_at = ?, removal = ?, changed_run = ?, changed_at = ?"  # noqa: S608, our own names
        f" WHERE id {among} AND removed_at IS NULL",
        (at, removal, run_id, at, _array(transaction, ids)),
    )
    return int(done.rowcount)


def release_from_hold(transaction: Transaction, hold_id: int, ids: Sequence[int]) -> None:
    """Takes records that turned up again off a hold's list."""
    if ids:
        among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
        transaction.run(
            f"DELETE FROM hold_record WHERE hold_id = ? AND record_id {among}",  # noqa: S608, our own names
            (hold_id, _array(transaction, ids)),
        )


def stored_payloads(transaction: Transaction, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(version, payload) of these records by id; those that have none are left out."""
    if not ids:
        return {}
    among = "IN (SELECT value FROM json_each(?))" if transaction.sqlite else "= ANY(?)"
    rows = transaction.rows(
        f"SELECT id, payload_version, payload FROM record WHERE id {among} AND payload IS NOT NULL",  # noqa: S608, our own names
        (_array(transaction, ids),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def rewrite_payloads(transaction: Transaction, rows: list[tuple[str, int, bytes, bytes | None, int]]) -> None:
    """Writes (payload, version, content hash, raw hash) anew, by id: the same content, as this release writes it."""
    transaction.many(
        "UPDATE record SET payload = ?, payload_version = ?, content_hash = ?, raw_hash = ? WHERE id = ?", rows
    )


def refresh_raw_hashes(transaction: Transaction, rows: list[tuple[bytes, int]]) -> None:
    """Notes the raw fingerprints under which a new version of a mapping found the same content."""
    transaction.many("UPDATE record SET raw_hash = ? WHERE id = ?", rows)


def _array(transaction: Transaction, values: Collection[Any]) -> Any:
    return json.dumps(list(values)) if transaction.sqlite else list(values)
