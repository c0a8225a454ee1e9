"""Mentoring rounds on pages and in the API: nothing changes without a person, a token of ours, and a form."""

from __future__ import annotations

import re
from html import unescape

import pytest

STAFF = "; hr_operations, integration_engineer, auditor"
ADA, SAM = "workday:person:1", "workday:person:2"


@pytest.fixture
def hub(fresh_hub):
    """The small company: Ada wants to learn Kubernetes, Sam mentors in it."""
    return fresh_hub


@pytest.fixture
def client(hub, browse):
    return browse(hub, as_=f"E1{STAFF}")


def token(client):
    return re.search(r'name="token" value="([^"]+)"', client.get("/mentoring").text)[1]


def send(client, path, **fields):
    return client.post(path, data={"token": token(client), **fields})


def drafted(client):
    answer = send(client, "/mentoring", title="Spring <b>", hours="12")
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_round_is_drafted_reviewed_and_published_with_forms_alone(client):
    assert "No round yet" in client.get("/mentoring").text
    where = drafted(client)
    page = client.get(where)
    text = unescape(page.text)
    assert page.status_code == 200
    assert "Spring <b>" in text
    assert "Spring <b>" not in page.text
    assert "Sam Moss mentors Ada Lindqvist" in text
    assert "on the wish list to learn" in text
    assert "Match, out of 100" in text
    pair = re.search(r"/mentoring/pairs/(\d+)/pin", text)[1]
    assert send(client, f"/mentoring/pairs/{pair}/pin").headers["location"].endswith(f"#pair-{pair}")
    assert "Pinned" in client.get(where).text
    for change in ("unpin", "pin"):
        assert send(client, f"/mentoring/pairs/{pair}/{change}").status_code == 303
    number = re.match(r"/mentoring/(\d+)", where)[1]
    assert send(client, f"/mentoring/{number}/run").status_code == 303
    assert send(client, f"/mentoring/{number}/publish").status_code == 303
    published = unescape(client.get(where).text)
    assert "published by" in published
    assert "Publish 1 pair" not in published
    live = re.search(r"/mentoring/pairs/(\d+)/end", published)[1]
    assert "Live pairs</dt><dd>1" in client.get("/mentoring").text
    assert send(client, f"/mentoring/pairs/{live}/end").status_code == 303
    assert "Live pairs</dt><dd>0" in client.get("/mentoring").text


def test_a_form_of_another_site_changes_nothing(client):
    for fields in ({"title": "Spring"}, {"token": "guessed"}):
        assert client.post("/mentoring", data=fields).status_code == 403
    assert "No round yet" in client.get("/mentoring").text


def test_rounds_are_for_hr_operations_and_auditors_and_only_the_first_decide(new_hub, browse):
    hub = new_hub()
    employee, auditor = browse(hub, as_="E1"), browse(hub, as_="; auditor")
    refused = employee.get("/mentoring")
    assert refused.status_code == 403
    assert "You act as Ada Lindqvist and may not see mentoring rounds; HR operations or an auditor may." in refused.text
    assert '<form action="/mentoring"' not in auditor.get("/mentoring").text
    assert auditor.post("/api/v1/mentoring/rounds", json={}).status_code == 403


def test_what_is_over_or_unknown_is_told_in_a_sentence(client):
    where = drafted(client)
    number = re.match(r"/mentoring/(\d+)", where)[1]
    assert send(client, f"/mentoring/{number}/withdraw").status_code == 303
    late = send(client, f"/mentoring/{number}/publish")
    assert late.status_code == 409
    assert "was withdrawn by" in late.text
    assert client.get("/mentoring/99").status_code == 404
    assert send(client, "/mentoring/pairs/99/remove").status_code == 404
    assert send(client, f"/mentoring/{number}/explode").status_code == 422


def test_pages_hold_no_inline_style_or_script(client):
    where = drafted(client)
    for path in ("/mentoring", where):
        page = client.get(path).text
        assert "<script" not in page
        assert not re.search(r"\s(style|on\w+)=", page)


def test_the_api_drafts_changes_and_publishes_with_a_person_in_every_decision(client):
    rounds = "/api/v1/mentoring/rounds"
    assert client.get(rounds).json() == []
    named = client.post(rounds, json={"by": "E2", "title": "Spring"})
    assert (named.status_code, "by" in named.json()["message"]) == (422, True)
    found = client.post(rounds, json={"title": "Spring", "settings": {"time_zone_hours": 12}})
    assert found.status_code == 201
    one = found.json()
    number = one["round"]["id"]
    [pair] = one["pairs"]
    assert (pair["mentor"]["id"], pair["mentee"]["id"]) == (SAM, ADA)
    assert sum(part["contribution"] for part in pair["reasons"]) == pytest.approx(pair["score"], abs=1e-9)
    assert client.get(f"{rounds}/{number}").json() == one
    assert client.post(f"/api/v1/mentoring/pairs/{pair['id']}/pin", json={}).json()["pinned"] is True
    again = client.post(f"{rounds}/{number}/run").json()
    assert [one["pinned"] for one in again["pairs"]] == [True]
    live = client.post(f"{rounds}/{number}/publish").json()
    assert [(one["state"], one["decided_by"]) for one in live["pairs"]] == [("active", "E1")]
    assert client.post(f"{rounds}/{number}/publish").status_code == 409
    ended = client.post(f"/api/v1/mentoring/pairs/{live['pairs'][0]['id']}/end")
    assert ended.json()["state"] == "ended"


def test_the_api_keeps_capacity_above_the_live_pairs(client):
    base = "/api/v1/mentoring"
    [places] = client.get(f"{base}/capacity").json()
    assert (places["stated"], places["live"], places["free"]) == (2, 0, 2)
    one = client.post(f"{base}/rounds", json={"settings": {"time_zone_hours": 12}}).json()["round"]["id"]
    client.post(f"{base}/rounds/{one}/publish")
    refused = client.post(f"{base}/capacity", json={"mentor": "E2", "places": 0})
    assert (refused.status_code, refused.json()["code"]) == (409, "mentoring.capacity")
    set_to = client.post(f"{base}/capacity", json={"mentor": "E2", "places": 1}).json()
    assert (set_to["decided"], set_to["live"], set_to["free"]) == (1, 1, 0)


def test_another_site_cannot_post_to_the_api(client):
    body = '{"title": "Spring"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.post("/api/v1/mentoring/rounds", content=body, headers={"content-type": kind})
        assert answer.status_code == 422
    assert client.get("/api/v1/mentoring/rounds").json() == []


def test_a_withdrawn_draft_and_a_removed_pair_through_the_api(client):
    base = "/api/v1/mentoring"
    one = client.post(f"{base}/rounds", json={"settings": {"time_zone_hours": 12}}).json()
    pair = one["pairs"][0]["id"]
    assert client.post(f"{base}/pairs/{pair}/remove").json()["state"] == "removed"
    again = client.post(f"{base}/rounds/{one['round']['id']}/run").json()
    assert [one["reason"] for one in again["unassigned"]]
    gone = client.post(f"{base}/rounds/{one['round']['id']}/withdraw").json()
    assert gone["round"]["state"] == "withdrawn"
    assert client.get(f"{base}/rounds/99").status_code == 404
