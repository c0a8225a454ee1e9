"""What a person's skills and wishes come to by offer, in 32-bit sums: good enough to tell who could be among the best.

Everything goes from a person's skills to the offers that name them, except what near roles miss: that touches most
of what is taught, so its product is taken for all lanes at once.
"""

from __future__ import annotations

import numpy as np

from echo_core.matching.arrays import FloatArray
from echo_core.matching.batch.desk import HAS, LANES, LEARN, PRESSED, ROLE, TEACH, USE, WEIGHED, Bench, Desk, People
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.pair import (
    ASSUMED,
    DESIRED,
    ESSENTIAL,
    EVIDENCE,
    MISSING,
    STEPS_UP,
    TO_LEARN,
    TO_TEACH,
    TO_USE,
    WANTED,
)
from echo_core.matching.batch.tables import Offers, Postings, Rules, Skills, Small
from echo_core.matching.block import LEVELS


@jit
def gain(bench: Bench, desk: Desk, lane: int, role: bool, offers: Offers, skills: Skills, rules: Rules) -> None:
    """All but what near roles miss, into `gained`; and how much of each job is covered, into `covered`."""
    bench.gained[lane, :] = 0.0
    bench.covered[:] = 0.0
    _need_by_need(bench, desk, lane, skills, rules)
    if role:
        _by_role(bench, desk, lane, offers, skills, rules)
    _wish(bench, desk, lane, USE, desk.use[lane], TO_USE, skills.used_by, offers, rules)
    _wish(bench, desk, lane, LEARN, desk.learn[lane], TO_LEARN, skills.practised_by, offers, rules)
    _wish(bench, desk, lane, TEACH, desk.teach[lane], TO_TEACH, skills.helped_by, offers, rules)
    if desk.sizes[lane, LEARN] > 0:
        _wanted(bench, desk, lane, offers, skills, rules)


