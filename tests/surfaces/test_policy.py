"""Saying no, over pages and the API: what HR operations switch off, and a person's own word."""

from __future__ import annotations

import json
import re

import pytest

from echo_hub.surfaces.sign_in.development import HEADER

ADA, SAM = "workday:person:1", "workday:person:2"
ME = {HEADER: "E1"}
HR = {HEADER: "; hr_operations"}
AUDITOR = {HEADER: "; auditor"}
MENTORING = "exchange:mentorship:m1"


@pytest.fixture
def client(fresh_hub, browse):
    return browse(fresh_hub)


def post(client, path, as_=HR, **fields):
    page = client.get("/matching" if as_ is ME else "/policy", headers=as_).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return client.post(path, data={"token": token, **fields}, headers=as_)


def feed(client, as_=ME, **asked):
    return client.get("/api/v1/feed", params={"limit": 100, **asked}, headers=as_).json()


def switch(client, as_=HR, **wanted):
    return client.post("/api/v1/policy", json={"what": "job", "off": True, "reason": "Not yet.", **wanted}, headers=as_)


def candidates(client):
    """Everybody whom the page of who fits, and its API, show for Sam's offer, and every number on it."""
    best = client.get(f"/api/v1/opportunities/{MENTORING}/candidates", headers={HEADER: "E2"}).json()
    rest = client.get(f"/api/v1/opportunities/{MENTORING}/also-eligible", headers={HEADER: "E2"}).json()
    pages = [
        client.get(f"/{page}/{MENTORING}", headers={HEADER: "E2"}).text for page in ("candidates", "also-eligible")
    ]
    return (
        {who["id"] for who in (*best["candidates"], *rest["people"])},
        best["eligible"],
        rest["total"],
        "".join(pages),
    )


def test_the_api_switches_a_kind_off_and_on_and_takes_it_back(client):
    made = switch(client, scope="country", value="Sweden")
    assert made.status_code == 200
    assert (made.json()["value"], made.json()["people"], made.json()["reason"]) == ("SE", 5, "Not yet.")
    assert "job" not in {card["kind"] for card in feed(client)["cards"]}
    assert feed(client)["kinds"] == ["project", "mentorship", "learning_path"]
    assert [each["id"] for each in client.get("/api/v1/policy", headers=AUDITOR).json()] == [made.json()["id"]]
    assert client.delete(f"/api/v1/policy/{made.json()['id']}", headers=HR).json()["undone_by"] == "hr_operations"
    assert "job" in {card["kind"] for card in feed(client)["cards"]}
    history = client.get("/api/v1/policy", params={"history": True}, headers=HR).json()
    assert [(each["off"], each["counts"]) for each in history] == [(True, False)]


@pytest.mark.parametrize(
    ("as_", "status"), [(ME, 403), (AUDITOR, 403), ({HEADER: "; integration_engineer"}, 403), (HR, 200)]
)
def test_only_hr_operations_switch_anything_off(client, as_, status):
    assert switch(client, as_).status_code == status
    assert (client.get("/policy", headers=as_).status_code == 200) is (as_ in (AUDITOR, HR))


def test_the_api_refuses_what_cannot_be_switched_in_a_sentence(client):
    assert switch(client, scope="country", value="Atlantis").json()["code"] == "decision.impossible"
    assert switch(client, what="gig").status_code == 422
    assert switch(client, off=False).status_code == 409
    assert client.delete("/api/v1/policy/7", headers=HR).status_code == 409
    assert client.get("/api/v1/policy", headers=HR).json() == []


def test_a_kind_that_is_off_is_on_no_page_of_those_it_is_off_for(client, awkward_id, awkward_path):
    assert client.get(awkward_path, headers=ME).status_code == 200
    switch(client)
    page = client.get(awkward_path, headers=ME)
    assert page.status_code == 404
    assert "switched off here" in page.text
    assert client.get(f"/api/v1/opportunities/{awkward_id}", headers=ME).status_code == 404
    assert client.get("/api/v1/explanation", params={"opportunity_id": awkward_id}, headers=ME).status_code == 409
    for path in ("/for-you", "/explore", "/explore?q=engineer"):
        text = client.get(path, headers=ME).text
        assert "Data engineer" not in text, path
        assert not re.search(r">Jobs\b", text), path
    assert client.get(f"{awkward_path}?person=E1", headers=HR).status_code == 200


def test_with_matching_off_the_list_and_every_page_say_so_and_hold_no_score(client, awkward_path):
    switch(client, what="matching")
    answer = feed(client)
    assert answer["unranked"]["text"].startswith("Matching is switched off for everybody")
    assert {card["score"] for card in answer["cards"]} == {None}
    for path in ("/for-you", "/explore", awkward_path):
        page = client.get(path, headers=ME)
        assert page.status_code == 200
        assert "Matching is switched off for everybody" in page.text, path
        assert 'class="match"' not in page.text, path
        assert "Keep a receipt" not in page.text, path
    assert "newest first" in client.get("/for-you", headers=ME).text


