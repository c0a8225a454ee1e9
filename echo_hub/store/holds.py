"""Removals that wait for a person: what a run found missing, kept apart until someone confirms or refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from echo_core.connectors.errors import HubError
from echo_hub.store.bulk import remove_records
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment
from echo_hub.store.leases import acquire, process_owner, release, renew

SAMPLE = 20
_LEASE = timedelta(minutes=2)

# Met by the run: the run changed it, or marked it seen.
_MISSING = "r.changed_run <> ? AND NOT EXISTS (SELECT 1 FROM seen m WHERE m.run_id = ? AND m.record_id = r.id)"


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


def count_missing(transaction: Transaction, stream_id: int, run_id: int) -> tuple[int, int]:
    """(records this run did not meet, records that were live before it); excluded ones count in neither."""
    found = transaction.one(
        f"SELECT COUNT(CASE WHEN {_MISSING} THEN 1 END), COUNT(CASE WHEN r.first_run <> ? THEN 1 END)"  # noqa: S608, our own names
        " FROM record r WHERE r.stream_id = ? AND r.removed_at IS NULL AND r.excluded_by IS NULL",
        (run_id, run_id, run_id, stream_id),
    )
    return (int(found[0]), int(found[1])) if found else (0, 0)


def sweep(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> int:
    """Marks everything this run did not meet as removed, excluded records too; answers how many."""
    now = transaction.moment(at)
    done = transaction.run(
        "UPDATE record AS r SET removed_at = ?, removal = 'absent', changed_run = ?, changed_at = ?"  # noqa: S608, our own names
        f" WHERE r.stream_id = ? AND r.removed_at IS NULL AND {_MISSING}",
        (now, run_id, now, stream_id, run_id, run_id),
    )
    return int(done.rowcount)


def open_hold(transaction: Transaction, stream_id: int, run_id: int, live: int, at: datetime) -> Hold:
    """Keeps the list of what the run did not meet, for a person to decide."""
    missing = f"FROM record r WHERE r.stream_id = ? AND r.removed_at IS NULL AND r.excluded_by IS NULL AND {_MISSING}"
    values = (stream_id, run_id, run_id)
    sample = [
        row[0] for row in transaction.rows(f"SELECT r.source_id {missing} ORDER BY r.source_id LIMIT {SAMPLE}", values)
    ]
    hold_id = transaction.count(
        "INSERT INTO hold (run_id, stream_id, would_remove, live, sample, state, opened_at)"
        " VALUES (?, ?, 0, ?, ?, 'open', ?) RETURNING id",
        (run_id, stream_id, live, json.dumps(sample), transaction.moment(at)),
    )
    listed = transaction.run(
        f"INSERT INTO hold_record (hold_id, record_id) SELECT {int(hold_id)}, r.id {missing}",
        values,
    ).rowcount
    transaction.run("UPDATE hold SET would_remove = ? WHERE id = ?", (listed, hold_id))
    found = _holds(transaction, "h.id = ?", (hold_id,))
    return found[0]


def supersede(transaction: Transaction, stream_id: int, run_id: int, at: datetime) -> None:
    """Closes a stream's open hold: a later complete run knows better."""
    transaction.run(
        "DELETE FROM hold_record WHERE hold_id IN (SELECT id FROM hold WHERE stream_id = ? AND state = 'open')",
        (stream_id,),
    )
    transaction.run(
        "UPDATE hold SET state = 'superseded', decided_by = ?, decided_at = ? WHERE stream_id = ? AND state = 'open'",
        (f"run {run_id}", transaction.moment(at), stream_id),
    )


def open_hold_id(transaction: Transaction, stream_id: int) -> int | None:
    """The stream's open hold, if any."""
    found = transaction.one("SELECT id FROM hold WHERE stream_id = ? AND state = 'open'", (stream_id,))
    return None if found is None else int(found[0])


def list_holds(database: Database, *, decided: bool = False) -> list[Hold]:
    """Open (or all) holds, the latest first."""
    with database.reading() as transaction:
        return _holds(transaction, "1 = 1" if decided else "h.state = 'open'", ())


def confirm_hold(database: Database, hold_id: int, *, by: str, now: datetime) -> int:
    """Removes what the hold lists, except what later runs met again; answers how many were removed.

    Raises:
        HoldError: unknown or decided.
        LeaseTakenError: the connection is being synced; decide when that is over.
    """
    return _decide(database, hold_id, "confirmed", by, now)


def refuse_hold(database: Database, hold_id: int, *, by: str, now: datetime) -> None:
    """Keeps every record the hold lists.

    Raises:
        HoldError, LeaseTakenError: as `confirm_hold`.
    """
    _decide(database, hold_id, "refused", by, now)


def _decide(database: Database, hold_id: int, state: str, by: str, now: datetime) -> int:
    with database.reading() as transaction:
        hold = _open(transaction, hold_id)
    owner = process_owner()
    acquire(database, hold.connection, owner, now, _LEASE)
    try:
        with database.writing() as transaction:
            renew(transaction, hold.connection, owner, now, _LEASE)
            hold = _open(transaction, hold_id)
            removed = 0
            if state == "confirmed":
                ids = [
                    row[0]
                    for row in transaction.rows("SELECT record_id FROM hold_record WHERE hold_id = ?", (hold_id,))
                ]
                removed = remove_records(transaction, ids, hold.run_id, transaction.moment(now), "absent")
                transaction.run("UPDATE run SET removed = removed + ? WHERE id = ?", (removed, hold.run_id))
            transaction.run("DELETE FROM hold_record WHERE hold_id = ?", (hold_id,))
            transaction.run(
                "UPDATE hold SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
                (state, by, transaction.moment(now), hold_id),
            )
            if removed:
                transaction.moved(hold.run_id)
            return removed
    finally:
        release(database, hold.connection, owner)


def _open(transaction: Transaction, hold_id: int) -> Hold:
    found = _holds(transaction, "h.id = ?", (hold_id,))
    if not found:
        raise HoldError(f"There is no hold {hold_id}.")
    if found[0].state != "open":
        raise HoldError(f"Hold {hold_id} was decided: {found[0].state} by {found[0].decided_by}.", code="hold.decided")
    return found[0]


def _holds(transaction: Transaction, where: str, values: tuple[int, ...]) -> list[Hold]:
    rows = transaction.rows(
        "SELECT h.id, h.run_id, s.connection, s.name, h.would_remove, h.live, h.sample, h.state, h.opened_at,"  # noqa: S608, our own names
        f" h.decided_by, h.decided_at FROM hold h JOIN stream s ON s.id = h.stream_id WHERE {where} ORDER BY h.id DESC",
        values,
    )
    return [
        Hold(
            id=row[0],
            run_id=row[1],
            connection=row[2],
            stream=row[3],
            would_remove=row[4],
            live=row[5],
            sample=tuple(json.loads(row[6])),
            state=row[7],
            opened_at=as_moment(row[8]),
            decided_by=row[9],
            decided_at=None if row[10] is None else as_moment(row[10]),
        )
        for row in rows
    ]
