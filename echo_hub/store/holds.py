"""Removals that wait for a person: what a run found missing, kept apart until someone confirms or refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, cast

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, insert, literal, select, true, update

from echo_core.connectors.errors import HubError
from echo_core.model import ENTITIES
from echo_hub.store.aside import SetAside, UnusableError, each, stated
from echo_hub.store.bulk import remove_records
from echo_hub.store.database import Database, Transaction
from echo_hub.store.leases import LENGTH, acquire, process_owner, release, renew
from echo_hub.store.light_tables import HOLD, HOLD_RECORD, RECORD, RUN, SEEN, STREAM
from echo_hub.store.payloads import UnreadableRecordError, record_in

SAMPLE = 20


class HoldError(HubError):
    """The hold does not exist or has been decided."""

    code: ClassVar[str] = "hold.unknown"
    who: ClassVar[str] = "HR operations"


@dataclass(frozen=True, slots=True)
class Hold:
    """ "Workday would remove 412 of 3,900 people". `sample` holds the first source ids, in order."""

    id: int
    run_id: int
    connection: str
    stream: str
    would_remove: int
    live: int
    sample: tuple[str, ...]
    state: Literal["open", "confirmed", "refused", "superseded"]
    opened_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record that a hold lists. `name` is a person's name or an opportunity's title, None where it has neither."""

    entity: str
    source_id: str
    name: str | None


def _missing(run_id: int) -> ColumnElement[bool]:
    """Whether the run did not meet a record: it neither changed it nor marked it seen.

    Kinds of record that only a later release knows, at work beside this one, are never missing: no run here makes any.
    """
    seen = select(SEEN.c.record_id).where(SEEN.c.run_id == run_id, SEEN.c.record_id == RECORD.c.id)
    return RECORD.c.entity.in_(sorted(ENTITIES)) & (RECORD.c.changed_run != run_id) & ~seen.exists()


def live_of(stream_id: int) -> tuple[ColumnElement[bool], ...]:
    """A stream's records that may be missed: neither removed nor excluded."""
    return RECORD.c.stream_id == stream_id, RECORD.c.removed_at.is_(None), RECORD.c.excluded_by.is_(None)


def count_missing(transaction: Transaction, stream_id: int, run_id: int) -> tuple[int, int]:
    """(records this run did not meet, records that were live before it); excluded ones count in neither."""
    missing = func.count(case((_missing(run_id), 1)))
    before = func.count(case((RECORD.c.first_run != run_id, 1)))
    query = select(missing.label("missing"), before.label("before")).where(*live_of(stream_id))
    counts = transaction.all(query)[0]
    return counts.missing, counts.before


