"""The words: one sentence per contribution, one per gap."""

from __future__ import annotations

from echo_core.matching import YOU


def texts(breakdown):
    return [part.text for part in breakdown.contributions]


def test_says_what_the_person_has_and_what_is_asked(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 3, "essential")])).explain([("sql", 4, "has")])
    assert "Has Sql at level 4, the job asks for 3" in texts(one)
    assert one.gaps == ()


def test_says_when_a_level_is_not_stated(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 0, "desired")])).explain([("sql", 0, "has")])
    assert "Has Sql (level not stated), the job would like it" in texts(one)


def test_names_the_skill_a_credit_goes_through(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 3, "essential")])).explain([("postgres", 4, "has")])
    assert "Has Postgres at level 4, a narrower skill than Sql, which the job asks for" in texts(one)
    part = next(part for part in one.contributions if part.feature == "essential")
    assert part.via is not None
    (gap,) = one.gaps
    assert gap.text == "Sql is missing, the job asks for it at level 3; Postgres counts in part"
    assert gap.has_level is None


def test_calls_broader_and_related_skills_what_they_are(worlds):
    world = worlds(worlds.offer("job", [("sql", 2, "essential"), ("pandas", 2, "essential")]))
    (one,) = world.explain([("databases", 2, "has"), ("python", 2, "has")])
    assert "Has Databases at level 2, the broader field of Sql, which the job asks for" in texts(one)
    assert "Has Python at level 2, related to Pandas, which the job asks for" in texts(one)


def test_a_level_gap_is_a_gap_with_both_levels(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 4, "essential")])).explain([("sql", 2, "has")])
    (gap,) = one.gaps
    assert (gap.has_level, gap.needs_level, gap.text) == (2, 4, "Sql is at level 2, the job asks for 4")


def test_missing_skills_are_listed_essential_first(worlds):
    (one,) = worlds(worlds.offer("job", [("kafka", 0, "desired"), ("sql", 3, "essential")])).explain([])
    assert [gap.importance for gap in one.gaps] == ["essential", "desired"]
    assert one.gaps[1].text == "Kafka is missing, the job would like it"


def test_wishes_are_named_with_the_neighbour_they_go_through(worlds):
    world = worlds(worlds.offer("learning_path", [("postgres", 3, "teaches")]))
    (one,) = world.explain([("sql", 0, "wants_to_learn")])
    assert "Teaches Postgres, a narrower skill than Sql, which is on the wish list to learn" in texts(one)


def test_an_avoided_skill_is_a_negative_contribution_that_names_it(worlds):
    (one,) = worlds(worlds.offer("job", [("sql", 2, "essential"), ("cobol", 2, "essential")])).explain(
        [("sql", 2, "has"), ("cobol", 0, "avoids")]
    )
    last = one.contributions[-1]
    assert last.contribution < 0
    assert last.text == "Involves Cobol, which is on the list of skills to avoid"


def test_contributions_stand_largest_first_and_are_never_zero(worlds):
    (one,) = worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("python", 3, "desired"), ("rust", 2, "desired")])
    ).explain([("sql", 3, "has"), ("python", 1, "has")])
    amounts = [part.contribution for part in one.contributions]
    assert amounts == sorted(amounts, reverse=True)
    assert 0.0 not in amounts


def test_sentences_speak_to_the_person_or_about_them(worlds):
    world = worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("cobol", 2, "desired"), ("kafka", 3, "desired")]),
        worlds.offer("learning_path", [("rust", 3, "teaches"), ("kafka", 3, "teaches")], hours=0),
    )
    profile = world.profile(
        [("sql", 4, "has"), ("cobol", 0, "avoids"), ("kafka", 1, "has"), ("rust", 0, "wants_to_learn")]
    )
    told = [text for one in world.explained(profile, world.explaining(world.scorer, YOU)) for text in texts(one)]
    about = [text for one in world.explained(profile) for text in texts(one)]
    assert len(told) == len(about)
    assert not [text for text in told if "the person" in text or "the profile" in text]
    assert not [text for text in about if "you" in text.lower().split() or "your" in text.lower().split()]
    assert "You have Sql at level 4, the job asks for 3" in told
    assert "Involves Cobol, which is on your list of skills to avoid" in told
    assert "Teaches Rust, which is on your wish list to learn" in told
    assert "Teaches Kafka, which is at level 1 on your profile; a similar role asks for it" in told
    assert "Your skills rest on self-assessment, which counts a little" in told
