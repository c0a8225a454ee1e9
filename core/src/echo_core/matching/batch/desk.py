"""One person's tables in compiled code, as `build_profile` and `growth` fill them.

Every table has one row per lane, a person being worked on; what was touched is listed, so that clearing is cheap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from echo_core.matching.arrays import STANCES, BoolArray, FloatArray, IntArray
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.tables import Asked, Offers, Rules, Skills, Small
from echo_core.matching.block import LEVELS

HAS, LEARN, USE, TEACH, AVOID = range(len(STANCES))
ROLE, WEIGHED, PRESSED = len(STANCES), len(STANCES) + 1, len(STANCES) + 2
WEIGHS, WISHED, PRESSES, AVOIDED = 1, 2, 4, 8
"""Bits of `known`: counts need by need, is one to use or teach, is missed by near roles, is one to avoid."""
LANES = 16
"""How many people are worked on at a time."""
STRONGEST = 3
"""How many features are named that add most to a score."""


class People(NamedTuple):
    """The people of one run. `claim_start` is people × (stances + 1), the other starts have an edge each.

    `group` is the row of what is the same for all of whom the same is known; `role` a row of the roles, -1 for none.
    `speaks` is False where nothing is known that could speak for one offer rather than another.
    """

    row: IntArray
    enter: IntArray
    leave: IntArray
    group: IntArray
    role: IntArray
    speaks: BoolArray
    claim_start: IntArray
    skill: IntArray
    level: IntArray
    strength: FloatArray
    done_start: IntArray
    done: IntArray
    counted_start: IntArray
    counted: IntArray
    role_start: IntArray
    role_skill: IntArray
    role_worth: FloatArray
    circumstance: FloatArray
    base: Small


class Desk(NamedTuple):
    """The tables, lanes × skills (× levels). `near` is `coverage` as near roles are judged by; `stated` counts claims.

    `known` says of each skill which tables have something: it fits where the tables do not, next to the processor.

    `reached` lists the skills that are not zero: by stance, then those of the role, those that count need by need, and
    those that near roles miss; `sizes` says how many those are.
    """

    coverage: FloatArray
    near: FloatArray
    assumed: FloatArray
    strength: FloatArray
    own: Small
    learn: FloatArray
    use: FloatArray
    teach: FloatArray
    avoid: FloatArray
    pressure: FloatArray
    known: Small
    reached: Small
    sizes: IntArray
    stated: IntArray


class Bench(NamedTuple):
    """Room for sums and lists, by offer. `gained` and `pressed` have a lane for each person being worked on.

    `scored` are the offers with an exact score, `totals` those and `strongest` what adds most to them. `chosen` are the
    best in order, as places in `scored`, with `values` and `ranks` of ids; `kind_` arrays have the best of each kind.
    """

    gained: Small
    bound: Small
    covered: Small
    mass: Small
    claims: Small
    pressed: Small
    lesson: Small
    worth: Small
    near: Small
    cuts: FloatArray
    found: FloatArray
    scored: IntArray
    totals: FloatArray
    strongest: Small
    values: FloatArray
    ranks: IntArray
    chosen: IntArray
    shown: IntArray
    order: IntArray
    varied: IntArray
    picked: BoolArray
    sizes: IntArray
    kind_values: FloatArray
    kind_ranks: IntArray
    kind_chosen: IntArray


def make_desk(skills: int, offers: Offers, rules: Rules) -> tuple[Desk, Bench]:
    """Tables of zeros for one thread."""
    wide, flat = (LANES, skills * LEVELS), (LANES, skills)
    kinds, count = len(rules.best), len(offers.row)
    room = count + kinds * rules.per_kind + rules.near_count
    desk = Desk(
        coverage=np.zeros(wide),
        near=np.zeros(wide),
        assumed=np.zeros(wide),
        strength=np.zeros(flat),
        own=np.zeros(flat, dtype=np.int8),
        learn=np.zeros(flat),
        use=np.zeros(flat),
        teach=np.zeros(flat),
        avoid=np.zeros(flat),
        pressure=np.zeros(flat),
        known=np.zeros(flat, dtype=np.uint8),
        reached=np.zeros((LANES, PRESSED + 1, skills), dtype=np.int32),
        sizes=np.zeros((LANES, PRESSED + 1), dtype=np.int64),
        stated=np.zeros(LANES, dtype=np.int64),
    )
    bench = Bench(
        gained=np.zeros((LANES, count), dtype=np.float32),
        bound=np.zeros(count, dtype=np.float32),
        covered=np.zeros(int(offers.edges[1]), dtype=np.float32),
        mass=np.zeros(count, dtype=np.float32),
        claims=np.zeros(count, dtype=np.float32),
        pressed=np.zeros((skills * LEVELS, LANES), dtype=np.float32),
        lesson=np.zeros(LANES, dtype=np.float32),
        worth=np.zeros(kinds * 2 * LEVELS, dtype=np.float32),
        near=np.zeros(2 * LEVELS, dtype=np.float32),
        cuts=np.zeros(kinds),
        found=np.zeros(rules.feature.shape[1]),
        scored=np.zeros(count, dtype=np.int64),
        totals=np.zeros(count),
        strongest=np.zeros((count, STRONGEST), dtype=np.uint8),
        values=np.zeros(room),
        ranks=np.zeros(room, dtype=np.int64),
        chosen=np.zeros(room, dtype=np.int64),
        shown=np.zeros(room, dtype=np.int64),
        order=np.zeros(room, dtype=np.int64),
        varied=np.zeros(room + 8 * rules.first, dtype=np.int64),
        picked=np.zeros(room, dtype=bool),
        sizes=np.zeros(kinds, dtype=np.int64),
        kind_values=np.zeros((kinds, rules.per_kind)),
        kind_ranks=np.zeros((kinds, rules.per_kind), dtype=np.int64),
        kind_chosen=np.zeros((kinds, rules.per_kind), dtype=np.int64),
    )
    return desk, bench


@jit
def clear_lane(desk: Desk, lane: int) -> None:
    """Sets back what the lane's person touched."""
    for place in range(desk.sizes[lane, WEIGHED]):
        skill = desk.reached[lane, WEIGHED, place]
        desk.coverage[lane, skill * LEVELS : (skill + 1) * LEVELS] = 0.0
        desk.near[lane, skill * LEVELS : (skill + 1) * LEVELS] = 0.0
        desk.assumed[lane, skill * LEVELS : (skill + 1) * LEVELS] = 0.0
        desk.strength[lane, skill] = 0.0
        desk.own[lane, skill] = 0
        desk.learn[lane, skill] = 0.0
    for which, table in ((USE, desk.use), (TEACH, desk.teach), (AVOID, desk.avoid), (PRESSED, desk.pressure)):
        for place in range(desk.sizes[lane, which]):
            table[lane, desk.reached[lane, which, place]] = 0.0
    desk.known[lane, :] = 0
    desk.sizes[lane, :] = 0