def sweep(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> int:
    """Marks everything this run did not meet as removed, excluded records too; answers how many."""
    swept = transaction.execute(
        update(RECORD)
        .where(RECORD.c.stream_id == stream_id, RECORD.c.removed_at.is_(None), _missing(run_id))
        .values(removed_at=at, removal="absent", changed_run=run_id, changed_at=at)
    )
    return int(swept.rowcount)


def open_hold(transaction: Transaction, stream_id: int, run_id: int, live: int, at: datetime) -> Hold:
    """Keeps the list of what the run did not meet, for a person to decide."""
    missing = (*live_of(stream_id), _missing(run_id))
    first = select(RECORD.c.source_id).where(*missing).order_by(RECORD.c.source_id).limit(SAMPLE)
    sample = [row.source_id for row in transaction.all(first)]
    values = {
        "run_id": run_id,
        "stream_id": stream_id,
        "would_remove": 0,
        "live": live,
        "sample": json.dumps(sample),
        "state": "open",
        "opened_at": at,
    }
    hold_id: int = transaction.scalar(insert(HOLD).values(values).returning(HOLD.c.id))
    of_hold = select(literal(hold_id, HOLD.c.id.type), RECORD.c.id).where(*missing)
    listing = insert(HOLD_RECORD).from_select(["hold_id", "record_id"], of_hold)
    listed = transaction.execute(listing.execution_options(preserve_rowcount=True)).rowcount
    transaction.execute(update(HOLD).where(HOLD.c.id == hold_id).values(would_remove=listed))
    return _holds(transaction, HOLD.c.id == hold_id)[0]


def supersede(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> None:
    """Closes a stream's open hold: a later complete run knows better."""
    is_open = (HOLD.c.stream_id == stream_id, HOLD.c.state == "open")
    transaction.execute(delete(HOLD_RECORD).where(HOLD_RECORD.c.hold_id.in_(select(HOLD.c.id).where(*is_open))))
    transaction.execute(
        update(HOLD).where(*is_open).values(state="superseded", decided_by=f"run {run_id}", decided_at=at)
    )


def open_hold_id(transaction: Transaction, stream_id: int) -> int | None:
    """The stream's open hold, if any."""
    query = select(HOLD.c.id).where(HOLD.c.stream_id == stream_id, HOLD.c.state == "open")
    return cast("int | None", transaction.scalar(query))


def list_holds(database: Database, *, decided: bool = False, aside: SetAside | None = None) -> list[Hold]:
    """Open (or all) holds, the latest first; `aside` takes those that cannot be read."""
    with database.reading() as transaction:
        return _holds(transaction, true() if decided else HOLD.c.state == "open", aside)


def read_hold(database: Database, hold_id: int) -> Hold:
    """One hold, decided or not.

    Raises:
        HoldError: there is none of that number.
    """
    with database.reading() as transaction:
        return _known(transaction, hold_id)


def list_missing(database: Database, hold_id: int, *, limit: int, offset: int = 0) -> tuple[int, list[MissingRecord]]:
    """How many records an open hold would remove by now, and some of them in the order of their ids.

    Those that a later run met again are not among them; a hold that was decided lists nothing.
    """
    listed = (HOLD_RECORD.c.hold_id == hold_id, HOLD_RECORD.c.record_id == RECORD.c.id, RECORD.c.removed_at.is_(None))
    columns = (RECORD.c.entity, RECORD.c.source_id, RECORD.c.payload, RECORD.c.payload_version)
    query = select(*columns).where(*listed).order_by(RECORD.c.source_id, RECORD.c.id)
    with database.reading() as transaction:
        total: int = transaction.scalar(select(func.count()).select_from(HOLD_RECORD).join(RECORD, and_(*listed)))
        rows = transaction.all(query.limit(limit).offset(offset))
    return total, [MissingRecord(row.entity, row.source_id, _name(row)) for row in rows]


def _name(row: Row[Any]) -> str | None:
    try:
        record = record_in(row.entity, row.payload_version, row.payload)
    except UnreadableRecordError:
        return None
    name = getattr(record, "name", None) or getattr(record, "title", None)
    return name if isinstance(name, str) else None


def confirm_hold(database: Database, hold_id: int, *, by: str, now: datetime, reason: str | None = None) -> int:
    """Removes what the hold lists, except what later runs met again; answers how many were removed.

    Raises:
        HoldError: unknown or decided.
        LeaseTakenError: the connection is being synced; decide when that is over.
    """
    return _decide(database, hold_id, "confirmed", by, now, reason)


def refuse_hold(database: Database, hold_id: int, *, by: str, now: datetime, reason: str | None = None) -> None:
    """Keeps every record the hold lists.

    Raises:
        HoldError, LeaseTakenError: as `confirm_hold`.
    """
    _decide(database, hold_id, "refused", by, now, reason)


def _decide(database: Database, hold_id: int, state: str, by: str, now: datetime, reason: str | None) -> int:
    with database.reading() as transaction:
        hold = _open(transaction, hold_id)
    owner = process_owner()
    acquire(database, hold.connection, owner, now, LENGTH)
    try:
        with database.writing() as transaction:
            renew(transaction, hold.connection, owner, now, LENGTH)
            hold = _open(transaction, hold_id)
            removed = 0
            if state == "confirmed":
                listed = select(HOLD_RECORD.c.record_id).where(HOLD_RECORD.c.hold_id == hold_id)
                ids = [row.record_id for row in transaction.all(listed)]
                removed = remove_records(transaction, ids, hold.run_id, transaction.moment(now), "absent")
                more = RUN.c.removed + removed
                transaction.execute(update(RUN).where(RUN.c.id == hold.run_id).values(removed=more))
            transaction.execute(delete(HOLD_RECORD).where(HOLD_RECORD.c.hold_id == hold_id))
            decision = {"state": state, "decided_by": by, "decided_at": now, "reason": reason or None}
            transaction.execute(update(HOLD).where(HOLD.c.id == hold_id).values(decision))
            if removed:
                transaction.moved(hold.run_id)
            return removed
    finally:
        release(database, hold.connection, owner)


def _open(transaction: Transaction, hold_id: int) -> Hold:
    hold = _known(transaction, hold_id)
    if hold.state != "open":
        raise HoldError(f"Hold {hold_id} was decided: {hold.state} by {hold.decided_by}.", code="hold.decided")
    return hold


def _known(transaction: Transaction, hold_id: int) -> Hold:
    holds = _holds(transaction, HOLD.c.id == hold_id)
    if not holds:
        raise HoldError(f"There is no hold {hold_id}.")
    return holds[0]


def _holds(transaction: Transaction, where: ColumnElement[bool], aside: SetAside | None = None) -> list[Hold]:
    query = (
        select(HOLD, STREAM.c.connection, STREAM.c.name.label("stream"))
        .join(STREAM, STREAM.c.id == HOLD.c.stream_id)
        .where(where)
        .order_by(HOLD.c.id.desc())
    )
    return list(each(transaction.all(query), _hold, "hold", lambda row: str(row.id), aside))


def _hold(row: Row[Any]) -> Hold:
    sample = json.loads(row.sample)
    if not isinstance(sample, list):
        raise UnusableError("Its sample of records is no list.")
    return Hold(
        id=row.id,
        run_id=row.run_id,
        connection=row.connection,
        stream=row.stream,
        would_remove=row.would_remove,
        live=row.live,
        sample=tuple(map(str, sample)),
        state=row.state,
        opened_at=stated(row, "opened_at")["opened_at"],
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
