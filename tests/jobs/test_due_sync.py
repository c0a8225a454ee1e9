"""A due sync runs through APScheduler, with a trigger that counts as crontab does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from echo_hub.application import Background, Hub
from echo_hub.jobs import list_schedules, set_schedule
from echo_hub.jobs.trigger import A_LITTLE, ScheduleTrigger
from echo_hub.log_context import log_context
from echo_hub.store.events import list_events
from echo_hub.store.runs import RunReport, list_runs
from echo_hub.store.task_list import list_tasks
from echo_hub.sync import session

DAY = timedelta(days=1)


def run_what_is_due(hub: Hub) -> list[RunReport]:
    """Starts clock and worker with a run due, waits for its end, and answers the runs it stored."""
    set_schedule(hub.database, "workday", now=hub.now() - DAY, cron="0 0 * * *", time_zone="Asia/Beirut")
    before = {run.run_id for run in list_runs(hub.database, "workday")}
    background = Background(hub, str)
    background.start()
    for _ in range(600):
        if list_schedules(hub.database)[0].last_run_at is not None:
            break
        time.sleep(0.1)
    background.stop()
    return [run for run in list_runs(hub.database, "workday") if run.run_id not in before]


def test_a_due_sync_runs_and_its_schedule_moves_to_the_next_local_midnight(
    new_demo: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Any] = []
    monkeypatch.setattr(session.log, "log", lambda *_: lines.append(dict(log_context())))
    with Hub.open(new_demo().file) as hub:
        runs = run_what_is_due(hub)
        (schedule,) = list_schedules(hub.database)
        (task,) = list_tasks(hub.database)
    assert {run.stream: run.outcome for run in runs} == {"workers": "done", "worker_skills": "done"}
    assert (task.kind, task.state, task.attempts, task.progress) == ("sync", "done", 1, "2 done")
    assert [line["task_id"] for line in lines] == [str(task.id)] * 2
    assert not schedule.paused
    assert schedule.next_run_at is not None
    assert schedule.next_run_at > datetime.now(UTC)


@pytest.mark.parametrize(
    ("report", "outcomes", "paused"),
    [
        ("skills", {"workers": "done", "worker_skills": "skipped"}, False),
        ("workers", {"workers": "failed", "worker_skills": "done"}, True),
    ],
)
def test_a_skills_report_that_is_not_shared_leaves_people_coming_and_one_of_workers_stops_the_schedule(
    new_demo: Callable[[], Any], report: str, outcomes: dict[str, str], paused: bool
) -> None:
    file = new_demo().file
    text = file.read_text(encoding="utf-8")
    workers = 'workers = { "columns"'
    assert workers in text
    unshared = {"workers": 'workers = { "report" = "Nobody_Shared", "columns"'}.get(
        report, f'skills = {{ "report" = "Nobody_Shared" }}\n{workers}'
    )
    file.write_text(text.replace(workers, unshared), encoding="utf-8")
    with Hub.open(file) as hub:
        runs = run_what_is_due(hub)
        (schedule,) = list_schedules(hub.database)
        pauses = [event for event in list_events(hub.database) if event.details.get("paused")]
    assert {run.stream: run.outcome for run in runs} == outcomes
    assert {run.error_code for run in runs} == {None, "auth.report_not_shared"}
    assert schedule.paused is paused
    assert [event.came_by for event in pauses] == ["scheduler"] * paused
    assert ("Nobody_Shared" in (schedule.paused_because or "")) is paused


def test_the_trigger_answers_with_the_moments_of_crontab_on_the_hub_s_clock(database: Any) -> None:
    hub_time = datetime(2027, 3, 27, 12, tzinfo=UTC)
    machine_time = datetime(2026, 11, 28, 9, tzinfo=UTC)  # another clock: APScheduler only waits
    schedule = set_schedule(database, "workday", now=hub_time, cron="30 2 * * *", time_zone="Europe/Berlin")
    trigger = ScheduleTrigger(schedule, lambda: hub_time)
    first = trigger.get_next_fire_time(None, machine_time)
    assert first is not None
    assert hub_time + (first - machine_time) - A_LITTLE == datetime(2027, 3, 28, 1, tzinfo=UTC)  # the gap's end
    later = datetime(2027, 3, 28, 1, tzinfo=UTC)
    second = ScheduleTrigger(schedule, lambda: later).get_next_fire_time(first, first)
    assert second is not None
    assert later + (second - first) - A_LITTLE == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)
