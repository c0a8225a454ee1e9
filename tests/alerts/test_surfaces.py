"""Operators see alerts on a page, over the API and by command, test the channels and mute a connection."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook

from echo_hub.application import Hub
from echo_hub.services.alerting import look
from echo_hub.store.events import list_events
from echo_hub.store.runs import RunReport, open_run
from echo_hub.store.task_list import list_tasks
from echo_hub.surfaces.sign_in.development import HEADER
from echo_hub.surfaces.web.app import create_app

SECRET = "whsec_aW52ZW50ZWQtaW52ZW50ZWQtaW52ZW50ZWQtaW52ZW4="
UNSAFE = {"X-Echo-Hub-Request": "1"}


@pytest.fixture
def file(new_demo: Callable[[], Any], receiver: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo company whose last run of Workday failed, and which tells a webhook."""
    monkeypatch.setenv("OPS_URL", receiver.url)
    monkeypatch.setenv("OPS_SECRET", SECRET)
    place: Path = new_demo().file
    table = '[alerts]\nwebhooks = [{ name = "ops", url = "env:OPS_URL", secret = "env:OPS_SECRET" }]\n'
    place.write_text(f"{place.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
    with Hub.open(place) as hub:
        now = hub.now()
        with hub.database.writing() as transaction:
            hostile = "Workday says <script>alert(1)</script>."
            failed = RunReport("workday", "workers", now, now, outcome="failed", ended_at=now, error_code="x.y")
            failed.error_message = hostile
            open_run(transaction, failed)
    return place


def test_the_commands_list_test_and_mute(file: Path, receiver: Any, run_command: Callable[..., Any]) -> None:
    assert run_command(file, "alerts", "mute", "workday", "--hours", "2").stdout.startswith("workday is muted until")
    with Hub.open(file) as hub:
        look(hub)
        assert list_tasks(hub.database, kind="alert") == []
    listed = json.loads(run_command(file, "alerts", "list", "--json").stdout)
    (alert,) = listed["alerts"]
    assert (alert["kind"], alert["stream"], alert["told_at"]) == ("failed", "workers", None)
    assert alert["what"]["text"].startswith("workers: Workday says <script>")
    assert list(listed["muted"]) == ["workday"]
    run_command(file, "alerts", "mute", "workday", "--hours", "0")
    with Hub.open(file) as hub:
        look(hub)
        assert [task.payload["event"] for task in list_tasks(hub.database, kind="alert")] == ["opened"]
    assert "ops" in run_command(file, "alerts", "test").stdout
    assert Webhook(SECRET).verify(receiver.bodies[0], receiver.headers[0])["type"] == "alert.test"
    receiver.answers.append((401, {}))
    (tried,) = json.loads(run_command(file, "alerts", "test", "ops", "--json", code=1).stdout)
    assert (tried["ok"], tried["code"], "very-secret-path" in tried["outcome"]) == (False, "webhook.refused", False)
    assert "did you mean 'ops'" in run_command(file, "alerts", "test", "op", code=1).stderr
    assert "workday" in run_command(file, "alerts", "mute", "wrkday", code=1).stderr


def test_page_and_api_show_the_same_and_change_it_with_an_event_each(file: Path, receiver: Any) -> None:
    with Hub.open(file) as hub:
        look(hub)
        staff = {HEADER: "; hr_operations, integration_engineer, auditor"}
        client = TestClient(
            create_app(hub), headers=staff, client=("127.0.0.1", 50_000), base_url="http://127.0.0.1:8080"
        )
        page = client.get("/alerts").text
        assert "workers: Workday says &lt;script&gt;alert(1)&lt;/script&gt;." in page
        token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
        assert "the test was delivered" in client.post("/alerts/test", data={"token": token}).text
        client.post("/alerts/mute", data={"token": token, "connection": "workday", "hours": "3"})
        view = client.get("/api/v1/alerts").json()
        assert (view["channels"], list(view["muted"]), view["alerts"][0]["kind"]) == (["ops"], ["workday"], "failed")
        answer = client.post("/api/v1/alerts/mute", json={"connection": "workday", "hours": 0}, headers=UNSAFE)
        assert answer.json() == {"connection": "workday", "muted_until": None}
        assert len(receiver.bodies) == 1
        acts = [event.intent for event in list_events(hub.database)][:3]
    assert acts == ["alert.mute", "alert.mute", "alert.test"]
