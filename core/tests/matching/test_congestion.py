"""Few places and many people: an item gives way before it overflows, bounded, said and the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from echo_core.matching import YOU, ClaimIndex, Claims, Congestion, PersonFacts, Scorer, default_weights, fitting
from echo_core.model.message import Message


def congestion(others: int, free: int, each: float = 1.0) -> Congestion:
    """One opportunity that so many others fit."""
    return Congestion(np.array([free]), np.arange(others), np.zeros(others, dtype=np.int64), each)


@pytest.mark.parametrize(
    ("others", "free", "pressure"), [(0, 3, 0.0), (3, 3, 0.0), (4, 3, 0.25), (40, 3, 0.925), (40, -1, 0.0), (5, 0, 1.0)]
)
def test_pressure_is_the_share_of_others_who_find_no_place(others, free, pressure):
    assert congestion(others, free).pressure(None)[0] == pytest.approx(pressure)


def test_nobody_competes_with_themselves():
    counted = congestion(4, 3)
    assert counted.counts(2).tolist() == [0]
    assert counted.pressure(counted.counts(2))[0] == 0.0


def test_those_counted_stand_for_a_larger_company():
    assert congestion(4, 3, each=10.0).others(None)[0] == 40.0


@pytest.mark.parametrize("kind", ["job", "project", "mentorship", "learning_path", "mentorship_request"])
def test_a_crowd_takes_a_bounded_share_that_grows_with_it_and_is_said(worlds, kind):
    asks = "essential" if kind in ("job", "project", "mentorship_request") else "teaches"
    world = worlds(worlds.offer(kind, [("sql", 3, asks)]))
    profile = world.profile([("sql", 3, "has"), ("kafka", 0, "wants_to_learn"), ("databases", 0, "wants_to_learn")])
    least = float("inf")
    (free,) = world.explained(profile)
    for others in (0, 2, 3, 5, 40, 10_000):
        scorer = Scorer(world.scorer.block, congestion=congestion(others, 2))
        (found,) = world.explained(profile, world.explaining(scorer, YOU))
        assert abs(sum(part.contribution for part in found.contributions) - found.score) < 1e-9
        assert found.score <= least
        least = found.score
        said = [part.message for part in found.contributions if part.feature == "crowded"]
        assert said == ([Message("reason-crowded", {"people": others, "free": 2})] if others > 2 else [])
    assert 0 < free.score - least <= 0.5 * free.score


def test_a_crowd_orders_equal_offers_by_the_chance_they_give(worlds):
    world = worlds(*[worlds.offer("project", [("sql", 3, "essential")])] * 3)
    counted = Congestion(np.array([1, 1, -1]), np.arange(30), np.repeat([0, 1], [20, 10]))
    profile = world.profile([("sql", 3, "has")])
    full, some, endless = (
        Scorer(world.scorer.block, congestion=counted).score(profile, world.scorer.growth(profile)).total
    )
    assert full < some < endless


def test_people_fit_who_cover_most_of_what_is_asked_or_want_most_of_what_is_taught(worlds):
    world = worlds(
        worlds.offer("project", [("sql", 4, "essential"), ("kafka", 2, "essential")]),
        worlds.offer("mentorship", [("rust", 5, "teaches")]),
        worlds.offer("job", []),
    )
    index = world.space.index
    held = [
        (0, "sql", 0, 4),  # a half
        (1, "sql", 0, 4),
        (1, "kafka", 0, 0),  # all
        (2, "rust", 1, 0),  # wants it
        (3, "rust", 0, 5),  # has it already
        (4, "databases", 0, 5),
        (4, "kafka", 0, 3),  # a broader skill and one of two
    ]
    table = np.array([(person, index[skill], stance, level) for person, skill, stance, level in held])
    claims = ClaimIndex(Claims(*table.T, np.ones(len(table))), 6, len(world.space), unknown=2)
    block = world.scorer.block
    rows = np.arange(3)
    person, opportunity = fitting(claims, np.ones(6, dtype=bool), block, rows, world.space, default_weights())
    assert list(zip(person.tolist(), opportunity.tolist(), strict=True)) == [(1, 0), (2, 1), (4, 0)]
    person, opportunity = fitting(
        claims, np.array([True, False] * 3), block, np.array([1]), world.space, default_weights()
    )
    assert (person.tolist(), opportunity.tolist()) == ([2], [1])


def test_fitting_covers_as_the_scorer_does(worlds):
    world = worlds(worlds.offer("project", [("sql", 3, "essential"), ("pandas", 2, "desired"), ("rust", 1, "desired")]))
    draw = np.random.default_rng(7)
    names = list(world.space.index)
    for _ in range(60):
        held = [(names[int(at)], int(draw.integers(0, 6)), "has") for at in draw.integers(0, len(names), 3)]
        claims = world.claims(held)
        profile = world.profile(held, PersonFacts())
        block = world.scorer.block
        share = (block.essential + block.desired) @ profile.coverage / (block.essential + block.desired).sum()
        person, _ = fitting(claims, np.ones(1, dtype=bool), block, np.array([0]), world.space, default_weights())
        assert bool(person.size) is bool(share[0] >= 0.6 - 1e-9)


def test_a_pair_of_the_last_person_and_the_last_offer_of_a_large_company_is_counted(worlds):
    world = worlds(*[worlds.offer("project", [("sql", 3, "essential")])] * 8_000)
    person, last = 299_999, 7_999  # their product takes more than 32 bits
    number, one = np.array([person]), np.ones(1, dtype=np.int64)
    claims = ClaimIndex(
        Claims(number, one * world.space.index["sql"], one * 0, one * 4, np.ones(1)),
        person + 1,
        len(world.space),
        unknown=2,
    )
    everybody, rows = np.ones(person + 1, dtype=bool), np.array([last])
    pairs = fitting(claims, everybody, world.scorer.block, rows, world.space, default_weights())
    assert [column.tolist() for column in pairs] == [[person], [last]]
