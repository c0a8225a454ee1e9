"""How many people fit an opportunity with few seats, so that it gives way in people's lists before it overflows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import STANCES, BoolArray, ClaimIndex, FloatArray, IntArray, SparseMatrix, Splice
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.space import SkillSpace
from echo_core.matching.weights import Weights

_NEEDED = np.arange(1.0, LEVELS + 1.0)
_CLAIMS_AT_ONCE = 100_000
"""Claims looked at in one go: enough to keep numpy busy, few enough to stay below 100 MB."""
_NOBODY: IntArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Congestion:
    """Seats and the people who fit them, by opportunity.

    `free` is -1 where there is no limit. `people` and `opportunities` are who was counted where, ordered by person;
    each stands for `each` people of a company too large to count one by one.
    """

    free: IntArray
    people: IntArray
    opportunities: IntArray
    each: float = 1.0
    counted: IntArray = field(init=False)
    _shortage: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counted", np.bincount(self.opportunities, minlength=len(self.free)))
        object.__setattr__(self, "_shortage", _short(self.free, self.others(None)))

    def counts(self, person: int) -> IntArray:
        """The opportunities whose demand counts this person."""
        start, stop = np.searchsorted(self.people, (person, person + 1))
        return self.opportunities[start:stop]

    def recounted(self, people: IntArray, person: IntArray, opportunities: IntArray) -> Congestion:
        """The same, but some people counted anew.

        Args:
            people: rows of those people.
            person: who of them is counted, once per opportunity and ordered by person.
            opportunities: where, of the same length.
        """
        splice = Splice(self.people, people, person)
        return Congestion(
            self.free,
            splice.column(self.people, person),
            splice.column(self.opportunities, opportunities),
            self.each,
        )

    def others(self, counted_in: IntArray | None) -> FloatArray:
        """For every opportunity, about how many people fit it beside the one who is counted in `counted_in`.

        Without oneself: learning a skill must not make one's own chances smaller.
        """
        others = self.counted.astype(np.float64)
        others[_NOBODY if counted_in is None else counted_in] -= 1.0
        return others * self.each

    def pressure(self, counted_in: IntArray | None, rows: IntArray | None = None) -> FloatArray:
        """For all opportunities or some, the share of the others (0..1) who find no seat: 0 while each finds one."""
        pressure = self._shortage.copy()
        if counted_in is not None:
            pressure[counted_in] = _short(self.free[counted_in], self.others(counted_in)[counted_in])
        return pressure if rows is None else pressure[rows]

    def others_of_people(self, row: int, counted: BoolArray) -> FloatArray:
        """By person, about how many people fit one opportunity beside them; `counted` says whose demand it counts."""
        others: FloatArray = (self.counted[row] - counted.astype(np.float64)) * self.each
        return others

    def pressure_on_people(self, row: int, counted: BoolArray) -> FloatArray:
        """By person, the share of the others who find no seat; `counted` as in `others_of_people`."""
        return _short(self.free[row], self.others_of_people(row, counted))


def _short(free: IntArray | np.int64, others: FloatArray) -> FloatArray:
    """The share of the others who find no seat."""
    short = (free >= 0) & (others > free)
    return np.where(short, 1.0 - free / np.where(short, others, 1.0), 0.0)


def fitting(
    claims: ClaimIndex, chosen: BoolArray, block: OpportunityBlock, rows: IntArray, space: SkillSpace, weights: Weights
) -> tuple[IntArray, IntArray]:
    """Pairs of a person and an opportunity that suit each other by skills or wishes, ordered by person.

    Somebody fits who covers `crowding.covered` of what is asked, or wants `crowding.wanted` of what is taught.

    Args:
        chosen: per person, whether to look at them.
        rows: the opportunities to look at.
    """
    if not rows.size:
        return _NOBODY, _NOBODY
    required, taught = _shares(block, rows)
    pairs: list[tuple[IntArray, IntArray]] = []
    for stance, share, least in (("has", required, "covered"), ("wants_to_learn", taught, "wanted")):
        if not share.nnz:
            continue
        needed = np.zeros(len(space), dtype=bool)
        needed[share.indices // LEVELS] = True
        across = sparse.csr_array(share.T)
        for people, tables in _tables(claims, chosen, STANCES.index(stance), needed, space, weights):
            fit = sparse.coo_array(tables @ across)
            enough = np.flatnonzero(fit.data >= weights.number("crowding", least) - 1e-9)
            pairs.append((people[fit.row[enough]], rows[fit.col[enough]]))
    person = np.concatenate([people for people, _ in pairs] or [_NOBODY])
    opportunity = np.concatenate([opportunities for _, opportunities in pairs] or [_NOBODY])
    once = np.unique(person * len(block) + opportunity)
    return once // len(block), once % len(block)


def _shares(block: OpportunityBlock, rows: IntArray) -> tuple[SparseMatrix, SparseMatrix]:
    """Opportunities × (skill, level): the share of each in all that is asked, and in all that is taught.

    A mentor's or course's own conditions do not count as asked: who wants to learn competes for the seat.
    """
    required = sparse.csr_array(block.essential[rows] + block.desired[rows])
    taught = sparse.csr_array(block.taught[rows])
    teaches = block.taught_mass[rows] > 0
    whole = required.sum(axis=1)
    required = sparse.csr_array(
        sparse.diags_array(np.where(teaches | (whole <= 0), 0.0, 1.0 / np.maximum(whole, 1e-12))) @ required
    )
    required.eliminate_zeros()
    taught = sparse.csr_array(sparse.diags_array(1.0 / np.maximum(block.taught_mass[rows], 1e-12)) @ taught)
    return required, taught


def _tables(
    claims: ClaimIndex, chosen: BoolArray, stance: int, needed: BoolArray, space: SkillSpace, weights: Weights
) -> Iterator[tuple[IntArray, SparseMatrix]]:
    """People × (skill, level) as `build_profile` fills them for one stance, some people at a time.

    Yields:
        the people's rows, and a matrix of what they cover (for wishes: want) of the needed skills.
    """
    of_stance = np.flatnonzero((claims.stance == stance) & chosen[claims.person])
    unknown = int(weights.number("level", "unknown_claim"))
    start = 0
    while start < len(of_stance):
        stop = min(start + _CLAIMS_AT_ONCE, len(of_stance))
        if stop < len(of_stance):  # a person's claims stay together
            stop = int(np.searchsorted(claims.person[of_stance], claims.person[of_stance[stop - 1]], side="right"))
        some = of_stance[start:stop]
        start = stop
        skills, first = claims.skill[some], space.credit.indptr[claims.skill[some]].astype(np.int64)
        counts = space.credit.indptr[skills + 1].astype(np.int64) - first
        source = np.repeat(np.arange(len(some)), counts)
        entry = np.repeat(first, counts) + np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        target = space.credit.indices[entry].astype(np.int64)
        kept = needed[target]
        source, target, credit = source[kept], target[kept], space.credit.data[entry[kept]]
        people, person = np.unique(claims.person[some].astype(np.int64), return_inverse=True)
        level = np.where(claims.level[some] > 0, claims.level[some], unknown) if stance == 0 else np.full(len(some), 5)
        met = np.minimum(1.0, level[source][:, None] / _NEEDED) * credit[:, None]
        yield people, _best(person[source], target, met, (len(people), len(space)))


def _best(person: IntArray, skill: IntArray, met: FloatArray, shape: tuple[int, int]) -> SparseMatrix:
    """People × (skill, level), of several ways to a skill the best."""
    if not person.size:
        return sparse.csr_array((shape[0], shape[1] * LEVELS))
    key = person * shape[1] + skill
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    best = np.maximum.reduceat(met[order], starts, axis=0)
    key = key[starts]
    columns = ((key % shape[1]) * LEVELS)[:, None] + np.arange(LEVELS)
    rows = np.repeat(key // shape[1], LEVELS)
    return sparse.csr_array((best.ravel(), (rows, columns.ravel())), shape=(shape[0], shape[1] * LEVELS))
