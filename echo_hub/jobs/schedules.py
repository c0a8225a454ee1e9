"""Schedules as rows: when a connection syncs, in which time zone, what puts a run off, paused or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypedDict, Unpack

from sqlalchemy import delete, insert, select, update

from echo_hub.jobs.blackouts import Blackout, blackouts, first_free
from echo_hub.jobs.cron import next_moment, zone
from echo_hub.jobs.errors import ScheduleError
from echo_hub.store.database import Database
from echo_hub.store.light_tables import SCHEDULE

INTERVAL = re.compile(r"\s*([0-9]{1,9})\s*([smhd])\s*")
UNIT_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST_S = 60
LONGEST_S = 366 * UNIT_S["d"]
LONGEST_JITTER_S = 6 * UNIT_S["h"]
PREVIEW = 5
"""Runs shown before a schedule is saved."""
BETWEEN = "; "
"""What stands between the blackouts of a row."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When `connection` syncs: by `cron` (five fields) or every `interval_s` seconds, read in `time_zone`.

    `blackouts` put a run off to their end, `jitter_s` by some seconds up to that many, the same for the same moment on
    every machine. With `runs_after`, a due run waits for that connection's when it is due or under way too.
    `last_run_at` is when the last run that is over began; while one is under way, `next_run_at` stays in the past.
    `claimed_by` and `claimed_until` are what the release before says of who runs it.
    `paused_because` is what the source refused, when no person paused it.
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
    blackouts: str | None = None
    jitter_s: int = 0
    runs_after: str | None = None
    paused_because: str | None = None

    @property
    def text(self) -> str:
        """In words for a table: "0 6 * * 1-5 (Europe/Stockholm)" or "every 6h"."""
        if self.cron is not None:
            return f"{self.cron} ({self.time_zone})"
        return f"every {interval_text(self.interval_s or 0)}"

    @property
    def blackout_texts(self) -> list[str]:
        """Each blackout as it was written."""
        return self.blackouts.split(BETWEEN) if self.blackouts else []

    @property
    def jitter_text(self) -> str:
        """The most it may come later, "10m"; empty without jitter."""
        return interval_text(self.jitter_s) if self.jitter_s else ""

    @property
    def closed(self) -> tuple[Blackout, ...]:
        """Its blackouts."""
        return blackouts(self.blackout_texts)


def interval_text(seconds: int) -> str:
    """ "90s", "15m", "6h" or "1d", in the largest unit without a rest."""
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % UNIT_S[unit] == 0)
    return f"{seconds // UNIT_S[unit]}{unit}"


def interval_seconds(text: str) -> int:
    """Seconds of "15m", "6h" or "1d".

    Raises:
        ScheduleError: not an interval, shorter than a minute or longer than a year.
    """
    seconds = _seconds(text, "an interval")
    if seconds < SHORTEST_S:
        raise ScheduleError(f"{text!r} is too often; the shortest interval is one minute.")
    if seconds > LONGEST_S:
        raise ScheduleError(f"{text!r} is too rare; the longest interval is 366 days.")
    return seconds


def jitter_seconds(text: str) -> int:
    """Seconds of "90s" or "10m", by which a run may come later.

    Raises:
        ScheduleError: not a span of time, or more than six hours.
    """
    seconds = _seconds(text, "a span of time")
    if seconds > LONGEST_JITTER_S:
        raise ScheduleError(f"{text!r} is too much jitter; six hours are the most.")
    return seconds


def _seconds(text: str, what: str) -> int:
    match = INTERVAL.fullmatch(text)
    if match is None:
        raise ScheduleError(f"{text[:100]!r} is not {what}; write 15m, 6h or 1d.")
    return int(match.group(1)) * UNIT_S[match.group(2)]


def next_run(schedule: Schedule, now: datetime) -> datetime:
    """When it runs next after `now`, with blackouts and jitter; for an interval that has run, now at the earliest.

    Raises:
        ScheduleError: a cron expression that cannot be read, or that never comes; blackouts that leave no moment.
    """
    if schedule.cron is not None:
        due = next_moment(schedule.cron, schedule.time_zone, now)
    else:
        due = (schedule.last_run_at or now) + timedelta(seconds=schedule.interval_s or 0)
        due = max(due, now) if schedule.last_run_at else due
    return not_closed(schedule, not_closed(schedule, due) + _jitter(schedule, due))


def not_closed(schedule: Schedule, moment: datetime) -> datetime:
    """The first moment from `moment` on that no blackout covers; errors as `first_free`."""
    return first_free(schedule.closed, zone(schedule.time_zone), moment)


def _jitter(schedule: Schedule, due: datetime) -> timedelta:
    """Of a moment rather than of chance: every process, and the preview, says the same."""
    number = int.from_bytes(blake2b(f"{schedule.connection} {due.isoformat()}".encode(), digest_size=8).digest())
    return timedelta(seconds=number % (schedule.jitter_s + 1))


