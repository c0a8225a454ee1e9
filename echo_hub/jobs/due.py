"""Due runs become tasks: one for each connection and due moment, and the schedule moves on when that is over.

The schedule stays at its due moment meanwhile, so what is due has a task that is live, or one that is over, or none
yet; whoever looks does what follows from that, and does it in one transaction that locks the schedule.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy import text as sql

from echo_hub.jobs.schedules import Schedule, next_run, not_closed
from echo_hub.store.database import Database, Transaction
from echo_hub.store.instant import as_moment, as_text
from echo_hub.store.light_tables import SCHEDULE
from echo_hub.store.task_tables import LIVE, TASK
from echo_hub.store.tasks import Task, enqueue

SYNC = "sync"
"""The kind of task that syncs a connection; its payload names the `connection`, and the moment it was `due` at.

Somebody who asks for a run says no moment, but whether it is `full`.
"""
SCHEDULER = "scheduler"


def start_due(database: Database, connection: str, now: datetime) -> None:
    """Does what a schedule needs now: enqueues the run that is due, or moves on from the one that is over.

    Nothing is enqueued before it is due, in a blackout, or while it must wait for another connection's run.

    Raises:
        ScheduleError: the schedule has no next moment.
    """
    with database.writing() as transaction:
        due = select(SCHEDULE).where(
            SCHEDULE.c.connection == connection,
            SCHEDULE.c.paused.is_(False),
            SCHEDULE.c.next_run_at <= now,
            or_(SCHEDULE.c.claimed_until.is_(None), SCHEDULE.c.claimed_until <= now),  # by the release before
        )
        row = transaction.first(due.with_for_update())
        if row is None:
            return
        schedule = Schedule(**row._mapping)
        key = f"{connection} {row.next_run_at:%Y-%m-%dT%H:%M:%SZ}"
        last = select(TASK).where(TASK.c.kind == SYNC, TASK.c.key == key).order_by(TASK.c.id.desc())
        task = transaction.first(last)
        if task is None:
            others = {row.connection: Schedule(**row._mapping) for row in transaction.all(select(SCHEDULE))}
            if not_closed(schedule, now) <= now and not must_wait(schedule, others, _under_way(transaction), now):
                payload = {"connection": connection, "due": as_text(row.next_run_at)}
                enqueue(transaction, SYNC, key, payload, requested_by=SCHEDULER, not_before=row.next_run_at)
        elif task.finished_at is not None:  # cancelled, or a dead letter
            _move_on(transaction, schedule, task.started_at or task.finished_at)


def end_due(transaction: Transaction, task: Task) -> None:
    """Moves a schedule on from the run that a task was; does nothing when it was set anew or paused meanwhile.

    Raises:
        ScheduleError: the schedule has no next moment.
    """
    payload = task.payload
    if "due" not in payload:  # somebody asked for the run; the schedule stays as it is
        return
    due = as_moment(payload["due"])
    of_task = select(SCHEDULE).where(SCHEDULE.c.connection == payload["connection"], SCHEDULE.c.next_run_at == due)
    row = transaction.first(of_task.with_for_update())
    if row is not None:
        _move_on(transaction, Schedule(**row._mapping), task.started_at or due)


def must_wait(schedule: Schedule, others: Mapping[str, Schedule], under_way: Collection[str], now: datetime) -> bool:
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
    if before.connection not in under_way and not_closed(before, now) > now:
        return False
    return before.last_run_at is None or before.last_run_at < due


def _under_way(transaction: Transaction) -> set[str]:
    """The connections that have a live task."""
    live = select(TASK.c.payload).where(TASK.c.kind == SYNC, sql(LIVE))
    return {json.loads(row.payload)["connection"] for row in transaction.all(live)}


def _move_on(transaction: Transaction, schedule: Schedule, started: datetime) -> None:
    """Sets the next moment after a run that began at `started`; one that passed meanwhile is due at once.

    The database's clock may be behind the one the schedule was read by: what was due is behind it all the same.
    """
    following = next_run(replace(schedule, last_run_at=started), max(started, schedule.next_run_at or started))
    moved = update(SCHEDULE).where(SCHEDULE.c.connection == schedule.connection)
    transaction.execute(moved.values(last_run_at=started, next_run_at=following))
