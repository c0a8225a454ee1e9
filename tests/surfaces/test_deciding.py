"""Deciding about names and correcting skills, on pages and in the API: stored, shown, undone, and only from here."""

from __future__ import annotations

import re
from html import unescape

import pytest

from echo_hub.store.corrections import CORRECTIONS
from echo_hub.store.name_decisions import NAMES
from echo_hub.surfaces.web.forms import TOKEN

STAFF = "; hr_operations, integration_engineer, auditor"
YODEL = "Yodelling for two voices"
QUEUE = "/api/v1/skills/queue"


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def hub(fresh_hub):
    return fresh_hub


@pytest.fixture
def web(hub, browse):
    return browse(hub, as_=f"E1{STAFF}")


def item(web):
    (found,) = [one for one in web.get(QUEUE).json()["items"] if one["name"] == YODEL]
    return found


def send(web, path, **fields):
    return web.post(path, data={"token": TOKEN, **fields})


def decided(hub):
    return [
        (one.choice.label, one.choice.action, one.choice.skill_id, one.decided_by)
        for one in NAMES.standing(hub.database)
    ]


def test_the_queue_shows_names_with_their_uses_and_a_choice_for_each(web):
    page = text_of(web.get("/skills/queue"))
    assert f"{YODEL} is" in page
    assert "1 person" in page
    assert "workday:person:1" in page
    assert "a new skill of our own" in page
    assert web.get("/skills").headers["location"] == "/skills/queue"


def test_a_choice_is_stored_shown_at_once_and_undone(web, hub):
    key = item(web)["id"]
    answer = send(web, "/skills/queue", **{f"do-{key}": "map", f"skill-{key}": "Negotiation"})
    assert answer.status_code == 303
    assert decided(hub) == [(YODEL, "map", "starter:negotiation", "E1")]
    page = web.get(answer.headers["location"])
    assert "1 name decided" in text_of(page)
    assert f"{YODEL} is Negotiation" in text_of(page)
    assert f'id="do-{key}"' not in page.text
    batch = re.search(r'name="batch" value="(\d+)"', page.text)[1]
    assert send(web, "/skills/queue/undo", batch=batch).status_code == 303
    assert decided(hub) == []
    assert f'id="do-{key}"' in web.get("/skills/queue?undone=1").text


def test_ticked_names_are_decided_together(web, hub):
    key = item(web)["id"]
    assert send(web, "/skills/queue", pick=[key], bulk="reject").status_code == 303
    assert [one[:2] for one in decided(hub)] == [(YODEL, "reject")]


def test_what_cannot_be_done_is_said_and_the_form_keeps_what_was_chosen(web, hub):
    key = item(web)["id"]
    answer = send(web, "/skills/queue", **{f"do-{key}": "map", f"skill-{key}": "no such <skill>"})
    assert answer.status_code == 409
    assert "There is no skill 'no such <skill>'" in text_of(answer)
    assert 'value="no such &lt;skill&gt;"' in answer.text
    assert "Nothing was chosen" in text_of(send(web, "/skills/queue"))
    assert decided(hub) == []


