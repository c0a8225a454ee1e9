"""What a task of kind "sync" comes to: done, given back, tried again, and a schedule that waits for a person."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from echo_core.connectors.errors import TransientError
from echo_hub.jobs import SYNC, Attempt, TaskStopped, list_schedules, set_schedule
from echo_hub.jobs.due import start_due
from echo_hub.services.intents import operations
from echo_hub.services.sync_task import sync_for_task
from echo_hub.store.runs import RunReport
from echo_hub.store.task_list import read_task
from echo_hub.store.tasks import claim_task

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=1)


class Connector:
    """Two streams, of which the company need not share the second."""

    def streams_for(self, _: Any) -> list[Any]:
        return [SimpleNamespace(name="workers", optional=False), SimpleNamespace(name="worker_skills", optional=True)]


@pytest.fixture
def run_task(database: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run_task({"workers": ("failed", "auth.refused")}, stop=False)`: a due task whose sync answers that."""

    def run(outcomes: dict[str, tuple[Any, str | None]], *, stop: bool = False) -> Attempt:
        set_schedule(database, "workday", now=NOW, every="1h")
        start_due(database, "workday", DUE)
        task = claim_task(database, [SYNC], "worker", timedelta(minutes=2), clock=lambda _: DUE)
        assert task is not None
        attempt = Attempt(database, task, lambda _: DUE)

        def sync(*_: Any, stop: threading.Event, **__: Any) -> list[RunReport]:
            assert stop is attempt.stop
            reports = [RunReport("workday", stream, NOW, NOW) for stream in outcomes]
            for report in reports:
                report.outcome, report.error_code = outcomes[report.stream]
                report.error_message = "Workday did not accept the sign-in." if report.error_code else None
            return reports

        monkeypatch.setattr(operations, "sync", sync)
        if stop:
            attempt.stop.set()
        connection = SimpleNamespace(connector=Connector(), config=None)
        settings = SimpleNamespace(connection=lambda _: connection)
        sync_for_task(SimpleNamespace(database=database, now=lambda: DUE, settings=settings), attempt)
        return attempt

    return run


REFUSED = ("failed", "auth.refused")
DONE = ("done", None)


@pytest.mark.parametrize(
    ("outcomes", "paused"),
    [
        ({"workers": REFUSED}, True),
        ({"workers": ("failed", "config.invalid")}, True),
        ({"workers": ("failed", "source.unavailable")}, False),
        ({"workers": DONE, "worker_skills": REFUSED}, False),
        ({"workers": REFUSED, "worker_skills": DONE}, True),
        ({"workers": REFUSED, "worker_skills": REFUSED}, True),
    ],
)
def test_what_a_person_must_put_right_pauses_the_schedule_and_nothing_else_does(
    database: Any, run_task: Any, outcomes: Any, paused: bool
) -> None:
    attempt = run_task(outcomes)
    (schedule,) = list_schedules(database)
    assert (read_task(database, attempt.task.id).state, schedule.paused) == ("done", paused)
    assert schedule.paused_because == ("Workday did not accept the sign-in." if paused else None)
    assert schedule.next_run_at == (None if paused else DUE + timedelta(hours=1))


def test_a_sync_that_was_stopped_is_not_over(database: Any, run_task: Any) -> None:
    with pytest.raises(TaskStopped):
        run_task({"workers": ("stopped", None)}, stop=True)
    assert list_schedules(database)[0].next_run_at == DUE


def test_a_connection_that_somebody_syncs_by_hand_is_tried_again(database: Any, run_task: Any) -> None:
    with pytest.raises(TransientError) as refused:
        run_task({"": ("failed", "run.lease_taken")})
    assert refused.value.error_code == "run.lease_taken"
    assert list_schedules(database)[0].next_run_at == DUE
