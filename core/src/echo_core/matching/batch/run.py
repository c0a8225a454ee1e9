"""Everybody's best offers in compiled code: 32-bit sums find what could be among them, exact scores decide."""

from __future__ import annotations

from typing import Any

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.batch.desk import (
    LANES,
    STRONGEST,
    Bench,
    Desk,
    People,
    ahead,
    clear_lane,
    fill_lane,
    insert,
    miss,
)
from echo_core.matching.batch.jit import jit, jit_entry
from echo_core.matching.batch.pair import (
    AVOIDS,
    CROWDED,
    avoided,
    crowding,
    lets_in,
    raw_of,
    score,
    stretch,
)
from echo_core.matching.batch.sums import bound, gain, lessons, press
from echo_core.matching.batch.tables import Offers, Rules, Skills, Small
from echo_core.matching.batch.variety import mix
from echo_core.matching.scorer import GAINS

_AT_ONCE = 32
SPARE, MORE = 8, 4
"""How many more than the top are put in order at first, and how many times as many when variety takes more."""


@jit_entry
def run(
    offers: Offers,
    skills: Skills,
    rules: Rules,
    people: People,
    desk: Desk,
    bench: Bench,
    start: int,
    stop: int,
    rows: IntArray,
    totals: FloatArray,
    strongest: Small,
) -> None:
    """Fills the results of some people."""
    every = len(offers.row)
    for first in range(start, stop, LANES):
        last = min(first + LANES, stop)
        for person in range(first, last):
            fill_lane(desk, person - first, people, person, skills, rules)
            gain(bench, desk, person - first, people.role[person] >= 0, offers, skills, rules)
            miss(desk, person - first, bench, offers.id_rank, skills, rules)
            press(bench, desk, person - first, 1.0, rules)
        lessons(bench, people, first, last, offers, skills, rules)
        for person in range(first, last):
            lane = person - first
            most, done = min(rows.shape[1] + SPARE, every), False
            while not done:
                done = _list(most, bench, desk, lane, people, person, offers, skills, rules, rows, totals, strongest)
                most = min(most * MORE, every)
            press(bench, desk, lane, 0.0, rules)
            clear_lane(desk, lane)


@jit
def _list(
    most: int,
    bench: Bench,
    desk: Desk,
    lane: int,
    people: People,
    person: int,
    offers: Offers,
    skills: Skills,
    rules: Rules,
    rows: IntArray,
    totals: FloatArray,
    strongest: Small,
) -> bool:
    """Writes a person's list, from the best `most`; False where more of the order must be known."""
    whole = most == len(offers.row)
    bound(bench, lane, people.base[people.group[person]], people.speaks[person], offers, rules)
    bench.cuts[:] = -rules.slack
    if not whole:
        _find_cuts(most, bench, desk, lane, people, person, offers, skills, rules)
    known = _choose(most, bench, desk, lane, people, person, offers, skills, rules)
    size = known
    if whole:
        _sort(bench, size)
    elif known == most:
        size = _add_best_of_kinds(bench, known)
    for place in range(size):
        bench.shown[place] = offers.shown[offers.kind[bench.scored[bench.chosen[place]]]]
    if not mix(bench, size, known, whole or known < most, offers, rules):
        return False
    for place in range(min(rows.shape[1], size)):
        chosen = bench.chosen[bench.order[place]]
        rows[person, place] = offers.row[bench.scored[chosen]]
        totals[person, place] = bench.totals[chosen]
        for rank in range(STRONGEST):
            strongest[person, place, rank] = bench.strongest[chosen, rank]
    return True


@jit
def _find_cuts(
    most: int,
    bench: Bench,
    desk: Desk,
    lane: int,
    people: People,
    person: int,
    offers: Offers,
    skills: Skills,
    rules: Rules,
) -> None:
    """Finds by kind the raw score below which nothing is among the best `most`, or the best of its kind.

    Scores are taken at their least here, so that what is below is below for certain.
    """
    base, gained = people.base[people.group[person]], bench.gained[lane]
    bench.sizes[:] = 0
    size = 0
    for kind in range(len(rules.best)):
        best, see = rules.best[kind], offers.shown[kind]
        cut = _cut(kind, size, most, bench, offers, rules)
        offer, last = offers.edges[kind] - 1, offers.edges[kind + 1]
        while True:
            offer = _next_above(bench.bound, offer + 1, last, np.float32(cut))
            if offer == last:
                break
            if not lets_in(offers, people, person, offer):
                continue
            raw = gained[offer] + base[offer]
            least = raw - rules.slack
            least -= least * rules.feature[kind, CROWDED] * crowding(offers, people, person, offer)
            least -= rules.feature[kind, AVOIDS] * avoided(skills, desk, lane, offer)
            scale = min(stretch(raw, best, rules.common), rules.common / best)
            spoken = (gained[offer] - rules.slack) * scale - rules.slack
            if least <= 0.0 or (people.speaks[person] and spoken < rules.least_relevance):
                continue
            total = least * stretch(least, best, rules.common)
            size = _insert_value(bench.values, size, most, total)
            bench.sizes[see] = _insert_value(bench.kind_values[see], bench.sizes[see], rules.per_kind, total)
            cut = _cut(kind, size, most, bench, offers, rules)
    for kind in range(len(rules.best)):
        bench.cuts[kind] = _cut(kind, size, most, bench, offers, rules)


