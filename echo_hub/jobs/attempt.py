"""One attempt at a task: what the code that does a kind of work is handed, and how it ends with what it wrote."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from echo_hub.store.database import Database, Transaction
from echo_hub.store.tasks import Clock, Task, finish_task, lock_task, report_progress

PROGRESS_EVERY_S = 2.0
"""How often progress is stored at most."""


class TaskStopped(Exception):  # noqa: N818 -- what happened, and no error
    """Raised by what runs a task when it ended early because `Attempt.stop` was set: the task is given back."""


class Attempt:
    """A task under way.

    `stop` is set when the attempt should end after its step: the worker is going down, or the task was cancelled or
    taken over. What goes on all the same is done or tried anew, never half stored. What leaves the house (a mail, a
    webhook) may leave it twice, when the process dies after sending and before the task is finished: send the task's
    id along, so that the receiver can tell.
    """

    def __init__(self, database: Database, task: Task, clock: Clock) -> None:
        self.task = task
        self.stop = threading.Event()
        self.is_finishing = False
        self.is_finished = False
        self._database = database
        self._clock = clock
        self._told_at = -PROGRESS_EVERY_S

    def progress(self, text: str) -> None:
        """Says how far it is, in a few words; stored now and then. Not inside `finishing`."""
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY_S:
            self._told_at = now
            report_progress(self._database, self.task, text)

    @contextmanager
    def finishing(self, summary: str | None = None) -> Iterator[Transaction]:
        """The transaction in which the task ends as done, for what it came to: both are stored, or neither.

        All that this thread writes inside belongs to it, and nobody cancels or takes the task over meanwhile. Without
        it, the task ends after its code has returned.

        Args:
            summary: what it came to, in a few words; takes the place of the progress.

        Raises:
            TaskLostError: the task was cancelled or taken over meanwhile; nothing is stored.
        """
        try:
            with self._database.together() as transaction:
                self.is_finishing = True
                lock_task(transaction, self.task)
                yield transaction
                finish_task(transaction, self.task, summary, clock=self._clock)
            self.is_finished = True
        finally:
            self.is_finishing = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of task does: `run` returns when it is done and raises when it is not.

    One worker runs at most `at_once` of it at the same time, so that slow ones leave threads to the others.
    """

    run: Callable[[Attempt], None]
    at_once: int = 4
