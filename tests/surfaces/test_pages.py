"""The pages as a plain client sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote, urlencode

import pytest

from echo_core.connectors.errors import HubError


def text_of(answer):
    """What a person reads, without marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def links_of(answer):
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', answer.text)]


@pytest.mark.parametrize(
    "path",
    ["/for-you?person=E1", "/explore", "/explore?person=E1&q=python", "/people", "/people?q=sam", "/connections"],
)
def test_every_page_opens(web, path):
    answer = web.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text


def test_without_a_person_the_front_page_asks_whose_list(web):
    assert web.get("/").headers["location"] == "/people"
    assert web.get("/for-you").headers["location"] == "/people"
    assert web.get("/?person=E1").headers["location"] == "/for-you?person=E1"


def test_the_list_names_the_person_and_gives_reasons(web):
    page = text_of(web.get("/for-you?person=E1"))
    assert "For Ada Lindqvist" in page
    assert "Data engineer" in page
    assert "You have Python at level 4" in page
    assert "% match" in page


def test_the_list_says_what_it_is_built_from(web):
    page = text_of(web.get("/for-you?person=E1"))
    assert "What this list is built from" in page
    assert "Wants to learn Kubernetes" in page
    assert "Yodelling for two voices not matched on yet" in page


def test_a_person_without_skills_is_told_so(web):
    assert "No skills are on file" in text_of(web.get("/for-you?person=E2"))


def test_links_say_whose_list_it_is_where_it_is_not_ones_own(web):
    person = quote("workday:person:1", safe="")
    page = web.get("/for-you?person=ada@tonic.example")
    inside = [href for href in links_of(page) if href.startswith(("/for-you", "/explore", "/opportunities/"))]
    assert inside
    assert all(f"person={person}" in href for href in inside)
    assert "You look at what <bdi>Ada Lindqvist</bdi> sees, and they see that you looked." in page.text


def test_an_opportunity_shows_the_score_as_a_sum_that_adds_up_as_printed(web, awkward_path):
    answer = web.get(f"{awkward_path}?person=E1")
    assert answer.status_code == 200
    printed = [
        round(float(value.replace("−", "-")) * 10)
        for value in re.findall(r'<td class="number">([+−]?[\d.]+)</td>', answer.text)
    ]
    assert len(printed) > 2
    assert sum(printed[:-1]) == printed[-1]


def test_an_opportunity_shows_what_is_asked_for_beside_what_is_there(web, awkward_path):
    page = web.get(f"{awkward_path}?person=E1").text
    assert 'aria-label="Level 3 asked for, level 4 there"' in page
    assert 'aria-label="Level 3 asked for, level 2 there"' in page
    assert "there in part" in page


def test_without_a_person_an_opportunity_has_no_score(web, awkward_path):
    page = text_of(web.get(awkward_path))
    assert "Data engineer" in page
    assert "match" not in page
    assert "Why this could be for" not in page


def test_a_closed_rule_is_said_before_the_score(web):
    page = text_of(web.get("/opportunities/lxp:learning_path:rtl?person=E1"))
    assert "Not in the list, because a rule says no." in page
    card = text_of(web.get("/explore?person=E1&q=kubernetes&language=he"))
    assert "Not open to Ada Lindqvist" in card


def test_every_id_shown_can_be_pasted_back(web, awkward_id):
    page = web.get("/explore?kind=job").text
    links = [unescape(href) for href in re.findall(r'<h3><a href="([^"]+)"', page)]
    assert len(links) == 2
    for link in links:
        shown = web.get(link)
        assert shown.status_code == 200
        pasted = re.findall(r"<code>(.*?)</code>", shown.text)[0]
        assert web.get(f"/opportunities/{quote(unescape(pasted), safe='')}").status_code == 200
        assert web.get(f"/api/v1/opportunities/{quote(unescape(pasted), safe='')}").status_code == 200


def test_a_hidden_opportunity_says_which_rule_hides_it(web):
    answer = web.get("/opportunities/greenhouse:job:hidden?person=E1")
    assert answer.status_code == 404
    assert "The requisition behind the post is a draft." in text_of(answer)
    assert "/explore?person=E1" in links_of(answer)


