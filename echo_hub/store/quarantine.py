"""Raw records that could not be stored, kept with the reason until a corrected mapping or source lets them in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment


@dataclass(frozen=True, slots=True)
class Rejected:
    """One raw record and why it was set aside. `payload` is JSON of the fields its raw model declares."""

    source_key: str
    code: str
    field: str
    value_type: str
    message: str
    payload: str | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A stored rejection."""

    id: int
    connection: str
    stream: str
    rejected: Rejected
    run_id: int
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None


def save_rejected(
    transaction: Transaction, stream_id: int, run_id: int, at: datetime, rejected: Sequence[Rejected]
) -> None:
    """Stores rejections by key; one met again keeps the moment it was first seen."""
    now = transaction.moment(at)
    rows = {
        one.source_key: (
            *(stream_id, one.source_key, one.code, one.field, one.value_type, one.message, one.payload),
            *(run_id, now, now),
        )
        for one in rejected
    }
    transaction.many(
        "INSERT INTO quarantine (stream_id, source_key, code, field, value_type, message, payload, run_id,"
        " first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (stream_id, source_key) DO UPDATE SET code = excluded.code, field = excluded.field,"
        " value_type = excluded.value_type, message = excluded.message, payload = excluded.payload,"
        " run_id = excluded.run_id, last_seen_at = excluded.last_seen_at, resolved_at = NULL",
        list(rows.values()),
    )


def open_keys(transaction: Transaction, stream_id: int) -> set[str]:
    """Keys of a stream's unresolved rejections."""
    sql = "SELECT source_key FROM quarantine WHERE stream_id = ? AND resolved_at IS NULL"
    return {row[0] for row in transaction.rows(sql, (stream_id,))}


KEYLESS = "?"
"""How the made-up key of a record begins whose own cannot be read."""


def has_keyless(transaction: Transaction, stream_id: int, run_id: int) -> bool:
    """Whether a run rejected records without being able to tell which they are."""
    sql = (
        "SELECT 1 FROM quarantine WHERE stream_id = ? AND run_id = ? AND resolved_at IS NULL"
        " AND SUBSTR(source_key, 1, 1) = ? LIMIT 1"
    )
    return transaction.one(sql, (stream_id, run_id, KEYLESS)) is not None


def resolve(transaction: Transaction, stream_id: int, keys: Collection[str], at: datetime) -> None:
    """Notes that these records came in after all; their payloads are dropped."""
    now = transaction.moment(at)
    transaction.many(
        "UPDATE quarantine SET resolved_at = ?, payload = NULL"
        " WHERE stream_id = ? AND source_key = ? AND resolved_at IS NULL",
        [(now, stream_id, key) for key in sorted(keys)],
    )


def resolve_absent(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> None:
    """Closes rejections a complete run no longer met: the source does not list these records any more."""
    transaction.run(
        "UPDATE quarantine SET resolved_at = ?, payload = NULL"
        " WHERE stream_id = ? AND run_id <> ? AND resolved_at IS NULL",
        (transaction.moment(at), stream_id, run_id),
    )


def list_quarantine(
    database: Database,
    connection: str | None = None,
    stream: str | None = None,
    *,
    resolved: bool = False,
    limit: int = 200,
) -> list[Quarantined]:
    """Unresolved (or all) rejections, the latest first."""
    conditions = [("s.connection = ?", connection), ("s.name = ?", stream)]
    used = [(text, value) for text, value in conditions if value is not None]
    where = [text for text, _ in used] + ([] if resolved else ["q.resolved_at IS NULL"])
    clause = f"WHERE {' AND '.join(where)}" if where else ""
    with database.reading() as transaction:
        rows = transaction.rows(
            "SELECT q.id, s.connection, s.name, q.source_key, q.code, q.field, q.value_type, q.message, q.payload,"  # noqa: S608, our own names
            " q.run_id, q.first_seen_at, q.last_seen_at, q.resolved_at FROM quarantine q"
            f" JOIN stream s ON s.id = q.stream_id {clause} ORDER BY q.last_seen_at DESC, q.id DESC LIMIT {int(limit)}",
            tuple(value for _, value in used),
        )
    return [
        Quarantined(
            id=row[0],
            connection=row[1],
            stream=row[2],
            rejected=Rejected(*row[3:9]),
            run_id=row[9],
            first_seen_at=as_moment(row[10]),
            last_seen_at=as_moment(row[11]),
            resolved_at=None if row[12] is None else as_moment(row[12]),
        )
        for row in rows
    ]
