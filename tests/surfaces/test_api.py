"""The API: the pages' data as JSON, described, and never a trace."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

GENTLE = settings(max_examples=120, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
ODD = st.one_of(
    st.text(max_size=40).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)),
    st.sampled_from(
        ["", " ", "\x00", "a\x00b", "'; DROP TABLE run; --", "%", "../..", '"', "-", "🎧" * 50, "E1", "١٢"]
    ),
    st.integers(-(2**70), 2**70).map(str),
)
PARAMETERS = (
    *("person", "q", "opportunity_id", "kind", "country", "remote", "department", "skill", "language"),
    *("title", "hours_max", "offset", "limit", "connection", "resolved", "decided"),
)
CALLS = ("feed", "search", "explanation", "people", "connections", "runs", "schedules", "holds", "quarantine", "roles")


def test_a_feed_is_the_page_s_list_with_scores_that_sum(web):
    found = web.get("/api/v1/feed?person=E1&limit=100").json()
    assert found["person"]["name"] == "Ada Lindqvist"
    assert found["total"] == len(found["cards"]) == 3
    assert [card["rank"] for card in found["cards"]] == list(range(1, found["total"] + 1))
    for card in found["cards"]:
        assert sum(reason["contribution"] for reason in card["reasons"]) == pytest.approx(card["score"], abs=1e-9)


def test_search_reaches_everything_and_keeps_its_order_for_everyone(web):
    anyone = web.get("/api/v1/search?q=python&limit=100").json()
    someone = web.get("/api/v1/search?q=python&limit=100&person=E1").json()
    assert [card["id"] for card in anyone["cards"]] == [card["id"] for card in someone["cards"]]
    assert anyone["cards"][0]["score"] is None
    assert someone["cards"][0]["score"] is not None


def test_an_explanation_tells_gates_and_reasons(web, awkward_id):
    found = web.get("/api/v1/explanation", params={"person": "E1", "opportunity_id": awkward_id}).json()
    assert found["eligible"] is True
    assert {gate["name"] for gate in found["gates"]} >= {"open", "country"}
    assert found["card"]["id"] == awkward_id


def test_an_id_with_slashes_and_spaces_works_as_a_path(web, awkward_id):
    assert web.get(f"/api/v1/opportunities/{quote(awkward_id, safe='')}").json()["card"]["id"] == awkward_id


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/feed?person=nobody-at-all", 404, "person.unknown"),
        ("/api/v1/feed?person=Sam Moss", 409, "person.ambiguous"),
        ("/api/v1/feed", 404, "request.not_found"),
        ("/api/v1/feed?person=E1&limit=0", 422, "request.invalid"),
        ("/api/v1/search?hours_max=nan", 422, "request.invalid"),
        ("/api/v1/search?hours_max=-1", 422, "request.invalid"),
        ("/api/v1/search?remote=moonbase", 422, "request.invalid"),
        ("/api/v1/search?country=ZZ", 422, "filter.unknown"),
        ("/api/v1/feed?person=E1&skill=no such skill", 422, "filter.unknown"),
        ("/api/v1/opportunities/nothing", 404, "opportunity.unknown"),
        ("/api/v1/explanation?person=E1&opportunity_id=nothing", 404, "opportunity.unknown"),
        ("/api/v1/roles?title=%23%23", 404, "role.unknown"),
        ("/api/v1/nothing", 404, "request.not_found"),
        ("/api/v1", 404, "request.not_found"),
        ("/api/v1/runs?connection=%00", 422, "request.invalid"),
    ],
)
def test_an_error_is_one_object_with_a_code_and_a_sentence(web, path, status, code):
    answer = web.get(path)
    assert answer.status_code == status
    found = answer.json()
    assert found["code"] == code
    assert found["message"].endswith((".", "?"))
    assert set(found) == {"code", "message", "candidates"}


def test_a_kind_there_is_not_is_named_with_those_there_are(web):
    said = web.get("/api/v1/search?kind=job&kind=banana").json()["message"]
    assert said == "In this address kind is 'banana'; it can be 'job', 'project', 'mentorship' or 'learning_path'."


def test_roles_near_a_title_come_with_reasons_and_a_person_must_be_one(web):
    found = web.get("/api/v1/roles?title=data engineer&limit=4").json()
    assert len(found["near"]) == 4
    assert all(one["reasons"] for one in found["near"])
    assert web.get("/api/v1/roles?title=Sam Moss").json()["code"] == "person.ambiguous"


def test_an_ambiguous_person_lists_who_could_be_meant(web):
    found = web.get("/api/v1/feed?person=Sam Moss").json()
    assert [one["title"] for one in found["candidates"]] == ["Analyst", "Producer"]
    assert web.get("/api/v1/feed", params={"person": found["candidates"][0]["id"]}).status_code == 200


def test_a_wrong_method_is_refused_in_json(web):
    answer = web.post("/api/v1/feed")
    assert answer.status_code == 405
    assert answer.json()["code"] == "request.method"


def test_the_description_describes_every_call_parameter_and_error(web):
    document = web.get("/api/v1/openapi.json").json()
    assert len(document["paths"]) > 10
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    calls = [(f"{verb} {path}", call) for path, item in document["paths"].items() for verb, call in item.items()]
    for path, call in calls:
        assert call["summary"], path
        assert len(call["description"]) > 20, path
        assert all(parameter.get("description") for parameter in call.get("parameters", ())), path
        for status, answer in call["responses"].items():
            if not status.startswith("2"):
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/ApiError"), (path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


@GENTLE
@given(st.sampled_from(CALLS), st.dictionaries(st.sampled_from(PARAMETERS), ODD, max_size=5))
@example("search", {"offset": "1000000", "q": "\x00"})
@example("feed", {"person": "E1\x00"})
@example("search", {"q": '"' * 300})
@example("people", {"q": "\u202e🎧"})
def test_whatever_is_asked_the_answer_is_never_a_fault(web, call, parameters):
    answer = web.get(f"/api/v1/{call}", params=parameters)
    assert answer.status_code in (200, 404, 409, 422), answer.text
    assert answer.status_code == 200 or answer.json()["message"]


@GENTLE
@given(
    st.sampled_from(["/for-you", "/explore", "/people", "/connections", "/"]),
    st.dictionaries(st.sampled_from(PARAMETERS), ODD, max_size=5),
)
@example("/explore", {"department": "\x00", "skill": "<>"})
@example("/people", {"q": "\x00", "person": " "})
def test_whatever_is_asked_of_a_page_it_is_never_a_fault(web, path, parameters):
    answer = web.get(path, params=parameters)
    assert answer.status_code in (200, 307, 404, 409, 422), answer.text


@GENTLE
@given(ODD)
def test_whatever_id_is_asked_for_it_is_never_a_fault(web, text):
    for prefix in ("/opportunities/", "/api/v1/opportunities/"):
        assert web.get(f"{prefix}{quote(text, safe='')}").status_code in (404, 422)