@jit
def _next_above(bound: Small, start: int, stop: int, cut: np.floating[Any]) -> int:
    """The first offer from `start` on whose bound is above the cut; `stop` where there is none."""
    while start + _AT_ONCE <= stop:
        above = 0
        for offer in range(start, start + _AT_ONCE):
            above += bound[offer] > cut
        if above > 0:
            break
        start += _AT_ONCE
    while start < stop and bound[start] <= cut:
        start += 1
    return start


@jit
def _insert_value(values: FloatArray, size: int, most: int, value: float) -> int:
    """Puts a value among the best, in order; the new size."""
    if size == most and (most == 0 or value <= values[most - 1]):
        return size
    place = size if size < most else most - 1
    while place > 0 and value > values[place - 1]:
        values[place] = values[place - 1]
        place -= 1
    values[place] = value
    return min(size + 1, most)


@jit
def _insert_kind(bench: Bench, see: int, rules: Rules, value: float, rank: int, offer: int) -> int:
    return insert(
        bench.kind_values[see],
        bench.kind_ranks[see],
        bench.kind_chosen[see],
        bench.sizes[see],
        rules.per_kind,
        value,
        rank,
        offer,
    )


@jit
def _cut(kind: int, size: int, most: int, bench: Bench, offers: Offers, rules: Rules) -> float:
    see = offers.shown[kind]
    if see < 0 or size < most:
        return -rules.slack
    total = bench.values[most - 1]
    if rules.per_kind > 0:
        full = bench.sizes[see] == rules.per_kind
        total = min(total, max(bench.kind_values[see, rules.per_kind - 1] if full else 0.0, rules.least_score))
    return raw_of(total, rules.best[kind], rules.common) - 2.0 * rules.slack


@jit
def _choose(
    most: int,
    bench: Bench,
    desk: Desk,
    lane: int,
    people: People,
    person: int,
    offers: Offers,
    skills: Skills,
    rules: Rules,
) -> int:
    """Scores exactly what is above the cuts, and keeps the best `most` and the best of each kind; how many are kept.

    Where `most` is all there are, they stand in no order.
    """
    gained, size, count = bench.gained[lane], 0, 0
    bench.sizes[:] = 0
    for kind in range(len(rules.best)):
        see = offers.shown[kind]
        offer, last = offers.edges[kind] - 1, offers.edges[kind + 1]
        while True:
            offer = _next_above(bench.bound, offer + 1, last, np.float32(bench.cuts[kind]))
            if offer == last:
                break
            if not lets_in(offers, people, person, offer):
                continue
            touched = gained[offer] != 0.0
            total, kept = score(bench.found, offers, skills, rules, people, person, desk, lane, offer, kind, touched)
            if not kept:
                continue
            bench.scored[count], bench.totals[count] = offer, total
            _name_strongest(bench, count)
            total, rank = np.rint(total * 1e12) / 1e12, offers.id_rank[offer]
            if most == len(gained):
                bench.values[size], bench.ranks[size], bench.chosen[size] = total, rank, count
                size += 1
            else:
                size = insert(bench.values, bench.ranks, bench.chosen, size, most, total, rank, count)
                bench.sizes[see] = _insert_kind(bench, see, rules, total, rank, count)
            count += 1
    return size


@jit
def _name_strongest(bench: Bench, place: int) -> None:
    """Writes down the features that add most, 255 where there are fewer."""
    for rank in range(STRONGEST):
        code = 0
        for feature in range(GAINS):
            if bench.found[feature] > bench.found[code]:
                code = feature
        bench.strongest[place, rank] = code if bench.found[code] > 0.0 else 255
        bench.found[code] = 0.0


@jit
def _add_best_of_kinds(bench: Bench, known: int) -> int:
    """Puts the best of each kind behind the best of all, where they are not among them; how many there are then."""
    values, ranks, chosen, size = bench.values, bench.ranks, bench.chosen, known
    for see in range(len(bench.sizes)):
        for place in range(bench.sizes[see]):
            value, rank = bench.kind_values[see, place], bench.kind_ranks[see, place]
            if ahead(values[known - 1], ranks[known - 1], value, rank):
                size = insert(values, ranks, chosen, size, len(values), value, rank, bench.kind_chosen[see, place])
    return size


@jit
def _sort(bench: Bench, size: int) -> None:
    """Heap sort of what is chosen, best first."""
    for root in range(size // 2 - 1, -1, -1):
        _sink(bench, root, size)
    for last in range(size - 1, 0, -1):
        _swap(bench, 0, last)
        _sink(bench, 0, last)


@jit
def _sink(bench: Bench, root: int, size: int) -> None:
    """Restores a heap whose root is the last in order."""
    values, ranks = bench.values, bench.ranks
    while 2 * root + 1 < size:
        child = 2 * root + 1
        if child + 1 < size and ahead(values[child], ranks[child], values[child + 1], ranks[child + 1]):
            child += 1
        if not ahead(values[root], ranks[root], values[child], ranks[child]):
            return
        _swap(bench, root, child)
        root = child


@jit
def _swap(bench: Bench, one: int, other: int) -> None:
    values, ranks, chosen = bench.values, bench.ranks, bench.chosen
    values[one], values[other] = values[other], values[one]
    ranks[one], ranks[other] = ranks[other], ranks[one]
    chosen[one], chosen[other] = chosen[other], chosen[one]