@jit
def _list(desk: Desk, lane: int, which: int, skill: int) -> None:
    desk.reached[lane, which, desk.sizes[lane, which]] = skill
    desk.sizes[lane, which] += 1


@jit
def _spread(table: FloatArray, desk: Desk, lane: int, which: int, people: People, person: int, skills: Skills) -> None:
    """A wish, and what it is worth at the neighbours of each skill."""
    for claim in range(people.claim_start[person, which], people.claim_start[person, which + 1]):
        skill = people.skill[claim]
        for entry in range(skills.credit.start[skill], skills.credit.start[skill + 1]):
            target, credit = skills.credit.column[entry], skills.credit.value[entry]
            if table[target] == 0.0:
                _list(desk, lane, which, target)
                desk.known[lane, target] |= WISHED
            table[target] = max(table[target], credit)


@jit
def fill_lane(desk: Desk, lane: int, people: People, person: int, skills: Skills, rules: Rules) -> None:
    """A person's tables, without what near roles miss. The lane must be clear."""
    coverage, strength = desk.coverage[lane], desk.strength[lane]
    first, last = people.claim_start[person, HAS], people.claim_start[person, HAS + 1]
    for claim in range(first, last):
        skill = people.skill[claim]
        level = people.level[claim] if people.level[claim] > 0 else rules.unknown
        desk.own[lane, skill] = level
        for entry in range(skills.credit.start[skill], skills.credit.start[skill + 1]):
            target, credit = skills.credit.column[entry], skills.credit.value[entry]
            if coverage[target * LEVELS] == 0.0:
                _list(desk, lane, HAS, target)
            for needed in range(LEVELS):
                met = rules.met[level, needed] * credit
                coverage[target * LEVELS + needed] = max(coverage[target * LEVELS + needed], met)
            strength[target] = max(strength[target], people.strength[claim] * credit)
    desk.stated[lane] = last - first
    _spread(desk.learn[lane], desk, lane, LEARN, people, person, skills)
    _spread(desk.use[lane], desk, lane, USE, people, person, skills)
    _spread(desk.teach[lane], desk, lane, TEACH, people, person, skills)
    for claim in range(people.claim_start[person, AVOID], people.claim_start[person, AVOID + 1]):
        desk.avoid[lane, people.skill[claim]] = 1.0
        desk.known[lane, people.skill[claim]] |= AVOIDED
        _list(desk, lane, AVOID, people.skill[claim])
    for which in (HAS, LEARN):
        for place in range(desk.sizes[lane, which]):
            _weigh(desk, lane, desk.reached[lane, which, place])
    if people.role[person] >= 0:
        _assume(desk, lane, people, people.role[person], rules)
    share = rules.fades_at / (rules.fades_at + desk.stated[lane])
    for place in range(desk.sizes[lane, WEIGHED]):
        skill = desk.reached[lane, WEIGHED, place]
        for column in range(skill * LEVELS, (skill + 1) * LEVELS):
            desk.near[lane, column] = coverage[column] + desk.assumed[lane, column] * share


