"""Tasks on the page, over the API and on the command line: seen, cancelled, tried again, and never a payload."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_hub.store.events import list_events
from echo_hub.store.task_list import read_task
from echo_hub.store.tasks import claim_task, enqueue, fail_task

HIDDEN = ("payload-of-it", "hr:person:7", "E777")


def put(database: Any, key: str) -> int:
    with database.writing() as transaction:
        task_id = enqueue(
            transaction, "mail", key, {"x": HIDDEN[0]}, person_id=HIDDEN[1], requested_by=HIDDEN[2], most_attempts=1
        )
    assert task_id is not None
    return task_id


def bury(database: Any) -> None:
    task = claim_task(database, ["mail"], "worker", timedelta(minutes=2))
    assert task is not None
    with database.writing() as transaction:
        fail_task(transaction, task, "mail.away", "The server of mails does not answer.", again_in=None)


@pytest.fixture
def client(fresh_hub: Any, browse: Callable[..., TestClient]) -> TestClient:
    put(fresh_hub.database, "first letter")
    bury(fresh_hub.database)
    put(fresh_hub.database, "second letter")
    return browse(fresh_hub)


def token(client: TestClient) -> str:
    return re.search(r'name="token" value="([^"]+)"', client.get("/tasks").text)[1]  # type: ignore[index]


def test_the_page_says_what_failed_and_offers_what_can_be_done(client: TestClient, fresh_hub: Any) -> None:
    page = client.get("/tasks").text
    assert "The server of mails does not answer." in page
    assert re.findall(r'action="/tasks/(\d+)/(\w+)"', page) == [("2", "cancel"), ("1", "retry")]
    assert not [hidden for hidden in HIDDEN if hidden in page]
    failed = client.get("/tasks", params={"state": "failed"}).text
    assert ("first letter" in failed, "second letter" in failed) == (True, False)
    assert "No task like that" in client.get("/tasks", params={"state": "done"}).text
    for number, step in ((1, "retry"), (2, "cancel")):
        answer = client.post(f"/tasks/{number}/{step}", data={"token": token(client)}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks#task-{number}")
    assert [read_task(fresh_hub.database, number).state for number in (1, 2)] == ["waiting", "cancelled"]


def test_the_api_shows_cancels_and_retries_with_an_event_each(client: TestClient, fresh_hub: Any) -> None:
    listed = client.get("/api/v1/tasks")
    assert [(task["id"], task["state"]) for task in listed.json()] == [(2, "waiting"), (1, "failed")]
    assert not [hidden for hidden in HIDDEN if hidden in listed.text]
    assert client.get("/api/v1/tasks/1").json()["error_code"] == "mail.away"
    assert [task["id"] for task in client.get("/api/v1/tasks?state=failed&kind=mail").json()] == [1]
    assert client.post("/api/v1/tasks/2/cancel").json()["state"] == "cancelled"
    assert client.post("/api/v1/tasks/1/retry").json()["state"] == "waiting"
    acts = [(event.intent, event.object_id, event.details) for event in list_events(fresh_hub.database)]
    assert acts == [("task.retry", "1", {"kind": "mail"}), ("task.cancel", "2", {"kind": "mail"})]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/tasks/99", 404, "task.unknown"),
        ("POST", "/api/v1/tasks/99/cancel", 404, "task.unknown"),
        ("POST", "/api/v1/tasks/1/cancel", 409, "task.over"),
        ("POST", "/api/v1/tasks/2/retry", 409, "task.not_failed"),
        ("GET", "/api/v1/tasks/9223372036854775808", 422, "request.invalid"),
        ("GET", "/api/v1/tasks?state=lost", 422, "request.invalid"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_auditor_sees_tasks_and_is_offered_nothing(client: TestClient) -> None:
    header = {"X-Echo-Hub-As": "; auditor"}
    assert client.get("/api/v1/tasks", headers=header).status_code == 200
    assert client.post("/api/v1/tasks/2/cancel", headers=header).status_code == 403


def test_the_command_line_lists_shows_cancels_and_retries(
    new_demo: Callable[[], Any], run_command: Callable[..., Any], open_url: Any
) -> None:
    file: Path = new_demo().file
    database = open_url(f"sqlite:///{file.parent / 'data' / 'echo-hub.db'}")
    put(database, "first letter")
    bury(database)
    assert "does not answer" in run_command(file, "tasks", "list", "--state", "failed").stdout
    assert json.loads(run_command(file, "tasks", "list", "--json").stdout)[0]["key"] == "first letter"
    shown = run_command(file, "tasks", "show", "1").stdout
    assert "mail.away" in shown
    assert not [hidden for hidden in HIDDEN if hidden in shown]
    assert run_command(file, "tasks", "retry", "1").stdout == "Task 1 (mail) waits for a worker.\n"
    assert run_command(file, "tasks", "cancel", "1").stdout == "Task 1 (mail) is cancelled.\n"
    assert "[task.over]" in run_command(file, "tasks", "cancel", "1", code=1).stderr
