"""The score: a sum of contributions that behaves as people expect."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from echo_core.matching import (
    KINDS,
    THEY,
    ClaimIndex,
    Claims,
    Congestion,
    PersonFacts,
    Scorer,
    build_profile,
    default_weights,
)
from echo_core.matching.calibration import Calibration
from echo_core.matching.scorer import Person
from echo_core.model.message import Message

SKILLS = ("cobol", "databases", "kafka", "pandas", "postgres", "python", "rust", "sql")
skill = st.sampled_from(SKILLS)
claims = st.lists(
    st.tuples(
        skill, st.integers(0, 5), st.sampled_from(("has", "wants_to_learn", "wants_to_use", "teaches", "avoids"))
    ),
    max_size=12,
)
requirements = st.lists(
    st.tuples(skill, st.integers(0, 5), st.sampled_from(("essential", "desired", "teaches"))),
    min_size=0,
    max_size=6,
    unique_by=lambda requirement: requirement[0],
)
offers = st.lists(
    st.tuples(st.sampled_from(KINDS), requirements, st.booleans(), st.sampled_from(((), ("DE",), ("SE",)))),
    min_size=1,
    max_size=5,
)


def world_of(worlds, drawn):
    return worlds(*(worlds.offer(kind, asked, remote, countries) for kind, asked, remote, countries in drawn))


@given(drawn=offers, held=claims)
@settings(max_examples=60)
def test_contributions_sum_to_the_score_which_is_a_share(worlds, drawn, held):
    for breakdown in world_of(worlds, drawn).explain(held, PersonFacts(country=0, country_known=True)):
        assert abs(sum(part.contribution for part in breakdown.contributions) - breakdown.score) < 1e-9
        assert 0.0 <= breakdown.score <= 1.0


@given(asked=requirements, held=claims, more=skill, level=st.integers(0, 5), kind=st.sampled_from(("job", "project")))
@example(
    asked=[("databases", 2, "essential")], held=[("databases", 0, "has")], more="databases", level=1, kind="project"
)
@settings(max_examples=80)
def test_more_of_a_skill_never_lowers_the_score_of_work(worlds, asked, held, more, level, kind):
    world = worlds(worlds.offer(kind, [(one, at, "desired" if how == "teaches" else how) for one, at, how in asked]))
    (before,) = world.scores(held)
    (after,) = world.scores([*held, (more, level, "has")])
    assert after >= before - 1e-12


@given(drawn=offers, held=claims)
@example(
    drawn=[("job", [], False, ()), ("job", [("cobol", 0, "essential")], False, ())],
    held=[("cobol", 0, "has"), ("cobol", 0, "wants_to_use")],
)
@settings(max_examples=40)
def test_an_opportunity_scores_the_same_alone_and_among_others(worlds, drawn, held):
    world = world_of(worlds, drawn)
    rows = [claim_row(world, one) for one in held]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    zeros = np.zeros(len(table), dtype=np.int64)
    known = Claims(zeros, table[:, 0], table[:, 1], table[:, 2], np.full(len(table), 0.7))
    index = ClaimIndex(known, 1, len(world.space), unknown=2)
    profile = build_profile(index.of(0), PersonFacts(), world.space)
    missing = world.scorer.growth(profile)
    whole = world.scorer.score(profile, missing)
    for row in range(len(drawn)):
        alone = world.scorer.score(profile, missing, np.array([row]))
        assert alone.total[0] == whole.total[row]


@given(drawn=offers, claimed=st.lists(st.tuples(claims, st.booleans(), st.booleans()), min_size=1, max_size=4))
@settings(max_examples=60)
def test_people_score_and_are_explained_the_same_alone_and_among_others(worlds, drawn, claimed):
    world = world_of(worlds, drawn)
    seats = Congestion(np.full(len(drawn), 2), np.repeat(np.arange(5), len(drawn)), np.tile(np.arange(len(drawn)), 5))
    scorer = Scorer(world.scorer.block, congestion=seats)
    explainer = world.explaining(scorer)
    people = []
    for held, titled, counted in claimed:
        facts = PersonFacts(country=0, country_known=counted, counted_in=np.arange(len(drawn)) if counted else None)
        profile = world.profile(held, facts, role={"kafka": 0.9, "sql": 0.4} if titled else None)
        people.append(Person(profile, scorer.growth(profile)))
    for row in range(len(drawn)):
        together, breakdowns = scorer.score_people(people, row), explainer.explain_people(people, row)
        for at, person in enumerate(people):
            alone = scorer.score(*person, np.array([row]))
            assert together.contributions[:, at].tolist() == alone.contributions[:, 0].tolist()
            assert together.total[at] == alone.total[0]
            assert [breakdowns[at]] == explainer.explain(*person, np.array([row]))


def claim_row(world, held):
    stances = ("has", "wants_to_learn", "wants_to_use", "teaches", "avoids")
    name, level, stance = held
    return world.space.index[name], stances.index(stance), level


def test_a_beginner_does_not_count_as_an_expert(worlds):
    world = worlds(worlds.offer("job", [("sql", 4, "essential")]))
    (beginner,) = world.scores([("sql", 1, "has")])
    (expert,) = world.scores([("sql", 4, "has")])
    (beyond,) = world.scores([("sql", 5, "has")])
    assert beginner < expert
    assert expert == beyond


def test_unknown_level_meets_unknown_need_in_full(worlds):
    world = worlds(worlds.offer("job", [("sql", 0, "essential")]))
    assert world.scores([("sql", 0, "has")]) == world.scores([("sql", 5, "has")])
    assert not world.explain([("sql", 0, "has")])[0].gaps


@pytest.mark.parametrize(("near", "share"), [("postgres", 0.35), ("databases", 0.35), ("sql", 1.0), ("rust", 0.0)])
def test_credit_through_the_graph_is_damped(worlds, near, share):
    world = worlds(worlds.offer("job", [("sql", 3, "essential")]))
    essential = sum(
        part.contribution for part in world.explain([(near, 3, "has")])[0].contributions if part.feature == "essential"
    )
    full = sum(
        part.contribution for part in world.explain([("sql", 3, "has")])[0].contributions if part.feature == "essential"
    )
    assert essential == pytest.approx(full * share)


def test_a_rare_skill_weighs_more_than_a_common_one(worlds):
    common = [worlds.offer("job", [("python", 2, "essential")]) for _ in range(9)]
    world = worlds(worlds.offer("job", [("python", 2, "essential"), ("rust", 2, "essential")]), *common)
    assert world.scores([("rust", 2, "has")])[0] > world.scores([("python", 2, "has")])[0]


def test_essential_outweighs_desired(worlds):
    world = worlds(worlds.offer("job", [("kafka", 2, "essential"), ("rust", 2, "desired")]))
    assert world.scores([("kafka", 2, "has")])[0] > world.scores([("rust", 2, "has")])[0]


def test_wishes_raise_and_avoiding_lowers_within_bounds(worlds):
    world = worlds(worlds.offer("project", [("kafka", 2, "essential"), ("cobol", 2, "desired")]))
    (plain,) = world.scores([("kafka", 2, "has")])
    (wanted,) = world.scores([("kafka", 2, "has"), ("kafka", 0, "wants_to_use")])
    (avoided,) = world.scores([("kafka", 2, "has"), ("cobol", 0, "avoids")])
    assert avoided < plain < wanted
    assert plain - avoided <= 0.25 + 1e-12


def test_learning_and_mentors_follow_what_a_person_wants_to_learn(worlds):
    for kind in ("learning_path", "mentorship"):
        world = worlds(worlds.offer(kind, [("rust", 3, "teaches")]), worlds.offer(kind, [("cobol", 3, "teaches")]))
        rust, cobol = world.scores([("rust", 0, "wants_to_learn")])
        assert rust > cobol


def test_learning_also_follows_what_near_roles_ask_for(worlds):
    job = worlds.offer("job", [("python", 2, "essential"), ("kafka", 2, "essential")])
    world = worlds(
        job,
        worlds.offer("learning_path", [("kafka", 3, "teaches")]),
        worlds.offer("learning_path", [("rust", 3, "teaches")]),
    )
    _, kafka, rust = world.explain([("python", 3, "has")])
    assert kafka.score > rust.score
    assert kafka.contributions[0].message == Message(
        "reason-taught-missing", {"who": THEY, "skill": "Kafka", "roles": 1}
    )


def test_learning_what_one_has_is_only_a_refresher(worlds):
    world = worlds(worlds.offer("learning_path", [("rust", 3, "teaches")]))
    (new,) = world.scores([("rust", 0, "wants_to_learn")])
    (known,) = world.scores([("rust", 0, "wants_to_learn"), ("rust", 4, "has")])
    assert known < new


def test_answering_a_mentee_takes_skill_and_the_wish_to_teach(worlds):
    world = worlds(worlds.offer("mentorship_request", [("rust", 3, "essential")]))
    (skilled,) = world.scores([("rust", 4, "has")])
    (willing,) = world.scores([("rust", 4, "has"), ("rust", 4, "teaches")])
    assert willing > skilled


def test_one_list_over_four_kinds_is_comparable(worlds):
    world = worlds(
        worlds.offer("job", [("python", 3, "essential"), ("sql", 3, "essential"), ("kafka", 2, "desired")]),
        worlds.offer("project", [("python", 3, "essential"), ("kafka", 2, "desired")]),
        worlds.offer("mentorship", [("kafka", 5, "teaches")]),
        worlds.offer("learning_path", [("kafka", 3, "teaches")]),
    )
    scores = world.scores([("python", 4, "has"), ("sql", 3, "has"), ("kafka", 0, "wants_to_learn")])
    assert min(scores) > 0.35
    assert max(scores) < 2 * min(scores)


def test_nobody_and_nothing_are_scored_too(worlds):
    world = worlds(worlds.offer("job", []), worlds.offer("learning_path", []))
    assert all(score < 0.15 for score in world.scores([]))


def test_place_language_and_hours_settle_near_ties(worlds):
    asked = [("sql", 2, "essential")]
    world = worlds(
        worlds.offer("project", asked, countries=("DE",), languages=("de",), hours=4),
        worlds.offer("project", asked, countries=("SE",), languages=("en",), hours=30),
    )
    person = PersonFacts(country=0, country_known=True, languages=(0,), languages_known=True, english=1)
    near, far = world.explain([("sql", 2, "has")], person)
    assert near.score > far.score
    said = {part.feature: part.message for part in near.contributions}
    assert said["place"] == Message("reason-place-same-country", {"country": "DE"})
    assert said["language"] == Message("reason-language-spoken", {"who": THEY, "language": "de"})
    assert said["hours"] == Message("reason-hours", {"hours": 4.0})


def test_calibration_reorders_nothing_within_a_kind_and_lifts_nothing_above_one():
    calibration = Calibration(default_weights())
    raw = np.linspace(0, 1, 501)
    for kind in range(len(KINDS)):
        found = raw * calibration.stretch(raw, np.full(len(raw), kind))
        assert (np.diff(found) > 0).all()
        assert (found[0], found[-1]) == (0.0, pytest.approx(1.0))


def test_a_clean_match_means_about_the_same_in_every_kind(worlds):
    skills = ("cobol", "databases", "kafka", "pandas", "rust")
    world = worlds(
        worlds.offer("job", [(one, 3, "essential") for one in skills]),
        worlds.offer("project", [(one, 3, "essential") for one in skills[:3]], hours=6),
        worlds.offer("mentorship", [("python", 4, "teaches")], languages=("en",), hours=1),
        worlds.offer("learning_path", [("python", 3, "teaches")], languages=("en",), hours=0),
    )
    wishes = [("python", 0, "wants_to_learn"), ("kafka", 0, "wants_to_use"), ("pandas", 0, "wants_to_learn")]
    here = PersonFacts(country=0, country_known=True, languages=(1,), languages_known=True, english=1)
    scores = world.scores([*((one, 3, "has") for one in skills), *wishes], here)
    assert min(scores) > 0.6
    assert max(scores) - min(scores) < 0.25


def test_equal_courses_are_told_apart_by_the_level_that_suits(worlds):
    world = worlds(*(worlds.offer("learning_path", [("rust", level, "teaches")]) for level in (1, 2, 3, 4, 5)))
    newcomer = world.scores([("rust", 0, "wants_to_learn")])
    assert newcomer.index(max(newcomer)) == 1
    assert len(set(np.round(newcomer[1:], 12))) == 4
    working = world.scores([("rust", 0, "wants_to_learn"), ("rust", 2, "has")])
    assert working.index(max(working)) == 2
    assert working[1] < 0.5 * working[2]


def test_a_step_up_towards_a_wish_counts_and_having_it_counts_more(worlds):
    world = worlds(worlds.offer("job", [("sql", 4, "essential"), ("kafka", 3, "essential")]))
    held = [("sql", 4, "has"), ("kafka", 1, "has")]
    (plain,) = world.scores(held)
    (step,) = world.explain([*held, ("kafka", 0, "wants_to_learn")])
    assert step.score > plain
    (said,) = [part.message for part in step.contributions if part.feature == "steps_up"]
    assert said == Message("reason-step-up", {"who": THEY, "skill": "Kafka", "level": 1, "asked": 3})
    (there,) = world.explain([("sql", 4, "has"), ("kafka", 3, "has"), ("kafka", 0, "wants_to_learn")])
    assert there.score > step.score
    assert "steps_up" not in {part.feature for part in there.contributions}


def test_preferences_count_where_stated_and_leave_everything_open_where_not(worlds):
    asked = [("sql", 2, "essential")]
    world = worlds(
        worlds.offer("project", asked, remote=True, hours=4, start=800_100),
        worlds.offer("project", asked, countries=("SE",), hours=16, start=800_000),
    )
    held = [("sql", 2, "has")]
    here = {"country": 0, "country_known": True}
    wishes = PersonFacts(**here, prefers_hours=8, prefers_remote=True, free_from=800_050)
    near, far = world.explain(held, wishes)
    assert near.score > far.score
    said = {part.feature: part.message for part in near.contributions}
    assert said["hours"] == Message("reason-hours-fit", {"who": THEY, "hours": 4.0, "wanted": 8})
    assert said["place"] == Message("reason-place-remote")
    assert said["start"] == Message("reason-start", {"who": THEY, "day": "2191-08-07"})
    abroad = PersonFacts(**here, prefers_countries=(1,), prefers_remote=False)
    near, far = world.explain(held, abroad)
    said = {part.feature: part.message for part in far.contributions}
    assert said["place"] == Message("reason-place-preferred", {"who": THEY, "country": "SE"})
    (place,) = [part for part in near.contributions if part.feature == "place"]
    assert place.message == Message("reason-place-remote-unwished", {"who": THEY})
    assert place.speaks == "against"
    assert "start" not in said


def test_a_monster_of_two_thousand_skills_and_an_empty_profile_are_scored(worlds):
    drawn = np.random.default_rng(3)
    held = [(SKILLS[int(at)], int(level), "has") for at, level in drawn.integers(0, (8, 6), (2000, 2))]
    world = worlds(worlds.offer("job", [(one, 5, "essential") for one in SKILLS]))
    (full,) = world.scores(held)
    (empty,) = world.scores([])
    assert 0 <= empty < 0.15 < full <= 1
