"""What a person's skills and wishes come to by offer, in 32-bit sums: good enough to tell who could be among the best.

Everything goes from a person's skills to the offers that name them, by inverted indexes, except what near roles miss:
that touches most of what is taught, so its product is taken for all lanes at once.
"""

from __future__ import annotations

import numpy as np

from echo_core.matching.batch.exact import (
    DOUBLED,
    FADED,
    SATURATED,
    TAUGHT_SHARE,
    doubled,
    saturated,
    taught_share,
)
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.lane import claim_value, faded, listed
from echo_core.matching.batch.layout import Offers, Rules, Skills, Small
from echo_core.matching.batch.workspace import HAS, LANES, PRESSED, WEIGHED, Lanes, People, Scratch
from echo_core.matching.block import LEVELS
from echo_core.matching.forms import CLAIMS

MISSING = CLAIMS.index("lessons_missing")


@jit
def gain(scratch: Scratch, lanes: Lanes, lane: int, offers: Offers, skills: Skills, rules: Rules) -> None:
    """All but what near roles miss, into `gained`; and how much of each job is covered, into `covered`."""
    scratch.gained[lane, :] = 0.0
    scratch.covered[:] = 0.0
    _shares(scratch, lanes, lane, skills, rules)
    for index in range(len(rules.products.single)):
        _single(scratch, lanes, lane, index, offers, skills, rules)


