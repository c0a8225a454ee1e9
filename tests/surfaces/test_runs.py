"""Runs that somebody starts or cancels on the page, over the API or on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_hub.application import Hub
from echo_hub.jobs import SYNC, Attempt
from echo_hub.services.sync_task import sync_for_task
from echo_hub.store.events import list_events
from echo_hub.store.runs import RunReport, list_runs, open_run
from echo_hub.store.task_list import list_tasks, read_task
from echo_hub.store.tasks import claim_task, database_time

AUDITOR = {"X-Echo-Hub-As": "; auditor"}


@pytest.fixture
def hub(table_folder: Any, run_command: Callable[..., Any]) -> Iterator[Hub]:
    table_folder.write(*table_folder.people(1, 30))
    run_command(table_folder.file, "sync")
    with Hub.open(table_folder.file) as hub:
        yield hub


def run_under_way(hub: Hub) -> int:
    with hub.database.writing() as transaction:
        return open_run(transaction, RunReport("hr", "people", hub.now(), hub.now(), read=12))


def work_off(hub: Hub) -> str | None:
    task = claim_task(hub.database, [SYNC], "worker", timedelta(minutes=2))
    assert task is not None
    sync_for_task(hub, Attempt(hub.database, task, database_time))
    return read_task(hub.database, task.id).progress


def test_a_connection_is_synced_from_the_page_by_a_worker_once_however_often_it_is_asked_for(
    hub: Hub, browse: Callable[..., TestClient]
) -> None:
    client = browse(hub)
    page = client.get("/connections").text
    assert 'action="/connections/hr/sync"' in page
    assert 'action="/connections/hr/sync"' not in client.get("/connections", headers=AUDITOR).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    for _ in range(2):
        answer = client.post("/connections/hr/sync", data={"token": token, "full": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")
    (task,) = list_tasks(hub.database)
    assert task.payload == {"connection": "hr", "full": True}
    assert work_off(hub) == "1 done"
    assert [(run.outcome, run.complete) for run in list_runs(hub.database)] == [("done", True), ("done", False)]
    assert client.post("/connections/hr/sync", data={"full": "1"}).status_code == 403


def test_the_api_answers_the_task_and_null_while_it_waits(hub: Hub, browse: Callable[..., TestClient]) -> None:
    client = browse(hub)
    started = client.post("/api/v1/connections/hr/sync")
    assert (started.status_code, started.json()["state"]) == (202, "waiting")
    assert client.post("/api/v1/connections/hr/sync").json() is None
    assert client.post("/api/v1/connections/nothing/sync").status_code == 404
    (event,) = [event for event in list_events(hub.database) if event.object_kind == "connection"]
    assert (event.intent, event.object_id, event.details) == ("sync.run", "hr", {"full": False})


def test_a_run_under_way_is_cancelled_from_the_page_and_over_the_api_and_one_that_is_over_is_not(
    hub: Hub, browse: Callable[..., TestClient]
) -> None:
    client = browse(hub)
    first = run_under_way(hub)
    page = client.get("/connections").text
    assert re.findall(r'action="/runs/(\d+)/cancel"', page) == [str(first)]
    assert "Never run" not in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    assert client.post(f"/runs/{first}/cancel", data={"token": token}).status_code == 303
    assert "Cancelled" in client.get("/connections").text
    second = run_under_way(hub)
    path = f"/api/v1/runs/{second}/cancel"
    assert client.post(path, headers=AUDITOR).status_code == 403
    assert client.post(path).json()["outcome"] == "cancelled"
    assert client.post(path).json()["code"] == "run.over"
    assert client.post("/api/v1/runs/999/cancel").json()["code"] == "run.unknown"


def test_the_command_line_cancels_a_run_of_another_process(
    hub: Hub, table_folder: Any, run_command: Callable[..., Any]
) -> None:
    run_id = str(run_under_way(hub))
    said = run_command(table_folder.file, "cancel-run", run_id).stdout
    assert said == f"Run {run_id} (hr, people) is cancelled.\n"
    assert "[run.over]" in run_command(table_folder.file, "cancel-run", run_id, code=1).stderr


def test_a_dry_run_on_the_command_line_names_who_would_come_change_and_go_and_stores_nothing(
    hub: Hub, table_folder: Any, run_command: Callable[..., Any]
) -> None:
    first = table_folder.people(1, 1)[0].replace("Person 1", "Renamed 1")
    table_folder.write(first, *table_folder.people(2, 29), *table_folder.people(31, 31))
    said = run_command(table_folder.file, "sync", "--dry-run").stdout
    shown = re.findall(r" (added|changed|removed) +(\d{5})", said)
    assert shown == [("added", "00031"), ("changed", "00001"), ("removed", "00030")]
    assert re.search(r"name +Person 1 +Renamed 1", said)
    assert "Person 30" in said
    assert len(list_runs(hub.database)) == 1
