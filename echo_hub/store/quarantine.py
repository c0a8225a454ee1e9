"""Raw records that could not be stored, kept with the reason until a corrected mapping or source lets them in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select, update

from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import QUARANTINE, STREAM


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
    transaction: Transaction, stream_id: int, run_id: int, at: datetime, rejections: Sequence[Rejected]
) -> None:
    """Stores rejections by key; one met again keeps the moment it was first seen."""
    of_run = {"stream_id": stream_id, "run_id": run_id, "first_seen_at": at, "last_seen_at": at}
    rows = {rejected.source_key: {**of_run, **asdict(rejected)} for rejected in rejections}
    if not rows:
        return
    new = transaction.insert(QUARANTINE)
    moved = ("code", "field", "value_type", "message", "payload", "run_id", "last_seen_at")
    transaction.execute(
        new.on_conflict_do_update(
            index_elements=["stream_id", "source_key"],
            set_={**{name: new.excluded[name] for name in moved}, "resolved_at": None},
        ),
        list(rows.values()),
    )


def open_keys(transaction: Transaction, stream_id: int) -> set[str]:
    """Keys of a stream's unresolved rejections."""
    query = select(QUARANTINE.c.source_key).where(*_open_of(stream_id))
    return {row.source_key for row in transaction.all(query)}


KEYLESS = "?"
"""How the made-up key of a record begins whose own cannot be read."""


def has_keyless(transaction: Transaction, stream_id: int, run_id: int) -> bool:
    """Whether a run rejected records without being able to tell which they are."""
    keyless = func.substr(QUARANTINE.c.source_key, 1, 1) == KEYLESS
    query = select(QUARANTINE.c.id).where(*_open_of(stream_id), QUARANTINE.c.run_id == run_id, keyless)
    return transaction.first(query.limit(1)) is not None


def resolve(transaction: Transaction, stream_id: int, keys: Collection[str], at: datetime) -> None:
    """Notes that these records came in after all; their payloads are dropped."""
    if keys:
        of_key = QUARANTINE.c.source_key == bindparam("key")
        transaction.execute(
            update(QUARANTINE).where(*_open_of(stream_id), of_key).values(resolved_at=at, payload=None),
            [{"key": key} for key in sorted(keys)],
        )


def resolve_absent(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> None:
    """Closes rejections a complete run no longer met: the source does not list these records any more."""
    transaction.execute(
        update(QUARANTINE)
        .where(*_open_of(stream_id), QUARANTINE.c.run_id != run_id)
        .values(resolved_at=at, payload=None)
    )


def _open_of(stream_id: int) -> tuple[ColumnElement[bool], ...]:
    return QUARANTINE.c.stream_id == stream_id, QUARANTINE.c.resolved_at.is_(None)


def list_quarantine(
    database: Database,
    connection: str | None = None,
    stream: str | None = None,
    *,
    resolved: bool = False,
    limit: int = 200,
) -> list[Quarantined]:
    """Unresolved (or all) rejections, the latest first."""
    query = (
        select(QUARANTINE, STREAM.c.connection, STREAM.c.name.label("stream"))
        .join(STREAM, STREAM.c.id == QUARANTINE.c.stream_id)
        .order_by(QUARANTINE.c.last_seen_at.desc(), QUARANTINE.c.id.desc())
        .limit(limit)
    )
    if connection is not None:
        query = query.where(STREAM.c.connection == connection)
    if stream is not None:
        query = query.where(STREAM.c.name == stream)
    if not resolved:
        query = query.where(QUARANTINE.c.resolved_at.is_(None))
    with database.reading() as transaction:
        rows = transaction.all(query)
    return [
        Quarantined(
            id=row.id,
            connection=row.connection,
            stream=row.stream,
            rejected=Rejected(row.source_key, row.code, row.field, row.value_type, row.message, row.payload),
            run_id=row.run_id,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            resolved_at=row.resolved_at,
        )
        for row in rows
    ]
