"""Schedules are rows with a next moment; the clock starts each due run once, whoever else is looking."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from echo_core.connectors.errors import TransientError
from echo_hub.jobs import (
    SYNC,
    Schedule,
    ScheduleClock,
    ScheduleError,
    end_due,
    list_schedules,
    next_run,
    pause_schedule,
    resume_schedule,
    set_schedule,
)
from echo_hub.jobs.cron import next_moment
from echo_hub.jobs.due import start_due
from echo_hub.store.light_tables import SCHEDULE
from echo_hub.store.task_list import cancel_task, list_tasks
from echo_hub.store.tasks import MOST_ATTEMPTS, Task, claim_task, finish_task

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "now", "expected"),
    [
        ("0 6 * * 1-5", "UTC", NOW, datetime(2026, 11, 3, 6, 0, tzinfo=UTC)),
        ("0 6 * * *", "Europe/Stockholm", NOW, datetime(2026, 11, 3, 5, 0, tzinfo=UTC)),
        ("0 6 * * *", "Asia/Kolkata", NOW, datetime(2026, 11, 3, 0, 30, tzinfo=UTC)),
    ],
)
def test_cron_is_read_in_its_time_zone(cron: str, zone: str, now: datetime, expected: datetime) -> None:
    assert next_run(Schedule("x", cron, None, zone), now) == expected


WEEK = "Sun Mon Tue Wed Thu Fri Sat"


@pytest.mark.parametrize(
    ("fields", "weekdays"),
    [
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("0", "Sun"),
        ("7", "Sun"),
        ("mon,3", "Mon Wed"),
        ("1-5/2", "Mon Wed Fri"),
        ("*/2", "Sun Tue Thu Sat"),
        ("0-6", WEEK),
        ("0-4", "Sun Mon Tue Wed Thu"),
        ("sun-thu", "Sun Mon Tue Wed Thu"),
        ("5-7", "Sun Fri Sat"),
        ("2-2/2", "Tue"),
        ("mon-Mon/3,5", "Mon Fri"),
    ],
)
def test_weekdays_are_counted_as_crontab_does(fields: str, weekdays: str) -> None:
    moments = following(f"0 6 * * {fields}", "UTC", NOW, 20)
    assert {f"{moment:%a}" for moment in moments} == set(weekdays.split())


def following(cron: str, time_zone: str, after: datetime, count: int) -> list[datetime]:
    moments = []
    for _ in range(count):
        after = next_moment(cron, time_zone, after)
        moments.append(after)
    return moments


def test_a_day_of_the_month_and_a_weekday_are_either_enough() -> None:
    first, second, third = following("0 6 1 * 1", "UTC", datetime(2026, 11, 28, 12, tzinfo=UTC), 3)
    assert (first, second) == (datetime(2026, 11, 30, 6, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC))
    assert third == datetime(2026, 12, 7, 6, tzinfo=UTC)


def test_the_first_monday_of_a_month_can_be_said() -> None:
    assert [f"{moment:%d %b}" for moment in following("0 6 * * mon#1", "UTC", NOW, 3)] == ["07 Dec", "04 Jan", "01 Feb"]


@pytest.mark.parametrize(
    "time_zone",
    [  # clocks that change at two, at midnight, at one, by half an hour, in the south, around Ramadan, never
        "Europe/Berlin", "America/New_York", "Australia/Sydney", "Africa/Cairo", "Asia/Beirut", "America/Santiago",
        "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe", "Africa/Casablanca", "America/Scoresbysund",
        "Asia/Kathmandu", "UTC",
    ],
)  # fmt: skip
def test_midnight_comes_exactly_once_on_every_local_day(time_zone: str) -> None:
    moments = following("0 0 * * *", time_zone, NOW, 400)
    local = [moment.astimezone(ZoneInfo(time_zone)) for moment in moments]
    assert [moment.date() for moment in local] == [local[0].date() + timedelta(days=count) for count in range(400)]
    before = [(moment - timedelta(minutes=1)).astimezone(ZoneInfo(time_zone)) for moment in moments]
    assert all(earlier.date() < moment.date() for earlier, moment in zip(before, local, strict=True))


@pytest.mark.parametrize(
    ("cron", "after", "right"),
    [
        # 02:30 is skipped in Berlin on 28 March 2027: the first moment after the gap
        ("30 2 * * *", "2027-03-27T12:00Z", ["2027-03-28T01:00Z", "2027-03-29T00:30Z"]),
        # 02:30 happens twice on 31 October 2027, and is met once
        ("30 2 * * *", "2027-10-30T12:00Z", ["2027-10-31T00:30Z", "2027-11-01T01:30Z"]),
        # seen from between the two
        ("30 2 * * *", "2027-10-31T01:10Z", ["2027-11-01T01:30Z"]),
        # every quarter of an hour goes on through both passes of the hour
        ("*/15 * * * *", "2027-10-31T00:50Z", ["2027-10-31T01:00Z", "2027-10-31T01:15Z"]),
        # the last second before and the first after the clocks change
        ("0 * * * *", "2027-10-31T00:59:59.5Z", ["2027-10-31T01:00Z", "2027-10-31T02:00Z"]),
        ("0 * * * *", "2027-10-31T01:00:00.5Z", ["2027-10-31T02:00Z"]),
    ],
)
def test_a_time_that_clocks_skip_or_repeat_is_met_once(cron: str, after: str, right: list[str]) -> None:
    met = following(cron, "Europe/Berlin", datetime.fromisoformat(after), len(right))
    assert met == [datetime.fromisoformat(moment) for moment in right]


@pytest.mark.parametrize("cron", ["0 6 30 2 *", "0 6 31 4,6,9,11 *", "0 6 30 feb */2"])
def test_a_day_that_never_comes_is_refused(database: Any, cron: str) -> None:
    with pytest.raises(ScheduleError, match="never comes"):
        set_schedule(database, "workday", now=NOW, cron=cron)


def test_an_interval_counts_from_the_last_run() -> None:
    every = Schedule("x", None, 3_600, "UTC")
    assert next_run(every, NOW) == NOW + timedelta(hours=1)
    late = Schedule("x", None, 3_600, "UTC", last_run_at=NOW - timedelta(minutes=20))
    assert next_run(late, NOW) == NOW + timedelta(minutes=40)
    overdue = Schedule("x", None, 3_600, "UTC", last_run_at=NOW - timedelta(hours=9))
    assert next_run(overdue, NOW) == NOW


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cron": "every day"}, "five fields"),
        ({"cron": "61 6 * * *"}, "five fields"),
        ({"cron": "0 0 6 * * *"}, "five fields"),
        ({"cron": "0 6 * * " + "1," * 100_000 + "1"}, "five fields"),
        ({"cron": "0 6 * * " + "9" * 150}, "five fields"),
        ({"every": "6 fortnights"}, "write 15m, 6h or 1d"),
        ({"every": "5s"}, "shortest interval"),
        ({"every": "367d"}, "longest interval"),
        ({"every": "9" * 5_000 + "d"}, "write 15m, 6h or 1d"),
        ({"every": "6h", "time_zone": "Mars/Olympus"}, "IANA"),
        ({"every": "6h", "cron": "0 6 * * *"}, "not both"),
        ({}, "either"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_advice(database: Any, wrong: dict[str, str], told: str) -> None:
    with pytest.raises(ScheduleError, match=told):
        set_schedule(database, "workday", now=NOW, **wrong)
    assert list_schedules(database) == []


def test_set_pause_and_resume(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, cron="0 5 * * *", time_zone="Europe/Stockholm")
    (schedule,) = list_schedules(database)
    assert schedule.text == "0 5 * * * (Europe/Stockholm)"
    assert schedule.next_run_at == datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
    assert pause_schedule(database, "workday").next_run_at is None
    assert list_schedules(database)[0].paused
    resume_schedule(database, "workday", now=NOW)
    assert list_schedules(database)[0].next_run_at == datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
    set_schedule(database, "workday", now=NOW, every="6h")
    assert [schedule.text for schedule in list_schedules(database)] == ["every 6h"]
    with pytest.raises(ScheduleError, match="has no schedule"):
        pause_schedule(database, "greenhouse")


def due_tasks(database: Any) -> list[Task]:
    return list_tasks(database, kind=SYNC)


def run_to_the_end(database: Any, at: datetime) -> None:
    """What a worker does with the due run, begun at that moment."""
    task = claim_task(database, [SYNC], "worker", timedelta(minutes=2), clock=lambda _: at)
    assert task is not None
    with database.writing() as transaction:
        finish_task(transaction, task, clock=lambda _: at)
        end_due(transaction, task)


def test_of_several_processes_that_see_a_due_run_one_makes_it_a_task(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    later = NOW + timedelta(hours=1)
    threads = [threading.Thread(target=start_due, args=[database, "workday", later]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (task,) = due_tasks(database)
    assert task.payload == {"connection": "workday", "due": "2026-11-02T13:00:00.000000+00:00"}
    start_due(database, "workday", later + timedelta(hours=9))
    assert due_tasks(database) == [task], "while it is live"


def test_nothing_is_started_before_it_is_due_or_while_it_is_paused(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    start_due(database, "workday", NOW + timedelta(minutes=59))
    pause_schedule(database, "workday")
    start_due(database, "workday", NOW + timedelta(days=1))
    assert due_tasks(database) == []


def test_the_end_of_a_run_moves_the_schedule_on_and_its_beginning_does_not(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    due, began = NOW + timedelta(hours=1), NOW + timedelta(hours=1, minutes=5)
    start_due(database, "workday", due)
    (waiting,) = list_schedules(database)
    assert (waiting.next_run_at, waiting.last_run_at) == (due, None)
    run_to_the_end(database, began)
    (over,) = list_schedules(database)
    assert (over.next_run_at, over.last_run_at) == (began + timedelta(hours=1), began)
    start_due(database, "workday", began)
    assert len(due_tasks(database)) == 1


@pytest.mark.parametrize("begun", [False, True])
def test_a_run_that_was_cancelled_is_over_and_the_schedule_moves_on_at_the_next_look(
    database: Any, begun: bool
) -> None:
    set_schedule(database, "workday", now=NOW, cron="0 5 * * *")
    due = NOW + timedelta(days=1)
    start_due(database, "workday", due)
    if begun:
        assert claim_task(database, [SYNC], "worker", timedelta(minutes=2), clock=lambda _: due)
    with database.writing() as transaction:
        cancel_task(transaction, due_tasks(database)[0].id, clock=lambda _: due)
    start_due(database, "workday", due)
    assert list_schedules(database)[0].next_run_at == datetime(2026, 11, 4, 5, tzinfo=UTC)
    assert [task.state for task in due_tasks(database)] == ["cancelled"]


def test_a_database_whose_clock_is_behind_does_not_run_the_same_moment_twice(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, cron="0 5 * * *")
    due = datetime(2026, 11, 3, 5, tzinfo=UTC)
    start_due(database, "workday", due)
    with database.writing() as transaction:
        cancel_task(transaction, due_tasks(database)[0].id, clock=lambda _: due - timedelta(seconds=5))
    start_due(database, "workday", due)
    assert list_schedules(database)[0].next_run_at == datetime(2026, 11, 4, 5, tzinfo=UTC)


def test_a_schedule_that_was_set_anew_meanwhile_is_left_as_it_was_set(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)
    start_due(database, "workday", due)
    anew = set_schedule(database, "workday", now=due, every="6h")
    run_to_the_end(database, due)
    assert list_schedules(database) == [anew]


def test_a_run_that_the_release_before_has_begun_is_left_to_it(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)
    with database.writing() as transaction:
        claimed = {"claimed_by": "a process of the release before", "claimed_until": due + timedelta(minutes=2)}
        transaction.execute(update(SCHEDULE).values(claimed))
    start_due(database, "workday", due)
    assert due_tasks(database) == []
    start_due(database, "workday", due + timedelta(minutes=2))
    assert len(due_tasks(database)) == 1


def test_a_run_missed_while_nothing_ran_is_made_up_once(database: Any, background: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    monday = NOW + timedelta(days=5)
    running = background(monday)
    running.wait()
    running.stop()
    assert running.began == ["workday"]
    assert list_schedules(database)[0].last_run_at == monday
    assert list_schedules(database)[0].next_run_at == monday + timedelta(hours=1)


def test_a_paused_schedule_does_not_run_and_a_new_one_is_noticed(database: Any, background: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    pause_schedule(database, "workday")
    running = background(NOW + timedelta(days=1))
    set_schedule(database, "greenhouse", now=NOW, every="2h")
    running.wait()
    running.stop()
    assert running.began == ["greenhouse"]


def test_what_is_not_due_by_our_clock_waits_whatever_the_wall_clock_says(database: Any, background: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    running = background(NOW)
    running.clock.look()
    assert not running.ended.acquire(timeout=0.5)
    assert running.began == []


def test_a_clock_wakes_by_itself_for_a_moment_that_comes(database: Any, background: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    began = time.monotonic()

    def now() -> datetime:
        return NOW + timedelta(minutes=59, seconds=59.5 + time.monotonic() - began)

    running = background(now)
    running.clock.stop()
    clock = ScheduleClock(database, now=now, look_s=3_600)
    clock.start()
    running.wait()
    clock.stop()
    assert running.began == ["workday"]


def test_a_failing_sync_is_tried_again_and_after_the_last_attempt_the_schedule_moves_on(
    database: Any, background: Any
) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)

    def fail(*_: Any) -> None:
        raise TransientError("the source is away")

    running = background(due, fail)
    for _ in range(600):
        if list_schedules(database)[0].next_run_at != due:
            break
        time.sleep(0.1)
    running.stop()
    (task,) = due_tasks(database)
    assert (task.state, task.error_message, len(running.began)) == ("failed", "the source is away", MOST_ATTEMPTS)
    assert list_schedules(database)[0].next_run_at == due + timedelta(hours=1)


def test_a_sync_longer_than_its_interval_is_followed_by_the_next_one(database: Any, background: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1m")
    began = time.monotonic()

    def now() -> datetime:
        return NOW + timedelta(minutes=1 + 10 * (time.monotonic() - began))

    running = background(now, lambda *_: time.sleep(0.2))  # several looks pass meanwhile, and its next moment
    running.wait(3)


def test_a_look_that_fails_once_is_made_again(database: Any, background: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from echo_hub.jobs import clock as module

    set_schedule(database, "workday", now=NOW, every="1h")
    failures = iter([True])

    def locked_once(*arguments: Any) -> None:
        if next(failures, False):
            raise TransientError("the database is locked")
        start_due(*arguments)

    monkeypatch.setattr(module, "start_due", locked_once)
    running = background(NOW + timedelta(hours=1))
    running.wait()
    assert running.began == ["workday"]
