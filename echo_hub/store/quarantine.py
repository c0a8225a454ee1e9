"""Raw records that could not be stored, kept with the reason until a corrected mapping or source lets them in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.light_tables import QUARANTINE, STREAM


class QuarantineError(HubError):
    """No such record in quarantine, or nothing there that could be read again."""

    code: ClassVar[str] = "quarantine.unknown"
    who: ClassVar[str] = "the person who asked"


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


@dataclass(frozen=True, slots=True)
class Reason:
    """How many records of a stream are set aside because of one field. `message` is the latest one's."""

    connection: str
    stream: str
    code: str
    field: str
    count: int
    message: str


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


_LISTED = select(QUARANTINE, STREAM.c.connection, STREAM.c.name.label("stream")).join(
    STREAM, STREAM.c.id == QUARANTINE.c.stream_id
)


def list_quarantine(
    database: Database,
    connection: str | None = None,
    stream: str | None = None,
    *,
    code: str | None = None,
    field: str | None = None,
    resolved: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Quarantined]:
    """Unresolved (or all) rejections, the latest first; of one reason where its code and field are named."""
    query = _LISTED.order_by(QUARANTINE.c.last_seen_at.desc(), QUARANTINE.c.id.desc()).limit(limit).offset(offset)
    query = _narrowed(query, connection, stream, resolved=resolved)
    if code is not None:
        query = query.where(QUARANTINE.c.code == code)
    if field is not None:
        query = query.where(QUARANTINE.c.field == field)
    with database.reading() as transaction:
        return [_quarantined(row) for row in transaction.all(query)]


def list_reasons(
    database: Database, connection: str | None = None, stream: str | None = None, *, resolved: bool = False
) -> list[Reason]:
    """Why unresolved (or all) records are set aside, with counts; the most frequent reason first."""
    of_reason = (STREAM.c.connection, STREAM.c.name, QUARANTINE.c.code, QUARANTINE.c.field)
    counts = [func.count().label("number"), func.max(QUARANTINE.c.id).label("latest")]
    grouped: Select[Any] = select(*counts).join(STREAM, STREAM.c.id == QUARANTINE.c.stream_id).group_by(*of_reason)
    reasons = _narrowed(grouped, connection, stream, resolved=resolved).subquery()
    query = _LISTED.add_columns(reasons.c.number).join(reasons, reasons.c.latest == QUARANTINE.c.id)
    query = query.order_by(reasons.c.number.desc(), *of_reason)
    with database.reading() as transaction:
        rows = transaction.all(query)
    return [Reason(row.connection, row.stream, row.code, row.field, row.number, row.message) for row in rows]


def _narrowed(query: Select[Any], connection: str | None, stream: str | None, *, resolved: bool) -> Select[Any]:
    if connection is not None:
        query = query.where(STREAM.c.connection == connection)
    if stream is not None:
        query = query.where(STREAM.c.name == stream)
    return query if resolved else query.where(QUARANTINE.c.resolved_at.is_(None))


def read_quarantined(database: Database, record_id: int) -> Quarantined:
    """One rejection, resolved or not.

    Raises:
        QuarantineError: there is none of that number.
    """
    with database.reading() as transaction:
        row = transaction.first(_LISTED.where(QUARANTINE.c.id == record_id))
    if row is None:
        raise QuarantineError(f"There is no record {record_id} in quarantine.")
    return _quarantined(row)


def next_open(
    transaction: Transaction, stream_id: int, *, after: int, limit: int, record_id: int | None = None
) -> list[Quarantined]:
    """A stream's unresolved rejections in the order of their numbers, from behind one on; only one if it is named."""
    query = _LISTED.where(*_open_of(stream_id), QUARANTINE.c.id > after).order_by(QUARANTINE.c.id).limit(limit)
    if record_id is not None:
        query = query.where(QUARANTINE.c.id == record_id)
    return [_quarantined(row) for row in transaction.all(query)]


def _quarantined(row: Row[Any]) -> Quarantined:
    return Quarantined(
        id=row.id,
        connection=row.connection,
        stream=row.stream,
        rejected=Rejected(row.source_key, row.code, row.field, row.value_type, row.message, row.payload),
        run_id=row.run_id,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        resolved_at=row.resolved_at,
    )
