"""Tasks: what waits, what is under way, what failed for good; cancelling, and trying again."""

from __future__ import annotations

from echo_hub.services.access import allow
from echo_hub.services.actor import Actor
from echo_hub.services.hub import Hub
from echo_hub.services.recording import recorded
from echo_hub.services.refusals import TaskError
from echo_hub.services.task_views import TaskView
from echo_hub.store.task_list import cancel_task, list_tasks, read_task, retry_task
from echo_hub.store.tasks import State

__all__ = ["State", "TaskError", "cancel", "retry", "task", "tasks"]


def tasks(
    actor: Actor, hub: Hub, *, state: State | None = None, kind: str | None = None, limit: int = 100
) -> list[TaskView]:
    """Tasks, the latest first; of one state and kind where they are given."""
    allow(actor, "task.read")
    return [TaskView.of(task) for task in list_tasks(hub.database, state=state, kind=kind, limit=limit)]


def task(actor: Actor, hub: Hub, task_id: int) -> TaskView:
    """One task.

    Raises:
        TaskError: there is none of that number.
    """
    allow(actor, "task.read")
    return TaskView.of(read_task(hub.database, task_id))


def cancel(actor: Actor, hub: Hub, task_id: int) -> TaskView:
    """Cancels a task that is not over. One that is under way is stopped soon, and stores nothing more.

    Raises:
        TaskError: no such task, or it is over.
    """
    permit = allow(actor, "task.cancel")
    with recorded(hub, permit, "task", task_id) as entry, hub.database.writing() as transaction:
        cancelled = cancel_task(transaction, task_id)
        entry.details["kind"] = cancelled.kind
    return TaskView.of(cancelled)


def retry(actor: Actor, hub: Hub, task_id: int) -> TaskView:
    """Lets a task that failed for good, or was cancelled, begin anew with all its attempts.

    Raises:
        TaskError: no such task, it is neither, or another one does the same by now.
    """
    permit = allow(actor, "task.retry")
    with recorded(hub, permit, "task", task_id) as entry, hub.database.writing() as transaction:
        retried = retry_task(transaction, task_id)
        entry.details["kind"] = retried.kind
    return TaskView.of(retried)
