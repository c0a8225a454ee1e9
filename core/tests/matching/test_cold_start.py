"""Titles stand in where claims are few: in part, said, fading, and never better than a person's own word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echo_core.matching import KINDS
from echo_core.model.message import Message

ROLE = {"kafka": 1.0, "python": 0.8, "sql": 1.0}
SKILLS = ("cobol", "databases", "kafka", "pandas", "postgres", "python", "rust", "sql")
held = st.lists(st.tuples(st.sampled_from(SKILLS), st.integers(0, 5), st.just("has")), max_size=8)


def assumed(breakdown):
    return {part.skill: part.contribution for part in breakdown.contributions if part.feature == "assumed"}


def test_a_title_recommends_before_anything_is_claimed_and_says_so(worlds):
    world = worlds(worlds.offer("job", [("kafka", 2, "essential")]), worlds.offer("job", [("cobol", 2, "essential")]))
    kafka, cobol = world.explained(world.profile([], role=ROLE))
    (part,) = [part for part in kafka.contributions if part.feature == "assumed"]
    title = {"who": "they", "skill": "Kafka", "title": "Data engineer"}
    assert part.message == Message("reason-assumed", {**title, "confidence": 0.8})
    assert kafka.score > cobol.score
    assert not assumed(cobol)
    (gap,) = kafka.gaps
    assert gap.message == Message("gap-assumed", {**title, "noun": "job", "importance": "essential", "asked": 2}), (
        "an assumption closes no gap, and what is assumed is not called missing"
    )


def test_a_persons_own_word_always_beats_an_assumption(worlds):
    world = worlds(worlds.offer("job", [("kafka", 3, "essential")]))
    (guessed,) = world.explained(world.profile([], role=ROLE, confidence=1.0))
    (stated,) = world.explained(world.profile([("kafka", 3, "has")], role=ROLE, confidence=1.0))
    (alone,) = world.explained(world.profile([("kafka", 3, "has")]))
    assert stated.score == alone.score > guessed.score
    assert not assumed(stated)


def test_an_assumption_fades_as_claims_come_in(worlds):
    world = worlds(worlds.offer("job", [("kafka", 2, "essential")]))
    others = [(name, 3, "has") for name in ("cobol", "rust", "pandas", "postgres", "databases")]
    sizes = [sum(assumed(world.explained(world.profile(others[:count], role=ROLE))[0]).values()) for count in range(6)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[5] == pytest.approx(sizes[0] / 2)


def test_a_loose_match_of_a_title_assumes_nothing(worlds):
    world = worlds(worlds.offer("job", [("kafka", 2, "essential")]))
    assert world.explained(world.profile([], role=ROLE, confidence=0.2)) == world.explain([])


@given(
    claims=held,
    more=st.sampled_from(("kafka", "python", "sql", "rust")),
    level=st.integers(0, 5),
    kind=st.sampled_from(("job", "project")),
)
@settings(max_examples=80)
def test_naming_a_needed_skill_never_lowers_a_score_however_much_was_assumed(worlds, claims, more, level, kind):
    asked = [("kafka", 3, "essential"), ("python", 4, "essential"), ("sql", 0, "desired"), ("rust", 2, "desired")]
    world = worlds(worlds.offer(kind, asked))
    (before,) = world.explained(world.profile(claims, role=ROLE))
    (after,) = world.explained(world.profile([*claims, (more, level, "has")], role=ROLE))
    assert after.score >= before.score - 1e-12


@given(claims=held, kind=st.sampled_from(KINDS))
@settings(max_examples=60)
def test_contributions_sum_to_the_score_with_assumptions_too(worlds, claims, kind):
    world = worlds(worlds.offer(kind, [("kafka", 3, "essential"), ("sql", 2, "desired"), ("python", 3, "teaches")]))
    (found,) = world.explained(world.profile(claims, role=ROLE))
    assert abs(sum(part.contribution for part in found.contributions) - found.score) < 1e-9
    assert 0 <= found.score <= 1
