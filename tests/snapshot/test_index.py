"""Search finds every listed thing by its words, and no query breaks it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st


@pytest.fixture
def snapshot(draft):
    draft.person("w1", employee_id="E1", name="Ida Mentorsson")
    draft.unit("u", "Platform")
    draft.job("cpp", title="C++ Developer", languages=("en",), posted_at=datetime(2026, 1, 1, tzinfo=UTC))
    draft.job("de", title="Entwickler für Größenmessung", description="Wir suchen Dich.", languages=("de",))
    draft.job("fr", title="Développeur senior", org_unit_ids=("u",), location="Montréal")
    draft.job("ja", title="開発エンジニア", languages=("ja",))
    draft.job("k8s", ("Kubernetes", 3), title="Cluster keeper", posted_at=datetime(2026, 2, 1, tzinfo=UTC))
    draft.mentor("m", "E1", ("Storytelling", None), title="Tell better stories")
    draft.path("p", ("Python", None), title="Python from zero", provider="Acme Academy", tags=("onboarding",))
    return draft.snapshot()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("C++", "cpp"),
        ("developpeur", "fr"),
        ("Größenmessung", "de"),
        ("grossenmessung", "de"),
        ("エンジニア", "ja"),
        ("開発", "ja"),
        ("k8s", "k8s"),
        ("kubernets", "k8s"),
        ("kubern", "k8s"),
        ("montreal", "fr"),
        ("platform", "fr"),
        ("Mentorsson", "m"),
        ("storytelling", "m"),
        ("acme", "p"),
        ("onboarding", "p"),
        ('"python from"', "p"),
        ("greenhouse:job:cpp", "cpp"),
        ("german", "de"),
    ],
)
def test_finds_by_title_skill_alias_place_person_tag_language_and_small_errors(snapshot, query, first):
    rows = snapshot.index.rows(query)
    assert snapshot.listings[rows[0]].record.source_id == first


def test_all_words_must_occur_unless_nothing_has_them_all(snapshot):
    assert [snapshot.listings[row].record.source_id for row in snapshot.index.rows("python zero")] == ["p"]
    some = {snapshot.listings[row].record.source_id for row in snapshot.index.rows("python cluster")}
    assert some == {"p", "k8s"}


def test_a_word_after_a_minus_must_not_occur(snapshot):
    without = {snapshot.listings[row].record.source_id for row in snapshot.index.rows("-python")}
    assert "p" not in without
    assert len(without) == len(snapshot.listings) - 1


def test_an_empty_query_lists_everything_newest_first(snapshot):
    rows = snapshot.index.rows("  ")
    assert sorted(rows.tolist()) == list(range(len(snapshot.listings)))
    assert [snapshot.listings[row].record.source_id for row in rows[:2]] == ["k8s", "cpp"]


@pytest.mark.parametrize("query", ["???", "— ++", "💡", '"…"', "a" * 101, f"{'b' * 200} -c", "?" * 300])
def test_symbols_alone_or_a_word_too_long_to_be_one_list_nothing(snapshot, query):
    assert snapshot.index.rows("").size > 0
    assert snapshot.index.rows(query).size == 0


@pytest.mark.parametrize("query", ["python &", "??? python"])
def test_symbols_beside_a_word_are_passed_over(snapshot, query):
    assert snapshot.index.rows(query).tolist() == snapshot.index.rows("python").tolist()


def test_a_title_counts_for_more_than_a_text_and_a_rare_word_for_more_than_a_common_one(draft):
    draft.job("text", title="One", description="kafka")
    draft.job("title", title="Kafka", description="One")
    for number in range(9):
        draft.job(f"common{number}", title="Two", description="python")
    snapshot = draft.snapshot()
    assert [snapshot.listings[row].record.source_id for row in snapshot.index.rows("kafka")] == ["title", "text"]
    first, *_ = snapshot.index.rows('"kafka" "python"')
    assert snapshot.listings[first].record.source_id == "title"


@given(query=st.text(max_size=40))
@example('title:"')
@example("a AND (b OR")
@example('"""')
@example("*:* /[/ ~ ^ \\ {x TO")
@example("-")
@example('\x00 + - && || ! ( ) { } [ ] ^ " ~ * ? : \\ /')
@example("x" * 5000)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_raises_and_pages_never_overlap(snapshot, query):
    rows = snapshot.index.rows(query).tolist()
    assert len(set(rows)) == len(rows)
    assert snapshot.index.rows(query).tolist() == rows


def test_an_empty_market_can_be_searched(draft):
    snapshot = draft.snapshot()
    assert snapshot.index.rows("anything").tolist() == []
    assert snapshot.index.rows("").tolist() == []


def test_all_that_is_found_is_known_and_pages_join_up_past_what_is_first_put_in_order(draft):
    for number in range(700):
        title = "Gardener" if number % 2 else "Gardener for roses"
        draft.job(f"j{number:03}", title=title, posted_at=datetime(2026, 1, 1 + number % 28, tzinfo=UTC))
    draft.job("other", title="Baker")
    snapshot = draft.snapshot()
    hits = snapshot.index.find("gardener")
    assert hits.total == 700
    assert set(hits.mask.nonzero()[0].tolist()) == set(range(701)) - {snapshot.listing_rows["greenhouse:job:other"]}
    every = hits.best().tolist()
    assert len(set(every)) == 700
    fresh = draft.snapshot().index.find("gardener")
    assert [row for offset in range(0, 700, 30) for row in fresh.best(offset=offset, limit=30).tolist()] == every
    roses = np.array(["roses" in listing.record.title for listing in snapshot.listings])
    kept = [row for row in every if roses[row]]
    assert len(kept) == 350
    assert draft.snapshot().index.find("gardener").best(roses, offset=300, limit=50).tolist() == kept[300:]


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("s/4", {"skill", "title", "text"}),
        ("S/4HANA", {"skill", "title", "text"}),
        ("s/4ha", {"skill", "title", "text"}),
        ("ci/c", {"pipes"}),
        ("s/5", set()),
        ('"s/4"', set()),
    ],
)
def test_the_beginning_of_a_name_of_several_parts_finds_it(draft, query, right):
    draft.person("w1", employee_id="E1", name="Ida")
    draft.job("skill", ("SAP S/4HANA", 3), title="Consultant")
    draft.job("title", title="S/4HANA lead")
    draft.job("text", title="Accountant", description="You know our S/4HANA well.")
    draft.job("pipes", title="CI/CD keeper", description="s and 4hana apart: 4hana s")
    snapshot = draft.snapshot()
    hits = {snapshot.listings[row].record.source_id for row in snapshot.index.rows(query)}
    assert hits == right
