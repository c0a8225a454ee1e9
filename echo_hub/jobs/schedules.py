"""Schedules as rows: when a connection syncs, in which time zone, paused or not."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from echo_hub.jobs.cron import next_moment, zone
from echo_hub.jobs.errors import ScheduleError
from echo_hub.store.database import Database
from echo_hub.store.light_tables import SCHEDULE

INTERVAL = re.compile(r"\s*([0-9]{1,9})\s*([smhd])\s*")
UNIT_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST_S = 60
LONGEST_S = 366 * UNIT_S["d"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When `connection` syncs: by `cron` (five fields) or every `interval_s` seconds, read in `time_zone`.

    `last_run_at` is when the last run that is over began. While `claimed_by` runs it, `next_run_at` stays in the past.
    """

    connection: str
    cron: str | None
    interval_s: int | None
    time_zone: str
    paused: bool = False
    next_run_at: datetime | None = None
    last_run_at: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None

    @property
    def text(self) -> str:
        """In words for a table: "0 6 * * 1-5 (Europe/Stockholm)" or "every 6h"."""
        if self.cron is not None:
            return f"{self.cron} ({self.time_zone})"
        seconds = self.interval_s or 0
        unit = next(unit for unit in ("d", "h", "m", "s") if seconds % UNIT_S[unit] == 0)
        return f"every {seconds // UNIT_S[unit]}{unit}"


def interval_seconds(text: str) -> int:
    """Seconds of "15m", "6h" or "1d".

    Raises:
        ScheduleError: not an interval, shorter than a minute or longer than a year.
    """
    match = INTERVAL.fullmatch(text)
    if match is None:
        raise ScheduleError(f"{text!r} is not an interval; write 15m, 6h or 1d.")
    seconds = int(match.group(1)) * UNIT_S[match.group(2)]
    if seconds < SHORTEST_S:
        raise ScheduleError(f"{text!r} is too often; the shortest interval is one minute.")
    if seconds > LONGEST_S:
        raise ScheduleError(f"{text!r} is too rare; the longest interval is 366 days.")
    return seconds


def next_run(schedule: Schedule, now: datetime) -> datetime:
    """The next moment after `now`; for an interval that has run, now at the earliest.

    Raises:
        ScheduleError: a cron expression that cannot be read, or that never comes.
    """
    if schedule.cron is not None:
        return next_moment(schedule.cron, schedule.time_zone, now)
    due = (schedule.last_run_at or now) + timedelta(seconds=schedule.interval_s or 0)
    return max(due, now) if schedule.last_run_at else due


def list_schedules(database: Database) -> list[Schedule]:
    """Every schedule, by connection."""
    with database.reading() as transaction:
        return [Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE).order_by(SCHEDULE.c.connection))]


def schedule_for(database: Database, connection: str) -> Schedule:
    for schedule in list_schedules(database):
        if schedule.connection == connection:
            return schedule
    raise ScheduleError(f"{connection} has no schedule; set one with `echo-hub schedule set {connection} --every 6h`.")


def set_schedule(
    database: Database,
    connection: str,
    *,
    now: datetime,
    cron: str | None = None,
    every: str | None = None,
    time_zone: str = "UTC",
) -> Schedule:
    """Writes a connection's schedule, replacing the one it had.

    Raises:
        ScheduleError: not exactly one of `cron` and `every`, or a value that cannot be.
    """
    if (cron is None) == (every is None):
        raise ScheduleError("Give either a cron expression or an interval, not both.")
    schedule = Schedule(connection, cron, None if every is None else interval_seconds(every), zone(time_zone).key)
    schedule = replace(schedule, next_run_at=next_run(schedule, now))
    with database.writing() as transaction:
        transaction.execute(delete(SCHEDULE).where(SCHEDULE.c.connection == connection))
        transaction.execute(insert(SCHEDULE).values(asdict(schedule)))
    return schedule


def pause_schedule(database: Database, connection: str) -> Schedule:
    """Stops a schedule from starting runs until it is resumed; a run under way goes on."""
    return _change(database, replace(schedule_for(database, connection), paused=True, next_run_at=None))


def resume_schedule(database: Database, connection: str, *, now: datetime) -> Schedule:
    """Lets a paused schedule start runs again."""
    schedule = replace(schedule_for(database, connection), paused=False)
    return _change(database, replace(schedule, next_run_at=next_run(schedule, now)))


def _change(database: Database, schedule: Schedule) -> Schedule:
    with database.writing() as transaction:
        row = SCHEDULE.c.connection == schedule.connection
        state = {"paused": schedule.paused, "next_run_at": schedule.next_run_at}
        transaction.execute(update(SCHEDULE).where(row).values(state))
    return schedule
