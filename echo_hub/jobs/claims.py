"""Who runs a schedule that is due: a claim with an end, so that a process that dies loses minutes, not an interval.

Claiming leases the due moment and leaves it where it is; only the end of the run moves the schedule on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from echo_hub.jobs.schedules import COLUMNS, Schedule, next_run, schedule_of
from echo_hub.store.database import Database

CLAIM = timedelta(minutes=2)
"""How long a claim holds without being renewed."""


def free_at(schedule: Schedule, now: datetime) -> datetime:
    """When a schedule may be claimed: its due moment, or the end of somebody's claim after that.

    A claim that ends later than any claim could was made before the clock was set back, and holds nothing.
    """
    due = schedule.next_run_at or now
    ends = schedule.claimed_until
    return due if ends is None or ends > now + 2 * CLAIM else max(due, ends)


def claim(database: Database, schedule: Schedule, owner: str, now: datetime) -> bool:
    """Takes a due run for `owner` until `CLAIM` has passed: of several processes on one database, one gets True."""
    with database.writing() as transaction:
        moment = transaction.moment
        changed = transaction.run(
            "UPDATE schedule SET claimed_by = ?, claimed_until = ?"
            " WHERE connection = ? AND paused = ? AND next_run_at = ?"
            " AND (claimed_until IS NULL OR claimed_until <= ? OR claimed_until > ?)",
            (
                *(owner, moment(now + CLAIM), schedule.connection, False, moment(schedule.next_run_at)),
                *(moment(now), moment(now + 2 * CLAIM)),
            ),
        )
        return changed.rowcount == 1


def renew(database: Database, connection: str, owner: str, now: datetime) -> bool:
    """Moves the end of a claim on; False when it is somebody else's by now, or the schedule was set anew."""
    with database.writing() as transaction:
        changed = transaction.run(
            "UPDATE schedule SET claimed_until = ? WHERE connection = ? AND claimed_by = ?",
            (transaction.moment(now + CLAIM), connection, owner),
        )
        return changed.rowcount == 1


def release(database: Database, connection: str, owner: str) -> None:
    """Gives a claim back with the run still due; does nothing when it is somebody else's by now."""
    with database.writing() as transaction:
        transaction.run(
            "UPDATE schedule SET claimed_by = NULL, claimed_until = NULL WHERE connection = ? AND claimed_by = ?",
            (connection, owner),
        )


def complete(database: Database, connection: str, owner: str, started: datetime) -> None:
    """Moves the schedule on from a run that began at `started` and is over, however it went.

    A moment that passed meanwhile is due at once. Does nothing when the claim is somebody else's by now, or when the
    schedule was set anew.

    Raises:
        ScheduleError: the schedule has no next moment.
    """
    with database.writing() as transaction:
        row = transaction.one(f"SELECT {COLUMNS} FROM schedule WHERE connection = ?", (connection,))  # noqa: S608, fixed
        if row is None or (schedule := schedule_of(row)).claimed_by != owner:
            return
        following = None if schedule.paused else next_run(replace(schedule, last_run_at=started), started)
        transaction.run(
            "UPDATE schedule SET last_run_at = ?, next_run_at = ?, claimed_by = NULL, claimed_until = NULL"
            " WHERE connection = ?",
            (transaction.moment(started), transaction.moment(following), connection),
        )
