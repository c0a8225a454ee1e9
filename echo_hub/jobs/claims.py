"""Who runs a schedule that is due: a claim with an end, so that a process that dies loses minutes, not an interval.

Claiming leases the due moment and leaves it where it is; only the end of the run moves the schedule on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from echo_hub.jobs.schedules import Schedule, next_run, not_closed
from echo_hub.store.database import Database
from echo_hub.store.light_tables import SCHEDULE

CLAIM = timedelta(minutes=2)
"""How long a claim holds without being renewed."""


def free_at(schedule: Schedule, now: datetime) -> datetime:
    """When a schedule may be claimed: its due moment, or the end of somebody's claim after that.

    A claim that ends later than any claim could was made before the clock was set back, and holds nothing.
    """
    due = schedule.next_run_at or now
    ends = schedule.claimed_until
    free = due if ends is None or ends > now + 2 * CLAIM else max(due, ends)
    return free if free > now else max(free, not_closed(schedule, now))


def must_wait(schedule: Schedule, others: Mapping[str, Schedule], now: datetime) -> bool:
    """Whether a due schedule waits for the run it comes after: that one is due too or under way.

    It waits for one run only, so that a connection that is always busy keeps nobody waiting for ever. A moment that
    jitter puts off counts as due before. What is paused, or put off by a blackout, is not waited for.
    """
    before = others.get(schedule.runs_after or "")
    due = schedule.next_run_at or now
    if before is None or before.paused or before.next_run_at is None or due > now:
        return False
    if before.next_run_at - timedelta(seconds=before.jitter_s) > now:
        return False
    if before.claimed_by is None and not_closed(before, now) > now:
        return False
    return before.last_run_at is None or before.last_run_at < due


def claim(database: Database, schedule: Schedule, owner: str, now: datetime) -> bool:
    """Takes a due run for `owner` until `CLAIM` has passed: of several processes on one database, one gets True.

    Nobody gets it before it is due, in a blackout, or while it must wait for another connection's run.
    """
    if (schedule.next_run_at or now) > now or not_closed(schedule, now) > now:
        return False
    due = (
        SCHEDULE.c.connection == schedule.connection,
        SCHEDULE.c.paused.is_(False),
        SCHEDULE.c.next_run_at == schedule.next_run_at,
    )
    ends = SCHEDULE.c.claimed_until
    free = or_(ends.is_(None), ends <= now, ends > now + 2 * CLAIM)
    with database.writing() as transaction:
        if schedule.runs_after is not None:
            others = {row.connection: Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE))}
            if must_wait(schedule, others, now):
                return False
        claimed = update(SCHEDULE).where(*due, free).values(claimed_by=owner, claimed_until=now + CLAIM)
        return transaction.execute(claimed).rowcount == 1


def renew(database: Database, connection: str, owner: str, now: datetime) -> bool:
    """Moves the end of a claim on; False when it is somebody else's by now, or the schedule was set anew."""
    with database.writing() as transaction:
        renewed = update(SCHEDULE).where(*_claimed(connection, owner)).values(claimed_until=now + CLAIM)
        return transaction.execute(renewed).rowcount == 1


def release(database: Database, connection: str, owner: str) -> None:
    """Gives a claim back with the run still due; does nothing when it is somebody else's by now."""
    with database.writing() as transaction:
        transaction.execute(update(SCHEDULE).where(*_claimed(connection, owner)).values(_UNCLAIMED))


def complete(database: Database, connection: str, owner: str, started: datetime) -> None:
    """Moves the schedule on from a run that began at `started` and is over, however it went.

    A moment that passed meanwhile is due at once. Does nothing when the claim is somebody else's by now, or when the
    schedule was set anew.

    Raises:
        ScheduleError: the schedule has no next moment.
    """
    with database.writing() as transaction:
        row = transaction.first(select(SCHEDULE).where(*_claimed(connection, owner)))
        if row is None:
            return
        schedule = replace(Schedule(**row._mapping), last_run_at=started)
        following = None if schedule.paused else next_run(schedule, started)
        state = {"last_run_at": started, "next_run_at": following, **_UNCLAIMED}
        transaction.execute(update(SCHEDULE).where(SCHEDULE.c.connection == connection).values(state))


_UNCLAIMED = {"claimed_by": None, "claimed_until": None}


def _claimed(connection: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    return SCHEDULE.c.connection == connection, SCHEDULE.c.claimed_by == owner
