"""What people see of tasks and do with them: the list, cancelling, trying a dead letter again."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from sqlalchemy import delete, select, update
from sqlalchemy import text as sql

from echo_core.connectors.errors import HubError
from echo_hub.store.database import Database, Transaction
from echo_hub.store.task_tables import LIVE, TASK
from echo_hub.store.tasks import UNLEASED, Clock, State, Task, as_task, database_time

KEPT = timedelta(days=30)
"""How long a task that is over can be looked at."""


class TaskError(HubError):
    """No such task, or it cannot be cancelled or retried as it stands."""

    code: ClassVar[str] = "task.unknown"
    who: ClassVar[str] = "the person who asked"


def cancel_task(transaction: Transaction, task_id: int, *, clock: Clock = database_time) -> Task:
    """Cancels a live task. One that is under way is stopped soon, and what it has not committed by now is not stored.

    Raises:
        TaskError: no such task, or it is over (code "task.over").
    """
    values = {"state": "cancelled", "finished_at": clock(transaction), **UNLEASED}
    live = update(TASK).where(TASK.c.id == task_id, sql(LIVE)).values(values).returning(TASK)
    row = transaction.first(live)
    if row is None:
        task = _existing(transaction, task_id)
        raise TaskError(f"Task {task_id} is {task.state}, so there is nothing to cancel.", code="task.over")
    return as_task(row)


def cancel_every_task(transaction: Transaction, why: str, *, clock: Clock = database_time) -> int:
    """Cancels what is live, with a sentence that says why; answers how many tasks that were."""
    values = {"state": "cancelled", "finished_at": clock(transaction), "error_code": "task.cancelled", **UNLEASED}
    return transaction.execute(update(TASK).where(sql(LIVE)).values(**values, error_message=why)).rowcount


def retry_task(transaction: Transaction, task_id: int, *, clock: Clock = database_time) -> Task:
    """Lets a task that failed or was cancelled begin anew, with all its attempts.

    Raises:
        TaskError: no such task, or it is neither (code "task.not_failed"); another one of its kind and key is live
            (code "task.live").
    """
    task = _existing(transaction, task_id)
    if task.state not in ("failed", "cancelled"):
        raise TaskError(
            f"Task {task_id} is {task.state}; only one that failed or was cancelled can be retried.",
            code="task.not_failed",
        )
    live = transaction.scalar(select(TASK.c.id).where(TASK.c.kind == task.kind, TASK.c.key == task.key, sql(LIVE)))
    if live is not None:
        raise TaskError(f"Task {live} does the same already; cancel it first, or let it end.", code="task.live")
    values = {"state": "waiting", "attempts": 0, "not_before": clock(transaction), "finished_at": None}
    row = transaction.first(update(TASK).where(TASK.c.id == task_id).values(values).returning(TASK))
    assert row is not None
    return as_task(row)


def read_task(database: Database, task_id: int) -> Task:
    """One task.

    Raises:
        TaskError: there is none of that number.
    """
    with database.reading() as transaction:
        return _existing(transaction, task_id)


def list_tasks(
    database: Database, *, state: State | None = None, kind: str | None = None, limit: int = 100
) -> list[Task]:
    """Tasks, the latest first; of one state and kind where they are given."""
    wanted = select(TASK).order_by(TASK.c.id.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(TASK.c.state == state)
    if kind is not None:
        wanted = wanted.where(TASK.c.kind == kind)
    with database.reading() as transaction:
        return [as_task(row) for row in transaction.all(wanted)]


def prune_tasks(database: Database, *, older_than: timedelta = KEPT, clock: Clock = database_time) -> int:
    """Removes tasks that have been over for that long; answers how many."""
    with database.writing() as transaction:
        old = TASK.c.finished_at <= clock(transaction) - older_than
        return transaction.execute(delete(TASK).where(old)).rowcount


def _existing(transaction: Transaction, task_id: int) -> Task:
    row = transaction.first(select(TASK).where(TASK.c.id == task_id))
    if row is None:
        raise TaskError(f"There is no task {task_id}. `echo-hub tasks list` shows those there are.")
    return as_task(row)
