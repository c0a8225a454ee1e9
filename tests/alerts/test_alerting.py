"""One message when something breaks and one when it recovers, whoever looks and however often."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, insert

from echo_hub.jobs import set_schedule
from echo_hub.services.alerting import look
from echo_hub.settings.alerts import AlertSettings
from echo_hub.store import alerts, cursors, holds, runs
from echo_hub.store.fill_rates import count_fills
from echo_hub.store.light_tables import RECORD
from echo_hub.store.runs import RunReport
from echo_hub.store.task_list import list_tasks

START = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECRET = "whsec_aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4="
SETTINGS = AlertSettings.model_validate(
    {"webhooks": [{"name": "ops", "url": "https://ops.example/hook", "secret": SECRET}], "throttled_s": 60.0}
)


class Connector:
    """Two streams, of which the company need not share the second."""

    def streams_for(self, _: Any) -> list[Any]:
        return [SimpleNamespace(name="workers", optional=False), SimpleNamespace(name="worker_skills", optional=True)]


class House:
    """A hub with one connection, whose clock and runs a test moves; `told` are the deliveries that were enqueued."""

    def __init__(self, database: Any) -> None:
        self.database, self.moment = database, START
        self.now: Callable[[], datetime] = lambda: self.moment
        connection = SimpleNamespace(name="workday", connector=Connector(), config=None)
        self.settings = SimpleNamespace(names=("workday",), connections=[connection], alerts=SETTINGS)

    def run(self, outcome: Any, stream: str = "workers", **more: Any) -> None:
        self.moment += timedelta(hours=1)
        report = RunReport("workday", stream, self.moment, self.moment, outcome=outcome, ended_at=self.moment, **more)
        with self.database.writing() as transaction:
            runs.open_run(transaction, report)
        look(self)  # type: ignore[arg-type]

    @property
    def told(self) -> list[tuple[str, str]]:
        """(event, kinds of its alerts) of every delivery, the earliest first."""
        with self.database.reading() as transaction:
            return [
                (
                    task.payload["event"],
                    " ".join(
                        f"{alert.condition.kind}:{alert.condition.stream}"
                        for alert in alerts.read_alerts(transaction, task.payload["alerts"])
                    ),
                )
                for task in reversed(list_tasks(self.database, kind="alert"))
            ]


@pytest.fixture
def house(database: Any) -> House:
    return House(database)


def test_a_stream_that_fails_again_and_again_is_told_once_and_its_recovery_once(house: House) -> None:
    house.run("done")
    assert house.told == []
    for code in ("source.unavailable", "source.unavailable", "auth.refused"):
        house.run("failed", error_code=code, error_message="Workday does not answer.")
    assert house.told == [("opened", "failed:workers")]
    (alert,) = alerts.list_alerts(house.database)
    assert alert.condition.facts == {"run": "4", "code": "auth.refused", "message": "Workday does not answer."}
    house.run("stopped")
    house.run("paused")
    assert len(house.told) == 1
    house.run("done")
    house.run("done")
    assert house.told == [("opened", "failed:workers"), ("closed", "failed:workers")]
    house.run("failed", error_code="source.unavailable")
    assert [event for event, _ in house.told] == ["opened", "closed", "opened"]


def test_what_breaks_at_once_is_one_message_and_a_connection_that_begins_again_has_recovered(house: House) -> None:
    house.run("failed", stream="", error_code="config.invalid")
    assert house.told == [("opened", "failed:")]
    with house.database.writing() as transaction:
        for stream in ("workers", "worker_skills"):
            failed = RunReport("workday", stream, START, START, outcome="failed", ended_at=START, error_code="x")
            runs.open_run(transaction, failed)
    look(house)  # type: ignore[arg-type]
    assert house.told[1:] == [("opened", "failed:worker_skills failed:workers"), ("closed", "failed:")]


def test_an_optional_stream_that_is_not_permitted_breaks_nothing(house: House) -> None:
    house.run("skipped", stream="worker_skills", error_code="auth.report_not_shared")
    assert house.told == []


def test_a_hold_is_told_until_somebody_decides(house: House) -> None:
    house.run("held")
    with house.database.writing() as transaction:
        stream = cursors.open_cursor(transaction, "workday", "workers")
        holds.open_hold(transaction, stream.stream_id, 1, 40, START)
    look(house)  # type: ignore[arg-type]
    house.run("held")
    assert house.told == [("opened", "held:workers")]
    (hold,) = holds.list_holds(house.database)
    holds.refuse_hold(house.database, hold.id, by="100001", now=house.moment)
    look(house)  # type: ignore[arg-type]
    assert house.told == [("opened", "held:workers"), ("closed", "held:workers")]


def test_a_source_that_makes_every_run_wait_is_told_and_a_single_run_is_not(house: House) -> None:
    house.run("done", throttled_s=61.0)
    house.run("done", throttled_s=59.0)
    house.run("done", throttled_s=61.0)
    house.run("paused")
    assert house.told == []
    house.run("done", throttled_s=600.0)
    house.run("paused")
    assert house.told == [("opened", "throttled:workers")]
    house.run("done")
    assert house.told[1:] == [("closed", "throttled:workers")]


@pytest.mark.parametrize("timing", [{"every": "6h"}, {"cron": "0 */6 * * *"}])
def test_data_is_stale_after_three_missed_moments_and_not_while_a_person_paused_it(
    house: House, timing: dict[str, str]
) -> None:
    set_schedule(house.database, "workday", now=START, **timing)
    house.run("done")  # at 13:00
    house.moment = START + timedelta(hours=18)
    look(house)  # type: ignore[arg-type]
    assert house.told == []
    house.moment = START + timedelta(hours=19, minutes=1)
    look(house)  # type: ignore[arg-type]
    assert house.told == [("opened", "stale:workers")]
    house.run("done")
    assert house.told[1:] == [("closed", "stale:workers")]
    from echo_hub.jobs import pause_schedule

    pause_schedule(house.database, "workday")
    house.moment += timedelta(days=9)
    look(house)  # type: ignore[arg-type]
    assert len(house.told) == 2
    pause_schedule(house.database, "workday", because="Workday did not accept the sign-in.")
    look(house)  # type: ignore[arg-type]
    assert house.told[2:] == [("opened", "stale:workers")]


def test_a_muted_connection_is_told_afterwards_if_it_is_still_broken(house: House) -> None:
    with house.database.writing() as transaction:
        alerts.mute(transaction, "workday", START + timedelta(hours=5))
    house.run("failed", error_code="x")
    house.run("done")
    house.run("failed", error_code="x")
    assert house.told == []
    assert [alert.closed_at is None for alert in alerts.list_alerts(house.database, closed=True)] == [True, False]
    house.moment = START + timedelta(hours=6)
    look(house)  # type: ignore[arg-type]
    assert house.told == [("opened", "failed:workers")]


def test_a_connection_that_was_taken_out_of_the_settings_has_not_recovered(house: House) -> None:
    house.run("failed", error_code="x")
    house.settings.names, house.settings.connections = (), []
    look(house)  # type: ignore[arg-type]
    assert house.told == [("opened", "failed:workers")]
    assert alerts.list_alerts(house.database) == []


def test_processes_that_look_at_once_tell_once(house: House) -> None:
    for outcome, events in (("failed", ["opened"]), ("done", ["opened", "closed"])):
        with house.database.writing() as transaction:
            runs.open_run(transaction, RunReport("workday", "workers", START, START, outcome=outcome, ended_at=START))
        barrier = threading.Barrier(6)

        def look_at_once(barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            look(house)  # type: ignore[arg-type]

        threads = [threading.Thread(target=look_at_once) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [event for event, _ in house.told] == events


def test_a_field_that_is_filled_less_often_is_told_until_it_is_filled_again(house: House) -> None:
    def sync(titled: int) -> None:
        with house.database.writing() as transaction:
            stream = cursors.open_cursor(transaction, "workday", "workers").stream_id
            transaction.execute(delete(RECORD))
            rows = [
                {
                    **{"stream_id": stream, "entity": "person", "source_id": str(number), "payload_version": 1},
                    **{"content_hash": b"", "first_run": 1, "changed_run": 1, "changed_at": START},
                    "payload": json.dumps({"name": "Ada", "title": "Keeper" if number < titled else None}),
                }
                for number in range(100)
            ]
            transaction.execute(insert(RECORD), rows)
            now = house.moment = house.moment + timedelta(hours=1)
            done = RunReport("workday", "workers", now, now, outcome="done", ended_at=now, written=100)
            runs.open_run(transaction, done)
        count_fills(house.database)
        look(house)  # type: ignore[arg-type]

    for titled in (90, 95, 75):
        sync(titled)
    assert house.told == []
    for titled in (60, *[55] * 12):  # what is usual by now is no recovery
        sync(titled)
    assert house.told == [("opened", "emptier:workers")]
    (alert,) = alerts.list_alerts(house.database)
    assert (alert.condition.field, alert.condition.facts) == ("person.title", {"percent": 55, "before": 90})
    sync(80)
    assert house.told[1:] == [("closed", "emptier:workers")]
