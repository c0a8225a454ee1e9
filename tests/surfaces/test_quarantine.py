"""Records that could not be read: counted by reason, listed to the last, values for few, read again after a fix."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from echo_hub.application import Hub
from echo_hub.store.events import list_events
from echo_hub.store.quarantine import list_quarantine
from echo_hub.store.records import live_texts

DOUBTFUL = "10/05/2026"
HR = {"X-Echo-Hub-As": "; hr_operations"}
ENGINEER = {"X-Echo-Hub-As": "; integration_engineer"}
AUDITOR = {"X-Echo-Hub-As": "; auditor"}


@pytest.fixture
def aside(table_folder: Any, run_command: Callable[..., Any]) -> Any:
    """Sixty people, of whom two were hired on a day that can be read in two ways and one has no name."""
    rows = table_folder.people(1, 60)
    rows += [f"0007{number};Person 7{number};00001;{DOUBTFUL};" for number in (1, 2)] + ["00080;;00001;2020-01-01;"]
    table_folder.write(*rows)
    run_command(table_folder.file, "sync")
    return table_folder


@pytest.fixture
def mended(aside: Any) -> Iterator[Hub]:
    """The hub after somebody has said in which order the days of the file are written."""
    aside.configure(date_order="day_first")
    with Hub.open(aside.file) as hub:
        yield hub


def live(hub: Hub) -> set[str]:
    return {text.source_id for text in live_texts(hub.database)}


def test_the_page_counts_reasons_and_takes_in_what_can_be_read_after_a_fix(
    mended: Hub, browse: Callable[..., TestClient]
) -> None:
    client = browse(mended)
    counts = client.get("/connections").text
    assert "2 records" in counts
    assert "1 record<" in counts
    page = client.get("/quarantine").text
    assert "3 records" in page
    assert page.count("Read again") == 3
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = client.post("/quarantine/replay", data={"token": token, "connection": "hr", "stream": "people"})
    assert "2 came in, 1 stays here." in answer.text
    assert {"00071", "00072"} <= live(mended)
    assert "00080" not in live(mended)
    (event,) = [event for event in list_events(mended.database) if event.intent == "quarantine.replay"]
    assert (event.object_id, event.details) == ("hr", {"stream": "people", "resolved": 2, "remaining": 1})
    assert client.post("/quarantine/replay", data={"connection": "hr"}).status_code == 403


def test_values_are_for_hr_operations_and_reading_again_is_not_for_auditors(
    mended: Hub, browse: Callable[..., TestClient]
) -> None:
    client = browse(mended)
    first = client.get("/api/v1/quarantine?field=hired_on").json()[0]
    path = f"/api/v1/quarantine/{first['id']}/value"
    assert client.get(path, headers=HR).json()["value"] == f'"{DOUBTFUL}"'
    for header in (ENGINEER, AUDITOR):
        assert client.get(path, headers=header).status_code == 403
        for address in ("/quarantine", "/api/v1/quarantine", "/api/v1/quarantine/reasons"):
            assert DOUBTFUL not in client.get(address, headers=header).text
    assert DOUBTFUL in client.get("/quarantine", headers=HR).text
    assert "Read again" not in client.get("/quarantine", headers=AUDITOR).text


def test_one_record_is_read_again_over_the_api_and_only_while_it_waits(
    mended: Hub, browse: Callable[..., TestClient]
) -> None:
    client = browse(mended)
    first, second = client.get("/api/v1/quarantine?code=record.invalid&field=hired_on").json()
    path = f"/api/v1/quarantine/{first['id']}/replay"
    assert client.post(path).json() == {"connection": "hr", "stream": "people", "resolved": 1, "remaining": 0}
    assert first["source_key"] in live(mended)
    assert second["source_key"] not in live(mended)
    again = client.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "quarantine.resolved")
    for unknown in ("connection=nowhere", "connection=hr&stream=nothing"):
        assert client.post(f"/api/v1/quarantine/replay?{unknown}").json()["code"] == "quarantine.unknown"
    assert client.post("/api/v1/quarantine/replay?connection=hr").json()[0]["resolved"] == 1


def test_every_record_is_reached_page_by_page_and_reasons_add_up_to_all(
    mended: Hub, browse: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echo_hub.surfaces.web.quarantine.SHOWN", 2)
    client = browse(mended)
    address, seen = "/quarantine?connection=hr", []
    while address:
        page = client.get(address).text
        seen += re.findall(r'id="record-(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert sorted(map(int, seen)) == sorted(record.id for record in list_quarantine(mended.database))
    reasons = client.get("/api/v1/quarantine/reasons").json()
    assert [(reason["field"], reason["count"]) for reason in reasons] == [("hired_on", 2), ("name", 1)]
    assert [len(client.get(f"/api/v1/quarantine?limit=2&offset={offset}").json()) for offset in (0, 2, 4)] == [2, 1, 0]
    narrowed = client.get("/quarantine?connection=hr&stream=people&code=record.invalid&field=name").text
    assert re.findall(r"<code>(000\d\d)</code>", narrowed) == ["00080"]
    assert "past the end" in client.get("/quarantine?offset=90").text


def test_the_command_line_counts_lists_and_reads_again(aside: Any, run_command: Callable[..., Any]) -> None:
    counted = json.loads(run_command(aside.file, "quarantine", "hr", "--reasons", "--json").stdout)
    assert [(reason["field"], reason["count"]) for reason in counted] == [("hired_on", 2), ("name", 1)]
    listed = run_command(aside.file, "quarantine", "--limit", "2")
    assert "1 more: --limit 3 lists all of them" in listed.stdout + listed.stderr
    records = json.loads(run_command(aside.file, "quarantine", "--json").stdout)
    number = str(next(record["id"] for record in records if record["source_key"] == "00071"))
    still = run_command(aside.file, "replay", "--record", number, "--json").stdout
    assert json.loads(still)[0]["remaining"] == 1
    aside.configure(date_order="day_first")
    assert json.loads(run_command(aside.file, "replay", "--record", number, "--json").stdout)[0]["resolved"] == 1
    assert json.loads(run_command(aside.file, "replay", "hr", "--json").stdout)[0] == {
        "connection": "hr", "stream": "people", "resolved": 1, "remaining": 1,
    }  # fmt: skip
    assert "[quarantine.resolved]" in run_command(aside.file, "replay", "--record", number, code=1).stderr
    run_command(aside.file, "replay", code=2)
