"""What compiled code works in: the tables of the people being worked on, and room for sums and lists.

Every table has one row per lane, a person being worked on; what was touched is listed, so that clearing is cheap.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from echo_core.matching.arrays import STANCES, BoolArray, FloatArray, IntArray
from echo_core.matching.batch.layout import Offers, Rules, Small
from echo_core.matching.block import LEVELS
from echo_core.matching.forms import FLAT, LEVELLED

HAS, LEARN, USE, TEACH, AVOID = range(len(STANCES))
ROLE, WEIGHED, PRESSED = len(STANCES), len(STANCES) + 1, len(STANCES) + 2
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


class Lanes(NamedTuple):
    """The tables of the people being worked on, one lane each.

    `levelled` is tables × lanes × (skill, level) and `flat` tables × lanes × skills, by the codes of `forms.CLAIMS`;
    `near` is the coverage that near roles are judged by, `pressure` how much they miss each skill, `own` the level of
    the very skill, `stated` the number of claims.

    `known` says of each skill which tables have something: it fits where the tables do not, next to the processor.

    `reached` lists the skills that are not zero: by stance, then those of the role, those that count for each
    requirement, and those that near roles miss; `sizes` says how many those are.

    `terms` lists the terms of products whose claims the person has any of: `gaining` of those that add to a score, up
    to `active` with those that take away.
    """

    levelled: FloatArray
    flat: FloatArray
    near: FloatArray
    pressure: FloatArray
    own: Small
    known: Small
    reached: Small
    sizes: IntArray
    stated: IntArray
    terms: IntArray
    gaining: IntArray
    active: IntArray


class Scratch(NamedTuple):
    """Room for sums and lists, by offer. `gained` and `pressed` have a lane for each person being worked on.

    `scored` are the offers with an exact score, `totals` those and `strongest` what adds most to them. `chosen` are the
    best in order, as positions in `scored`, with `values` and `ranks` of ids; `kind_` arrays have the best of a kind.
    """

    gained: Small
    bound: Small
    covered: Small
    sums: FloatArray
    mass: Small
    claims: Small
    pressed: Small
    lesson: Small
    worth: Small
    near: Small
    single: Small
    cuts: FloatArray
    contributions: FloatArray
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


def make_workspace(skills: int, offers: Offers, rules: Rules) -> tuple[Lanes, Scratch]:
    """Tables of zeros for one thread."""
    wide, flat = (LANES, skills * LEVELS), (LANES, skills)
    kinds, count = len(rules.best), len(offers.row)
    room = count + kinds * rules.per_kind + rules.near_count
    lanes = Lanes(
        levelled=np.zeros((len(LEVELLED), *wide)),
        flat=np.zeros((len(FLAT), *flat)),
        near=np.zeros(wide),
        pressure=np.zeros(flat),
        own=np.zeros(flat, dtype=np.int8),
        known=np.zeros(flat, dtype=np.uint16),
        reached=np.zeros((LANES, PRESSED + 1, skills), dtype=np.int32),
        sizes=np.zeros((LANES, PRESSED + 1), dtype=np.int64),
        stated=np.zeros(LANES, dtype=np.int64),
        terms=np.zeros((LANES, len(rules.products.term)), dtype=np.int64),
        gaining=np.zeros(LANES, dtype=np.int64),
        active=np.zeros(LANES, dtype=np.int64),
    )
    scratch = Scratch(
        gained=np.zeros((LANES, count), dtype=np.float32),
        bound=np.zeros(count, dtype=np.float32),
        covered=np.zeros(int(offers.edges[1]), dtype=np.float32),
        sums=np.zeros(len(rules.products.term)),
        mass=np.zeros(count, dtype=np.float32),
        claims=np.zeros(count, dtype=np.float32),
        pressed=np.zeros((skills * LEVELS, LANES), dtype=np.float32),
        lesson=np.zeros(LANES, dtype=np.float32),
        worth=np.zeros(kinds * 2 * LEVELS, dtype=np.float32),
        near=np.zeros(kinds * 2 * LEVELS, dtype=np.float32),
        single=np.zeros(LEVELS, dtype=np.float32),
        cuts=np.zeros(kinds),
        contributions=np.zeros(rules.feature.shape[1]),
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
    return lanes, scratch
