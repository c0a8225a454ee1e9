"""What puts a due run off: blackouts, jitter, and the run of another connection."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from echo_hub.jobs import (
    ScheduleError,
    list_schedules,
    next_runs,
    pause_schedule,
    plan_schedule,
    resume_schedule,
    set_schedule,
)
from echo_hub.jobs.blackouts import blackout, blackouts, first_free
from echo_hub.jobs.due import SYNC, end_due, must_wait, start_due
from echo_hub.store.task_list import cancel_task, list_tasks

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # a Monday
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def starts(database: Any, connection: str, now: datetime) -> bool:
    """Whether a look at that moment makes a run of the connection a task."""
    before = len(list_tasks(database, kind=SYNC))
    start_due(database, connection, now)
    return len(list_tasks(database, kind=SYNC)) > before


def end(database: Any, connection: str, began: datetime) -> None:
    """Ends the connection's run, which began then."""
    (task,) = (task for task in list_tasks(database, state="waiting") if task.payload["connection"] == connection)
    with database.writing() as transaction:
        cancel_task(transaction, task.id, clock=lambda _: began)
        end_due(transaction, replace(task, started_at=began))


def local(moments: list[datetime]) -> list[str]:
    return [f"{moment.astimezone(STOCKHOLM):%a %d %b %H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("08:00-18:00", ["2026-11-02T08:00", "2026-11-07T17:59"], ["2026-11-02T07:59", "2026-11-02T18:00"]),
        ("mon-fri 08:00-18:00", ["2026-11-06T12:00"], ["2026-11-07T12:00"]),
        ("fri-mon,wed 8:00-9:00", ["2026-11-07T08:30", "2026-11-04T08:30"], ["2026-11-03T08:30", "2026-11-05T08:30"]),
        ("Fri 22:00-04:00", ["2026-11-06T23:00", "2026-11-07T03:59"], ["2026-11-07T22:00", "2026-11-06T03:00"]),
        ("sun 00:00-24:00", ["2026-11-08T00:00", "2026-11-08T23:59"], ["2026-11-07T23:59", "2026-11-09T00:00"]),
        ("2026-12-24", ["2026-12-24T00:00", "2026-12-24T23:59"], ["2026-12-23T23:59", "2026-12-25T00:00"]),
        ("2026-12-24 / 2027-01-02", ["2026-12-31T12:00", "2027-01-02T23:59"], ["2027-01-03T00:00"]),
    ],
)
def test_a_blackout_covers_what_wall_clocks_show(text: str, inside: list[str], outside: list[str]) -> None:
    read = blackout(text)
    assert [read.ends(datetime.fromisoformat(shown)) is not None for shown in inside] == [True] * len(inside)
    assert [read.ends(datetime.fromisoformat(shown)) for shown in outside] == [None] * len(outside)


@pytest.mark.parametrize(
    "text", ["", "always", "mon", "25:00-26:00", "xyz 08:00-09:00", "2026-02-30", "2027-01-02/2026-12-24", "9999-12-31"]
)
def test_what_is_no_blackout_is_refused_with_two_that_are(text: str) -> None:
    with pytest.raises(ScheduleError, match=r"mon-fri 08:00-18:00.*2026-12-24/2027-01-02"):
        blackout(text)


def test_blackouts_that_leave_no_moment_and_too_many_of_them_are_refused() -> None:
    with pytest.raises(ScheduleError, match="leave no moment"):
        plan_schedule("lxp", now=NOW, cron="0 5 * * *", blackouts=["00:00-12:00", "12:00-24:00"])
    with pytest.raises(ScheduleError, match="too many"):
        blackouts(["2026-12-24"] * 21)


def test_nothing_starts_in_a_blackout_wherever_clocks_change() -> None:
    chance = random.Random(8)  # noqa: S311
    closed = blackouts(["22:00-02:30", "sun 01:15-03:45"])
    for name in ("Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago"):
        for _ in range(300):
            moment = NOW + timedelta(minutes=chance.randrange(366 * 1_440))
            free = first_free(closed, ZoneInfo(name), moment)
            shown = free.astimezone(ZoneInfo(name)).replace(tzinfo=None)
            assert moment <= free <= moment + timedelta(hours=8)
            assert [period.ends(shown) for period in closed] == [None, None]


def test_runs_due_in_a_blackout_come_once_when_it_ends() -> None:
    working = plan_schedule(
        "lxp", now=NOW, cron="30 */2 * * *", time_zone="Europe/Stockholm", blackouts=["mon-fri 08:00-18:00"]
    )
    assert local(next_runs(working, NOW)) == [
        *("Mon 02 Nov 18:00", "Mon 02 Nov 18:30", "Mon 02 Nov 20:30", "Mon 02 Nov 22:30", "Tue 03 Nov 00:30")
    ]


