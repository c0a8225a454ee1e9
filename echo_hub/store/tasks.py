"""Tasks as rows: enqueued with the change they follow, leased by one worker at a time, done once.

Whoever runs a task may lose it: to a person who cancels it, or to another worker after a silence as long as the lease.
The transaction that finishes a task asks whether it is still the runner's, so what a late runner wrote there is rolled
back. All processes read one clock, the database's: what their own say does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy import text as sql

from echo_core.connectors.errors import TransientError
from echo_core.connectors.redaction import redact
from echo_hub.store.database import Database, Transaction
from echo_hub.store.task_tables import LIVE, TASK

State = Literal["waiting", "leased", "done", "failed", "cancelled"]
MOST_ATTEMPTS = 5
"""How often a task is tried unless its enqueuer says otherwise."""
SET_BACK = timedelta(minutes=1)
"""A worker last seen further in the future than this was seen before the clock was set back."""

Clock = Callable[[Transaction], datetime]


class TaskLostError(TransientError):
    """The task is not the runner's any more; the transaction that meant to finish it must not commit."""

    code: ClassVar[str] = "task.lost"


@dataclass(frozen=True, slots=True)
class Task:
    """A task; see `TaskRow` for the columns. `failed` is the dead letter: nobody tries it again by itself."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    state: State
    attempts: int
    most_attempts: int
    not_before: datetime
    lease_owner: str | None
    lease_until: datetime | None
    seen_at: datetime | None
    error_code: str | None
    error_message: str | None
    progress: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    requested_by: str
    person_id: str | None

    @property
    def is_over(self) -> bool:
        """Whether nobody will run it unless somebody asks for that."""
        return self.state not in ("waiting", "leased")


def database_time(transaction: Transaction) -> datetime:
    """Now, by the one clock that every process on the database reads: the server's, or that of the file's machine."""
    if transaction.sqlite:
        return datetime.now(UTC)
    now: datetime = transaction.scalar(select(func.clock_timestamp()))
    return now.astimezone(UTC)


def enqueue(
    transaction: Transaction,
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    *,
    requested_by: str,
    person_id: str | None = None,
    not_before: datetime | None = None,
    most_attempts: int = MOST_ATTEMPTS,
    clock: Clock = database_time,
) -> int | None:
    """Adds a task to the caller's transaction: it is done if that commits, and was never there if it rolls back.

    Args:
        kind: what is to be done, by the name it is registered under in `echo_hub.application`.
        key: what tells it from others of its kind; there is one live task of a kind and key.
        payload: what the doing needs, as JSON: ids rather than what they stand for, and never a secret.
        requested_by: `Actor.key` of whose act it comes from.
        person_id: the public id of the person it is about; erasing the person removes it.
        not_before: when it may begin; at once unless given.

    Returns:
        The new task's id; None where a live task of that kind and key is there already.
    """
    now = clock(transaction)
    new = transaction.insert(TASK).values(
        kind=kind,
        key=key,
        payload=json.dumps(dict(payload or {}), ensure_ascii=False),
        state="waiting",
        attempts=0,
        most_attempts=most_attempts,
        not_before=not_before or now,
        created_at=now,
        requested_by=requested_by,
        person_id=person_id,
    )
    unless_live = new.on_conflict_do_nothing(index_elements=["kind", "key"], index_where=sql(LIVE))
    task_id: int | None = transaction.scalar(unless_live.returning(TASK.c.id))
    return task_id


def claim_task(
    database: Database, kinds: Collection[str], owner: str, lease: timedelta, *, clock: Clock = database_time
) -> Task | None:
    """Leases the task that may begin and has waited longest; None when there is none of these kinds.

    One whose lease has ended is taken over. It counts as an attempt: what kills every worker that tries it must come to
    an end, and has failed for good after the last.
    """
    with database.reading() as transaction:  # most looks find nothing, and need no lock to see that
        if transaction.first(select(TASK.c.id).where(_is_free(kinds, clock(transaction))).limit(1)) is None:
            return None
    with database.writing() as transaction:
        now = clock(transaction)
        _bury(transaction, kinds, now)
        oldest = select(TASK.c.id).where(_is_free(kinds, now)).order_by(TASK.c.not_before, TASK.c.id).limit(1)
        # PostgreSQL leaves out what another worker is taking at this moment; SQLite has one writer at a time anyway.
        chosen = oldest.with_for_update(skip_locked=True).scalar_subquery()
        leased = update(TASK).where(TASK.c.id == chosen)
        leased = leased.values(
            state="leased",
            attempts=TASK.c.attempts + 1,
            lease_owner=owner,
            lease_until=now + lease,
            seen_at=now,
            started_at=now,
            progress=None,
        )
        row = transaction.first(leased.returning(TASK))
    return None if row is None else as_task(row)


def _is_free(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    waiting = and_(TASK.c.state == "waiting", TASK.c.not_before <= now)
    return and_(TASK.c.kind.in_(kinds), sql(LIVE), or_(waiting, _is_lost(now)))


def _is_lost(now: datetime) -> ColumnElement[bool]:
    """Whether the worker of a task was not heard of for as long as its lease.

    A lease given before the clock was set back would last too long. Should its worker live, it is told at its next
    sign of life that another one has the task.
    """
    return and_(TASK.c.state == "leased", or_(TASK.c.lease_until <= now, TASK.c.seen_at > now + SET_BACK))


def _bury(transaction: Transaction, kinds: Collection[str], now: datetime) -> None:
    lost = TASK.c.kind.in_(kinds), _is_lost(now), TASK.c.attempts >= TASK.c.most_attempts
    told = "The process that worked on it was not heard of again, and no attempt is left. Look at its log, then retry."
    transaction.execute(
        update(TASK)
        .where(*lost)
        .values(state="failed", finished_at=now, error_code=TaskLostError.code, error_message=told, **UNLEASED)
    )


def renew_tasks(
    database: Database, tasks: Collection[Task], owner: str, lease: timedelta, *, clock: Clock = database_time
) -> list[Task]:
    """A worker's sign of life; answers those of its `tasks` that it has lost, which it must stop working on."""
    with database.writing() as transaction:
        now = clock(transaction)
        own = TASK.c.state == "leased", TASK.c.lease_owner == owner, TASK.c.id.in_([task.id for task in tasks])
        renewed = update(TASK).where(*own).values(lease_until=now + lease, seen_at=now)
        kept = {(row.id, row.attempts) for row in transaction.all(renewed.returning(TASK.c.id, TASK.c.attempts))}
    return [task for task in tasks if (task.id, task.attempts) not in kept]


