"""What would raise a match: the numbers of a real snapshot with the skill, and somebody who really teaches it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from echo_core.matching import WhatIf
from echo_core.model import Job, LearningPath, Requirement, SkillClaim
from echo_hub.services import raises
from echo_hub.services.explain import explain
from echo_hub.services.feed import for_you
from echo_hub.surfaces.messages.wording import worded

ANA = "workday:person:ana"
JOB = "greenhouse:job:2"  # asks for Python 4 and Kafka 3, in Sweden
PROJECT = "exchange:project:p1"  # asks for Kafka 2 and Python 3
TODAY = datetime(2026, 3, 2, tzinfo=UTC)


def path(key, level, **fields):
    requirement = Requirement(label="Kafka", level=level, importance="teaches")
    return LearningPath(source_id=key, title=f"Path {key}", requirements=(requirement,), **fields)


COURSES = (path("low", 1), path("right", 3), path("high", 5), path("vague", None), path("fr", 3, languages=("fr",)))


@pytest.fixture(scope="module")
def snapshot(build, row):
    """The firm, with courses that teach Kafka at several levels."""

    return build(lambda rows: rows.extend(row("lxp", "paths", one) for one in COURSES))


def rank_of(snapshot, opportunity_id):
    cards = for_you(snapshot, ANA, limit=500).cards
    return next((card.rank for card in cards if card.id == opportunity_id), None)


@pytest.mark.parametrize("opportunity", [JOB, PROJECT, "greenhouse:job:3"])
def test_the_numbers_are_those_of_a_market_in_which_the_person_says_so(build, row, snapshot, opportunity):
    found = explain(snapshot, ANA, opportunity, what_if=True).raises
    assert found
    for one in found:
        assert one.score_before == explain(snapshot, ANA, opportunity).score
        assert one.rank_before == rank_of(snapshot, opportunity)
        level = {one.skill: one.level}

        def learn(rows, level=level):
            at = next(i for i, each in enumerate(rows) if each.record.source_id == "ana")
            more = tuple(SkillClaim(label=label, level=value, asserted_at=TODAY) for label, value in level.items())
            record = rows[at].record
            rows[at] = row("workday", "workers", record.model_copy(update={"skills": (*record.skills, *more)}))
            rows.extend(row("lxp", "paths", each) for each in COURSES)

        after = build(learn)
        assert one.score_after > one.score_before
        assert one.rank_after == rank_of(after, opportunity)
        assert one.score_after == pytest.approx(explain(after, ANA, opportunity).score, abs=1e-12)


def test_the_largest_gain_comes_first(snapshot):
    found = explain(snapshot, ANA, JOB, what_if=True).raises
    gains = [one.score_after - one.score_before for one in found]
    assert gains == sorted(gains, reverse=True)


def test_whoever_is_named_teaches_it_at_the_level_and_is_open_to_the_person(snapshot):
    (kafka,) = explain(snapshot, ANA, JOB, what_if=True).raises
    assert (kafka.skill, kafka.level, kafka.has_level) == ("Kafka", 3, None)
    assert kafka.taught_by
    for lesson in kafka.taught_by:
        requirements = {
            requirement.skill_id: requirement
            for requirement in snapshot.listing(lesson.id).requirements
            if requirement.importance == "teaches"
        }
        assert requirements[kafka.skill_id].level >= 3
        assert lesson.level == requirements[kafka.skill_id].level
        assert explain(snapshot, ANA, lesson.id).eligible
    named = [lesson.id for lesson in kafka.taught_by]
    assert named[0] == "lxp:learning_path:right"
    assert "exchange:mentorship:m-bo" in named
    assert not {"lxp:learning_path:low", "lxp:learning_path:fr", "exchange:mentorship:m-lead"} & set(named)


def test_nothing_is_claimed_where_nothing_raises(snapshot):
    assert explain(snapshot, ANA, "greenhouse:job:1", what_if=True).raises == ()
    assert explain(snapshot, ANA, "lxp:learning_path:low", what_if=True).raises == ()
    assert explain(snapshot, ANA, JOB).raises is None


def test_a_closed_rule_stays_closed_and_no_place_is_promised(snapshot):
    found = explain(snapshot, "workday:person:bo", "greenhouse:job:1", what_if=True)
    assert not found.eligible or found.raises
    lead = worded(explain(snapshot, "workday:person:cy", "greenhouse:job:4", what_if=True))
    assert not lead.eligible
    assert [(one.rank_before, one.rank_after) for one in lead.raises] == [(None, None)]
    assert lead.raises[0].text.endswith("; it would still not be in your list")


def test_the_sentence_speaks_to_the_person_and_has_both_numbers(snapshot):
    (kafka,) = worded(explain(snapshot, ANA, JOB, what_if=True)).raises
    before, after = round(kafka.score_before * 100), round(kafka.score_after * 100)
    start = f"With Kafka at level 3 your match would be {after} instead of {before}"
    assert kafka.text.startswith(start)
    assert str(kafka.rank_after) in kafka.text.removeprefix(start)


def test_a_monster_asks_for_no_more_lists_than_it_may(build, row, monkeypatch):
    labels = ("Rust", "Kubernetes", "Negotiation", "Storytelling", "Accounting", "Kafka")

    def add(rows):
        wanted = tuple(Requirement(label=label, level=3) for label in labels)
        rows.append(row("greenhouse", "jobs", Job(source_id="monster", title="All of it", requirements=wanted)))

    calls = []
    effect = WhatIf.effect
    monkeypatch.setattr(WhatIf, "effect", lambda self, *more: calls.append(more) or effect(self, *more))
    monkeypatch.setattr(raises, "TRIED", 4)
    found = explain(build(add), ANA, "greenhouse:job:monster", what_if=True).raises
    assert len(calls) == 4
    assert 0 < len(found) <= 4
