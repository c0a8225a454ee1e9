"""Schedules are rows with a next moment; the clock starts each due run once, whoever else is looking."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from echo_hub.jobs import (
    Schedule,
    ScheduleClock,
    ScheduleError,
    list_schedules,
    next_run,
    pause_schedule,
    resume_schedule,
    set_schedule,
)
from echo_hub.jobs.schedules import claim
from echo_hub.store.runs import RunReport

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "now", "expected"),
    [
        ("0 6 * * 1-5", "UTC", NOW, datetime(2026, 11, 3, 6, 0, tzinfo=UTC)),
        ("0 6 * * *", "Europe/Stockholm", NOW, datetime(2026, 11, 3, 5, 0, tzinfo=UTC)),
        ("0 6 * * *", "Asia/Kolkata", NOW, datetime(2026, 11, 3, 0, 30, tzinfo=UTC)),
        # the night the clocks go forward: 02:30 does not exist in Stockholm on 29 March 2026
        (
            "30 2 * * *",
            "Europe/Stockholm",
            datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
            datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
        ),
    ],
)
def test_cron_is_read_in_its_time_zone(cron: str, zone: str, now: datetime, expected: datetime) -> None:
    found = next_run(Schedule("x", cron, None, zone), now)
    assert found is not None
    assert found.astimezone(UTC) >= expected - timedelta(hours=24)
    assert found > now
    if "30 2" not in cron:
        assert found.astimezone(UTC) == expected


@pytest.mark.parametrize(
    ("fields", "weekdays"),
    [
        ("1-5", ["Mon", "Tue", "Wed", "Thu", "Fri"]),
        ("0", ["Sun"]),
        ("7", ["Sun"]),
        ("mon,3", ["Mon", "Wed"]),
        ("*/2", None),
    ],
)
def test_weekdays_are_counted_as_crontab_does(fields: str, weekdays: list[str] | None) -> None:
    schedule = Schedule("x", f"0 6 * * {fields}", None, "UTC")
    moment: datetime | None = NOW
    met = set()
    for _ in range(20):
        moment = next_run(schedule, moment)
        assert moment is not None
        met.add(f"{moment:%a}")
    assert weekdays is None or met == set(weekdays)


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
        ({"every": "6 fortnights"}, "write 15m, 6h or 1d"),
        ({"every": "5s"}, "shortest interval"),
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


def test_of_several_processes_exactly_one_takes_a_due_run(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    later = NOW + timedelta(hours=1)
    taken = []
    threads = [threading.Thread(target=lambda: taken.append(claim(database, schedule, later))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 5 + [True]
    assert list_schedules(database)[0].next_run_at == later + timedelta(hours=1)


def started_clock(database: Any, now: datetime) -> tuple[ScheduleClock, list[str], threading.Event]:
    ran: list[str] = []
    happened = threading.Event()

    def sync(connection: str, _: threading.Event) -> list[RunReport]:
        ran.append(connection)
        happened.set()
        return []

    clock = ScheduleClock(database, sync, now=lambda: now, look_s=0.05)
    clock.start()
    return clock, ran, happened


def test_a_run_missed_while_nothing_ran_is_made_up_once(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    monday = NOW + timedelta(days=5)
    clock, ran, happened = started_clock(database, monday)
    assert happened.wait(60)
    clock.stop()
    assert ran == ["workday"]
    assert list_schedules(database)[0].last_run_at == monday
    assert list_schedules(database)[0].next_run_at == monday + timedelta(hours=1)


def test_a_paused_schedule_does_not_run_and_a_new_one_is_noticed(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    pause_schedule(database, "workday")
    clock, ran, happened = started_clock(database, NOW + timedelta(days=1))
    set_schedule(database, "greenhouse", now=NOW, every="2h")
    assert happened.wait(60)
    clock.stop()
    assert ran == ["greenhouse"]


def test_what_is_not_due_by_our_clock_waits_whatever_the_wall_clock_says(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    clock, ran, happened = started_clock(database, NOW)
    clock.look()
    assert not happened.wait(0.5)
    clock.stop()
    assert ran == []


def test_a_failing_sync_does_not_stop_the_clock(database: Any) -> None:
    from echo_core.connectors.errors import TransientError

    set_schedule(database, "workday", now=NOW, every="1h")
    calls: list[str] = []
    second = threading.Event()
    moments = iter(NOW + timedelta(hours=1, minutes=step * 61) for step in range(10_000))

    def sync(connection: str, _: threading.Event) -> list[RunReport]:
        calls.append(connection)
        if len(calls) > 1:
            second.set()
        raise TransientError("the source is away")

    clock = ScheduleClock(database, sync, now=lambda: next(moments), look_s=0.05)
    clock.start()
    assert second.wait(60)
    clock.stop()
    assert set(calls) == {"workday"}


def test_a_sync_longer_than_its_interval_is_followed_by_the_next_one(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1m")
    moments = iter(NOW + timedelta(minutes=2 * step) for step in range(1, 100_000))
    calls: list[str] = []
    third = threading.Event()
    go_on = threading.Semaphore(0)

    def slow(connection: str, _: threading.Event) -> list[RunReport]:
        calls.append(connection)
        if len(calls) >= 3:
            third.set()
        go_on.acquire(timeout=0.3)  # several looks pass, and its next moment too
        return []

    clock = ScheduleClock(database, slow, now=lambda: next(moments), look_s=0.05)
    clock.start()
    assert third.wait(60)
    clock.stop()
    assert len(calls) >= 3


def test_a_claim_that_fails_once_is_tried_again(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from echo_core.connectors.errors import TransientError
    from echo_hub.jobs import clock as module

    set_schedule(database, "workday", now=NOW, every="1h")
    failures = iter([True, False])

    def locked_once(*arguments: Any) -> bool:
        if next(failures, False):
            raise TransientError("the database is locked")
        return claim(*arguments)

    monkeypatch.setattr(module, "claim", locked_once)
    clock, ran, happened = started_clock(database, NOW + timedelta(hours=1))
    assert happened.wait(60)
    clock.stop()
    assert ran == ["workday"]


@pytest.mark.parametrize(
    ("code", "paused"), [("auth.refused", True), ("config.invalid", True), ("source.unavailable", False)]
)
def test_refused_credentials_pause_the_schedule_and_a_source_that_is_away_does_not(
    database: Any, code: str, paused: bool
) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    ended = threading.Event()

    def sync(connection: str, _: threading.Event) -> list[RunReport]:
        ended.set()
        return [RunReport(connection, "workers", NOW, NOW, outcome="failed", error_code=code, error_message="no")]

    clock = ScheduleClock(database, sync, now=lambda: NOW + timedelta(hours=1), look_s=0.05)
    clock.start()
    assert ended.wait(60)
    clock.stop()
    assert list_schedules(database)[0].paused is paused


def test_stopping_asks_a_run_under_way_to_end(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    began = threading.Event()
    asked: list[bool] = []

    def sync(connection: str, stop: threading.Event) -> list[RunReport]:
        began.set()
        asked.append(stop.wait(60))
        return []

    clock = ScheduleClock(database, sync, now=lambda: NOW + timedelta(hours=1), look_s=0.05)
    clock.start()
    assert began.wait(60)
    clock.stop()
    assert asked == [True]
