"""One person's tables in compiled code, as `build_profile` and `growth` fill them."""

from __future__ import annotations

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.batch.best import insert
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.layout import Requirements, Rules, Skills, Small
from echo_core.matching.batch.workspace import (
    AVOID,
    HAS,
    LEARN,
    PRESSED,
    ROLE,
    TEACH,
    USE,
    WEIGHED,
    Lanes,
    People,
    Scratch,
)
from echo_core.matching.block import LEVELS
from echo_core.matching.forms import CLAIMS, FLAT, LEVELLED, REQUIREMENTS
from echo_core.matching.shapes import faded_share

COVERAGE, ASSUMED, STEPS_UP, LESSONS_WANTED, LESSONS_MISSING = range(len(LEVELLED))
STRENGTH, WISH_TO_LEARN, WISH_TO_USE, WISH_TO_TEACH, WISH_TO_AVOID = range(len(FLAT))
ESSENTIAL, DESIRED = REQUIREMENTS.index("essential"), REQUIREMENTS.index("desired")
WEIGHS = 1 << len(CLAIMS)
"""The bit of `known` for a skill that counts need by need; the bits below are tables, by the codes of `CLAIMS`."""
_LISTS = {
    "coverage": HAS,
    "assumed": ROLE,
    "steps_up": LEARN,
    "lessons_wanted": LEARN,
    "lessons_missing": PRESSED,
    "strength": HAS,
    "learn": LEARN,
    "use": USE,
    "teach": TEACH,
    "avoid": AVOID,
}
_LISTED = np.array([_LISTS[name] for name in CLAIMS])
_TABLES = np.array(
    [sum(1 << code for code, name in enumerate(CLAIMS) if _LISTS[name] == which) for which in range(PRESSED + 1)]
)
"""By list of `reached`, the bits of the tables that have something of its skills."""

faded = jit(faded_share)


@jit
def clear_lane(lanes: Lanes, lane: int) -> None:
    """Sets back what the lane's person touched."""
    for which in range(PRESSED + 1):
        for position in range(lanes.sizes[lane, which]):
            skill = lanes.reached[lane, which, position]
            first, last = skill * LEVELS, (skill + 1) * LEVELS
            for table in range(len(_LISTED)):
                if _LISTED[table] == which:
                    if table < len(LEVELLED):
                        lanes.levelled[table, lane, first:last] = 0.0
                    else:
                        lanes.flat[table - len(LEVELLED), lane, skill] = 0.0
            if which == WEIGHED:
                lanes.near[lane, first:last] = 0.0
            elif which == HAS:
                lanes.own[lane, skill] = 0
            elif which == PRESSED:
                lanes.pressure[lane, skill] = 0.0
    lanes.known[lane, :] = 0
    lanes.sizes[lane, :] = 0


@jit
def listed(claims: int) -> int:
    """Which list of `reached` has the skills that a table of a person has something of."""
    return int(_LISTED[claims])


@jit
def claim_value(lanes: Lanes, lane: int, claims: int, skill: int, column: int) -> float:
    """What a table of a person has of a skill, or of a column (skill, level)."""
    if claims < len(LEVELLED):
        return float(lanes.levelled[claims, lane, column])
    return float(lanes.flat[claims - len(LEVELLED), lane, skill])


@jit
def _list(lanes: Lanes, lane: int, which: int, skill: int) -> None:
    lanes.reached[lane, which, lanes.sizes[lane, which]] = skill
    lanes.sizes[lane, which] += 1


@jit
def _spread(
    table: FloatArray, lanes: Lanes, lane: int, which: int, people: People, person: int, skills: Skills
) -> None:
    """A wish, and what it is worth at the neighbours of each skill."""
    for claim in range(people.claim_start[person, which], people.claim_start[person, which + 1]):
        skill = people.skill[claim]
        for entry in range(skills.credit.start[skill], skills.credit.start[skill + 1]):
            target, credit = skills.credit.column[entry], skills.credit.value[entry]
            if table[target] == 0.0:
                _list(lanes, lane, which, target)
            table[target] = max(table[target], credit)


@jit
def fill_lane(lanes: Lanes, lane: int, people: People, person: int, skills: Skills, rules: Rules) -> None:
    """A person's tables, without what near roles miss. The lane must be clear."""
    coverage, strength = lanes.levelled[COVERAGE, lane], lanes.flat[STRENGTH, lane]
    first, last = people.claim_start[person, HAS], people.claim_start[person, HAS + 1]
    for claim in range(first, last):
        skill = people.skill[claim]
        level = people.level[claim] if people.level[claim] > 0 else rules.unknown
        lanes.own[lane, skill] = level
        for entry in range(skills.credit.start[skill], skills.credit.start[skill + 1]):
            target, credit = skills.credit.column[entry], skills.credit.value[entry]
            if coverage[target * LEVELS] == 0.0:
                _list(lanes, lane, HAS, target)
            for needed in range(LEVELS):
                met = rules.met[level, needed] * credit
                coverage[target * LEVELS + needed] = max(coverage[target * LEVELS + needed], met)
            strength[target] = max(strength[target], people.strength[claim] * credit)
    lanes.stated[lane] = last - first
    _spread(lanes.flat[WISH_TO_LEARN, lane], lanes, lane, LEARN, people, person, skills)
    _spread(lanes.flat[WISH_TO_USE, lane], lanes, lane, USE, people, person, skills)
    _spread(lanes.flat[WISH_TO_TEACH, lane], lanes, lane, TEACH, people, person, skills)
    for claim in range(people.claim_start[person, AVOID], people.claim_start[person, AVOID + 1]):
        lanes.flat[WISH_TO_AVOID, lane, people.skill[claim]] = 1.0
        _list(lanes, lane, AVOID, people.skill[claim])
    for which in (HAS, LEARN):
        for position in range(lanes.sizes[lane, which]):
            _weigh(lanes, lane, lanes.reached[lane, which, position])
    if people.role[person] >= 0:
        _assume(lanes, lane, people, people.role[person], rules)
    share = faded(lanes.stated[lane], rules.fades_at)
    for position in range(lanes.sizes[lane, WEIGHED]):
        skill = lanes.reached[lane, WEIGHED, position]
        for column in range(skill * LEVELS, (skill + 1) * LEVELS):
            lanes.near[lane, column] = coverage[column] + lanes.levelled[ASSUMED, lane, column] * share
    for position in range(lanes.sizes[lane, LEARN]):
        skill = lanes.reached[lane, LEARN, position]
        wish, own = lanes.flat[WISH_TO_LEARN, lane, skill], lanes.own[lane, skill]
        for level in range(LEVELS):
            column = skill * LEVELS + level
            lanes.levelled[STEPS_UP, lane, column] = wish * (1.0 - coverage[column])
            lanes.levelled[LESSONS_WANTED, lane, column] = wish * rules.fresh[own, level]


