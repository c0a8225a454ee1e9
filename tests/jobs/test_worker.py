"""Workers share tasks: nothing is done twice, and what a dead one leaves is done by another."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from echo_core.connectors.errors import ConfigError, RateLimited, TransientError
from echo_core.connectors.redaction import SECRETS
from echo_hub.jobs import Attempt, Kind, TaskStopped, Worker
from echo_hub.jobs.worker import backoff
from echo_hub.log_context import log_context
from echo_hub.store.database import Database
from echo_hub.store.task_list import TaskError, cancel_task, list_tasks, read_task
from echo_hub.store.tasks import Task, TaskLostError, claim_task, database_time, enqueue

SCRIPT = Path(__file__).with_name("working.py")


def put(database: Database, count: int = 1, kind: str = "note", **payload: Any) -> None:
    with database.writing() as transaction:
        for number in range(count):
            enqueue(transaction, kind, f"{kind} {payload} {number}", payload, requested_by="operator")


def settled(database: Database, task_id: int = 1) -> Task:
    """The task once it is over."""
    for _ in range(600):
        task = read_task(database, task_id)
        if task.is_over:
            return task
        time.sleep(0.05)
    raise AssertionError(f"still {task.state}")


Start = Callable[..., Worker]


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """`start(run)` starts a worker for tasks of kind "note"."""
    started: list[Worker] = []

    def begin(run: Callable[[Attempt], None], **options: Any) -> Worker:
        kinds = {"note": Kind(run, at_once=options.pop("at_once", 4))}
        options = {"look_s": 0.02, "wait": lambda _: timedelta(0), **options}
        started.append(Worker(database, kinds, **options))
        started[-1].start()
        return started[-1]

    yield begin
    for worker in started:
        worker.stop()


def work(database: Database, *, workers: int, lease_s: float) -> tuple[list[bool], Counter[int], Counter[int]]:
    """Lets workers in processes of their own do all tasks: who was killed; how often each task began and was done."""
    command = [sys.executable, str(SCRIPT), database.url.render_as_string(hide_password=False)]
    with database.writing() as transaction:
        for table in ("begun", "noted"):
            transaction.run(f"CREATE TABLE {table} (task BIGINT, worker BIGINT)")
    answer = subprocess.run(
        [*command, str(workers), str(lease_s)], capture_output=True, text=True, check=False, timeout=120
    )
    assert answer.returncode == 0, answer.stderr
    with database.reading() as transaction:
        begun, noted = (
            Counter(row[0] for row in transaction.rows(f"SELECT task FROM {table}")) for table in ("begun", "noted")
        )
    return json.loads(answer.stdout), begun, noted


def test_workers_in_several_processes_do_each_task_once(database: Database) -> None:
    put(database, 60)
    killed, begun, noted = work(database, workers=3, lease_s=60)
    assert not any(killed)
    assert {task.state for task in list_tasks(database)} == {"done"}
    assert begun == noted == dict.fromkeys([task.id for task in list_tasks(database)], 1)


def test_what_a_killed_worker_leaves_is_taken_over_and_done_once(database: Database) -> None:
    put(database, 10)
    put(database, die="begun")
    put(database, die="finishing")
    killed, begun, noted = work(database, workers=3, lease_s=2)
    assert sorted(killed) == [False, True, True]
    tasks = {task.id: task for task in list_tasks(database)}
    assert {task.state for task in tasks.values()} == {"done"}
    assert noted == dict.fromkeys(tasks, 1)
    for task in tasks.values():
        if task.payload:
            assert task.attempts >= 2
            assert begun[task.id] >= 2


def test_a_sync_whose_worker_is_killed_in_its_middle_goes_on_in_another_and_stores_what_one_run_stores(
    database: Database, new_database_url: Callable[[], str], open_url: Any
) -> None:
    undisturbed = open_url(new_database_url())
    put(undisturbed, kind="sync")
    put(database, kind="sync", die_after=15)
    for some in (undisturbed, database):
        work(some, workers=2, lease_s=2)

    def stored(some: Database) -> tuple[Any, ...]:
        with some.reading() as transaction:
            records = transaction.rows("SELECT source_id, payload, excluded_by FROM record ORDER BY source_id")
            return records, transaction.rows("SELECT outcome, read, written, excluded, quarantined FROM run")

    assert (read_task(database, 1).state, read_task(database, 1).attempts) == ("done", 2)
    assert stored(database) == stored(undisturbed)
    assert stored(database)[1] == [("done", 30, 22, 6, 2)]


def test_an_attempt_that_fails_is_followed_by_the_next_and_the_last_is_a_dead_letter(
    database: Database, start: Start
) -> None:
    put(database)
    attempts: list[int] = []

    def fail(attempt: Attempt) -> None:
        attempts.append(attempt.task.attempts)
        raise TransientError("nobody answers", code="mail.away")

    start(fail)
    task = settled(database)
    assert (task.state, task.error_code, task.error_message) == ("failed", "mail.away", "nobody answers")
    assert attempts == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("error", "code"),
    [(ConfigError("no address", code="mail.address"), "mail.address"), (ValueError("x"), "task.fault")],
)
def test_what_a_person_must_mend_is_a_dead_letter_at_once_and_a_fault_is_not(
    database: Database, start: Start, error: Exception, code: str
) -> None:
    put(database)

    def fail(_: Attempt) -> None:
        raise error

    start(fail)
    task = settled(database)
    assert (task.state, task.error_code, task.attempts) == ("failed", code, 1 if isinstance(error, ConfigError) else 5)
    assert "x" not in (task.error_message or "").split()


def test_a_receiver_that_says_when_to_come_again_is_listened_to(database: Database, start: Start) -> None:
    put(database)

    def fail(_: Attempt) -> None:
        raise RateLimited("slowly", retry_after_s=3_600)

    start(fail)
    for _ in range(600):
        task = read_task(database, 1)
        if task.error_code:
            break
        time.sleep(0.05)
    assert task.not_before - (task.started_at or task.created_at) >= timedelta(hours=1)


def test_no_secret_is_stored_with_a_failure(database: Database, start: Start) -> None:
    put(database)
    secret = "hunter2-and-more"
    SECRETS.add(secret)

    def fail(attempt: Attempt) -> None:
        attempt.progress(f"with {secret}")
        raise ConfigError(f"refused {secret}")

    start(fail)
    task = settled(database)
    SECRETS.forget(secret)
    assert (task.progress, task.error_message) == ("with [secret]", "refused [secret]")


def test_waits_grow_and_no_two_are_alike() -> None:
    assert all(7.5 <= backoff(1).total_seconds() <= 15 for _ in range(100))
    assert all(120 <= backoff(3).total_seconds() <= 240 for _ in range(100))
    assert max(backoff(40) for _ in range(100)) <= timedelta(hours=1)
    assert len({backoff(1) for _ in range(100)}) > 50


def test_stopping_waits_for_the_step_and_gives_the_task_back(database: Database, start: Start) -> None:
    put(database)
    began = threading.Event()

    def slow(attempt: Attempt) -> None:
        began.set()
        assert attempt.stop.wait(60)
        raise TaskStopped

    worker = start(slow)
    assert began.wait(60)
    worker.stop()
    task = read_task(database, 1)
    assert (task.state, task.attempts, task.lease_owner) == ("waiting", 0, None)


def test_what_ends_all_the_same_when_stopped_is_done(database: Database, start: Start) -> None:
    put(database)
    began = threading.Event()

    def quick(attempt: Attempt) -> None:
        began.set()
        assert attempt.stop.wait(60)

    worker = start(quick)
    assert began.wait(60)
    worker.stop()
    assert read_task(database, 1).state == "done"


def test_a_task_cancelled_under_way_is_told_to_stop_and_what_it_stores_is_dropped(
    database: Database, start: Start
) -> None:
    put(database)
    began = threading.Event()
    lost: list[type[Exception]] = []

    def slow(attempt: Attempt) -> None:
        began.set()
        assert attempt.stop.wait(60)
        try:
            with attempt.finishing() as transaction:
                enqueue(transaction, "other", "what it came to", requested_by="operator")
        except TaskLostError as error:
            lost.append(type(error))
            raise

    worker = start(slow, lease=timedelta(seconds=0.3))
    assert began.wait(60)
    with database.writing() as transaction:
        cancel_task(transaction, 1)
    for _ in range(600):
        if lost:
            break
        time.sleep(0.05)
    worker.stop()
    assert lost == [TaskLostError]
    assert [(task.kind, task.state) for task in list_tasks(database)] == [("note", "cancelled")]


def test_a_task_that_is_finishing_cannot_be_cancelled_or_taken_over(database: Database) -> None:
    put(database)
    lease = timedelta(seconds=0.2)
    task = claim_task(database, ["note"], "first", lease)
    assert task is not None
    refusals: list[str] = []

    def cancel() -> None:
        try:
            with database.writing() as transaction:
                cancel_task(transaction, task.id)
        except TaskError as refused:
            refusals.append(refused.error_code)

    canceller = threading.Thread(target=cancel)
    with Attempt(database, task, database_time).finishing():
        canceller.start()
        time.sleep(0.5)
        assert canceller.is_alive()
        if not database.sqlite:  # there, one writer waits for the other anyway
            assert threaded(lambda: claim_task(database, ["note"], "second", lease)) is None
    canceller.join()
    assert refusals == ["task.over"]
    assert read_task(database, 1).state == "done"


def threaded(call: Callable[[], Any]) -> Any:
    """What a call answers in another thread, outside this one's transaction."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result(timeout=20)