def test_a_missed_run_is_made_up_after_the_blackout_not_in_it(database: Any) -> None:
    set_schedule(database, "lxp", now=NOW, cron="0 5 * * *", blackouts=["08:00-18:00"])
    assert not starts(database, "lxp", datetime(2026, 11, 5, 9, 30, tzinfo=UTC))
    assert starts(database, "lxp", datetime(2026, 11, 5, 18, tzinfo=UTC))


def test_jitter_puts_each_run_off_by_a_time_that_every_process_agrees_on() -> None:
    plain = plan_schedule("lxp", now=NOW, cron="0 5 * * *")
    later = plan_schedule("lxp", now=NOW, cron="0 5 * * *", jitter="10m")
    puts_off = [jittered - due for jittered, due in zip(next_runs(later, NOW), next_runs(plain, NOW), strict=True)]
    assert all(timedelta(0) <= by <= timedelta(minutes=10) for by in puts_off)
    assert len(set(puts_off)) > 1
    assert next_runs(later, NOW) == next_runs(later, NOW)
    other = plan_schedule("workday", now=NOW, cron="0 5 * * *", jitter="10m")
    assert next_runs(other, NOW) != next_runs(later, NOW)


@pytest.mark.parametrize(("jitter", "told"), [("7h", "six hours"), ("-5m", "write 15m"), ("soon", "write 15m")])
def test_jitter_that_cannot_be_is_refused(jitter: str, told: str) -> None:
    with pytest.raises(ScheduleError, match=told):
        plan_schedule("lxp", now=NOW, every="1h", jitter=jitter)


def test_learning_records_wait_for_the_people_of_the_same_moment(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, cron="0 5 * * *")
    set_schedule(database, "lxp", now=NOW, cron="0 5 * * *", after="workday")
    due = NOW + timedelta(hours=17)
    assert not starts(database, "lxp", due), "due too"
    assert starts(database, "workday", due)
    assert not starts(database, "lxp", due + timedelta(minutes=1)), "under way"
    end(database, "workday", due)
    assert starts(database, "lxp", due + timedelta(minutes=1))


def test_jitter_of_the_people_does_not_turn_the_order_round(database: Any) -> None:
    people = set_schedule(database, "workday", now=NOW, cron="0 5 * * *", jitter="30m")
    learning = set_schedule(database, "lxp", now=NOW, cron="0 5 * * *", after="workday")
    assert people.next_run_at is not None
    assert learning.next_run_at is not None
    assert people.next_run_at > learning.next_run_at
    assert not starts(database, "lxp", learning.next_run_at)


def test_nobody_waits_for_a_connection_that_is_paused_closed_or_always_busy(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1m", blackouts=["2026-11-04"])
    learning = set_schedule(database, "lxp", now=NOW, cron="0 5 * * *", after="workday")

    def waits(now: datetime) -> bool:
        return must_wait(learning, {row.connection: row for row in list_schedules(database)}, (), now)

    due = learning.next_run_at
    assert due is not None
    assert waits(due)
    assert not waits(due + timedelta(days=1)), "closed"
    assert starts(database, "workday", due + timedelta(seconds=1))
    end(database, "workday", due + timedelta(seconds=1))
    assert not waits(due + timedelta(minutes=5)), "it has run since, and is due again"
    resume_schedule(database, "workday", now=due - timedelta(hours=1))
    pause_schedule(database, "workday")
    assert not waits(due + timedelta(minutes=5)), "paused"


def test_connections_that_would_wait_for_each_other_are_refused(database: Any) -> None:
    set_schedule(database, "workday", now=NOW, every="1h", after="lxp")
    set_schedule(database, "greenhouse", now=NOW, every="1h", after="workday")
    with pytest.raises(ScheduleError, match="lxp after greenhouse after workday after lxp"):
        set_schedule(database, "lxp", now=NOW, every="1h", after="greenhouse")
    with pytest.raises(ScheduleError, match="wait for itself"):
        set_schedule(database, "lxp", now=NOW, every="1h", after="lxp")
    assert [row.connection for row in list_schedules(database)] == ["greenhouse", "workday"]


def test_people_run_before_learning_records(database: Any, background: Any) -> None:
    for connection, after in (("lxp", "workday"), ("workday", None)):
        set_schedule(database, connection, now=NOW, cron="0 5 * * *", after=after)
    over: list[str] = []
    began: list[str] = []

    def sync(connection: str, _: threading.Event) -> None:
        began.append(f"{connection} after {over}")
        over.append(connection)

    background(NOW + timedelta(days=1), sync).wait(2)
    assert began == ["workday after []", "lxp after ['workday']"]
