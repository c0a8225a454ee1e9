"""Schedules as rows: when a connection syncs, in which time zone, paused or not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from echo_core.connectors.errors import ConfigError
from echo_hub.store.database import Database
from echo_hub.store.instant import as_moment

INTERVAL = re.compile(r"^\s*(\d+)\s*([smhd])\s*$")
UNIT_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST_S = 60
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = re.compile(r"(?<![\w/])\d+")
"""A weekday's number; not the step after a slash."""


class ScheduleError(ConfigError):
    """A schedule that cannot be, or that is not there."""

    code: ClassVar[str] = "schedule.invalid"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When `connection` syncs: by `cron` (five fields) or every `interval_s` seconds, read in `time_zone`."""

    connection: str
    cron: str | None
    interval_s: int | None
    time_zone: str
    paused: bool = False
    next_run_at: datetime | None = None
    last_run_at: datetime | None = None

    @property
    def text(self) -> str:
        """In words for a table: "0 6 * * 1-5 (Europe/Stockholm)" or "every 6h"."""
        if self.cron is not None:
            return f"{self.cron} ({self.time_zone})"
        seconds = self.interval_s or 0
        unit = next(unit for unit in ("d", "h", "m", "s") if seconds % UNIT_S[unit] == 0)
        return f"every {seconds // UNIT_S[unit]}{unit}"


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        ScheduleError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ScheduleError(f"{name!r} is not a time zone; use an IANA name such as Europe/Stockholm or UTC.") from None


def _weekday_name(match: re.Match[str]) -> str:
    """APScheduler counts weekdays from Monday, crontab(5) from Sunday: names mean the same to both."""
    number = int(match.group())
    return DAYS[number] if number < len(DAYS) else match.group()


def cron_trigger(cron: str, time_zone: str) -> CronTrigger:
    """A five-field cron expression as a trigger.

    Raises:
        ScheduleError: it is no such expression.
    """
    fields = cron.split()
    if len(fields) == 5:
        fields[4] = WEEKDAY.sub(_weekday_name, fields[4])
    try:
        return CronTrigger.from_crontab(" ".join(fields), timezone=zone(time_zone))
    except ValueError as error:
        raise ScheduleError(
            f"{cron!r} is not a cron expression; it has five fields, e.g. '0 6 * * 1-5' for weekdays at six.",
            detail=str(error),
        ) from None


def interval_seconds(text: str) -> int:
    """Seconds of "15m", "6h" or "1d".

    Raises:
        ScheduleError: not an interval, or shorter than a minute.
    """
    match = INTERVAL.match(text)
    if match is None:
        raise ScheduleError(f"{text!r} is not an interval; write 15m, 6h or 1d.")
    seconds = int(match.group(1)) * UNIT_S[match.group(2)]
    if seconds < SHORTEST_S:
        raise ScheduleError(f"{text!r} is too often; the shortest interval is one minute.")
    return seconds


def next_run(schedule: Schedule, now: datetime) -> datetime | None:
    """The next moment after `now`; None for a cron expression that never comes again."""
    if schedule.cron is not None:
        found: datetime | None = cron_trigger(schedule.cron, schedule.time_zone).get_next_fire_time(
            None, now + timedelta(microseconds=1)
        )
        return found
    start = schedule.last_run_at or now
    due = start + timedelta(seconds=schedule.interval_s or 0)
    return max(due, now) if schedule.last_run_at else due


_COLUMNS = "connection, cron, interval_s, time_zone, paused, next_run_at, last_run_at"


def list_schedules(database: Database) -> list[Schedule]:
    """Every schedule, by connection."""
    with database.reading() as transaction:
        rows = transaction.rows(f"SELECT {_COLUMNS} FROM schedule ORDER BY connection")  # noqa: S608, fixed columns
    return [_schedule(row) for row in rows]


def _schedule(row: tuple[Any, ...]) -> Schedule:
    connection, cron, interval_s, time_zone, paused, following, last = row
    return Schedule(
        connection,
        cron,
        interval_s,
        time_zone,
        bool(paused),
        None if following is None else as_moment(following),
        None if last is None else as_moment(last),
    )


def _one(database: Database, connection: str) -> Schedule:
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
        transaction.run("DELETE FROM schedule WHERE connection = ?", (connection,))
        transaction.run(
            f"INSERT INTO schedule ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608, fixed columns
            (
                connection,
                schedule.cron,
                schedule.interval_s,
                schedule.time_zone,
                False,
                transaction.moment(schedule.next_run_at),
                None,
            ),
        )
    return schedule


def pause_schedule(database: Database, connection: str) -> Schedule:
    """Stops a schedule from starting runs until it is resumed; a run under way goes on."""
    return _change(database, replace(_one(database, connection), paused=True, next_run_at=None))


def resume_schedule(database: Database, connection: str, *, now: datetime) -> Schedule:
    """Lets a paused schedule start runs again."""
    schedule = replace(_one(database, connection), paused=False)
    return _change(database, replace(schedule, next_run_at=next_run(schedule, now)))


def _change(database: Database, schedule: Schedule) -> Schedule:
    with database.writing() as transaction:
        transaction.run(
            "UPDATE schedule SET paused = ?, next_run_at = ? WHERE connection = ?",
            (schedule.paused, transaction.moment(schedule.next_run_at), schedule.connection),
        )
    return schedule


def claim(database: Database, schedule: Schedule, now: datetime) -> bool:
    """Takes a due run for this process: of several processes on one database, exactly one gets True."""
    following = next_run(replace(schedule, last_run_at=now), now)
    with database.writing() as transaction:
        changed = transaction.run(
            "UPDATE schedule SET last_run_at = ?, next_run_at = ?"
            " WHERE connection = ? AND paused = ? AND next_run_at = ?",
            (
                transaction.moment(now),
                transaction.moment(following),
                schedule.connection,
                False,
                transaction.moment(schedule.next_run_at),
            ),
        )
        return changed.rowcount == 1