def next_runs(schedule: Schedule, now: datetime, count: int = PREVIEW) -> list[datetime]:
    """The moments at which it would run next, when every run takes no time; errors as `next_run`."""
    moments: list[datetime] = []
    for _ in range(count):
        now = next_run(schedule, now)
        schedule = replace(schedule, last_run_at=now)
        moments.append(now)
    return moments


def list_schedules(database: Database) -> list[Schedule]:
    """Every schedule, by connection."""
    with database.reading() as transaction:
        return [Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE).order_by(SCHEDULE.c.connection))]


def schedule_for(database: Database, connection: str) -> Schedule:
    """A connection's schedule.

    Raises:
        ScheduleError: it has none.
    """
    for schedule in list_schedules(database):
        if schedule.connection == connection:
            return schedule
    raise ScheduleError(
        f"{connection} has no schedule; set one with `echo-hub schedule set {connection} --every 6h`.",
        code="schedule.unknown",
    )


class Timing(TypedDict, total=False):
    """When a connection is to sync, as people write it.

    `cron` or `every` ("6h"); `time_zone` an IANA name, UTC unless given; `blackouts` as `blackouts.blackout` reads
    them; `jitter` by how much a run may come later ("10m"); `after` the connection whose run it waits for.
    """

    cron: str | None
    every: str | None
    time_zone: str
    blackouts: Sequence[str]
    jitter: str | None
    after: str | None


def plan_schedule(connection: str, *, now: datetime, **timing: Unpack[Timing]) -> Schedule:
    """A schedule as it would be set, with its next run; nothing is written.

    Raises:
        ScheduleError: not exactly one of `cron` and `every`, or a value that cannot be.
    """
    cron, every, jitter, after = timing.get("cron"), timing.get("every"), timing.get("jitter"), timing.get("after")
    if (cron is None) == (every is None):
        raise ScheduleError("Give either a cron expression or an interval, not both.")
    if after == connection:
        raise ScheduleError(f"{connection} cannot wait for itself; name another connection.")
    closed = [text.strip() for text in timing.get("blackouts", ())]
    blackouts(closed)
    schedule = Schedule(
        connection,
        cron,
        None if every is None else interval_seconds(every),
        zone(timing.get("time_zone", "UTC")).key,
        blackouts=BETWEEN.join(closed) or None,
        jitter_s=0 if jitter is None else jitter_seconds(jitter),
        runs_after=after,
    )
    return replace(schedule, next_run_at=next_run(schedule, now))


def refuse_circle(schedule: Schedule, others: Iterable[Schedule]) -> None:
    """Raises ScheduleError when connections would wait for each other, with this schedule among the others."""
    follows = {row.connection: row.runs_after for row in others} | {schedule.connection: schedule.runs_after}
    chain = [schedule.connection]
    while (before := follows.get(chain[-1])) is not None and before not in chain[1:]:
        chain.append(before)
        if before == schedule.connection:
            raise ScheduleError(f"The connections would wait for each other: {' after '.join(chain)}.")


def set_schedule(database: Database, connection: str, *, now: datetime, **timing: Unpack[Timing]) -> Schedule:
    """Writes a connection's schedule, replacing the one it had.

    Raises:
        ScheduleError: as `plan_schedule`; or connections would wait for each other in a circle.
    """
    schedule = plan_schedule(connection, now=now, **timing)
    with database.writing() as transaction:
        refuse_circle(schedule, [Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE))])
        transaction.execute(delete(SCHEDULE).where(SCHEDULE.c.connection == schedule.connection))
        transaction.execute(insert(SCHEDULE).values(asdict(schedule)))
    return schedule


def pause_schedule(database: Database, connection: str, *, because: str | None = None) -> Schedule:
    """Stops a schedule from starting runs until it is resumed; a run under way goes on.

    Args:
        because: what was refused, when no person pauses it.
    """
    schedule = replace(schedule_for(database, connection), paused=True, next_run_at=None, paused_because=because)
    return _change(database, schedule)


def resume_schedule(database: Database, connection: str, *, now: datetime) -> Schedule:
    """Lets a paused schedule start runs again."""
    schedule = replace(schedule_for(database, connection), paused=False, paused_because=None)
    return _change(database, replace(schedule, next_run_at=next_run(schedule, now)))


def _change(database: Database, schedule: Schedule) -> Schedule:
    state = {name: getattr(schedule, name) for name in ("paused", "next_run_at", "paused_because")}
    with database.writing() as transaction:
        transaction.execute(update(SCHEDULE).where(SCHEDULE.c.connection == schedule.connection).values(state))
    return schedule