def report_progress(database: Database, task: Task, progress: str) -> None:
    """Says how far a task is, in a few words; nothing happens when it is not the runner's any more."""
    with database.writing() as transaction:
        transaction.execute(update(TASK).where(*_own(task)).values(progress=redact(progress)))


def lock_task(transaction: Transaction, task: Task) -> None:
    """Keeps everybody else from a task until the transaction ends, however long that takes.

    Before other rows are locked: whoever cancels a task locks it first, too.

    Raises:
        TaskLostError: it is not the runner's any more.
    """
    if transaction.first(select(TASK.c.id).where(*_own(task)).with_for_update()) is None:
        raise _lost(task)


def finish_task(
    transaction: Transaction, task: Task, summary: str | None = None, *, clock: Clock = database_time
) -> None:
    """Ends a task as done, in the transaction that writes what it came to.

    Args:
        summary: what it came to, in a few words; takes the place of the progress.

    Raises:
        TaskLostError: it is not the runner's any more; let the transaction roll back.
    """
    told = {} if summary is None else {"progress": redact(summary)}
    _end(transaction, task, state="done", finished_at=clock(transaction), error_code=None, error_message=None, **told)


def fail_task(
    transaction: Transaction,
    task: Task,
    code: str,
    message: str,
    *,
    again_in: timedelta | None,
    clock: Clock = database_time,
) -> State:
    """Ends an attempt that failed; the task waits for the next one, or has failed for good.

    Args:
        code, message: what went wrong, as a code and a sentence; known secrets are replaced.
        again_in: when to try again; None where that helps nobody.

    Raises:
        TaskLostError: as `finish_task`.
    """
    now = clock(transaction)
    told = {"error_code": code, "error_message": redact(message)}
    if again_in is None or task.attempts >= task.most_attempts:
        _end(transaction, task, state="failed", finished_at=now, **told)
        return "failed"
    _end(transaction, task, state="waiting", not_before=now + again_in, **told)
    return "waiting"


def give_back(transaction: Transaction, task: Task, *, clock: Clock = database_time) -> None:
    """Ends an attempt that was stopped on its way, as if it had not begun: whoever is free goes on at once.

    Raises:
        TaskLostError: as `finish_task`.
    """
    _end(transaction, task, state="waiting", attempts=task.attempts - 1, not_before=clock(transaction))


UNLEASED = {"lease_owner": None, "lease_until": None}
"""What a task without a worker says of one."""


def _own(task: Task) -> tuple[ColumnElement[bool], ...]:
    """Whether a task is still in the attempt that `task` was read in: the number of attempts tells two leases apart."""
    attempt = TASK.c.attempts == task.attempts, TASK.c.lease_owner == task.lease_owner
    return TASK.c.id == task.id, TASK.c.state == "leased", *attempt


def _end(transaction: Transaction, task: Task, **values: Any) -> None:
    ended = update(TASK).where(*_own(task)).values(**values, **UNLEASED)
    if transaction.execute(ended).rowcount != 1:
        raise _lost(task)


def _lost(task: Task) -> TaskLostError:
    return TaskLostError(
        f"Task {task.id} was cancelled or taken over while it was worked on; what it meant to store is dropped.",
        detail=f"{task.kind} {task.key}, attempt {task.attempts}",
    )


def as_task(row: Row[Any]) -> Task:
    """A stored task."""
    return Task(**{**row._mapping, "payload": json.loads(row.payload)})
