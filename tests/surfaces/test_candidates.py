"""Who fits, who else may, and what would raise a match: the same on pages and in the API."""

from __future__ import annotations

from urllib.parse import quote


def test_the_api_has_candidates_with_reasons_and_the_rest_without_scores(web, awkward_id):
    path = f"/api/v1/opportunities/{quote(awkward_id, safe=':')}"
    found = web.get(f"{path}/candidates").json()
    assert found["opportunity"]["id"] == awkward_id
    assert [one["name"] for one in found["candidates"]] == ["Ada Lindqvist"]
    (ada,) = found["candidates"]
    assert list(ada)[-1] == "score"
    assert "Has Python at level 4, the job asks for 3" in [one["text"] for one in ada["have"]]
    rest = web.get(f"{path}/also-eligible", params={"limit": 2}).json()
    assert rest["total"] == found["eligible"] - 1 == 4
    assert len(rest["people"]) == 2
    assert not {"score", "reasons"} & rest["people"][0].keys()
    assert web.get(path).json()["card"]["id"] == awkward_id


def test_what_nobody_lists_is_a_sentence(web):
    for name in ("candidates", "also-eligible"):
        answer = web.get(f"/api/v1/opportunities/nonsense/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "opportunity.unknown")
        assert "no listed opportunity" in web.get(f"/{name}/nonsense").text


def test_an_opportunity_leads_to_who_fits_and_on_to_who_else_may(web, awkward_path, awkward_id):
    fits = awkward_path.replace("/opportunities/", "/candidates/")
    assert fits in web.get(awkward_path).text
    page = web.get(fits).text
    assert page.index("Has <b>Python</b> at level 4") < page.index("<strong>")
    assert "Who says so" in page
    also = awkward_path.replace("/opportunities/", "/also-eligible/")
    assert also in page
    rest = web.get(also).text
    assert "Sam Moss" in rest
    assert "% match" not in rest.replace("</strong>", "")
    assert "past the end" in web.get(also, params={"offset": 500}).text


def test_names_of_people_and_opportunities_are_text_never_markup(web):
    for name in ("candidates", "also-eligible"):
        page = web.get(f"/{name}/greenhouse:job:html").text
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in web.get("/also-eligible/greenhouse:job:html").text


def test_what_would_raise_a_match_is_on_the_page_and_in_the_api_when_asked(web, awkward_path, awkward_id):
    asked = {"person": "E1", "opportunity_id": awkward_id}
    assert web.get("/api/v1/explanation", params=asked).json()["raises"] is None
    raises = web.get("/api/v1/explanation", params={**asked, "what_if": True}).json()["raises"]
    (sql,) = [one for one in raises if one["skill"] == "SQL"]
    assert (sql["has_level"], sql["level"]) == (2, 3)
    assert sql["score_after"] > sql["score_before"]
    page = web.get(awkward_path, params={"person": "E1"}).text
    assert "What would raise your match" in page
    assert "Nothing that is open to you teaches it at that level." in page
    assert "What would raise your match" not in web.get(awkward_path).text
