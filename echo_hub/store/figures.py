"""Numbers about syncing for whoever watches the hub: a few short sums over small tables, no person in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from echo_hub.store.database import Database
from echo_hub.store.light_tables import HOLD, QUARANTINE, RUN, SCHEDULE, STREAM
from echo_hub.store.task_tables import TASK


@dataclass(frozen=True, slots=True)
class RunFigures:
    """All runs of a stream that ended in one way. `records` says what became of the records they read."""

    connection: str
    stream: str
    outcome: str
    runs: int
    records: dict[str, int]
    last_ended: datetime | None


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """`quarantined` and `removals_on_hold` count what is open, by (connection, stream).

    `due` says when a schedule is to run next. `tasks` counts what is not done, by (kind, state); `task_due` is since
    when a task has been waiting for a worker.
    """

    runs: tuple[RunFigures, ...]
    quarantined: dict[tuple[str, str], int]
    removals_on_hold: dict[tuple[str, str], int]
    due: dict[str, datetime]
    tasks: dict[tuple[str, str], int]
    task_due: datetime | None


COUNTED = ("read", "written", "unchanged", "quarantined", "excluded", "removed")


def store_figures(database: Database) -> StoreFigures:
    """The figures as they are now."""
    by_stream = (STREAM.c.connection, STREAM.c.name)
    with database.reading() as transaction:
        runs: Sequence[Any] = transaction.all(
            select(
                *(RUN.c.connection, RUN.c.stream, RUN.c.outcome, func.count(), func.max(RUN.c.ended_at)),
                *(func.sum(RUN.c[name]) for name in COUNTED),
            )
            .where(RUN.c.outcome.is_not(None))
            .group_by(RUN.c.connection, RUN.c.stream, RUN.c.outcome)
        )
        quarantined: Sequence[Any] = transaction.all(
            select(*by_stream, func.count())
            .join(QUARANTINE, QUARANTINE.c.stream_id == STREAM.c.id)
            .where(QUARANTINE.c.resolved_at.is_(None))
            .group_by(*by_stream)
        )
        removals_on_hold: Sequence[Any] = transaction.all(
            select(*by_stream, func.count())
            .join(HOLD, HOLD.c.stream_id == STREAM.c.id)
            .where(HOLD.c.state == "open")
            .group_by(*by_stream)
        )
        due: Sequence[Any] = transaction.all(
            select(SCHEDULE.c.connection, SCHEDULE.c.next_run_at).where(
                SCHEDULE.c.paused.is_(False), SCHEDULE.c.next_run_at.is_not(None)
            )
        )
        tasks: Sequence[Any] = transaction.all(
            select(TASK.c.kind, TASK.c.state, func.count(), func.min(TASK.c.not_before))
            .where(TASK.c.state.in_(("waiting", "leased", "failed")))
            .group_by(TASK.c.kind, TASK.c.state)
        )
    return StoreFigures(
        tuple(_run_figures(*row) for row in runs),
        {(row[0], row[1]): row[2] for row in quarantined},
        {(row[0], row[1]): row[2] for row in removals_on_hold},
        {row[0]: row[1] for row in due if row[1] is not None},
        {(row[0], row[1]): row[2] for row in tasks},
        min((row[3] for row in tasks if row[1] == "waiting"), default=None),
    )


def _run_figures(
    connection: str, stream: str, outcome: str, runs: int, last: datetime | None, *sums: int | None
) -> RunFigures:
    records = {name: int(value or 0) for name, value in zip(COUNTED, sums, strict=True)}
    return RunFigures(connection, stream, outcome, runs, records, last)
