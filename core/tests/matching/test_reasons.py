"""What is said: one message per contribution, one per gap, and nothing that nobody stated."""

from __future__ import annotations

import numpy as np

from echo_core.matching import THEY, YOU, ClaimIndex, Claims, PersonFacts, build_profile
from echo_core.model.message import Message


def messages(breakdown):
    return [part.message for part in breakdown.contributions]


def asking(level, importance="essential", noun="job"):
    return {"noun": noun, "importance": importance, "asked": level}


def test_says_what_the_person_has_and_what_is_asked(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 3, "essential")])).explain([("sql", 4, "has")])
    assert Message("reason-has", {"who": THEY, "skill": "Sql", "level": 4, **asking(3)}) in messages(one)
    assert one.gaps == ()


def test_says_when_a_level_is_not_stated(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 0, "desired")])).explain([("sql", 0, "has")])
    assert Message("reason-has", {"who": THEY, "skill": "Sql", "level": 0, **asking(0, "desired")}) in messages(one)


def test_names_the_skill_a_credit_goes_through(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 3, "essential")])).explain([("postgres", 4, "has")])
    near = {"who": THEY, "skill": "Sql", "near": "Postgres"}
    assert Message("reason-near", {**near, "level": 4, "relation": "narrower", **asking(3)}) in messages(one)
    part = next(part for part in one.contributions if part.feature == "essential")
    assert part.via is not None
    (gap,) = one.gaps
    assert gap.message == Message("gap-near", {**near, **asking(3)})
    assert gap.has_level is None


def test_calls_broader_and_related_skills_what_they_are(worlds):
    world = worlds(worlds.offer("job", [("sql", 2, "essential"), ("pandas", 2, "essential")]))
    (one,) = world.explain([("databases", 2, "has"), ("python", 2, "has")])
    broader = {"skill": "Sql", "near": "Databases", "relation": "broader"}
    related = {"skill": "Pandas", "near": "Python", "relation": "related"}
    for near in (broader, related):
        assert Message("reason-near", {"who": THEY, "level": 2, **near, **asking(2)}) in messages(one)


def test_a_level_gap_is_a_gap_with_both_levels(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 4, "essential")])).explain([("sql", 2, "has")])
    (gap,) = one.gaps
    assert (gap.has_level, gap.required_level) == (2, 4)
    assert gap.message == Message("gap-below", {"skill": "Sql", "level": 2, **asking(4)})


def test_missing_skills_are_listed_essential_first(worlds):
    (one,) = worlds(worlds.offer("job", [("kafka", 0, "desired"), ("sql", 3, "essential")])).explain([])
    assert [gap.importance for gap in one.gaps] == ["essential", "desired"]
    assert one.gaps[1].message == Message("gap-missing", {"who": THEY, "skill": "Kafka", **asking(0, "desired")})


def test_wishes_are_named_with_the_neighbour_they_go_through(worlds):
    world = worlds(worlds.offer("learning_path", [("postgres", 3, "teaches")]))
    (one,) = world.explain([("sql", 0, "wants_to_learn")])
    wish = {"who": THEY, "skill": "Postgres", "near": "Sql", "relation": "narrower"}
    assert Message("reason-teaches-wished", wish) in messages(one)


def test_an_avoided_skill_is_a_negative_contribution_that_names_it(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 2, "essential"), ("cobol", 2, "essential")])).explain(
        [("sql", 2, "has"), ("cobol", 0, "avoids")]
    )
    last = one.contributions[-1]
    assert last.contribution < 0
    assert last.message == Message("reason-avoids", {"who": THEY, "skill": "Cobol"})
    assert last.speaks == "against"


def test_contributions_stand_largest_first_and_are_never_zero(worlds):
    (one,) = worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("python", 3, "desired"), ("rust", 2, "desired")])
    ).explain([("sql", 3, "has"), ("python", 1, "has")])
    amounts = [part.contribution for part in one.contributions]
    assert amounts == sorted(amounts, reverse=True)
    assert 0.0 not in amounts


def test_messages_speak_to_the_person_or_about_them(worlds):
    world = worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("cobol", 2, "desired"), ("kafka", 3, "desired")]),
        worlds.offer("learning_path", [("rust", 3, "teaches"), ("kafka", 3, "teaches")], hours=0),
    )
    profile = world.profile(
        [("sql", 4, "has"), ("cobol", 0, "avoids"), ("kafka", 1, "has"), ("rust", 0, "wants_to_learn")]
    )
    told = [said for one in world.explained(profile, world.explaining(world.scorer, YOU)) for said in messages(one)]
    about = [said for one in world.explained(profile) for said in messages(one)]
    assert [said.id for said in told] == [said.id for said in about]
    assert {said.values["who"] for said in told if "who" in said.values} == {YOU}
    assert {said.values["who"] for said in about if "who" in said.values} == {THEY}
    assert Message("reason-taught-higher", {"who": YOU, "skill": "Kafka", "level": 1, "roles": 1}) in told
    assert Message("reason-unconfirmed") in told


def test_a_level_nobody_stated_is_never_said(worlds):
    world = worlds(
        worlds.offer("job", [("sql", 4, "essential"), ("kafka", 3, "essential")]),
        worlds.offer("job", [("kafka", 0, "essential"), ("rust", 0, "essential")]),
        worlds.offer("learning_path", [("kafka", 4, "teaches")]),
    )
    told = world.explain(
        [("sql", 4, "has"), ("kafka", 0, "has"), ("kafka", 0, "wants_to_learn"), ("rust", 0, "wants_to_learn")]
    )
    said = [(one.id, one.values) for each in told for one in messages(each)]
    steps = [values for name, values in said if name == "reason-step-up"]
    assert {(values["skill"], values["level"], values["asked"]) for values in steps} == {
        ("Kafka", 0, 3),
        ("Rust", 0, 0),
    }
    assert {values["level"] for name, values in said if name == "reason-taught-higher"} <= {0}


def test_evidence_for_a_neighbour_confirms_nothing_else(worlds):
    world = worlds(worlds.offer("job", [("python", 2, "essential"), ("pandas", 2, "essential")]))
    index, has = world.space.index, 0
    rows = np.array([index["python"], index["pandas"]])
    claims = Claims(np.zeros(2, dtype=int), rows, np.full(2, has), np.full(2, 2), np.array([1.0, 0.1]))
    profile = build_profile(ClaimIndex(claims, 1, len(world.space), unknown=2).of(0), PersonFacts(), world.space)
    assert profile.strength[index["pandas"]] > 0.1, "what the neighbour lends it"
    (one,) = world.explained(profile)
    (said,) = [part.message for part in one.contributions if part.feature == "evidence"]
    assert said == Message("reason-confirmed", {"skills": ("Python",), "more": 0, "count": 1})


def test_what_only_a_title_suggests_is_not_called_missing(worlds):
    world = worlds(worlds.offer("job", [("kafka", 2, "essential"), ("cobol", 2, "essential")]))
    (one,) = world.explained(world.profile([], role={"kafka": 1.0}))
    said = {one.message.values["skill"]: one.message.id for one in one.gaps}
    assert said == {"Kafka": "gap-assumed", "Cobol": "gap-missing"}
