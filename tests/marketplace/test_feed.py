"""For you: one fair, complete, explained list."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echo_core.model import Person, SkillClaim
from echo_hub.marketplace.feed import for_you
from echo_hub.marketplace.search import search
from echo_hub.marketplace.views import KINDS, Filters

ANA = "workday:person:ana"


def ids(result):
    return [card.id for card in result.cards]


def replaced(rows, key, **changes):
    for place, row in enumerate(rows):
        if isinstance(row.record, Person) and row.record.source_id == key:
            rows[place] = type(row)(row.connection, row.stream, row.record.model_copy(update=changes))


def test_all_four_kinds_stand_in_the_first_page_with_scores_ranks_and_reasons(market):
    result = for_you(market, ANA, limit=12)
    assert {card.kind for card in result.cards} == set(KINDS)
    assert [card.rank for card in result.cards] == list(range(1, 13))
    scores = [card.score for card in result.cards]
    assert scores == sorted(scores, reverse=True)
    for card in result.cards:
        assert abs(sum(reason.contribution for reason in card.reasons) - card.score) < 1e-9
        assert all(reason.text for reason in card.reasons)


def test_nothing_a_gate_blocks_is_in_the_list(market):
    shown = set(ids(for_you(market, ANA, limit=100)))
    blocked = {
        "greenhouse:job:4",  # another language
        "exchange:project:p2",  # her own
        "exchange:project:p3",  # full
        "exchange:mentorship:m-lead",  # her manager
        "exchange:mentorship:m-full",  # at capacity
        "lxp:learning_path:l2",  # another language
    }
    assert not shown & blocked
    assert {"greenhouse:job:1", "exchange:mentorship:m-bo", "lxp:learning_path:l1", "exchange:project:p1"} <= shown


def test_a_gate_cannot_be_outweighed_by_any_number_of_skills(build, graph):
    everything = tuple(SkillClaim(label=skill.label, level=5) for skill in graph) + tuple(
        SkillClaim(label=skill.label, stance=stance) for skill in graph for stance in ("wants_to_learn", "wants_to_use")
    )
    market = build(lambda rows: replaced(rows, "ana", skills=everything))
    shown = set(ids(for_you(market, ANA, limit=100)))
    assert not shown & {
        "exchange:mentorship:m-lead",
        "exchange:mentorship:m-full",
        "exchange:project:p2",
    }


def test_the_reporting_line_counts_downwards_too(build):
    market = build(lambda rows: replaced(rows, "boss", skills=(SkillClaim(label="Kafka", stance="wants_to_learn"),)))
    assert not [one for one in ids(for_you(market, "workday:person:boss", limit=100)) if ":mentorship:" in one]


def test_pages_hold_everything_exactly_once(market):
    whole = ids(for_you(market, ANA, limit=1000))
    paged = [one for offset in range(0, len(whole), 7) for one in ids(for_you(market, ANA, limit=7, offset=offset))]
    assert paged == whole
    assert len(set(whole)) == len(whole) == for_you(market, ANA, limit=0).total


def test_ties_stand_in_the_order_of_their_ids_on_every_build(market, build):
    again = build(lambda rows: rows.reverse())
    assert ids(for_you(market, ANA, limit=100)) == ids(for_you(again, ANA, limit=100))


def test_one_title_does_not_fill_the_top(build):
    market = build()
    titles = [card.title for card in for_you(market, ANA, limit=12).cards]
    assert all(titles.count(title) <= 2 for title in titles)


def test_filters_narrow_and_facets_keep_alternatives_countable(market):
    result = for_you(market, ANA, Filters(kind=("job",)), limit=100)
    assert {card.kind for card in result.cards} == {"job"}
    kinds = {one.value: one.count for one in result.facets["kind"]}
    assert kinds["job"] == result.total
    assert kinds["learning_path"] == 1


def test_hours_narrow_to_what_fits_beside_a_role(market):
    result = for_you(market, ANA, Filters(hours_max=8), limit=100)
    assert set(ids(result)) == {"exchange:project:p1", "lxp:learning_path:l1"}


def test_a_person_without_skills_sees_what_is_open_to_them(market):
    result = for_you(market, "workday:person:cy", limit=100)
    assert "greenhouse:job:2" in ids(result)
    assert result.total > 20
    assert all(0 <= card.score < 0.2 for card in result.cards)


def test_two_thousand_skills_work(build, graph):
    odd = (SkillClaim(label=f"Odd skill {number}", level=3) for number in range(2000))
    monster = (*odd, SkillClaim(label="Python", level=5))
    market = build(lambda rows: replaced(rows, "cy", skills=monster))
    result = for_you(market, "workday:person:cy")
    assert result.cards[0].score > 0.3
    assert len(result.person.skills) == 2001


def test_somebody_who_left_gets_no_list(market):
    assert for_you(market, "workday:person:gone").total == 0


@given(name=st.text(min_size=1, max_size=40).filter(str.strip), mail=st.emails())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_name_and_address_change_no_score(market, build, name, mail):
    changed = build(lambda rows: replaced(rows, "ana", name=name.strip(), work_email=mail, user_name=None))
    before = [(card.id, card.score) for card in for_you(market, ANA, limit=100).cards]
    assert [(card.id, card.score) for card in for_you(changed, ANA, limit=100).cards] == before


@given(skill=st.sampled_from(("Python", "SQL", "Kafka", "Kubernetes")), level=st.integers(1, 5))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_of_a_needed_skill_never_lowers_a_job(market, build, skill, level):
    before = {
        card.id: card.score
        for card in search(market, "", Filters(kind=("job", "project")), person_id=ANA, limit=99).cards
    }
    held = market.people[market.person_rows[ANA]].fact
    assert held.name == "Ana Ito"

    def more(rows):
        ana = next(row.record for row in rows if isinstance(row.record, Person) and row.record.source_id == "ana")
        replaced(rows, "ana", skills=(*ana.skills, SkillClaim(label=skill, level=level)))

    after = search(build(more), "", Filters(kind=("job", "project")), person_id=ANA, limit=99)
    assert all(card.score >= before[card.id] - 1e-12 for card in after.cards)


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_a_page_is_never_longer_than_asked(market, limit):
    assert len(for_you(market, ANA, limit=limit).cards) == limit
