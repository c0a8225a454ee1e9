"""For you: one fair, complete, explained list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echo_core.matching import FEATURES, RECOMMENDS, REGISTRY, Change
from echo_core.model import Person, SkillClaim
from echo_core.text.letters import has_letters_or_digits
from echo_hub.services.feed import for_you, what_if
from echo_hub.services.search import search
from echo_hub.services.views import KINDS, Filters
from echo_hub.snapshot import MatchSettings
from echo_hub.surfaces.messages.wording import worded

ANA = "workday:person:ana"


def ids(result):
    return [card.id for card in result.cards]


def replaced(rows, key, **changes):
    for place, row in enumerate(rows):
        if isinstance(row.record, Person) and row.record.source_id == key:
            rows[place] = type(row)(row.connection, row.stream, row.record.model_copy(update=changes))


def test_all_four_kinds_stand_in_the_first_page_with_scores_ranks_and_reasons(snapshot):
    result = worded(for_you(snapshot, ANA, limit=12))
    assert {card.kind for card in result.cards} == set(KINDS)
    assert [card.rank for card in result.cards] == list(range(1, 13))
    scores = [card.score for card in result.cards]
    assert scores == sorted(scores, reverse=True)
    for card in result.cards:
        assert abs(sum(reason.contribution for reason in card.reasons) - card.score) < 1e-9
        assert all(reason.text for reason in card.reasons)


def test_nothing_a_gate_blocks_is_in_the_list(snapshot):
    shown = set(ids(for_you(snapshot, ANA, limit=100)))
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
    snapshot = build(lambda rows: replaced(rows, "ana", skills=everything))
    shown = set(ids(for_you(snapshot, ANA, limit=100)))
    assert not shown & {
        "exchange:mentorship:m-lead",
        "exchange:mentorship:m-full",
        "exchange:project:p2",
    }


def test_the_reporting_line_counts_downwards_too(build):
    snapshot = build(lambda rows: replaced(rows, "boss", skills=(SkillClaim(label="Kafka", stance="wants_to_learn"),)))
    assert not [one for one in ids(for_you(snapshot, "workday:person:boss", limit=100)) if ":mentorship:" in one]


def test_pages_hold_everything_exactly_once(snapshot):
    whole = ids(for_you(snapshot, ANA, limit=1000))
    paged = [one for offset in range(0, len(whole), 7) for one in ids(for_you(snapshot, ANA, limit=7, offset=offset))]
    assert paged == whole
    assert len(set(whole)) == len(whole) == for_you(snapshot, ANA, limit=0).total


def test_ties_stand_in_the_order_of_their_ids_on_every_build(snapshot, build):
    again = build(lambda rows: rows.reverse())
    assert ids(for_you(snapshot, ANA, limit=100)) == ids(for_you(again, ANA, limit=100))


def test_one_title_does_not_fill_the_top(build):
    snapshot = build()
    titles = [card.title for card in for_you(snapshot, ANA, limit=12).cards]
    assert all(titles.count(title) <= 2 for title in titles)


def test_filters_narrow_and_facets_keep_alternatives_countable(snapshot):
    result = for_you(snapshot, ANA, Filters(kind=("job",)), limit=100)
    assert {card.kind for card in result.cards} == {"job"}
    kinds = {one.value: one.count for one in result.facets["kind"]}
    assert kinds["job"] == result.total
    assert kinds["learning_path"] == 1


def test_hours_narrow_to_what_fits_beside_a_role(snapshot):
    result = for_you(snapshot, ANA, Filters(hours_max=8), limit=100)
    assert set(ids(result)) == {"exchange:project:p1", "lxp:learning_path:l1"}


def test_a_person_without_skills_sees_what_is_open_to_them(snapshot):
    result = for_you(snapshot, "workday:person:cy", limit=100)
    assert "greenhouse:job:2" in ids(result)
    assert result.total > 20
    assert all(0 <= card.score < 0.2 for card in result.cards)


def test_two_thousand_skills_work(build, graph):
    odd = (SkillClaim(label=f"Odd skill {number}", level=3) for number in range(2000))
    monster = (*odd, SkillClaim(label="Python", level=5))
    snapshot = build(lambda rows: replaced(rows, "cy", skills=monster))
    result = for_you(snapshot, "workday:person:cy")
    assert result.cards[0].score > 0.3
    assert len(result.person.skills) == 2001


def test_somebody_who_left_gets_no_list(snapshot):
    assert for_you(snapshot, "workday:person:gone").total == 0


@given(name=st.text(min_size=1, max_size=40).filter(has_letters_or_digits), mail=st.emails())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_name_and_address_change_no_score(snapshot, build, name, mail):
    changed = build(lambda rows: replaced(rows, "ana", name=name.strip(), work_email=mail, user_name=None))
    before = [(card.id, card.score) for card in for_you(snapshot, ANA, limit=100).cards]
    assert [(card.id, card.score) for card in for_you(changed, ANA, limit=100).cards] == before


@given(skill=st.sampled_from(("Python", "SQL", "Kafka", "Kubernetes")), level=st.integers(1, 5))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_of_a_needed_skill_never_lowers_a_job(snapshot, build, skill, level):
    before = {
        card.id: card.score
        for card in search(snapshot, "", Filters(kind=("job", "project")), person_id=ANA, limit=99).cards
    }
    held = snapshot.people[snapshot.person_rows[ANA]].fact
    assert held.name == "Ana Ito"

    def more(rows):
        ana = next(row.record for row in rows if isinstance(row.record, Person) and row.record.source_id == "ana")
        replaced(rows, "ana", skills=(*ana.skills, SkillClaim(label=skill, level=level)))

    after = search(build(more), "", Filters(kind=("job", "project")), person_id=ANA, limit=99)
    assert all(card.score >= before[card.id] - 1e-12 for card in after.cards)


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_a_page_is_never_longer_than_asked(snapshot, limit):
    assert len(for_you(snapshot, ANA, limit=limit).cards) == limit


def test_only_what_speaks_to_skills_or_wishes_is_recommended(snapshot):
    shown = for_you(snapshot, ANA, limit=100)
    recommending = {FEATURES[code] for code in RECOMMENDS}
    assert all(any(reason.feature in recommending for reason in card.reasons) for card in shown.cards)
    assert "greenhouse:job:3" in ids(shown)  # asks for Python
    bo = ids(for_you(snapshot, "workday:person:bo", limit=100))
    assert "greenhouse:job:1" not in bo  # nothing but the place and the language
    assert "greenhouse:job:1" in ids(search(snapshot, "", person_id="workday:person:bo", limit=100))


def test_the_list_speaks_to_the_person_it_is_for(snapshot):
    texts = [reason.text for card in worded(for_you(snapshot, ANA, limit=100)).cards for reason in card.reasons]
    assert "You have Python at level 4, the job asks for 3" in texts
    assert not [text for text in texts if "the person" in text]


def crowd_of(count):
    """So many people who cover all that the streaming project asks for, and one place in it."""

    def change(rows):
        for number in range(count):
            held = (SkillClaim(label="Kafka", level=3), SkillClaim(label="Python", level=4))
            fan = Person(source_id=f"fan{number}", name=f"Fan {number}", employee_id=f"F{number}", skills=held)
            rows.append(type(rows[0])("workday", "workers", fan))
        for place, row in enumerate(rows):
            if row.record.source_id == "p1":
                record = row.record.model_copy(update={"seats": 3, "seats_taken": 1})
                rows[place] = type(row)(row.connection, row.stream, record)

    return change


def of_project(snapshot, person=ANA):
    return next(card for card in worded(for_you(snapshot, person, limit=100)).cards if card.id == "exchange:project:p1")


def test_an_item_gives_way_before_it_overflows_and_says_why(build):
    before = of_project(build(crowd_of(0)))
    after = of_project(build(crowd_of(40)))
    assert 0.8 * before.score <= after.score < before.score
    (said,) = [reason.text for reason in after.reasons if reason.feature == "crowded"]
    assert said == "About 42 other people fit, 2 places are left"  # the fans, Lea and Bo
    assert abs(sum(reason.contribution for reason in after.reasons) - after.score) < 1e-9


def test_ones_own_skills_do_not_crowd_one_out(build):
    snapshot = build(crowd_of(3))
    mine = of_project(snapshot, "workday:person:fan0")
    (said,) = [reason.text for reason in mine.reasons if reason.feature == "crowded"]
    assert said == "About 4 other people fit, 2 places are left"


def test_the_list_never_holds_what_has_no_place_left(build):
    snapshot = build(crowd_of(10))
    for person in snapshot.people:
        for card in for_you(snapshot, person.id, limit=100).cards:
            assert card.seats_left is None or card.seats_left > 0


class Titles:
    """A bridge that knows one role."""

    def role(self, title, language=None):
        known = {"t:kafka": 1.0, "t:sql": 0.6} if title == "Data Engineer" else {}
        return SimpleNamespace(skills=known, confidence=0.8)


def titled(rows):
    replaced(rows, "cy", title="Data Engineer", country=None, languages=())


def test_a_title_stands_in_for_a_profile_without_skills_and_says_so(build):
    snapshot = build(titled, titles=lambda _: Titles())
    shown = worded(for_you(snapshot, "workday:person:cy", limit=100))
    texts = [reason.text for card in shown.cards for reason in card.reasons if reason.feature == "assumed"]
    assert "Kafka is assumed from your title Data Engineer (confidence 0.8), not stated" in texts
    assert shown.person.skills == ()
    for card in shown.cards:
        assert abs(sum(reason.contribution for reason in card.reasons) - card.score) < 1e-9


def test_an_operator_can_switch_assumptions_off(build):
    snapshot = build(titled, titles=lambda _: Titles(), settings=MatchSettings(assume_from_titles=False))
    shown = for_you(snapshot, "workday:person:cy", limit=100)
    assert not [reason for card in shown.cards for reason in card.reasons if reason.feature == "assumed"]


@pytest.mark.parametrize(("label", "level"), [("Kafka", 3), ("SQL", 5), ("Kubernetes", 1), ("Python", 5)])
def test_what_if_gives_the_numbers_of_a_market_with_the_skill(build, label, level):
    def learned(rows):
        crowd_of(5)(rows)
        ana = next(row.record for row in rows if isinstance(row.record, Person) and row.record.source_id == "ana")
        today = datetime(2026, 3, 2, tzinfo=UTC)
        replaced(rows, "ana", skills=(*ana.skills, SkillClaim(label=label, level=level, asserted_at=today)))

    snapshot, real = build(crowd_of(5)), build(learned)
    asking = what_if(snapshot, snapshot.person_rows[ANA])
    after = {card.id: card for card in for_you(real, ANA, limit=1000).cards}
    before = {card.id: card for card in for_you(snapshot, ANA, limit=1000).cards}
    for row, listing in enumerate(snapshot.listings):
        effect = asking.effect(row, [Change(snapshot.space.index[f"t:{label.lower()}"], level)])
        for standing, cards in ((effect.before, before), (effect.after, after)):
            assert standing.rank == (cards[listing.id].rank if listing.id in cards else None)
            if listing.id in cards:
                assert standing.score == cards[listing.id].score


def test_no_field_outside_the_registry_changes_a_score(build):
    """Every field of a person's record that is neither an input of a feature nor of a rule, changed at once."""
    read = {one.split(".")[1] for known in REGISTRY for one in known.inputs if one.startswith("person.")}
    joins = {"source_id", "employee_id", "human_id", "manager_id", "status", "skills", "preferences", "updated_at"}
    changes = {
        "source_url": "https://example.org/x",
        "name": "Someone Else (they/them)",
        "worker_type": "contingent",
        "work_email": "other@example.net",
        "user_name": "other",
        "job_profile": "Another profile",
        "management_level": "Director",
        "is_manager": True,
        "org_unit_id": "d",
        "org_unit": "Elsewhere",
        "teams": ("a", "b"),
        "time_zone": "Asia/Tokyo",
        "fte": 0.5,
        "hired_on": date(1999, 1, 1),
        "in_position_since": date(2001, 1, 1),
        "left_on": date(2040, 1, 1),
    }
    assert set(Person.model_fields) == read | joins | set(changes)
    before = [(card.id, card.score, card.rank) for card in for_you(build(), ANA, limit=100).cards]
    changed = build(lambda rows: replaced(rows, "ana", **changes))
    assert [(card.id, card.score, card.rank) for card in for_you(changed, ANA, limit=100).cards] == before