@jit
def _weigh(desk: Desk, lane: int, skill: int) -> None:
    """Lists a skill, once, among those whose coverage or wish to learn adds to scores need by need."""
    if not desk.known[lane, skill] & WEIGHS:
        desk.known[lane, skill] |= WEIGHS
        _list(desk, lane, WEIGHED, skill)


@jit
def _assume(desk: Desk, lane: int, people: People, role: int, rules: Rules) -> None:
    for at in range(people.role_start[role], people.role_start[role + 1]):
        skill, found = people.role_skill[at], False
        for needed in range(LEVELS):
            column = skill * LEVELS + needed
            beyond = people.role_worth[at] * rules.assumed_met[needed] - desk.coverage[lane, column]
            if beyond > 0.0:
                desk.assumed[lane, column] = beyond
                found = True
        if found:
            _list(desk, lane, ROLE, skill)
            _weigh(desk, lane, skill)


@jit
def ahead(value: float, rank: int, other: float, other_rank: int) -> bool:
    """Whether one stands before another: by value, then by id."""
    return value > other or (value == other and rank < other_rank)


@jit
def insert(
    values: FloatArray, ranks: IntArray, rows: IntArray, size: int, most: int, value: float, rank: int, row: int
) -> int:
    """Puts one among the best, in order, and lets the last fall off a full list; the new size."""
    if size == most and (most == 0 or not ahead(value, rank, values[most - 1], ranks[most - 1])):
        return size
    place = size if size < most else most - 1
    while place > 0 and ahead(value, rank, values[place - 1], ranks[place - 1]):
        values[place], ranks[place], rows[place] = values[place - 1], ranks[place - 1], rows[place - 1]
        place -= 1
    values[place], ranks[place], rows[place] = value, rank, row
    return min(size + 1, most)


@jit
def _covered(asked: Asked, job: int, near: FloatArray, known: Small) -> float:
    """How much of a job is covered, added up as the scorer adds it; what is not covered adds nothing."""
    essential = desired = 0.0
    for at in range(asked.start[job], asked.start[job + 1]):
        if known[asked.skill[at]] & WEIGHS:
            if asked.essential[at]:
                essential += asked.share[at] * near[asked.column[at]]
            else:
                desired += asked.share[at] * near[asked.column[at]]
    return essential + desired


@jit
def miss(desk: Desk, lane: int, bench: Bench, id_rank: IntArray, skills: Skills, rules: Rules) -> None:
    """What the jobs nearest to the person ask for and the person lacks; see `growth`."""
    count, size = rules.near_count, 0
    near, known = desk.near[lane], desk.known[lane]
    least = rules.near_least - rules.slack
    for job in range(len(bench.covered)):
        if bench.covered[job] < least:
            continue
        exact = np.rint(_covered(skills.asked, job, near, known) * 1e12) / 1e12
        if exact >= rules.near_least:
            size = insert(bench.values, bench.ranks, bench.chosen, size, count, exact, id_rank[job], job)
            if size == count:
                least = max(least, bench.values[count - 1] - rules.slack)
    pressure, most = desk.pressure[lane], 0.0
    for place in range(size):
        job = bench.chosen[place]
        for at in range(skills.role_need.start[job], skills.role_need.start[job + 1]):
            column = skills.role_need.column[at]
            skill, added = column // LEVELS, bench.values[place] * (1.0 - near[column]) * skills.role_weight[at]
            if added > 0.0:
                if pressure[skill] == 0.0:
                    _list(desk, lane, PRESSED, skill)
                    known[skill] |= PRESSES
                pressure[skill] += added
    for place in range(desk.sizes[lane, PRESSED]):
        most = max(most, pressure[desk.reached[lane, PRESSED, place]])
    for place in range(desk.sizes[lane, PRESSED]):
        pressure[desk.reached[lane, PRESSED, place]] /= most
