"""Runs tasks: takes those it knows, keeps their leases, and stores how each attempt ended."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from echo_core.connectors.errors import ConfigError, ConnectorBug, HubError, RateLimited
from echo_hub.jobs.attempt import Attempt, Kind, TaskStopped
from echo_hub.log_context import logged_under
from echo_hub.store.database import Database
from echo_hub.store.leases import process_owner
from echo_hub.store.task_list import prune_tasks
from echo_hub.store.tasks import (
    Clock,
    Task,
    TaskLostError,
    claim_task,
    database_time,
    fail_task,
    give_back,
    renew_tasks,
)

LEASE = timedelta(minutes=2)
"""How long a worker may be silent before another takes its tasks over."""
LOOK_S = 1.0
"""Seconds between two looks for tasks that others enqueued."""
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3_600.0
FACTOR = 4.0
PRUNE_EVERY_S = 3_600.0

log = logging.getLogger(__name__)


def backoff(attempts: int) -> timedelta:
    """How long to wait after that many attempts: 15 seconds, then four times as long each time, up to an hour.

    Up to half of it is left to chance, so that what failed together is not tried again together.
    """
    longest = min(FIRST_WAIT_S * FACTOR ** (attempts - 1), LONGEST_WAIT_S)
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311, no secret hangs on it


class Worker:
    """Runs the tasks of a database, each attempt in a thread of its own, until it is stopped.

    As many as you like may share a database. A task is one worker's until its lease ends without a sign of life; the
    signs come from a thread that waits for nothing a task does. An attempt fails by raising: it is tried again after a
    while, but for settings that a person must change and faults of plug-ins, which are dead letters at once.

    Args:
        kinds: what each kind of task does; others are left to workers that know them.
        lease: how long this process may be silent, at least a few seconds outside tests.
        wait: how long to wait after so many attempts of a task that failed.
        clock: the database's clock.
    """

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, Kind],
        *,
        lease: timedelta = LEASE,
        look_s: float = LOOK_S,
        wait: Callable[[int], timedelta] = backoff,
        clock: Clock = database_time,
        owner: str | None = None,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._lease = lease
        self._look_s = look_s
        self._wait = wait
        self._clock = clock
        self._owner = owner or process_owner()
        self._stopping = threading.Event()
        self._over = threading.Event()
        self._awake = threading.Event()
        self._lock = threading.Lock()
        self._attempts: dict[Attempt, threading.Thread] = {}
        self._looking = threading.Thread(target=self._look_for_tasks, name="tasks", daemon=True)
        self._living = threading.Thread(target=self._keep_leases, name="task-leases", daemon=True)

    def start(self) -> None:
        """Begins to take tasks."""
        self._looking.start()
        self._living.start()

    def stop(self) -> None:
        """Takes no more tasks, asks those under way to end after their step, and waits for that."""
        self._stopping.set()
        self._awake.set()
        if self._looking.is_alive():
            self._looking.join()
        under_way = self._under_way()
        for attempt in under_way:
            attempt.stop.set()
        for thread in under_way.values():
            thread.join()
        self._over.set()
        if self._living.is_alive():
            self._living.join()

    def _under_way(self) -> dict[Attempt, threading.Thread]:
        with self._lock:
            return dict(self._attempts)

    def _look_for_tasks(self) -> None:
        prune_at = 0.0
        while not self._stopping.is_set():
            self._awake.clear()
            task = None
            try:
                if time.monotonic() >= prune_at:
                    prune_at = time.monotonic() + PRUNE_EVERY_S
                    prune_tasks(self._database, clock=self._clock)
                task = self._claim()
            except HubError as error:
                log.warning("tasks cannot be read now, looking again in %.0f s: %s", self._look_s, error.message)
            if task is None:
                self._awake.wait(self._look_s)
            else:
                self._begin(task)

    def _claim(self) -> Task | None:
        """The next task of a kind of which there are not enough under way here."""
        busy = Counter(attempt.task.kind for attempt in self._under_way())
        free = [name for name, kind in self._kinds.items() if busy[name] < kind.at_once]
        return claim_task(self._database, free, self._owner, self._lease, clock=self._clock) if free else None

    def _begin(self, task: Task) -> None:
        attempt = Attempt(self._database, task, self._clock)
        thread = threading.Thread(target=self._run, args=[attempt], name=f"task-{task.id}", daemon=True)
        with self._lock:
            self._attempts[attempt] = thread
        thread.start()

    def _run(self, attempt: Attempt) -> None:
        task = attempt.task
        with logged_under("task_id", task.id):
            log.info("task %d, %s %s: attempt %d begins", task.id, task.kind, task.key, task.attempts)
            try:
                self._end(attempt)
            except TaskLostError as lost:
                log.warning("%s", lost.message)
            except HubError as error:
                # Its lease ends by itself, and another attempt is made then.
                log.error("task %d, %s %s: its end cannot be stored: %s", task.id, task.kind, task.key, error.message)
            finally:
                with self._lock:
                    del self._attempts[attempt]
                self._awake.set()

    def _end(self, attempt: Attempt) -> None:
        """Runs one attempt and stores how it ended.

        Raises:
            TaskLostError: the task is not this worker's any more.
            HubError: the end could not be stored.
        """
        task = attempt.task
        try:
            self._kinds[task.kind].run(attempt)
            if not attempt.is_finished:
                with attempt.finishing():
                    pass
        except TaskLostError:
            raise
        except TaskStopped:
            with self._database.writing() as transaction:
                give_back(transaction, task, clock=self._clock)
            log.info("task %d, %s %s: given back", task.id, task.kind, task.key)
        except Exception as error:  # noqa: BLE001, whatever a task raises is stored with it and ends no other
            self._fail(task, error)
        else:
            log.info("task %d, %s %s: done", task.id, task.kind, task.key)

    def _fail(self, task: Task, error: Exception) -> None:
        wait = self._wait(task.attempts)
        again_in: timedelta | None = wait
        if isinstance(error, HubError):
            code, message = error.error_code, error.message
            if isinstance(error, ConfigError | ConnectorBug):
                again_in = None
            elif isinstance(error, RateLimited):
                again_in = max(wait, timedelta(seconds=error.retry_after_s))
        else:
            code, message = "task.fault", f"An error that nobody foresaw ({type(error).__name__}); the log says where."
            log.error("task %d, %s %s failed", task.id, task.kind, task.key, exc_info=error)
        with self._database.writing() as transaction:
            state = fail_task(transaction, task, code, message, again_in=again_in, clock=self._clock)
        level = logging.ERROR if state == "failed" else logging.WARNING
        log.log(level, "task %d, %s %s: %s [%s] %s", task.id, task.kind, task.key, state, code, message)

    def _keep_leases(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / 3):
            # One that is finishing has its task locked: nobody takes it over, and renewing would wait for the lock.
            attempts = [each for each in self._under_way() if not each.is_finishing and not each.is_finished]
            if not attempts:
                continue
            tasks = [attempt.task for attempt in attempts]
            try:
                lost = renew_tasks(self._database, tasks, self._owner, self._lease, clock=self._clock)
            except HubError as error:
                log.warning("the leases of tasks cannot be renewed now: %s", error.message)
                continue
            for attempt in attempts:
                if attempt.task in lost:
                    attempt.stop.set()
