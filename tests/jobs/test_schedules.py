"""Schedules are rows with a next moment; the clock starts each due run once, whoever else is looking."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
from echo_hub.jobs.claims import CLAIM, claim, complete, renew
from echo_hub.jobs.cron import next_moment
from echo_hub.store.runs import RunReport

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


def test_of_several_processes_exactly_one_takes_a_due_run(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    later = NOW + timedelta(hours=1)
    taken = []

    def take(owner: str) -> None:
        taken.append(claim(database, schedule, owner, later))

    threads = [threading.Thread(target=take, args=[f"process {number}"]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 5 + [True]


def test_the_end_of_a_run_moves_the_schedule_on_and_its_claim_does_not(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)
    assert claim(database, schedule, "first", due)
    (claimed,) = list_schedules(database)
    assert (claimed.next_run_at, claimed.last_run_at, claimed.claimed_by) == (due, None, "first")
    complete(database, "workday", "first", due)
    (over,) = list_schedules(database)
    assert (over.next_run_at, over.last_run_at, over.claimed_by) == (due + timedelta(hours=1), due, None)


def test_a_run_whose_process_died_is_taken_over_when_its_claim_ends(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, cron="0 5 * * *")
    due = NOW + timedelta(days=1)
    assert claim(database, schedule, "died", due)
    assert renew(database, "workday", "died", due + timedelta(minutes=1))
    assert not claim(database, schedule, "second", due + CLAIM)
    assert claim(database, schedule, "second", due + timedelta(minutes=1) + CLAIM)
    complete(database, "workday", "died", due)  # it was only slow: the claim is not its own any more
    assert list_schedules(database)[0].claimed_by == "second"
    assert not renew(database, "workday", "died", due)


def test_a_claim_from_before_the_clock_was_set_back_holds_nothing(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    assert claim(database, schedule, "tomorrow", NOW + timedelta(days=1))
    assert claim(database, schedule, "today", NOW + timedelta(hours=1))


def test_a_schedule_that_was_set_anew_meanwhile_is_left_as_it_was_set(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)
    assert claim(database, schedule, "first", due)
    anew = set_schedule(database, "workday", now=due, every="6h")
    complete(database, "workday", "first", due)
    assert list_schedules(database) == [anew]


def test_a_clock_waits_for_the_claim_of_a_dead_process_and_then_takes_the_run_over(database: Any) -> None:
    schedule = set_schedule(database, "workday", now=NOW, every="1h")
    due = NOW + timedelta(hours=1)
    assert claim(database, schedule, "died", due)
    moment = [due + timedelta(seconds=1)]
    ran = threading.Event()

    def sync(_: str, __: threading.Event) -> list[RunReport]:
        ran.set()
        return []

    clock = ScheduleClock(database, sync, now=lambda: moment[0], look_s=0.05)
    clock.start()
    assert not ran.wait(0.5)
    clock.stop()
    moment[0] = due + CLAIM
    follower = ScheduleClock(database, sync, now=lambda: moment[0], look_s=0.05)
    follower.start()
    assert ran.wait(60)
    follower.stop()
    (taken,) = list_schedules(database)
    assert taken.next_run_at == due + CLAIM + timedelta(hours=1)


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
    assert list_schedules(database)[0].claimed_by is None
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


def test_a_run_that_waited_for_a_free_worker_until_another_process_ran_it_does_not_come_early(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    ran: list[str] = []

    def sync(connection: str, _: threading.Event) -> list[RunReport]:
        ran.append(connection)
        return []

    clock = ScheduleClock(database, sync, now=lambda: NOW + timedelta(hours=1))
    schedule = list_schedules(database)[0]
    assert claim(database, schedule, "other", NOW + timedelta(hours=1))
    complete(database, "workday", "other", NOW + timedelta(hours=1))
    clock.look()
    clock.run_due("workday")
    assert ran == []
    assert list_schedules(database)[0].next_run_at == NOW + timedelta(hours=2)


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


@pytest.mark.parametrize(
    ("refused", "paused"),
    [({"worker_skills"}, False), ({"workers"}, True), ({"workers", "worker_skills"}, True)],
)
def test_the_refusal_of_an_optional_stream_pauses_nothing_unless_every_stream_is_refused(
    database: Any, refused: set[str], paused: bool
) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    ended = threading.Event()

    def sync(connection: str, _: threading.Event) -> list[RunReport]:
        ended.set()
        reports = [RunReport(connection, name, NOW, NOW, outcome="done") for name in ("workers", "worker_skills")]
        for report in reports:
            if report.stream in refused:
                report.outcome, report.error_code, report.error_message = "failed", "auth.refused", "no"
        return reports

    clock = ScheduleClock(
        database, sync, optional=lambda _: {"worker_skills"}, now=lambda: NOW + timedelta(hours=1), look_s=0.05
    )
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


def test_a_run_stopped_on_the_way_stays_due_for_whoever_starts_next(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, cron="0 5 * * *")
    began = threading.Event()
    due = NOW + timedelta(days=1)

    def sync(connection: str, stop: threading.Event) -> list[RunReport]:
        began.set()
        assert stop.wait(60)
        return [RunReport(connection, "workers", due, due, outcome="stopped")]

    clock = ScheduleClock(database, sync, now=lambda: due, look_s=0.05)
    clock.start()
    assert began.wait(60)
    clock.stop()
    (schedule,) = list_schedules(database)
    assert (schedule.claimed_by, schedule.last_run_at) == (None, None)
    assert schedule.next_run_at == datetime(2026, 11, 3, 5, tzinfo=UTC)


def test_a_claim_is_renewed_while_its_run_goes_on(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h")
    start = NOW + timedelta(hours=1)
    moments = iter(start + timedelta(seconds=20 * step) for step in range(100_000))
    renewed = threading.Event()

    def sync(_: str, __: threading.Event) -> list[RunReport]:
        for _ in range(600):
            if (list_schedules(database)[0].claimed_until or start) > start + 3 * CLAIM:
                renewed.set()
                break
            time.sleep(0.05)
        return []

    clock = ScheduleClock(database, sync, now=lambda: next(moments), look_s=0.05)
    clock.start()
    assert renewed.wait(60)
    clock.stop()
