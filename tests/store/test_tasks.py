"""Tasks: enqueued with a change, leased by one worker, finished by nobody else, tried again, buried, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from echo_hub.store import tasks
from echo_hub.store.database import Database
from echo_hub.store.erasure import erase_person
from echo_hub.store.task_list import TaskError, cancel_task, list_tasks, prune_tasks, read_task, retry_task
from echo_hub.store.task_tables import TASK
from echo_hub.store.tasks import (
    SET_BACK,
    Task,
    TaskLostError,
    claim_task,
    database_time,
    enqueue,
    fail_task,
    finish_task,
    give_back,
    renew_tasks,
    report_progress,
)

LEASE = timedelta(minutes=2)
START = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Clock:
    """The database's clock, for a test to turn."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self, _: Any) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


def put(database: Database, clock: Clock, key: str = "a", **options: Any) -> int | None:
    with database.writing() as transaction:
        return enqueue(transaction, "greet", key, {"to": key}, requested_by="operator", clock=clock, **options)


def take(database: Database, clock: Clock, owner: str = "first", lease: timedelta = LEASE) -> Task:
    task = claim_task(database, ["greet"], owner, lease, clock=clock)
    assert task is not None
    return task


def test_a_task_is_leased_by_one_worker_and_ends_as_done(database: Database, clock: Clock) -> None:
    assert put(database, clock) == 1
    task = take(database, clock)
    assert (task.state, task.attempts, task.payload, task.lease_until) == ("leased", 1, {"to": "a"}, START + LEASE)
    assert claim_task(database, ["greet"], "second", LEASE, clock=clock) is None
    report_progress(database, task, "half way")
    clock.turn(timedelta(seconds=30))
    with database.writing() as transaction:
        finish_task(transaction, task, clock=clock)
    done = read_task(database, 1)
    assert (done.state, done.finished_at, done.lease_owner, done.progress) == ("done", clock.now, None, "half way")


def test_a_task_is_there_only_if_the_change_it_follows_is(database: Database, clock: Clock) -> None:
    def refused_change() -> None:
        with database.writing() as transaction:
            enqueue(transaction, "greet", "a", requested_by="operator", clock=clock)
            raise RuntimeError("the change was refused")

    with pytest.raises(RuntimeError):
        refused_change()
    assert list_tasks(database) == []
    with database.together(), database.writing() as transaction:
        enqueue(transaction, "greet", "a", requested_by="operator", clock=clock)
    assert [task.key for task in list_tasks(database)] == ["a"]


def test_there_is_one_live_task_of_a_kind_and_key(database: Database, clock: Clock) -> None:
    assert put(database, clock) == 1
    assert put(database, clock) is None
    task = take(database, clock)
    assert put(database, clock) is None, "leased is live too"
    with database.writing() as transaction:
        finish_task(transaction, task, clock=clock)
    assert put(database, clock) is not None


def test_only_kinds_that_the_worker_knows_are_taken_and_the_longest_waiting_first(
    database: Database, clock: Clock
) -> None:
    put(database, clock, "late", not_before=START + timedelta(hours=1))
    clock.turn(timedelta(seconds=1))
    put(database, clock, "b")
    put(database, clock, "a", not_before=START)
    assert claim_task(database, ["other"], "first", LEASE, clock=clock) is None
    day = timedelta(days=1)
    assert [take(database, clock, lease=day).key, take(database, clock, lease=day).key] == ["a", "b"]
    assert claim_task(database, ["greet"], "first", LEASE, clock=clock) is None
    clock.turn(timedelta(hours=1))
    assert take(database, clock, "second").key == "late"