def test_a_person_opts_out_on_a_page_and_in_again(client):
    assert "You are matched" in client.get("/matching", headers=ME).text
    ranked = [card["id"] for card in feed(client)["cards"]]
    assert post(client, "/matching/opt-out", ME).headers["location"] == "/matching"
    assert "You are opted out" in client.get("/matching", headers=ME).text
    page = client.get("/for-you", headers=ME).text
    assert "You have opted out of matching" in page
    assert 'href="/matching"' in page
    assert len(feed(client)["cards"]) > len(ranked)
    post(client, "/matching/opt-in", ME)
    assert [card["id"] for card in feed(client)["cards"]] == ranked


def test_no_page_or_number_tells_an_owner_who_opted_out(client):
    shown, eligible, rest, _ = candidates(client)
    assert ADA in shown
    state = client.put("/api/v1/matching/opt-out", headers=ME).json()
    assert (state["matched"], state["opted_out"]) == (False, True)
    now, fewer, others, pages = candidates(client)
    assert now == shown - {ADA}
    assert (fewer, others) in ((eligible - 1, rest), (eligible - 1, rest - 1))
    assert "Ada Lindqvist" not in pages
    assert "opted" not in pages
    everybody = json.dumps(client.get("/api/v1/people", params={"q": "Ada"}, headers={HEADER: "E2"}).json())
    assert "Ada Lindqvist" in everybody
    assert "opted" not in everybody + client.get("/people?q=Ada", headers={HEADER: "E2"}).text
    assert client.delete("/api/v1/matching/opt-out", headers=ME).json()["matched"]
    assert candidates(client)[0] == shown


def test_nobody_but_hr_operations_reads_or_decides_whether_somebody_else_is_matched(client):
    for as_, status in (({HEADER: "E2"}, 403), (AUDITOR, 403), (HR, 200)):
        asked = {"params": {"person": "E1"}, "headers": as_}
        assert client.get("/api/v1/matching", **asked).status_code == status
        assert client.put("/api/v1/matching/opt-out", **asked).status_code == status
    assert client.get("/api/v1/matching", headers=ME).json()["opted_out"]
    seen = client.get("/for-you?person=E1", headers=HR).text
    assert "Matching is off for this person" in seen
    assert "opted" not in seen


def test_an_owner_for_whom_the_kind_is_off_still_sees_what_is_theirs(client):
    switch(client, what="mentorship", scope="country", value="SE")
    page = client.get(f"/opportunities/{MENTORING}", headers={HEADER: "E2"})
    assert page.status_code == 200
    assert "switched off here" in page.text
    assert client.get(f"/opportunities/{MENTORING}", headers=ME).status_code == 404


def test_the_page_of_hr_operations_switches_off_on_and_back_and_keeps_what_was_typed(client):
    typed = {"off": "1", "what": "project", "scope": "country", "country": "SE", "reason": "Phase one <b>"}
    assert post(client, "/policy", **typed).headers["location"] == "/policy"
    page = client.get("/policy", headers=HR).text
    assert "Projects: off for <bdi>Sweden</bdi>" in page
    assert "Phase one &lt;b&gt;" in page
    again = post(client, "/policy", **typed)
    assert again.status_code == 409
    assert "Project is off for Sweden already" in again.text
    assert "Phase one &lt;b&gt;</textarea>" in again.text
    assert post(client, "/policy", **{**typed, "off": "0", "reason": "Phase two"}).status_code == 303
    page = client.get("/policy", headers=HR).text
    assert "Nothing is switched off" in page
    assert "Projects: on again for" in page
    number = re.search(r'name="decision" value="(\d+)"', page)[1]
    assert post(client, "/policy/undo", decision=number).status_code == 303
    assert "Projects: off for <bdi>Sweden</bdi>" in client.get("/policy", headers=HR).text


def test_a_form_without_its_token_switches_nothing(client):
    for path, as_ in (("/policy", HR), ("/policy/undo", HR), ("/matching/opt-out", ME)):
        assert client.post(path, data={"off": "1", "what": "job", "scope": "everybody"}, headers=as_).status_code == 403
    assert client.get("/api/v1/policy", headers=HR).json() == []
    assert client.get("/api/v1/matching", headers=ME).json()["matched"]


def test_the_navigation_offers_the_page_to_those_who_may_see_it(client):
    assert 'href="/policy"' in client.get("/explore", headers=HR).text
    assert 'href="/policy"' not in client.get("/explore", headers=ME).text