@jit
def _weigh(lanes: Lanes, lane: int, skill: int) -> None:
    """Lists a skill, once, among those whose coverage or wish to learn adds to scores requirement by requirement."""
    if not lanes.known[lane, skill] & WEIGHS:
        lanes.known[lane, skill] |= WEIGHS
        _list(lanes, lane, WEIGHED, skill)


@jit
def _assume(lanes: Lanes, lane: int, people: People, role: int, rules: Rules) -> None:
    for at in range(people.role_start[role], people.role_start[role + 1]):
        skill, reached = people.role_skill[at], False
        for needed in range(LEVELS):
            column = skill * LEVELS + needed
            beyond = people.role_worth[at] * rules.assumed_met[needed] - lanes.levelled[COVERAGE, lane, column]
            if beyond > 0.0:
                lanes.levelled[ASSUMED, lane, column] = beyond
                reached = True
        if reached:
            _list(lanes, lane, ROLE, skill)
            _weigh(lanes, lane, skill)


@jit
def find_terms(lanes: Lanes, lane: int, rules: Rules) -> None:
    """Lists the terms that can come to anything for the lane's person, and the tables that have something of a skill.

    All tables must be filled.
    """
    for which in range(PRESSED + 1):
        for position in range(lanes.sizes[lane, which]):
            lanes.known[lane, lanes.reached[lane, which, position]] |= _TABLES[which]
    products, size = rules.products, 0
    for product in range(len(products.feature)):
        if product == products.gains:
            lanes.gaining[lane] = size
        if lanes.sizes[lane, listed(products.claims[product])] > 0:
            for term in range(products.term_start[product], products.term_start[product + 1]):
                lanes.terms[lane, size] = term
                size += 1
    lanes.active[lane] = size
    if products.gains == len(products.feature):
        lanes.gaining[lane] = size


@jit
def _covered(required: Requirements, job: int, near: FloatArray, known: Small) -> float:
    """How much of a job is covered, added up as the scorer adds it; what is not covered adds nothing."""
    essential = desired = 0.0
    for at in range(required.start[job], required.start[job + 1]):
        if known[required.skill[at]] & WEIGHS:
            essential += required.entry[at, ESSENTIAL] * near[required.column[at]]
            desired += required.entry[at, DESIRED] * near[required.column[at]]
    return essential + desired


@jit
def miss(lanes: Lanes, lane: int, scratch: Scratch, id_rank: IntArray, skills: Skills, rules: Rules) -> None:
    """What the jobs nearest to the person ask for and the person lacks; see `growth`."""
    count, size = rules.near_count, 0
    near, known = lanes.near[lane], lanes.known[lane]
    least = rules.near_least - rules.slack
    for job in range(len(scratch.covered)):
        if scratch.covered[job] < least:
            continue
        exact = np.rint(_covered(skills.required, job, near, known) * 1e12) / 1e12
        if exact >= rules.near_least:
            size = insert(scratch.values, scratch.ranks, scratch.chosen, size, count, exact, id_rank[job], job)
            if size == count:
                least = max(least, scratch.values[count - 1] - rules.slack)
    pressure, most = lanes.pressure[lane], 0.0
    for position in range(size):
        job = scratch.chosen[position]
        for at in range(skills.role_requirement.start[job], skills.role_requirement.start[job + 1]):
            column = skills.role_requirement.column[at]
            skill, added = column // LEVELS, scratch.values[position] * (1.0 - near[column]) * skills.role_weight[at]
            if added > 0.0:
                if pressure[skill] == 0.0:
                    _list(lanes, lane, PRESSED, skill)
                pressure[skill] += added
    for position in range(lanes.sizes[lane, PRESSED]):
        most = max(most, pressure[lanes.reached[lane, PRESSED, position]])
    for position in range(lanes.sizes[lane, PRESSED]):
        skill = lanes.reached[lane, PRESSED, position]
        pressure[skill] /= most
        for level in range(LEVELS):
            worth = pressure[skill] * rules.fresh[lanes.own[lane, skill], level]
            lanes.levelled[LESSONS_MISSING, lane, skill * LEVELS + level] = worth
