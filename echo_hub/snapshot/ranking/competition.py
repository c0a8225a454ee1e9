"""Who else fits what has few seats: counted once per snapshot, before anything gives way to congestion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from echo_core.matching import ClaimIndex, Congestion, OpportunityBlock, SkillSpace, Weights, fitting
from echo_core.matching.arrays import BoolArray, IntArray
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.directory.switches import Codes
from echo_hub.snapshot.ranking.columns import EligibilityColumns


@dataclass(frozen=True, slots=True)
class Sample:
    """The people who are counted: `chosen` per row, each of them standing for `each` people."""

    chosen: BoolArray
    each: float


@dataclass(frozen=True, slots=True)
class Off:
    """Whom others do not compete with: `people` has a bit for what is off, `opportunities` those that close each."""

    people: Codes
    opportunities: Codes


def draw_sample(people: Sequence[DirectoryPerson], weights: Weights) -> Sample:
    """Everybody who is with the company; of a larger one so many, as the weights say.

    Who is chosen depends on ids alone, so that the same people are counted tomorrow.
    """
    most = int(weights.number("crowding", "people"))
    here = np.array([person.is_here for person in people], dtype=bool)
    rows = np.flatnonzero(here)
    if len(rows) <= most:
        return Sample(here, 1.0)
    drawn = [int.from_bytes(blake2b(people[row].id.encode(), digest_size=7).digest()) for row in rows.tolist()]
    kept = rows[np.argsort(np.array(drawn, dtype=np.int64), kind="stable")[:most]]
    chosen = np.zeros(len(people), dtype=bool)
    chosen[kept] = True
    return Sample(chosen, len(rows) / most)


def count_competition(
    columns: EligibilityColumns,
    people: Sequence[DirectoryPerson],
    sample: Sample,
    claims: ClaimIndex,
    block: OpportunityBlock,
    space: SkillSpace,
    weights: Weights,
    off: Off | None = None,
) -> Congestion:
    """How many people fit each open opportunity that has seats left, but not for everybody.

    People count who suit it by skills or wishes, are let in by its rules, and are matched.
    """
    seats, taken = columns.eligibility.seats, columns.eligibility.seats_taken
    free: IntArray = np.where(seats < 0, -1, np.maximum(seats - taken, 0))
    rows = np.flatnonzero(columns.eligibility.open & (free > 0) & (free < len(people)))
    person, opportunity = fitting(claims, sample.chosen, block, rows, space, weights)
    if off is not None:
        matched = (off.people[person] & off.opportunities[opportunity]) == 0
        person, opportunity = person[matched], opportunity[matched]
    let_in = columns.let_in(people, person, opportunity)
    return Congestion(free, person[let_in], opportunity[let_in], sample.each)