def test_a_silent_worker_s_task_is_taken_over_and_what_it_stores_late_is_rolled_back(
    database: Database, clock: Clock
) -> None:
    put(database, clock)
    late = take(database, clock, "late")
    clock.turn(LEASE)
    second = take(database, clock, "second")
    assert (second.id, second.attempts) == (late.id, 2)

    def finish_late() -> None:
        with database.writing() as transaction:
            enqueue(transaction, "greet", "from the late one", requested_by="operator", clock=clock)
            finish_task(transaction, late, clock=clock)

    with pytest.raises(TaskLostError):
        finish_late()
    report_progress(database, late, "nearly there")
    assert [task.key for task in list_tasks(database)] == ["a"]
    assert read_task(database, 1).progress is None
    with database.writing() as transaction:
        finish_task(transaction, second, clock=clock)


def test_a_worker_that_takes_its_own_task_over_is_two_runners_and_the_first_is_late(
    database: Database, clock: Clock
) -> None:
    put(database, clock)
    stalled = take(database, clock)
    clock.turn(LEASE)
    again = take(database, clock)
    assert renew_tasks(database, [stalled, again], "first", LEASE, clock=clock) == [stalled]
    with pytest.raises(TaskLostError), database.writing() as transaction:
        finish_task(transaction, stalled, clock=clock)


def test_signs_of_life_keep_a_task(database: Database, clock: Clock) -> None:
    put(database, clock)
    task = take(database, clock)
    for _ in range(4):
        clock.turn(LEASE * 0.9)
        assert renew_tasks(database, [task], "first", LEASE, clock=clock) == []
        assert claim_task(database, ["greet"], "second", LEASE, clock=clock) is None
    with database.writing() as transaction:
        finish_task(transaction, task, clock=clock)


def test_a_clock_that_was_set_back_keeps_no_task_from_being_taken_over(database: Database, clock: Clock) -> None:
    put(database, clock)
    lost = take(database, clock)
    clock.turn(-SET_BACK)
    assert claim_task(database, ["greet"], "second", LEASE, clock=clock) is None, "clocks are corrected by a little"
    clock.turn(-timedelta(days=1))
    assert take(database, clock, "second").attempts == 2
    assert renew_tasks(database, [lost], "first", LEASE, clock=clock) == [lost]


def test_an_attempt_that_failed_is_followed_by_another_until_none_is_left(database: Database, clock: Clock) -> None:
    put(database, clock, most_attempts=2)
    wait = timedelta(seconds=30)
    task = take(database, clock)
    with database.writing() as transaction:
        state = fail_task(transaction, task, "mail.away", "No answer.", again_in=wait, clock=clock)
    waiting = read_task(database, 1)
    assert (state, waiting.state, waiting.not_before) == ("waiting", "waiting", START + wait)
    assert (waiting.error_code, waiting.error_message) == ("mail.away", "No answer.")
    assert claim_task(database, ["greet"], "first", LEASE, clock=clock) is None
    clock.turn(wait)
    task = take(database, clock)
    with database.writing() as transaction:
        fail_task(transaction, task, "mail.away", "No answer.", again_in=wait, clock=clock)
    clock.turn(timedelta(days=1))
    assert read_task(database, 1).state == "failed"
    assert claim_task(database, ["greet"], "first", LEASE, clock=clock) is None


def test_what_no_attempt_can_mend_fails_at_once(database: Database, clock: Clock) -> None:
    put(database, clock)
    task = take(database, clock)
    with database.writing() as transaction:
        state = fail_task(transaction, task, "config.invalid", "No.", again_in=None, clock=clock)
    assert (state, read_task(database, 1).state) == ("failed", "failed")


def test_a_task_that_kills_every_worker_is_buried_after_its_last_attempt(database: Database, clock: Clock) -> None:
    put(database, clock, most_attempts=2)
    for _ in range(2):
        take(database, clock)
        clock.turn(LEASE)
    assert claim_task(database, ["greet"], "third", LEASE, clock=clock) is None
    buried = read_task(database, 1)
    assert (buried.state, buried.error_code, buried.lease_owner) == ("failed", "task.lost", None)


def test_a_task_given_back_has_all_its_attempts_and_is_free_at_once(database: Database, clock: Clock) -> None:
    put(database, clock, most_attempts=1)
    task = take(database, clock)
    with database.writing() as transaction:
        give_back(transaction, task, clock=clock)
    assert take(database, clock, "second").attempts == 1


