"""What would raise a score: the numbers a snapshot with the skill would give, not an estimate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from echo_core.matching import Change, WhatIf

SKILLS = ("cobol", "databases", "kafka", "pandas", "postgres", "python", "rust", "sql")
held = st.lists(
    st.tuples(st.sampled_from(SKILLS), st.integers(0, 5), st.sampled_from(("has", "wants_to_learn"))), max_size=6
)


def shop(worlds):
    return worlds(
        worlds.offer("job", [("sql", 3, "essential"), ("kafka", 3, "essential"), ("rust", 0, "desired")]),
        worlds.offer("job", [("python", 2, "essential"), ("sql", 4, "essential")]),
        worlds.offer("project", [("kafka", 2, "essential"), ("pandas", 2, "desired")]),
        worlds.offer("learning_path", [("kafka", 3, "teaches")]),
    )


@given(claims=held, skill=st.sampled_from(SKILLS), level=st.integers(1, 5))
@example(claims=[("sql", 0, "has")], skill="sql", level=1)
@settings(max_examples=60)
def test_the_numbers_are_those_of_a_person_who_has_the_skill(worlds, claims, skill, level):
    world = shop(worlds)
    asking = WhatIf(world.scorer, world.space, world.profile(claims))
    after = world.profile([*claims, (skill, level, "has")])
    scores = world.scorer.score(after, world.scorer.growth(after))
    for row in range(4):
        effect = asking.effect(row, [Change(world.space.index[skill], level)])
        assert effect.after.score == scores.total[row]
        better = (scores.total.round(12) > scores.total[row].round(12)).sum()
        equal = (scores.total.round(12)[:row] == scores.total[row].round(12)).sum()
        assert effect.after.rank == 1 + better + equal


def test_gains_name_each_open_need_with_what_it_would_bring_most_first(worlds):
    world = shop(worlds)
    gains = WhatIf(world.scorer, world.space, world.profile([("sql", 3, "has"), ("python", 2, "has")])).gains(0)
    assert [(world.space.ids[one.changes[0].skill], one.changes[0].level) for one in gains] == [
        ("kafka", 3),
        ("rust", 2),
    ]
    first = gains[0]
    assert first.after.score > first.before.score
    assert first.after.rank <= first.before.rank


def test_what_is_there_already_brings_nothing(worlds):
    world = shop(worlds)
    asking = WhatIf(world.scorer, world.space, world.profile([("sql", 5, "has")]))
    effect = asking.effect(1, [Change(world.space.index["sql"], 4)])
    assert effect.gain == 0.0
    assert effect.before == effect.after


def test_several_changes_count_together(worlds):
    world = shop(worlds)
    asking = WhatIf(world.scorer, world.space, world.profile([]))
    both = [Change(world.space.index["sql"], 3), Change(world.space.index["kafka"], 3)]
    one = asking.effect(0, both[:1]).gain
    assert asking.effect(0, both).gain > one > 0


def test_what_a_list_does_not_hold_has_a_score_and_no_rank(worlds):
    world = shop(worlds)

    def ranking(profile, missing):
        rows = np.array([0, 1])
        return rows, world.scorer.score(profile, missing, rows)

    effect = WhatIf(world.scorer, world.space, world.profile([("sql", 3, "has")]), ranking).effect(2, [])
    assert effect.before.rank is None
    assert effect.before.score == pytest.approx(world.scores([("sql", 3, "has")])[2])
