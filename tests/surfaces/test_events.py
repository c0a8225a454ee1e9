"""Every write leaves an event of who did it, in the same transaction; auditors and HR operations read them."""

from __future__ import annotations

import pytest

from echo_hub.store import events as store
from echo_hub.store.corrections import CORRECTIONS

ADA = "workday:person:1"


@pytest.fixture
def hub(fresh_hub):
    return fresh_hub


def test_a_correction_leaves_an_event_with_both_sides_as_they_stand(hub, browse):
    assert browse(hub, as_="E1").post("/api/v1/corrections", json={"skill": "Python", "level": 2}).status_code == 200
    staff = browse(hub, as_="E2; hr_operations")
    assert staff.post("/api/v1/corrections", json={"skill": "SQL", "person": "E1"}).status_code == 200
    look, second, first = staff.get("/api/v1/events").json()
    assert (look["intent"], look["other"]) == ("profile.read", first["actor"])  # the answer shows all corrections
    assert (first["intent"], first["object_kind"], first["came_by"]) == (
        "correction.make",
        "person",
        "development sign-in",
    )
    assert (first["actor"], first["other"]) == (first["object_id"], None)
    assert (first["actor_location"], first["actor_country"], first["actor_status"]) == ("Stockholm", "SE", "active")
    assert (second["actor_kind"], second["other"], second["other_country"]) == ("person", first["actor"], "SE")
    assert ADA not in str([first, second])
    assert [one["id"] for one in staff.get("/api/v1/events?person=E1").json()] == [3, 2, 1]


def test_what_cannot_be_recorded_does_not_happen(hub, browse, monkeypatch):
    def full(*_):
        raise store.EventError("The timeline is full.")

    monkeypatch.setattr("echo_hub.services.recording.append", full)
    answer = browse(hub, as_="E1").post("/api/v1/corrections", json={"skill": "Python"})
    assert (answer.status_code, answer.json()["message"]) == (503, "The timeline is full.")
    assert CORRECTIONS.standing(hub.database) == ()


def test_what_was_decided_so_already_leaves_no_event(hub, browse):
    client = browse(hub)
    wanted = {"decisions": [{"name": "Nobody uses this", "action": "reject"}]}
    for _ in range(2):
        client.post("/api/v1/skills/queue/decisions", json=wanted)
    client.post("/api/v1/skills/queue/decisions", json=wanted | {"dry_run": True})
    assert [one["intent"] for one in client.get("/api/v1/events").json()] == ["queue.decide"]


def test_rounds_leave_an_event_for_every_step(hub, browse):
    client = browse(hub)
    one = client.post("/api/v1/mentoring/rounds", json={"settings": {"time_zone_hours": 12}}).json()
    number, pair = one["round"]["id"], one["pairs"][0]["id"]
    client.post(f"/api/v1/mentoring/pairs/{pair}/pin", json={})
    client.post(f"/api/v1/mentoring/rounds/{number}/run")
    client.post(f"/api/v1/mentoring/rounds/{number}/publish")
    told = [
        (event["intent"], event["object_kind"], event["object_id"]) for event in client.get("/api/v1/events").json()
    ]
    assert told[::-1] == [
        ("mentoring.draft", "mentoring round", str(number)),
        ("mentoring.pair", "mentoring pair", str(pair)),
        ("mentoring.draft", "mentoring round", str(number)),
        ("mentoring.decide", "mentoring round", str(number)),
    ]
    assert store.verify_events(hub.database).problem is None


def test_the_timeline_is_not_for_employees(hub, browse):
    assert browse(hub, as_="E1").get("/api/v1/events").status_code == 403
    assert browse(hub, as_="; auditor").get("/api/v1/events").status_code == 200
