"""A look at somebody else's data is an event that they see: once an hour, and never by who may not look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from echo_hub.services.actor import OPERATOR
from echo_hub.services.intents import erasure
from echo_hub.services.intents.people import profile
from echo_hub.store import events as store

HR = "E2; hr_operations"
OPPORTUNITY = "lxp:learning_path:rtl"


@pytest.fixture
def hub(fresh_hub):
    return fresh_hub


@pytest.fixture
def ada(hub, browse):
    return browse(hub, as_="E1")


def looks(client):
    return [(look["name"], look["intent"]) for look in client.get("/api/v1/looks").json()]


def later(hub, minutes):
    moment = hub.now() + timedelta(minutes=minutes)
    hub.now = lambda: moment


@pytest.mark.parametrize(
    ("path", "intent"),
    [
        ("/for-you?person=E1", "feed.read"),
        ("/explore?person=E1", "search.read"),
        (f"/opportunities/{OPPORTUNITY}?person=E1", "explanation.read"),
        ("/profile?person=E1", "profile.read"),
        ("/receipts?person=E1", "receipt.list"),
        ("/api/v1/feed?person=E1", "feed.read"),
        ("/api/v1/search?person=E1", "search.read"),
        (f"/api/v1/explanation?person=E1&opportunity_id={OPPORTUNITY}", "explanation.read"),
        ("/api/v1/profile?person=E1", "profile.read"),
        ("/api/v1/receipts?person=E1", "receipt.list"),
        ("/api/v1/sessions?person=E1", "session.list"),
    ],
)
def test_every_look_at_what_is_anothers_is_seen_by_them_with_the_name_of_who_looked(hub, browse, ada, path, intent):
    assert browse(hub, as_=HR).get(path).status_code == 200
    assert looks(ada) == [("Sam Moss", intent)]


def test_looks_of_the_same_kind_count_once_an_hour_for_each_who_looks(hub, browse, ada):
    hr, operator = browse(hub, as_=HR), browse(hub)
    for client in (hr, hr, operator, operator):
        client.get("/api/v1/feed?person=E1")
    later(hub, 59)
    hr.get("/api/v1/feed?person=E1")
    assert len(looks(ada)) == 2
    later(hub, 2)
    hr.get("/api/v1/feed?person=E1")
    service = "auditor-hr_operations-integration_engineer"
    assert [name for name, _ in looks(ada)] == ["Sam Moss", service, "Sam Moss"]


def test_looking_at_ones_own_leaves_nothing_and_a_refused_look_neither(hub, browse, ada):
    for path in ("/for-you", "/profile", "/api/v1/feed?person=E1"):
        assert ada.get(path).status_code == 200
    assert browse(hub, as_="E2").get("/api/v1/feed?person=E1").status_code == 403
    assert looks(ada) == []
    assert store.list_events(hub.database) == []


def test_a_receipt_of_anothers_list_counts_when_it_is_kept_and_when_it_is_read(hub, browse, ada):
    hr, auditor = browse(hub, as_=HR), browse(hub, as_="E6; auditor")
    kept = hr.post("/api/v1/receipts?answer=for_you&person=E1").json()["id"]
    assert auditor.get(f"/receipts/{kept}").status_code == 200
    assert [intent for _, intent in looks(ada)] == ["receipt.read", "receipt.keep"]
    page = ada.get("/looks").text
    assert "Your list, and kept a receipt of it" in page
    assert "Sam Moss" in page


def test_what_cannot_be_recorded_is_not_shown(hub, browse, monkeypatch):
    def full(*_):
        raise store.EventError("The timeline is full.")

    monkeypatch.setattr("echo_hub.services.recording.append", full)
    answer = browse(hub, as_=HR).get("/for-you?person=E1")
    assert answer.status_code == 503
    assert "Ada Lindqvist" not in answer.text


def test_finding_people_tells_nobody_what_somebody_else_wishes(hub, browse, ada):
    def stances(client):
        (person,) = client.get("/api/v1/people?q=E1").json()
        return {skill["stance"] for skill in person["skills"]}

    assert "wants_to_learn" in stances(ada)
    assert "wants_to_learn" not in stances(browse(hub, as_=HR))
    assert looks(ada) == []


def test_a_program_goes_by_the_name_of_its_token_and_the_command_line_by_the_operators(hub, browse, ada):
    made = browse(hub).post("/api/v1/tokens", json={"name": "Nightly export", "roles": ["hr_operations"], "days": 1})
    program = browse(hub, as_=None)
    answer = program.get("/api/v1/profile?person=E1", headers={"authorization": f"Bearer {made.json()['token']}"})
    assert answer.status_code == 200
    profile(OPERATOR, hub, "E1")
    assert [name for name, _ in looks(ada)] == ["The operator", "Nightly export"]


def test_a_service_has_no_looks(hub, browse):
    assert browse(hub).get("/looks").status_code == 403


def test_who_looked_and_was_erased_is_somebody_who_is_no_longer_known(hub, browse, ada):
    browse(hub, as_=HR).get("/profile?person=E1")
    erasure.erase(OPERATOR, hub, "E2")
    assert looks(ada) == [("somebody who is no longer known", "profile.read")]