@jit
def _shares(scratch: Scratch, lanes: Lanes, lane: int, skills: Skills, rules: Rules) -> None:
    """The plain sums over shares of what is asked: they add up posting by posting, all of them at once."""
    gained, covered, posted = scratch.gained[lane], scratch.covered, skills.shares
    worth, near, products = scratch.worth, scratch.near, rules.products
    jobs = len(covered)
    for position in range(lanes.sizes[lane, WEIGHED]):
        skill = lanes.reached[lane, WEIGHED, position]
        at, last = posted.start[skill], posted.start[skill + 1]
        if at == last:
            continue
        worth[:] = 0.0
        for level in range(LEVELS):
            column, first = skill * LEVELS + level, level * products.classes
            near[first] = near[first + 1] = lanes.near[lane, column]  # of essential and desired requirements of jobs
            for number in range(len(products.shares)):
                value = np.float32(claim_value(lanes, lane, products.claims[products.shares[number]], skill, column))
                if value > 0.0:
                    for code in range(products.classes):
                        worth[first + code] += products.share_weight[number, code] * value
        while at < last and posted.offer[at] < jobs:
            gained[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
            covered[posted.offer[at]] += posted.value[at] * near[posted.code[at]]
            at += 1
        while at < last:
            gained[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
            at += 1


@jit
def _single(
    scratch: Scratch, lanes: Lanes, lane: int, index: int, offers: Offers, skills: Skills, rules: Rules
) -> None:
    """One product, by the inverted index that is its own."""
    product = rules.products.single[index]
    claims, shape = rules.products.claims[product], rules.products.shape[product]
    which = listed(claims)
    if lanes.sizes[lane, which] == 0:
        return
    mass, worth, posted = scratch.mass, scratch.single, skills.single
    for position in range(lanes.sizes[lane, which]):
        skill = lanes.reached[lane, which, position]
        for level in range(LEVELS):
            worth[level] = claim_value(lanes, lane, claims, skill, skill * LEVELS + level)
        for at in range(posted.start[index, skill], posted.start[index, skill + 1]):
            mass[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
    if shape == FADED:
        _count_asked(scratch, lanes, lane, skills)
    for kind in range(len(rules.best)):
        weight = np.float32(rules.feature[kind, rules.products.feature[product]])
        if weight > 0.0:
            _add(scratch, lane, shape, weight, offers.edges[kind], offers.edges[kind + 1], lanes, offers, rules)
    mass[:] = 0.0


@jit
def _add(
    scratch: Scratch,
    lane: int,
    shape: int,
    weight: np.float32,
    first: int,
    last: int,
    lanes: Lanes,
    offers: Offers,
    rules: Rules,
) -> None:
    """Puts the sums of some offers in shape and adds them to what is gained."""
    mass, gained, whole, claims = scratch.mass, scratch.gained[lane], offers.whole, scratch.claims
    intent, fades, stated = np.float32(rules.intent), np.float32(rules.fades_at), np.float32(lanes.stated[lane])
    teaches, dilution = np.float32(rules.teaches), np.float32(rules.dilution)
    if shape == SATURATED:
        for offer in range(first, last):
            gained[offer] += weight * saturated(mass[offer], intent)
    elif shape == TAUGHT_SHARE:
        for offer in range(first, last):
            rest = max(whole[offer] - mass[offer], np.float32(0.0))
            gained[offer] += weight * taught_share(mass[offer], rest, teaches, dilution)
    elif shape == FADED:
        for offer in range(first, last):
            gained[offer] += weight * (mass[offer] * faded(stated - claims[offer], fades))
    elif shape == DOUBLED:
        for offer in range(first, last):
            gained[offer] += weight * min(np.float32(1.0), doubled(mass[offer]))
    else:
        for offer in range(first, last):
            gained[offer] += weight * mass[offer]


@jit
def _count_asked(scratch: Scratch, lanes: Lanes, lane: int, skills: Skills) -> None:
    """How many of the person's claims each offer asks for."""
    posted, claims = skills.shares, scratch.claims
    claims[:] = 0.0
    for position in range(lanes.sizes[lane, HAS]):
        skill = lanes.reached[lane, HAS, position]
        if lanes.own[lane, skill] > 0:
            for at in range(posted.start[skill], posted.start[skill + 1]):
                claims[posted.offer[at]] += np.float32(1.0)


@jit
def press(scratch: Scratch, lanes: Lanes, lane: int, share: float) -> None:
    """Puts what a lesson in each skill at each level is worth for near roles where all lanes stand side by side.

    Args:
        share: 1, or 0 to take it off again.
    """
    for position in range(lanes.sizes[lane, PRESSED]):
        skill = lanes.reached[lane, PRESSED, position]
        for column in range(skill * LEVELS, (skill + 1) * LEVELS):
            scratch.pressed[column, lane] = share * claim_value(lanes, lane, MISSING, skill, column)


@jit
def dense(
    scratch: Scratch, people: People, first: int, last: int, offers: Offers, skills: Skills, rules: Rules
) -> None:
    """What is taught of what near roles miss, for all lanes at once; what is closed to all of them is passed over."""
    mass, pressed, rows = scratch.lesson, scratch.pressed, skills.dense
    teaches, dilution, intent = np.float32(rules.teaches), np.float32(rules.dilution), np.float32(rules.intent)
    for position in range(len(rows.offer)):
        offer, closed = rows.offer[position], True
        for person in range(first, last):
            closed = people.base[people.group[person], offer] < 0.0
            if not closed:
                break
        if closed:
            continue
        mass[:] = 0.0
        for at in range(rows.start[position], rows.start[position + 1]):
            column, value = rows.column[at], rows.value[at]
            for lane in range(LANES):
                mass[lane] += value * pressed[column, lane]
        product = rows.product[position]
        weight = np.float32(rules.feature[offers.kind[offer], rules.products.feature[product]])
        shape, whole = rules.products.shape[product], offers.whole[offer]
        if shape == TAUGHT_SHARE:
            for lane in range(LANES):
                rest = max(whole - mass[lane], np.float32(0.0))
                mass[lane] = taught_share(mass[lane], rest, teaches, dilution)
        elif shape == SATURATED:
            for lane in range(LANES):
                mass[lane] = saturated(mass[lane], intent)
        for lane in range(LANES):
            scratch.gained[lane, offer] += weight * mass[lane]


@jit
def bound(scratch: Scratch, lane: int, base: Small, speaks: bool, offers: Offers, rules: Rules) -> None:
    """The most each raw score can be: with circumstances, with as little congestion as may be, without what one avoids.

    For somebody of whom something is known, what speaks for an offer too little to recommend it counts as nothing.
    """
    least = np.float32(rules.spoken - rules.slack if speaks else -1.0)
    for offer in range(len(base)):
        gained = scratch.gained[lane, offer]
        most = (gained + base[offer]) * offers.left[offer]
        scratch.bound[offer] = most if gained >= least else np.float32(-1.0)