@pytest.mark.parametrize("under_way", [False, True])
def test_a_cancelled_task_is_not_begun_and_not_finished(database: Database, clock: Clock, under_way: bool) -> None:
    put(database, clock)
    task = take(database, clock) if under_way else None
    with database.writing() as transaction:
        assert cancel_task(transaction, 1, clock=clock).state == "cancelled"
    clock.turn(timedelta(days=1))
    assert claim_task(database, ["greet"], "second", LEASE, clock=clock) is None
    if task is not None:
        assert renew_tasks(database, [task], "first", LEASE, clock=clock) == [task]
        with pytest.raises(TaskLostError), database.writing() as transaction:
            finish_task(transaction, task, clock=clock)
    with pytest.raises(TaskError, match="is cancelled") as refused, database.writing() as transaction:
        cancel_task(transaction, 1, clock=clock)
    assert refused.value.error_code == "task.over"


def test_a_dead_letter_is_retried_with_all_its_attempts_unless_the_same_is_live(
    database: Database, clock: Clock
) -> None:
    put(database, clock, most_attempts=1)
    task = take(database, clock)
    with database.writing() as transaction:
        fail_task(transaction, task, "mail.away", "No.", again_in=LEASE, clock=clock)
    put(database, clock)
    with pytest.raises(TaskError, match="Task 2 does the same"), database.writing() as transaction:
        retry_task(transaction, 1, clock=clock)
    with database.writing() as transaction:
        cancel_task(transaction, 2, clock=clock)
        retried = retry_task(transaction, 1, clock=clock)
    assert (retried.state, retried.attempts, retried.finished_at) == ("waiting", 0, None)
    with pytest.raises(TaskError, match="is waiting"), database.writing() as transaction:
        retry_task(transaction, 1, clock=clock)
    with pytest.raises(TaskError, match="no task 7"), database.writing() as transaction:
        retry_task(transaction, 7, clock=clock)


def test_tasks_that_have_long_been_over_are_removed(database: Database, clock: Clock) -> None:
    for key in ("done", "live"):
        put(database, clock, key)
    task = take(database, clock)
    with database.writing() as transaction:
        finish_task(transaction, task, clock=clock)
    clock.turn(timedelta(days=29))
    assert prune_tasks(database, clock=clock) == 0
    clock.turn(timedelta(days=1))
    assert prune_tasks(database, clock=clock) == 1
    assert [task.key for task in list_tasks(database)] == ["live"]


def test_erasing_a_person_removes_tasks_about_them_and_names_nobody_as_having_asked(
    database: Database, clock: Clock
) -> None:
    with database.writing() as transaction:
        enqueue(transaction, "mail", "a", requested_by="operator", person_id="hr:person:1", clock=clock)
        enqueue(transaction, "greet", "b", requested_by="hr:person:1", clock=clock)
        erased = erase_person(transaction, ["hr:person:1"])
        rows = transaction.all(select(TASK.c.kind, TASK.c.requested_by))
    assert [(row.kind, row.requested_by) for row in rows] == [("greet", erased.key)]


def test_a_worker_whose_machine_is_a_day_ahead_takes_nothing_from_another_on_postgresql(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as transaction:
        enqueue(transaction, "greet", "a", requested_by="operator")
    assert claim_task(database, ["greet"], "first", LEASE) is not None

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=1)

    monkeypatch.setattr(tasks, "datetime", Ahead)
    taken = claim_task(database, ["greet"], "ahead", LEASE)
    assert (taken is None) is not database.sqlite, "a file has one machine, and that has one clock"


def test_the_clock_of_postgresql_is_the_server_s_and_of_a_file_the_machine_s(database: Database) -> None:
    with database.reading() as transaction:
        assert abs(database_time(transaction) - datetime.now(UTC)) < timedelta(minutes=1)
        first = database_time(transaction)
        later = (database_time(transaction) for _ in range(10_000))
        assert any(now > first for now in later), "the time of the statement, not of the transaction"
