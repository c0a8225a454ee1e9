"""Everybody's best offers in compiled code: 32-bit sums find what could be among them, exact scores decide."""

from __future__ import annotations

from typing import Any

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.batch.best import ahead, insert
from echo_core.matching.batch.bounds import bound, dense, gain, press
from echo_core.matching.batch.exact import congestion_share, lets_in, raw_of, score, stretch, taken
from echo_core.matching.batch.jit import jit, jit_entry
from echo_core.matching.batch.lane import clear_lane, fill_lane, find_terms, miss
from echo_core.matching.batch.layout import Offers, Rules, Skills, Small
from echo_core.matching.batch.variety import mix
from echo_core.matching.batch.workspace import LANES, STRONGEST, Lanes, People, Scratch

_AT_ONCE = 32
SPARE, MORE = 8, 4
"""How many more than the top are put in order at first, and how many times as many when variety takes more."""


@jit_entry
def run(
    offers: Offers,
    skills: Skills,
    rules: Rules,
    people: People,
    lanes: Lanes,
    scratch: Scratch,
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
            fill_lane(lanes, person - first, people, person, skills, rules)
            gain(scratch, lanes, person - first, offers, skills, rules)
            miss(lanes, person - first, scratch, offers.id_rank, skills, rules)
            find_terms(lanes, person - first, rules)
            press(scratch, lanes, person - first, 1.0)
        dense(scratch, people, first, last, offers, skills, rules)
        for person in range(first, last):
            lane = person - first
            most, done = min(rows.shape[1] + SPARE, every), False
            while not done:
                done = _list(most, scratch, lanes, lane, people, person, offers, skills, rules, rows, totals, strongest)
                most = min(most * MORE, every)
            press(scratch, lanes, lane, 0.0)
            clear_lane(lanes, lane)


@jit
def _list(
    most: int,
    scratch: Scratch,
    lanes: Lanes,
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
    """Writes a person's list, from the best `most`; False if more of the order is required."""
    whole = most == len(offers.row)
    bound(scratch, lane, people.base[people.group[person]], people.speaks[person], offers, rules)
    scratch.cuts[:] = -rules.slack
    if not whole:
        _find_cuts(most, scratch, lanes, lane, people, person, offers, skills, rules)
    known = _choose(most, scratch, lanes, lane, people, person, offers, skills, rules)
    size = known
    if whole:
        _sort(scratch, size)
    elif known == most:
        size = _add_best_of_kinds(scratch, known)
    for position in range(size):
        scratch.shown[position] = offers.shown[offers.kind[scratch.scored[scratch.chosen[position]]]]
    if not mix(scratch, size, known, whole or known < most, offers, rules):
        return False
    for position in range(min(rows.shape[1], size)):
        chosen = scratch.chosen[scratch.order[position]]
        rows[person, position] = offers.row[scratch.scored[chosen]]
        totals[person, position] = scratch.totals[chosen]
        for rank in range(STRONGEST):
            strongest[person, position, rank] = scratch.strongest[chosen, rank]
    return True


@jit
def _find_cuts(
    most: int,
    scratch: Scratch,
    lanes: Lanes,
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
    base, gained = people.base[people.group[person]], scratch.gained[lane]
    scratch.sizes[:] = 0
    size = 0
    for kind in range(len(rules.best)):
        best, see = rules.best[kind], offers.shown[kind]
        cut = _cut(kind, size, most, scratch, offers, rules)
        offer, last = offers.edges[kind] - 1, offers.edges[kind + 1]
        while True:
            offer = _next_above(scratch.bound, offer + 1, last, np.float32(cut))
            if offer == last:
                break
            if not lets_in(offers, people, person, offer):
                continue
            raw = gained[offer] + base[offer]
            least = raw - rules.slack
            if rules.congestion >= 0:
                least -= least * rules.feature[kind, rules.congestion] * congestion_share(offers, people, person, offer)
            least -= taken(scratch, offers, skills, rules, lanes, lane, offer, kind)
            scale = min(stretch(raw, best, rules.common), rules.common / best)
            spoken = (gained[offer] - rules.slack) * scale - rules.slack
            if least <= 0.0 or (people.speaks[person] and spoken < rules.least_relevance):
                continue
            total = least * stretch(least, best, rules.common)
            size = _insert_value(scratch.values, size, most, total)
            scratch.sizes[see] = _insert_value(scratch.kind_values[see], scratch.sizes[see], rules.per_kind, total)
            cut = _cut(kind, size, most, scratch, offers, rules)
    for kind in range(len(rules.best)):
        scratch.cuts[kind] = _cut(kind, size, most, scratch, offers, rules)


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
    position = size if size < most else most - 1
    while position > 0 and value > values[position - 1]:
        values[position] = values[position - 1]
        position -= 1
    values[position] = value
    return min(size + 1, most)


@jit
def _insert_kind(scratch: Scratch, see: int, rules: Rules, value: float, rank: int, offer: int) -> int:
    return insert(
        scratch.kind_values[see],
        scratch.kind_ranks[see],
        scratch.kind_chosen[see],
        scratch.sizes[see],
        rules.per_kind,
        value,
        rank,
        offer,
    )


@jit
def _cut(kind: int, size: int, most: int, scratch: Scratch, offers: Offers, rules: Rules) -> float:
    see = offers.shown[kind]
    if see < 0 or size < most:
        return -rules.slack
    total = scratch.values[most - 1]
    if rules.per_kind > 0:
        full = scratch.sizes[see] == rules.per_kind
        total = min(total, max(scratch.kind_values[see, rules.per_kind - 1] if full else 0.0, rules.least_score))
    return raw_of(total, rules.best[kind], rules.common) - 2.0 * rules.slack


@jit
def _choose(
    most: int,
    scratch: Scratch,
    lanes: Lanes,
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
    gained, size, count = scratch.gained[lane], 0, 0
    scratch.sizes[:] = 0
    for kind in range(len(rules.best)):
        see = offers.shown[kind]
        offer, last = offers.edges[kind] - 1, offers.edges[kind + 1]
        while True:
            offer = _next_above(scratch.bound, offer + 1, last, np.float32(scratch.cuts[kind]))
            if offer == last:
                break
            if not lets_in(offers, people, person, offer):
                continue
            touched = gained[offer] != 0.0
            total, kept = score(scratch, offers, skills, rules, people, person, lanes, lane, offer, kind, touched)
            if not kept:
                continue
            scratch.scored[count], scratch.totals[count] = offer, total
            _name_strongest(scratch, count, rules.gains)
            total, rank = np.rint(total * 1e12) / 1e12, offers.id_rank[offer]
            if most == len(gained):
                scratch.values[size], scratch.ranks[size], scratch.chosen[size] = total, rank, count
                size += 1
            else:
                size = insert(scratch.values, scratch.ranks, scratch.chosen, size, most, total, rank, count)
                scratch.sizes[see] = _insert_kind(scratch, see, rules, total, rank, count)
            count += 1
    return size


@jit
def _name_strongest(scratch: Scratch, position: int, gains: int) -> None:
    """Writes down the features that add most, 255 where there are fewer."""
    for rank in range(STRONGEST):
        code = 0
        for feature in range(gains):
            if scratch.contributions[feature] > scratch.contributions[code]:
                code = feature
        scratch.strongest[position, rank] = code if scratch.contributions[code] > 0.0 else 255
        scratch.contributions[code] = 0.0


@jit
def _add_best_of_kinds(scratch: Scratch, known: int) -> int:
    """Puts the best of each kind behind the best of all, where they are not among them; how many there are then."""
    values, ranks, chosen, size = scratch.values, scratch.ranks, scratch.chosen, known
    for see in range(len(scratch.sizes)):
        for position in range(scratch.sizes[see]):
            value, rank = scratch.kind_values[see, position], scratch.kind_ranks[see, position]
            if ahead(values[known - 1], ranks[known - 1], value, rank):
                size = insert(values, ranks, chosen, size, len(values), value, rank, scratch.kind_chosen[see, position])
    return size


@jit
def _sort(scratch: Scratch, size: int) -> None:
    """Heap sort of what is chosen, best first."""
    for root in range(size // 2 - 1, -1, -1):
        _sink(scratch, root, size)
    for last in range(size - 1, 0, -1):
        _swap(scratch, 0, last)
        _sink(scratch, 0, last)


@jit
def _sink(scratch: Scratch, root: int, size: int) -> None:
    """Restores a heap whose root is the last in order."""
    values, ranks = scratch.values, scratch.ranks
    while 2 * root + 1 < size:
        child = 2 * root + 1
        if child + 1 < size and ahead(values[child], ranks[child], values[child + 1], ranks[child + 1]):
            child += 1
        if not ahead(values[root], ranks[root], values[child], ranks[child]):
            return
        _swap(scratch, root, child)
        root = child


@jit
def _swap(scratch: Scratch, first: int, other: int) -> None:
    values, ranks, chosen = scratch.values, scratch.ranks, scratch.chosen
    values[first], values[other] = values[other], values[first]
    ranks[first], ranks[other] = ranks[other], ranks[first]
    chosen[first], chosen[other] = chosen[other], chosen[first]
