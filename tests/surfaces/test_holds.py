"""A removal on hold: who would go, to the last name; confirmed or refused with a reason by page, API and command."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_hub.application import Hub
from echo_hub.store.holds import list_holds
from echo_hub.store.records import live_texts

AUDITOR = {"X-Echo-Hub-As": "; auditor"}


@pytest.fixture
def half(table_folder: Any, run_command: Callable[..., Any]) -> Any:
    """Thirty people of whom the next file lists ten."""
    for last in (30, 10):
        table_folder.write(*table_folder.people(1, last))
        run_command(table_folder.file, "sync", code=0 if last == 30 else 4)
    return table_folder


@pytest.fixture
def hub(half: Any) -> Iterator[Hub]:
    with Hub.open(half.file) as hub:
        yield hub


def test_the_page_names_everybody_who_would_go_and_a_confirmed_hold_says_why(
    hub: Hub, browse: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echo_hub.surfaces.web.operations.NAMES", 8)
    client = browse(hub)
    assert 'href="/holds/1"' in client.get("/connections").text
    address, names = "/holds/1", []
    while address:
        page = client.get(address).text
        names += re.findall(r"<bdi>(Person \d+)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1] if following else ""
    assert names == [f"Person {number}" for number in range(11, 31)]
    assert re.findall(r'action="/holds/1/(\w+)"', page) == ["refuse", "confirm"], "the Enter key refuses"
    assert "Confirm" not in client.get("/holds/1", headers=AUDITOR).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = client.post("/holds/1/confirm", data={"token": token, "reason": "A unit was sold."})
    assert (answer.status_code, answer.headers["location"]) == (303, "/holds/1")
    assert "A unit was sold." in client.get("/holds/1").text
    assert len(list(live_texts(hub.database))) == 10


def test_the_api_pages_refuses_once_and_tells_who_decided_why(hub: Hub, browse: Callable[..., TestClient]) -> None:
    client = browse(hub)
    page = client.get("/api/v1/holds/1?limit=3&offset=18").json()
    assert (page["total"], [record["name"] for record in page["records"]]) == (20, ["Person 29", "Person 30"])
    assert client.post("/api/v1/holds/1/confirm", json={}, headers=AUDITOR).status_code == 403
    assert client.post("/api/v1/holds/1/refuse", json={"reason": "The export broke off."}).json() == {"removed": 0}
    (decided,) = client.get("/api/v1/holds?decided=true").json()
    assert (decided["state"], decided["reason"]) == ("refused", "The export broke off.")
    again = client.post("/api/v1/holds/1/confirm", json={})
    assert (again.status_code, again.json()["code"]) == (409, "hold.decided")
    assert client.get("/api/v1/holds/9").json()["code"] == "hold.unknown"
    assert len(list(live_texts(hub.database))) == 30


def test_the_command_line_shows_who_would_go_and_keeps_the_reason(half: Any, run_command: Callable[..., Any]) -> None:
    shown = run_command(half.file, "holds", "show", "1", "--limit", "2")
    assert "Person 12" in shown.stdout
    assert "18 more" in shown.stdout + shown.stderr
    records = json.loads(run_command(half.file, "holds", "show", "1", "--json").stdout)["records"]
    assert [record["source_id"] for record in records] == [f"{number:05}" for number in range(11, 31)]
    run_command(half.file, "holds", "refuse", "1", "--reason", "The export broke off.")
    with Hub.open(half.file) as hub:
        assert [hold.reason for hold in list_holds(hub.database, decided=True)] == ["The export broke off."]
