"""Schedules on pages and in the API: a look at the next runs, then saving them; nothing is saved that never comes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_core.connectors.declaration import Connector
from echo_hub.jobs import list_schedules, pause_schedule, set_schedule
from echo_hub.settings.file import ConnectionSettings, HttpOverrides
from echo_hub.store.events import list_events

AUDITOR = "; auditor"
EVENING = {"cron": "0 5 * * 1-5", "time_zone": "Europe/Stockholm", "blackouts": ["mon-fri 08:00-18:00"]}
FORM = {"cron": "0 5 * * 1-5", "every": "", "time_zone": "Europe/Stockholm", "blackouts": "", "jitter": "", "after": ""}


def connected(name: str, title: str) -> ConnectionSettings:
    connector = Connector(name=name, title=title, summary="", config="x:Y", http="x:y", streams="x:y")
    return ConnectionSettings(name, connector, HttpOverrides(), HttpOverrides())


@pytest.fixture
def hub(fresh_hub: Any) -> Any:
    """A hub with the systems of people and of learning."""
    both = (connected("workday", "Workday"), connected("lxp", "Learning"))
    fresh_hub.settings = replace(fresh_hub.settings, people="workday", connections=both)
    return fresh_hub


@pytest.fixture
def client(hub: Any, browse: Callable[..., TestClient]) -> TestClient:
    return browse(hub)


def token(client: TestClient) -> str:
    return re.search(r'name="token" value="([^"]+)"', client.get("/schedules/lxp?time_zone=UTC&every=6h").text)[1]  # type: ignore[index]


def test_the_page_shows_the_next_five_runs_on_both_clocks_and_saves_nothing(client: TestClient, hub: Any) -> None:
    page = client.get("/schedules/lxp", params=FORM).text
    assert re.findall(r'scope="row">([^<]+)</th><td role="cell">([^<]+)<', page) == [
        (f"{day} Mar 2026, 05:00 CET", f"{day.split()[1]} Mar 2026, 04:00 UTC")
        for day in ("Mon 2", "Tue 3", "Wed 4", "Thu 5", "Fri 6")
    ]
    assert list_schedules(hub.database) == []


def test_what_was_shown_can_be_saved_paused_and_resumed(client: TestClient, hub: Any) -> None:
    more = {"blackouts": "sat 00:00-24:00\r\n2026-12-24", "after": "workday"}
    shown = client.get("/schedules/lxp", params=FORM | more)
    save = shown.text[shown.text.index('class="save"') :]
    inputs = re.findall(r'name="(\w+)" value="([^"]*)"', save[: save.index("</form>")])
    fields = {name: html.unescape(value) for name, value in inputs}
    saved = client.post("/schedules/lxp", data=fields)
    assert (saved.status_code, saved.headers["location"]) == (303, "/schedules#lxp")
    (schedule,) = list_schedules(hub.database)
    assert schedule.text == "0 5 * * 1-5 (Europe/Stockholm)"
    assert (schedule.blackout_texts, schedule.runs_after) == (["sat 00:00-24:00", "2026-12-24"], "workday")
    for step, paused in (("pause", True), ("resume", False)):
        assert client.post(f"/schedules/lxp/{step}", data={"token": token(client)}).status_code == 303
        assert list_schedules(hub.database)[0].paused is paused
    assert [event.intent for event in list_events(hub.database)].count("schedule.set") == 3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cron": "0 0 30 2 *"}, "never comes"),
        ({"every": "6h"}, "not both"),
        ({"blackouts": "sometimes"}, "not a blackout"),
        ({"time_zone": "Mars/Olympus"}, "not a time zone"),
        ({"after": "payroll"}, "no such connection"),
        ({"after": "lxp"}, "cannot wait for itself"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_form_and_not_saved(
    client: TestClient, hub: Any, fields: dict[str, str], told: str
) -> None:
    shown = client.get("/schedules/lxp", params=FORM | fields)
    assert shown.status_code == 422
    assert told in html.unescape(shown.text)
    assert "Save this schedule" not in shown.text
    assert client.post("/schedules/lxp", data=FORM | fields | {"token": token(client)}).status_code == 422
    body = {key: value for key, value in (FORM | fields).items() if value}
    body |= {"blackouts": [body["blackouts"]]} if "blackouts" in body else {}
    answer = client.put("/api/v1/schedules/lxp", json=body)
    assert answer.status_code == 422
    assert told in answer.json()["message"]
    assert list_schedules(hub.database) == []


def test_a_circle_is_refused_when_it_is_looked_at_and_when_it_is_saved(client: TestClient, hub: Any) -> None:
    set_schedule(hub.database, "workday", now=hub.now(), every="6h", after="lxp")
    assert "lxp after workday after lxp" in client.get("/schedules/lxp", params=FORM | {"after": "workday"}).text
    answer = client.put("/api/v1/schedules/lxp", json={"every": "6h"})
    assert (answer.status_code, answer.json()["code"]) == (422, "schedule.invalid")
    assert [row.connection for row in list_schedules(hub.database)] == ["workday"]


def test_nothing_is_saved_without_a_form_of_ours(client: TestClient, hub: Any) -> None:
    assert client.post("/schedules/lxp", data=FORM | {"token": "guessed"}).status_code == 403
    assert client.post("/schedules/lxp/pause", data={"token": "guessed"}).status_code == 403
    assert list_schedules(hub.database) == []


def test_a_connection_nobody_knows_has_no_page_and_no_schedule(client: TestClient) -> None:
    assert client.get("/schedules/payroll").status_code == 404
    assert client.put("/api/v1/schedules/payroll", json={"every": "6h"}).status_code == 404
    refused = client.post("/api/v1/schedules/lxp/pause")
    assert (refused.status_code, refused.json()["code"]) == (404, "schedule.unknown")


def test_the_api_answers_the_next_runs_and_saves_unless_it_is_a_dry_run(client: TestClient, hub: Any) -> None:
    tried = client.put("/api/v1/schedules/lxp", json={**EVENING, "dry_run": True}).json()
    assert (tried["saved"], len(tried["next_runs"])) == (False, 5)
    assert list_schedules(hub.database) == []
    done = client.put("/api/v1/schedules/lxp", json=EVENING).json()
    assert done["saved"] is True
    assert done["schedule"]["next_run_at"] == done["next_runs"][0] == "2026-03-02T04:00:00Z"
    assert done["schedule"]["blackouts"] == ["mon-fri 08:00-18:00"]
    assert client.post("/api/v1/schedules/lxp/pause").json()["paused"] is True
    assert client.post("/api/v1/schedules/lxp/resume").json()["next_run_at"] == "2026-03-02T04:00:00Z"


def test_learning_waits_for_people_unless_somebody_says_otherwise(client: TestClient) -> None:
    def after(connection: str, **more: Any) -> Any:
        answer = client.put(f"/api/v1/schedules/{connection}", json={"every": "6h", **more})
        return answer.json()["schedule"]["runs_after"]

    assert (after("lxp"), after("workday"), after("lxp", after=None)) == ("workday", None, None)
    page = client.get("/schedules/workday").text
    assert '<option value="lxp">' in page
    assert '<option value="workday"' not in page


def test_an_auditor_sees_schedules_and_cannot_change_them(browse: Callable[..., TestClient], hub: Any) -> None:
    set_schedule(hub.database, "lxp", now=hub.now(), every="6h")
    auditor = browse(hub, as_=AUDITOR)
    pages = auditor.get("/schedules").text + auditor.get("/schedules/lxp").text
    assert "every 6h" in pages
    assert "<form" not in pages
    assert auditor.put("/api/v1/schedules/lxp", json={"every": "1h"}).status_code == 403
    assert auditor.post("/api/v1/schedules/lxp/pause").status_code == 403


def test_the_page_says_why_the_hub_paused_a_schedule(client: TestClient, hub: Any) -> None:
    set_schedule(hub.database, "workday", now=hub.now(), every="6h")
    pause_schedule(hub.database, "workday", because="Workday did not accept the sign-in.")
    assert "Workday did not accept the sign-in." in client.get("/schedules").text
    assert client.get("/api/v1/schedules").json()[0]["paused_because"] == "Workday did not accept the sign-in."
