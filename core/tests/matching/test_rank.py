"""Order: stable, mixed at the top, complete."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from echo_core.matching import (
    ClaimIndex,
    Claims,
    PersonFacts,
    Retrieval,
    build_profile,
    default_weights,
    in_order,
    mixed,
)


def diversity_groups(title, series=None, team=None):
    """Codes of equal titles, and where given of series and teams."""
    nothing = np.full(len(title), -1)
    return np.stack([title, nothing if series is None else series, nothing if team is None else team])


def test_ties_stand_in_the_order_of_their_ids():
    order = in_order(np.array([0.5, 0.5 + 1e-14, 0.7, 0.5]), np.array([3, 1, 0, 2]))
    assert order.tolist() == [2, 1, 3, 0]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=60))
def test_a_mixed_list_holds_everything_once_and_shows_every_sensible_kind(drawn):
    total = np.array([score for score, _, _ in drawn])
    kind = np.array([code for _, code, _ in drawn])
    title = np.array([code for _, _, code in drawn])
    order = in_order(total, np.arange(len(drawn)))
    result = mixed(order, total, kind, diversity_groups(title), default_weights())
    assert sorted(result.tolist()) == list(range(len(drawn)))
    top = result[:12]
    for code in set(kind.tolist()):
        sensible = int(((kind == code) & (total >= 0.12)).sum())
        assert int((kind[top] == code).sum()) >= min(2, sensible)
    assert all(total[a] >= total[b] - 1e-12 for a, b in pairwise(top.tolist()))


def test_one_title_does_not_fill_the_top_when_there_is_other_work():
    total = np.linspace(0.9, 0.5, 30)
    title = np.array([0] * 20 + list(range(1, 11)))
    result = mixed(np.arange(30), total, np.zeros(30, dtype=np.int64), diversity_groups(title), default_weights())
    assert (title[result[:12]] == 0).sum() == 2


@pytest.mark.parametrize(("what", "cap"), [("series", 2), ("team", 4)])
def test_one_series_or_team_does_not_fill_the_top_either(what, cap):
    total = np.linspace(0.9, 0.5, 40)
    group = np.array([0] * 20 + list(range(1, 21)))
    order = np.arange(40)
    result = mixed(
        order, total, np.zeros(40, dtype=np.int64), diversity_groups(order, **{what: group}), default_weights()
    )
    assert (group[result[:12]] == 0).sum() == cap
    assert sorted(result.tolist()) == order.tolist()


def test_retrieval_proposes_the_best_of_each_kind(worlds):
    offers = [
        worlds.offer(kind, [(skill, 2, "teaches" if kind == "learning_path" else "essential")])
        for kind in ("job", "learning_path")
        for skill in ("sql", "rust", "kafka")
    ]
    world = worlds(*offers)
    index = world.space.index
    claims = Claims(
        np.array([0, 0]), np.array([index["sql"], index["rust"]]), np.array([0, 1]), np.array([3, 0]), np.ones(2)
    )
    profile = build_profile(ClaimIndex(claims, 1, len(world.space), unknown=2).of(0), PersonFacts(), world.space)
    rows = Retrieval(world.scorer.block).propose(profile, per_kind=2)
    assert rows.tolist() == [0, 1, 3, 4]