def test_filters_narrow_and_can_be_taken_back_one_by_one(web):
    answer = web.get("/explore?kind=project&kind=job&country=SE&hours_max=8&person=E1")
    page = text_of(answer)
    assert "Bad link" in page
    assert "Python, part" not in page
    assert "Remove filter Sweden" in page
    assert "At most 8 h a week" in page
    without_hours = next(href for href in links_of(answer) if "kind=job" in href and "hours_max" not in href)
    assert "country=SE" in without_hours
    assert web.get(without_hours).status_code == 200


def test_facets_show_names_of_countries_and_languages(web):
    page = text_of(web.get("/explore"))
    assert "Sweden" in page
    assert "Hebrew" in page
    assert re.search(r"Learning \d+", page)


def test_a_checked_filter_stays_checked_and_in_sight(web):
    skill = web.get("/api/v1/search").json()["facets"]["skill"][-1]["value"]
    page = web.get(f"/explore?{urlencode({'skill': skill})}").text
    assert re.search(rf'value="{re.escape(skill)}" checked', page)
    assert page.index(" checked") < page.index("</details>")


def test_an_empty_number_field_of_a_form_is_no_filter(web):
    answer = web.get("/explore?q=&hours_max=")
    assert answer.status_code == 200
    assert "Remove filter" not in answer.text


def test_pages_follow_one_another_without_overlap(web):
    seen, path, pages = [], "/explore?person=E1", 0
    while path:
        answer = web.get(path)
        seen += re.findall(r'<h3><a href="([^"]+)"', answer.text)
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        path = unescape(following.group(1)) if following else None
        pages += 1
    assert pages > 1
    assert len(seen) == len(set(seen)) == web.get("/api/v1/search").json()["total"]


def test_past_the_end_leads_back_to_the_first_page(web):
    answer = web.get("/explore?offset=5000&kind=job")
    assert "past the end of the list" in text_of(answer)
    assert "/explore?kind=job" in links_of(answer)


def test_nothing_found_says_what_to_do(web):
    assert "Nothing here has these words" in text_of(web.get("/explore?q=zzzqqqxxx"))
    assert "Nothing fits all of these filters" in text_of(web.get("/explore?language=cy"))
    assert "Nobody has this name" in text_of(web.get("/people?q=zzzqqqxxx"))


@pytest.mark.parametrize("path", ["/explore?q=python&country=SE&country=ZZ", "/for-you?person=E1&country=ZZ"])
def test_an_unknown_filter_value_is_named_and_the_list_is_one_click_without_it(web, path):
    answer = web.get(path)
    assert answer.status_code == 422
    assert "There is no country 'ZZ' to filter by." in text_of(answer)
    assert path.replace("&country=ZZ", "") in links_of(answer)
    assert "/explore?q=a" in links_of(web.get("/explore?kind=cat&q=a"))


def test_an_empty_hub_says_how_to_begin(new_hub, browse):
    empty = browse(new_hub(empty=True))
    assert "Nothing is listed yet" in text_of(empty.get("/explore"))
    assert "No people yet" in text_of(empty.get("/people"))
    assert "No connection yet" in text_of(empty.get("/connections"))
    assert empty.get("/for-you?person=E1").status_code == 404


def test_an_ambiguous_name_shows_whom_it_could_mean_as_links(web):
    answer = web.get("/explore?person=Sam Moss&q=python")
    assert answer.status_code == 409
    page = text_of(answer)
    assert "fits several people" in page
    assert "Producer" in page
    links = [href for href in links_of(answer) if "person=workday" in href]
    assert len(links) == 2
    assert all(href.startswith("/explore?") and "q=python" in href for href in links)
    assert web.get(links[0]).status_code == 200


def test_an_unknown_name_shows_similar_ones_as_links(web):
    answer = web.get("/for-you?person=Ada Lindquist")
    assert answer.status_code == 404
    assert "Ada Lindqvist" in text_of(answer)
    similar = next(href for href in links_of(answer) if "person=workday" in href)
    assert web.get(similar).status_code == 200