@jit
def _wanted(bench: Bench, desk: Desk, lane: int, offers: Offers, skills: Skills, rules: Rules) -> None:
    """What is taught of what the person wants to learn."""
    posted, mass, gained, whole, worth = skills.taught_by, bench.mass, bench.gained[lane], offers.whole, bench.worth
    for place in range(desk.sizes[lane, LEARN]):
        skill = desk.reached[lane, LEARN, place]
        for level in range(LEVELS):
            worth[level] = desk.learn[lane, skill] * rules.fresh[desk.own[lane, skill], level]
        for at in range(posted.start[skill], posted.start[skill + 1]):
            mass[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
    for kind in range(len(rules.best)):
        weight = np.float32(rules.feature[kind, WANTED])
        if weight > 0.0:
            for offer in range(offers.edges[kind], offers.edges[kind + 1]):
                gained[offer] += weight * _share_taught(mass[offer], whole[offer], rules)
    mass[:] = 0.0


@jit
def _share_taught(mass: np.float32, whole: np.float32, rules: Rules) -> np.float32:
    """See `taught_share`, in 32 bits."""
    rest = max(whole - mass, np.float32(0.0))
    share: np.float32 = mass / (mass + np.float32(rules.teaches) + np.float32(rules.dilution) * rest)
    return share


@jit
def _need_by_need(bench: Bench, desk: Desk, lane: int, skills: Skills, rules: Rules) -> None:
    """Coverage, evidence and steps up: sums over needs, so they add up posting by posting."""
    gained, covered, worth, near, posted = bench.gained[lane], bench.covered, bench.worth, bench.near, skills.asked_by
    jobs = len(covered)
    for place in range(desk.sizes[lane, WEIGHED]):
        skill = desk.reached[lane, WEIGHED, place]
        at, last = posted.start[skill], posted.start[skill + 1]
        strength, wish = desk.strength[lane, skill], desk.learn[lane, skill]
        for level in range(LEVELS):
            cover = desk.coverage[lane, skill * LEVELS + level]
            near[level] = near[LEVELS + level] = desk.near[lane, skill * LEVELS + level]
            for kind in range(len(rules.best)):
                beside = rules.feature[kind, EVIDENCE] * strength + rules.feature[kind, STEPS_UP] * wish * (1.0 - cover)
                code = kind * 2 * LEVELS + level
                worth[code] = rules.feature[kind, ESSENTIAL] * cover + beside
                worth[code + LEVELS] = rules.feature[kind, DESIRED] * cover + beside
        while at < last and posted.offer[at] < jobs:
            gained[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
            covered[posted.offer[at]] += posted.value[at] * near[posted.code[at]]
            at += 1
        while at < last:
            gained[posted.offer[at]] += posted.value[at] * worth[posted.code[at]]
            at += 1


@jit
def _by_role(bench: Bench, desk: Desk, lane: int, offers: Offers, skills: Skills, rules: Rules) -> None:
    """What is assumed from the title, beside the claims an offer does not ask about."""
    posted, mass, claims, gained = skills.asked_by, bench.mass, bench.claims, bench.gained[lane]
    claims[:] = 0.0
    for place in range(desk.sizes[lane, HAS]):
        skill = desk.reached[lane, HAS, place]
        if desk.own[lane, skill] > 0:
            for at in range(posted.start[skill], posted.start[skill + 1]):
                claims[posted.offer[at]] += np.float32(1.0)
    for place in range(desk.sizes[lane, ROLE]):
        skill = desk.reached[lane, ROLE, place]
        for at in range(posted.start[skill], posted.start[skill + 1]):
            beyond = np.float32(desk.assumed[lane, skill * LEVELS + posted.code[at] % LEVELS])
            mass[posted.offer[at]] += posted.value[at] * beyond
    fades, beside = np.float32(rules.fades_at), np.float32(rules.fades_at + desk.stated[lane])
    for kind in range(len(rules.best)):
        weight = np.float32(rules.feature[kind, ASSUMED])
        if weight > 0.0:
            for offer in range(offers.edges[kind], offers.edges[kind + 1]):
                gained[offer] += weight * mass[offer] * (fades / (beside - claims[offer]))
    mass[:] = 0.0


@jit
def _wish(
    bench: Bench,
    desk: Desk,
    lane: int,
    which: int,
    table: FloatArray,
    feature: int,
    posted: Postings,
    offers: Offers,
    rules: Rules,
) -> None:
    """What is asked for of what the person would like to do with it."""
    if desk.sizes[lane, which] == 0:
        return
    mass, gained, intent = bench.mass, bench.gained[lane], np.float32(rules.intent)
    for place in range(desk.sizes[lane, which]):
        skill = desk.reached[lane, which, place]
        wish = np.float32(table[skill])
        for at in range(posted.start[skill], posted.start[skill + 1]):
            mass[posted.offer[at]] += posted.value[at] * wish
    for kind in range(len(rules.best)):
        weight = np.float32(rules.feature[kind, feature])
        if weight > 0.0:
            for offer in range(offers.edges[kind], offers.edges[kind + 1]):
                gained[offer] += weight * (mass[offer] / (mass[offer] + intent))
    mass[:] = 0.0


@jit
def press(bench: Bench, desk: Desk, lane: int, share: float, rules: Rules) -> None:
    """Puts what a lesson in each skill at each level is worth for near roles on the bench, or with `share` 0 off it."""
    for place in range(desk.sizes[lane, PRESSED]):
        skill = desk.reached[lane, PRESSED, place]
        pressure, own = share * desk.pressure[lane, skill], desk.own[lane, skill]
        for level in range(LEVELS):
            bench.pressed[skill * LEVELS + level, lane] = pressure * rules.fresh[own, level]


@jit
def lessons(bench: Bench, people: People, first: int, last: int, offers: Offers, skills: Skills, rules: Rules) -> None:
    """What is taught of what near roles miss, for all lanes at once; what is closed to all of them is passed over."""
    mass, pressed = bench.lesson, bench.pressed
    for place in range(len(skills.lesson_offer)):
        offer, closed = skills.lesson_offer[place], True
        for person in range(first, last):
            closed = people.base[people.group[person], offer] < 0.0
            if not closed:
                break
        if closed:
            continue
        mass[:] = 0.0
        for at in range(skills.lesson.start[place], skills.lesson.start[place + 1]):
            column, value = skills.lesson.column[at], skills.lesson.value[at]
            for lane in range(LANES):
                mass[lane] += value * pressed[column, lane]
        weight, whole = np.float32(rules.feature[offers.kind[offer], MISSING]), offers.whole[offer]
        for lane in range(LANES):
            mass[lane] = weight * _share_taught(mass[lane], whole, rules)
        for lane in range(LANES):
            bench.gained[lane, offer] += mass[lane]


@jit
def bound(bench: Bench, lane: int, base: Small, speaks: bool, offers: Offers, rules: Rules) -> None:
    """The most each raw score can be: with circumstances, with as small a crowd as may be, without what one avoids.

    For somebody of whom something is known, what speaks for an offer too little to recommend it counts as nothing.
    """
    least = np.float32(rules.spoken - rules.slack if speaks else -1.0)
    for offer in range(len(base)):
        gained = bench.gained[lane, offer]
        most = (gained + base[offer]) * offers.left[offer]
        bench.bound[offer] = most if gained >= least else np.float32(-1.0)