def test_a_lease_is_renewed_for_as_long_as_the_work_takes(database: Database, start: Start) -> None:
    put(database)
    lease = timedelta(seconds=3)
    go_on = threading.Event()
    start(lambda _: go_on.wait(60), lease=lease)
    ends = set()
    for _ in range(600):
        ends.add(read_task(database, 1).lease_until)
        if len(ends - {None}) == 4:  # a whole lease has passed
            break
        time.sleep(0.05)
    assert claim_task(database, ["note"], "another", lease) is None
    go_on.set()
    assert settled(database).attempts == 1


def test_one_kind_leaves_room_for_the_others(database: Database, start: Start) -> None:
    put(database, 5)
    under_way, most = [0], [0]
    lock = threading.Lock()

    def count(_: Attempt) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.1)
        with lock:
            under_way[0] -= 1

    start(count, at_once=2)
    for task in list_tasks(database):
        settled(database, task.id)
    assert most == [2]


def test_kinds_that_a_worker_does_not_know_are_left_to_those_that_do(database: Database, start: Start) -> None:
    put(database, kind="of a later release")
    put(database)
    start(lambda _: None)
    assert settled(database, 2).state == "done"
    assert read_task(database, 1).state == "waiting"


def test_log_lines_of_a_task_carry_its_number(
    database: Database, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    put(database)
    contexts: list[Any] = []
    with caplog.at_level(logging.INFO, logger="echo_hub.jobs.worker"):
        worker = start(lambda _: contexts.append(dict(log_context())))
        settled(database)
        worker.stop()
    assert contexts == [{"task_id": "1"}]
    assert any(line.startswith("task 1, note") and line.endswith("done") for line in caplog.messages)