def test_runs_holds_and_quarantine_are_shown_without_their_content(fresh_hub, browse):
    from datetime import UTC, datetime

    from echo_hub.store.cursors import open_cursor
    from echo_hub.store.quarantine import Rejected, save_rejected
    from echo_hub.store.runs import RunReport, open_run, save_run

    start = datetime(2026, 3, 1, 6, tzinfo=UTC)
    report = RunReport("workday", "workers", start, start, read=1200, written=7, quarantined=1)
    report.ended_at, report.outcome = start + timedelta(seconds=75), "held"
    with fresh_hub.database.writing() as transaction:
        stream = open_cursor(transaction, "workday", "workers").stream_id
        run = open_run(transaction, report)
        save_run(transaction, report)
        transaction.run(
            "INSERT INTO hold (run_id, stream_id, would_remove, live, sample, state, opened_at)"
            " VALUES (?, ?, 412, 3900, '[\"W-1\"]', 'open', ?)",
            (run, stream, transaction.moment(start)),
        )
        rejected = Rejected("W-9", "record.invalid", "hired_on", "str", "hired_on is no date.", '{"name": "Secret"}')
        save_rejected(transaction, stream, run, start, [rejected])
    client = browse(fresh_hub)
    page = text_of(client.get("/connections?connection=workday"))
    assert "a run is on hold" in page
    assert "412 of 3,900" in page
    assert "who would go" in page
    assert "1 min 15 s" in page
    assert "1,200" in page
    assert "hired_on is no date." in page
    assert "Secret" not in page
    assert client.get("/api/v1/holds").json()[0]["sample"] == ["W-1"]
    assert "Secret" not in client.get("/api/v1/quarantine").text
    assert client.get("/api/v1/quarantine").json()[0]["source_key"] == "W-9"
    assert client.get("/api/v1/runs?connection=workday").json()[0]["outcome"] == "held"
    assert client.get("/api/v1/runs?connection=other").json() == []


def test_schedules_are_told_in_the_api(fresh_hub, browse):
    from echo_hub.jobs import set_schedule

    set_schedule(fresh_hub.database, "workday", now=fresh_hub.now(), every="6h")
    (found,) = browse(fresh_hub).get("/api/v1/schedules").json()
    assert found["interval_s"] == 21_600
    assert found["next_run_at"] == "2026-03-01T18:00:00Z"


def test_texts_in_other_scripts_keep_their_direction_and_language(web):
    page = web.get("/explore?q=kubernetes").text
    assert '<span dir="auto" lang="he">' in page
    assert "🎓" in page


@pytest.mark.parametrize(
    "path", ["/explore?kind=cat", "/explore?offset=-1", "/explore?hours_max=abc", "/people?q=" + "x" * 300]
)
def test_an_impossible_parameter_is_explained_on_a_page(web, path):
    answer = web.get(path)
    assert answer.status_code == 422
    assert "In this address" in text_of(answer)


def test_an_unknown_page_and_a_wrong_method_have_pages_too(web):
    assert "There is no such page." in text_of(web.get("/nothing/here"))
    assert "can only be read" in text_of(web.post("/explore"))


def test_a_failing_database_is_a_sentence_and_not_a_trace(fresh_hub, browse):
    fresh_hub.broken = HubError("The database is busy: another process writes.", detail="secret detail")
    answer = browse(fresh_hub).get("/explore")
    assert answer.status_code == 503
    assert "The database is busy" in text_of(answer)
    assert "secret detail" not in answer.text


def test_a_fault_of_ours_is_a_sentence_with_all_headers_and_a_log_entry(fresh_hub, browse, caplog):
    fresh_hub.broken = RuntimeError("inner secret")
    client = browse(fresh_hub)
    answer = client.get("/explore?person=E1")
    assert answer.status_code == 500
    assert "This is a fault in Echo Hub" in text_of(answer)
    assert "inner secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert client.get("/api/v1/search").json()["code"] == "hub.fault"
    assert "inner secret" in caplog.text
