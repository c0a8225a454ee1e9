"""Pairs for a whole pool: the best total, never a place too many, and the same answer whatever the order."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from echo_core.matching.arrays import SkillSet
from echo_core.matching.pairing import Candidates, assign, two_sided
from echo_core.matching.pairing_requests import Request, as_mentor, build_requests
from echo_core.matching.pairing_rules import PairingSide, hours_apart, speechless, too_far, zone_gaps
from echo_core.matching.weights import default_weights

MENTEES, MENTORS = 7, 4


def candidates_of(table):
    """Candidates from a mentees × mentors table; 0 is no candidate."""
    mentee, mentor = np.nonzero(table)
    return Candidates(mentee, mentor, table[mentee, mentor])


@st.composite
def pools(draw, levels=6):
    """A table of scores with many ties and gaps, and places."""
    shape = draw(st.integers(1, MENTEES)), draw(st.integers(1, MENTORS))
    scores = st.sampled_from([level / (levels - 1) for level in range(levels)])
    table = np.array([draw(scores) for _ in range(shape[0] * shape[1])]).reshape(shape)
    places = np.array([draw(st.integers(0, 3)) for _ in range(shape[1])])
    return table, places


def expanded(table, places, bonus=0.0):
    """The best total by the dense textbook method: one column per place, and one per mentee to stay alone."""
    columns = np.repeat(np.arange(table.shape[1]), places)
    dense = np.where(table > 0, table + bonus, 0.0)[:, columns]
    dense = np.hstack([dense, np.zeros((len(table), len(table)))])
    rows, found = linear_sum_assignment(dense, maximize=True)
    worth = dense[rows, found]
    return float((worth - bonus * (worth > 0)).sum()), int((worth > 0).sum())


@given(pools())
def test_the_total_is_the_best_there_is(pool):
    table, places = pool
    found = candidates_of(table)
    chosen = assign(found, places)
    assert found.score[chosen].sum() == pytest.approx(expanded(table, places)[0], abs=1e-9)


@settings(max_examples=40)
@given(pools())
def test_no_choice_of_pairs_is_better(pool):
    """Every choice there is, for pools small enough to try them all."""
    table, places = pool[0][:4], pool[1]
    found = candidates_of(table)
    best = 0.0
    for choice in product(range(-1, table.shape[1]), repeat=len(table)):
        taken = np.bincount([one for one in choice if one >= 0], minlength=table.shape[1])
        if (taken <= places).all():
            best = max(best, sum(table[mentee, mentor] for mentee, mentor in enumerate(choice) if mentor >= 0))
    assert found.score[assign(found, places)].sum() == pytest.approx(best, abs=1e-9)


@given(pools())
def test_most_pairs_come_first_when_that_is_asked(pool):
    table, places = pool
    found = candidates_of(table)
    chosen = assign(found, places, most_pairs=True)
    total, pairs = expanded(table, places, bonus=100.0)
    assert len(chosen) == pairs
    assert found.score[chosen].sum() == pytest.approx(total, abs=1e-9)


@given(pools(), st.booleans())
def test_nobody_is_paired_twice_and_no_mentor_beyond_the_places(pool, most_pairs):
    table, places = pool
    found = candidates_of(table)
    chosen = assign(found, places, most_pairs=most_pairs)
    assert len(set(found.mentee[chosen])) == len(chosen)
    assert (np.bincount(found.mentor[chosen], minlength=len(places)) <= places).all()
    assert (found.score[chosen] > 0).all()
    assert found.mentee[chosen].tolist() == sorted(found.mentee[chosen])


@given(pools(levels=3), st.booleans(), st.randoms(use_true_random=False))
def test_ties_stand_still_whatever_the_order_of_the_candidates(pool, most_pairs, random):
    table, places = pool
    found = candidates_of(table)
    order = list(range(len(found)))
    random.shuffle(order)
    mixed = found.some(np.array(order, dtype=np.int64))

    def pairs(candidates):
        chosen = assign(candidates, places, most_pairs=most_pairs)
        return list(zip(candidates.mentee[chosen], candidates.mentor[chosen], strict=True))

    assert pairs(found) == pairs(mixed)


def test_a_last_digit_decides_nothing():
    table = np.array([[0.3, 0.3], [0.1 + 0.2, 0.3]])
    exact = np.array([[0.3, 0.3], [0.3, 0.3]])
    places = np.array([1, 1])
    assert assign(candidates_of(table), places).tolist() == assign(candidates_of(exact), places).tolist()


def test_an_empty_pool_has_no_pairs():
    nothing = Candidates(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    assert assign(nothing, np.array([2])).size == 0
    assert assign(candidates_of(np.array([[0.5]])), np.array([0])).size == 0
    assert assign(candidates_of(np.array([[0.5]])), np.array([-1])).size == 0


def test_more_pairs_can_cost_total():
    table = np.array([[0.9, 0.3], [0.2, 0.0]])
    places = np.array([1, 1])
    best, most = (assign(candidates_of(table), places, most_pairs=flag) for flag in (False, True))
    assert (len(best), len(most)) == (1, 2)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_both_sides_count_and_either_can_say_no(mentee, mentor, more):
    share = default_weights().number("mentoring", "mentee_share")
    one = float(two_sided(np.array([mentee]), np.array([mentor]), share)[0])
    assert min(mentee, mentor) - 1e-12 <= one <= max(mentee, mentor) + 1e-12
    assert float(two_sided(np.array([mentee]), np.array([max(mentor, more)]), share)[0]) >= one - 1e-12
    assert float(two_sided(np.array([0.0]), np.array([mentor]), share)[0]) == 0.0


def test_clocks_are_compared_over_the_year_and_around_it():
    zones = ("Europe/Stockholm", "America/New_York", "Australia/Sydney", "Pacific/Auckland", "Pacific/Honolulu", "HQ")
    gaps = zone_gaps(zones, date(2026, 7, 1))
    hours = {(zones[a], zones[b]): gaps[a, b] for a in range(len(zones)) for b in range(len(zones))}
    assert hours["Europe/Stockholm", "America/New_York"] == 6
    assert hours["Europe/Stockholm", "Australia/Sydney"] == 10  # eight in July, ten in January
    assert hours["Pacific/Auckland", "Pacific/Honolulu"] == 2
    assert hours["Europe/Stockholm", "Europe/Stockholm"] == 0
    assert np.isnan(hours["HQ", "Europe/Stockholm"])
    assert np.isnan(hours["HQ", "HQ"])
    for start in (date(2026, 1, 15), date(2026, 12, 31)):
        assert np.array_equal(zone_gaps(zones, start), gaps, equal_nan=True)


def side(zones, spoken, languages=("en", "de", "sv")):
    """People by zone row and languages; None is somebody of whom nobody knows."""
    table = np.array([[code in (mine or ()) for code in languages] for mine in spoken], dtype=bool)
    known = np.array([mine is not None for mine in spoken])
    return PairingSide(np.arange(len(zones)), table, known, np.array(zones))


def test_a_gap_above_the_cap_is_too_far_and_an_unknown_zone_is_not():
    gaps = zone_gaps(("Europe/Stockholm", "Asia/Tokyo"), date(2026, 7, 1))
    mentee, mentors = side([0], [("en",)]), side([0, 1, -1], [("en",)] * 3)
    assert hours_apart(gaps, 0, mentors.zone)[:2].tolist() == [0, 8]
    assert too_far(gaps, 0, mentee, mentors, 8).tolist() == [False, False, False]
    assert too_far(gaps, 0, mentee, mentors, 7.5).tolist() == [False, True, False]
    assert too_far(zone_gaps((), date(2026, 7, 1)), 0, side([-1], [None]), side([-1], [None]), 1).tolist() == [False]


def test_people_need_a_language_in_common_when_theirs_are_known():
    mentees = side([0, 0], [("de",), None])
    mentors = side([0, 0, 0], [("en", "sv"), ("sv", "de"), None])
    assert speechless(0, mentees, mentors).tolist() == [True, False, False]
    assert speechless(1, mentees, mentors).tolist() == [False, False, False]


def test_a_request_asks_for_one_level_above_ones_own():
    weights = default_weights()
    requests = [Request(np.array([0, 1, 2]), np.array([0, 3, 5])), Request(np.array([1]), np.array([1]))]
    block = build_requests(requests, np.zeros((2, 1), dtype=bool), 3, weights)
    assert block.requirements.level.tolist() == [2, 4, 5, 2]
    assert len(block) == 2
    assert len(build_requests([], np.zeros((0, 1), dtype=bool), 3, weights)) == 0


def test_what_a_mentor_offers_counts_as_held_and_as_a_wish_to_teach():
    none = np.zeros(0, dtype=np.int64)
    claims = SkillSet(np.array([4, 2]), np.array([3, 0]), np.array([1.0, 0.4]), none, none, np.array([7]), none)
    found = as_mentor(claims, np.array([2, 9, 4]), np.array([4, 0, 2]), 0.4)
    assert found.has.tolist() == [2, 4, 9]
    assert found.level.tolist() == [4, 3, 0]
    assert found.strength.tolist() == [0.4, 1.0, 0.4]
    assert found.teach.tolist() == [2, 4, 7, 9]