@pytest.mark.parametrize(
    "path", ["/skills/queue", "/skills/queue/undo", "/profile?person=E1", "/profile/undo?person=E1"]
)
def test_a_form_without_our_token_changes_nothing(web, path):
    for token in ("", "guessed", "‼"):
        answer = web.post(path, data={"token": token, "skill": "Python", "stance": "has"})
        assert answer.status_code == 403
        assert "reload the page" in text_of(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_site_can_change_nothing_through_the_api(web, hub, headers):
    body = {"decisions": [{"name": YODEL, "action": "reject"}]}
    assert web.post(f"{QUEUE}/decisions", json=body, headers=headers).status_code == 403
    assert decided(hub) == []


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://127.0.0.1:8080"}, {}])
def test_our_own_pages_and_other_programs_can(web, hub, headers):
    body = {"decisions": [{"name": YODEL, "action": "reject"}]}
    assert web.post(f"{QUEUE}/decisions", json=body, headers=headers).status_code == 200
    assert len(decided(hub)) == 1


def test_the_api_decides_in_bulk_tells_history_and_takes_back(web):
    body = {
        "decisions": [
            {"name": item(web)["id"], "action": "create", "skill": "Yodelling", "note": "ours"},
            {"name": "Nobody uses this", "action": "reject"},
        ],
    }
    dry = web.post(f"{QUEUE}/decisions", json=body | {"dry_run": True}).json()
    assert (dry["batch"], dry["names"]) == (None, [YODEL, "Nobody uses this"])
    made = web.post(f"{QUEUE}/decisions", json=body).json()
    assert [one["skill_id"] for one in made["decisions"]] == ["local:yodelling", None]
    assert YODEL not in {one["name"] for one in web.get(QUEUE).json()["items"]}
    first = made["decisions"][0]["id"]
    assert web.delete(f"{QUEUE}/decisions/{first}").json()["undone_by"] == "E1"
    again = web.delete(f"{QUEUE}/decisions/{first}")
    assert (again.status_code, again.json()["code"]) == (409, "decision.undone")
    left = web.post(f"{QUEUE}/undo", json={"batch": made["batch"]}).json()
    assert [one["name"] for one in left] == ["Nobody uses this"]
    history = web.get(f"{QUEUE}/decisions").json()
    assert [(one["name"], one["counts"]) for one in history] == [("Nobody uses this", False), (YODEL, False)]


def test_all_or_none_of_a_request_is_decided(web, hub):
    body = {
        "decisions": [{"name": YODEL, "action": "reject"}, {"name": "x", "action": "map", "skill": "?"}],
    }
    answer = web.post(f"{QUEUE}/decisions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "skill.unknown")
    assert decided(hub) == []


def test_a_profile_tells_where_each_skill_comes_from(web):
    page = text_of(web.get("/profile?person=E1"))
    assert "Skills of Ada Lindqvist" in page
    assert "advanced (4 of 5)" in page
    assert "workday:person:1" in page
    assert "Wants to learn" in page


def test_not_me_and_a_level_are_stored_shown_at_once_and_undone(web, hub):
    assert send(web, "/profile?person=E1", skill="starter:python", stance="has").status_code == 303
    assert send(web, "/profile?person=E1", skill="starter:sql", stance="has", level="3").status_code == 303
    page = web.get("/profile?person=E1")
    assert "Python is not me" in text_of(page)
    assert "SQL is at level 3" in text_of(page)
    assert "level corrected" in text_of(page)
    found = web.get("/api/v1/profile?person=E1").json()
    assert "starter:python" not in {one["skill_id"] for one in found["skills"]}
    assert [(one.choice.person_id, one.decided_by) for one in CORRECTIONS.standing(hub.database)] == [
        ("workday:person:1", "E1")
    ] * 2
    for one in found["corrections"]:
        assert send(web, "/profile/undo?person=E1", correction=str(one["id"])).status_code == 303
    assert CORRECTIONS.standing(hub.database) == ()


def test_nobody_undoes_on_their_page_what_another_person_said(web, hub):
    send(web, "/profile?person=E1", skill="Python", stance="has")
    (said,) = CORRECTIONS.standing(hub.database)
    send(web, "/profile/undo?person=E2", correction=str(said.id))
    assert CORRECTIONS.standing(hub.database) == (said,)


def test_the_api_corrects_and_takes_back(web):
    body = {"person": "E1", "skill": "Python", "level": 2, "note": "rusty"}
    (said,) = web.post("/api/v1/corrections", json=body).json()
    assert (said["level"], said["note"], said["skill_id"]) == (2, "rusty", "starter:python")
    assert web.delete(f"/api/v1/corrections/{said['id']}").json() == {"skill": "Python"}
    refused = web.delete(f"/api/v1/corrections/{said['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "decision.undone")
    nobody = web.post("/api/v1/corrections", json=body | {"skill": "Kubernetes", "level": None})
    assert (nobody.status_code, nobody.json()["code"]) == (409, "decision.impossible")


def test_people_who_left_are_counted_and_found_only_when_asked_for(web):
    assert "5 people" in text_of(web.get("/people"))
    assert "6 people" in text_of(web.get("/people?everyone=true"))
    assert "Lina Left" in text_of(web.get("/people?q=lina&everyone=true"))
    assert web.get("/api/v1/people?q=lina").json() == []
    assert [one["name"] for one in web.get("/api/v1/people?q=lina&everyone=true").json()] == ["Lina Left"]


@pytest.mark.parametrize("name", ["???", "—", "++", "💡", "\u200b"])
def test_a_skill_that_nobody_could_ask_for_is_refused_where_it_would_be_made(web, hub, name):
    refused = web.post(f"{QUEUE}/decisions", json={"decisions": [{"name": name, "action": "create"}]})
    assert refused.status_code == 409
    assert f"{name!r} cannot name a skill" in refused.json()["message"]
    called = {"name": item(web)["id"], "action": "create", "skill": name}
    assert web.post(f"{QUEUE}/decisions", json={"decisions": [called]}).status_code == 409
    assert decided(hub) == []


@pytest.mark.parametrize("name", ["C++ for games", "李"])
def test_a_name_with_one_letter_of_any_script_can_be_a_skill(web, name):
    wanted = {"decisions": [{"name": name, "action": "create"}], "dry_run": True}
    assert web.post(f"{QUEUE}/decisions", json=wanted).json()["names"] == [name]
