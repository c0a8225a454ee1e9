"""Deciding about the skills of an opportunity, on its page and in the API."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

from echo_core.model import Job, Person
from echo_hub.store.requirement_decisions import REQUIREMENTS
from echo_hub.surfaces.web.forms import TOKEN

JOB = "greenhouse:job:text"
PATH = f"/requirements/{JOB}"
API = f"/api/v1/opportunities/{JOB}"
TEXT = "What you bring\n- SQL, and hands-on <b>growth</b> marketer's instinct\nBenefits\n- yoga"


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def hub(fresh_hub):
    first = fresh_hub.rows[0]
    job = Job(source_id="text", title="Helper", description=TEXT)
    fresh_hub.rows = (*fresh_hub.rows, type(first)("greenhouse", "job", "job", job))
    return fresh_hub


@pytest.fixture
def web(hub, browse):
    return browse(hub, as_=f"E1{STAFF}")


STAFF = "; hr_operations, integration_engineer, auditor"


def send(web, path="/requirements", **fields):
    return web.post(path, data={"token": TOKEN, "opportunity": JOB, **fields})


def decided(hub):
    return [
        (one.choice.skill, one.choice.ruling, one.choice.level, one.decided_by)
        for one in REQUIREMENTS.standing(hub.database)
    ]


def test_the_page_shows_what_is_there_and_what_the_text_may_mean_with_its_words(web):
    answer = web.get(PATH)
    assert "SQL in the text: “SQL”" in text_of(answer)
    (one, *_) = web.get(f"{API}/suggestions").json()
    assert f"<mark>{one['words']}</mark>" in unescape(answer.text)
    assert "<b>growth" not in answer.text
    assert PATH in web.get(f"/opportunities/{JOB}").text


def test_a_suggestion_is_confirmed_and_a_wrong_skill_removed_together_and_undone(web, hub):
    (one, *_) = web.get(f"{API}/suggestions").json()
    key = one["skill_id"]
    answer = send(
        web,
        **{f"do-{key}": "desired", f"level-{key}": "3", f"words-{key}": one["words"], f"sure-{key}": "0.5"},
        **{"do-starter:sql": "not_asked", "level-starter:sql": "", "was-starter:sql": "essential"},
    )
    assert answer.status_code == 303
    assert sorted(decided(hub)) == sorted([("SQL", "not_asked", None, "E1"), (one["skill"], "desired", 3, "E1")])
    page = web.get(answer.headers["location"])
    assert "2 skills decided" in text_of(page)
    assert "confirmed by Ada Lindqvist, 1 Mar 2026" in text_of(page)
    assert "SQL is not asked for" in text_of(page)
    batch = re.search(r'name="batch" value="(\d+)"', page.text)[1]
    assert send(web, "/requirements/undo", batch=batch).headers["location"].startswith(PATH)
    assert decided(hub) == []


def test_what_was_not_changed_on_the_page_is_no_decision(web, hub):
    answer = send(web, **{"do-starter:sql": "essential", "level-starter:sql": "", "was-starter:sql": "essential"})
    assert answer.status_code == 409
    assert "Nothing was chosen" in text_of(answer)
    assert decided(hub) == []


def test_a_skill_is_added_by_hand_by_name(web, hub):
    assert send(web, skill="kubernetes", ruling="teaches", level="2").status_code == 303
    assert decided(hub) == [("Kubernetes", "teaches", 2, "E1")]


def test_what_cannot_be_done_is_said_and_the_form_keeps_what_was_typed(web, hub):
    answer = send(web, skill="no <such> skill", ruling="desired")
    assert answer.status_code == 409
    assert "There is no skill 'no <such> skill'" in text_of(answer)
    assert 'value="no &lt;such&gt; skill"' in answer.text
    assert send(web, **{"do-starter:sql": "vital"}).status_code == 409
    assert decided(hub) == []


def test_the_address_of_before_leads_to_the_page(web):
    answer = web.get(f"/needs/{JOB}?person=E3", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"{PATH}?person=E3")


@pytest.mark.parametrize("path", ["/requirements", "/requirements/undo"])
def test_a_form_without_our_token_changes_nothing(web, hub, path):
    answer = web.post(path, data={"opportunity": JOB, "skill": "SQL", "ruling": "not_asked", "token": "guessed"})
    assert answer.status_code == 403
    assert decided(hub) == []


def test_an_opportunity_of_any_id_can_be_decided_about_and_one_that_is_not_listed_is_a_sentence(web, hub, awkward_id):
    answer = send(web, opportunity=awkward_id, **{"do-starter:python": "desired", "was-starter:python": "essential 3"})
    assert answer.headers["location"].startswith(f"/requirements/{quote(awkward_id, safe=':')}")
    assert web.get(answer.headers["location"]).status_code == 200
    assert "no listed opportunity" in text_of(web.get("/requirements/nonsense"))
    assert send(web, opportunity="nonsense", skill="SQL", ruling="desired").status_code == 404


def test_the_api_shows_decides_tells_history_and_takes_back(web):
    before = web.get(f"{API}/requirements").json()
    assert [(one["skill"], one["origin"], one["words"]) for one in before["requirements"]] == [
        ("SQL", "spotted", "SQL")
    ]
    body = {
        "decisions": [
            {"skill": "SQL", "ruling": "desired", "level": 2, "note": "a little"},
            {"skill": "starter:kubernetes", "ruling": "not_asked"},
        ],
    }
    made = web.post(f"{API}/requirements", json=body).json()
    assert [(one["skill"], one["ruling"], one["decider"]) for one in made] == [
        ("SQL", "desired", "Ada Lindqvist"),
        ("Kubernetes", "not_asked", "Ada Lindqvist"),
    ]
    now = web.get(f"{API}/requirements").json()
    assert [(one["importance"], one["level"], one["origin"]) for one in now["requirements"]] == [
        ("desired", 2, "confirmed")
    ]
    assert [one["skill"] for one in now["not_asked"]] == ["Kubernetes"]
    assert web.post(f"{API}/requirements", json=body).json() == []
    first = web.delete(f"/api/v1/requirements/decisions/{made[0]['id']}").json()
    assert (first["undone_by"], first["counts"]) == ("E1", False)
    assert web.post("/api/v1/requirements/undo", json={}).status_code == 409
    web.post("/api/v1/requirements/undo", json={"batch": made[0]["batch"]})
    assert web.get(f"{API}/requirements").json() == before
    history = web.get("/api/v1/requirements/decisions", params={"opportunity": JOB}).json()
    assert [one["counts"] for one in history] == [False, False]


def test_wrong_calls_of_the_api_are_sentences(web):
    wrong = {"decisions": [{"skill": "Zorbing", "ruling": "essential"}]}
    assert web.post(f"{API}/requirements", json=wrong).json()["code"] == "skill.unknown"
    assert web.get("/api/v1/opportunities/nonsense/requirements").json()["code"] == "opportunity.unknown"
    answer = web.delete("/api/v1/requirements/decisions/99")
    assert (answer.status_code, answer.json()["code"]) == (409, "decision.unknown")


def test_no_other_page_makes_suggestions(web, hub):
    for path in (f"/opportunities/{JOB}", "/explore", "/for-you?person=E1", f"/candidates/{JOB}", "/skills/queue"):
        assert web.get(path).status_code == 200
    assert hub.snapshot().names.suggesting._suggester is None


def test_a_persons_name_is_text_on_the_page(web, hub):
    hub.rows = tuple(
        type(one)(one.connection, one.stream, one.entity, one.record.model_copy(update={"name": "<i>Ada</i>"}))
        if isinstance(one.record, Person) and one.record.employee_id == "E1"
        else one
        for one in hub.rows
    )
    send(web, skill="kubernetes", ruling="essential")
    assert "&lt;i&gt;Ada&lt;/i&gt;" in web.get(PATH).text
    assert "<i>Ada" not in web.get(PATH).text
