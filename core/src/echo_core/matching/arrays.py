"""The array types of this room, and the two tables that go in: claims of people, requirements of opportunities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Narrow = NDArray[Any]
"""Whole numbers in as few bytes as hold them: multiply and add them as `int64`, or the result may not fit."""
BoolArray = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)
SparseMatrix = Any
"""A `scipy.sparse.csr_array`; scipy ships no types."""

STANCES = ("has", "wants_to_learn", "wants_to_use", "teaches", "avoids")
IMPORTANCES = ("essential", "desired", "teaches")


@dataclass(frozen=True, slots=True)
class Claims:
    """Skill claims, one row each, in any order. `level` is 0 where unknown; `strength` (0..1) is the evidence.

    `stance` is an index into `STANCES`, `person` and `skill` are row numbers of the snapshot's people and skills.
    """

    person: Narrow
    skill: Narrow
    stance: Narrow
    level: Narrow
    strength: FloatArray


@dataclass(frozen=True, slots=True)
class Requirements:
    """Requirements, one row each, ordered by opportunity. `level` is 0 where unknown.

    `importance` is an index into `IMPORTANCES`.

    `weight` says how sure the requirement itself is (0..1), by where it came from.
    """

    opportunity: IntArray
    skill: IntArray
    importance: IntArray
    level: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True)
class SkillSet:
    """One person's claims: row numbers of skills, levels (0 unknown) and evidence strengths."""

    has: IntArray
    level: IntArray
    strength: FloatArray
    learn: IntArray
    use: IntArray
    teach: IntArray
    avoid: IntArray


class Splice:
    """Puts other rows of some people in place of theirs, column by column, in time that only copying takes.

    Args:
        person: whose each row is, in rising order.
        people: those whose rows are replaced.
        fresh: whose each new row is, in rising order.
    """

    def __init__(self, person: Narrow, people: IntArray, fresh: Narrow) -> None:
        people = np.unique(people).astype(person.dtype)  # of one type, or the whole column would be turned into theirs
        edges = (np.searchsorted(of, people, side) for of in (person, fresh) for side in ("left", "right"))
        self._cuts = list(zip(*(edge.tolist() for edge in edges), strict=True))

    def column(self, old: NDArray[Scalar], new: NDArray[Scalar]) -> NDArray[Scalar]:
        """One column with the new rows in."""
        parts, done = [], 0
        for start, stop, first, last in self._cuts:
            parts += [old[done:start], new[first:last]]
            done = stop
        return np.concatenate([*parts, old[done:]])


class ClaimIndex:
    """Claims ordered by person, so that one person's are a slice. At most one row per (person, stance, skill) is kept.

    Of several claims of one skill and stance the highest level and, separately, the strongest evidence count: a
    second, weaker claim never takes away from the first. A claim without a level counts as `unknown`, so it gives
    way only to a stated level that is at least as high.

    A company has millions of them, in every process: `person` and `skill` take four bytes, `stance` and `level` one.

    Args:
        claims: the claims, in any order.
        people: how many people the snapshot has.
        skills: how many skills it uses.
        unknown: what a claim without a level counts as, `level.unknown_claim` of the weights.
    """

    def __init__(self, claims: Claims, people: int, skills: int, *, unknown: int) -> None:
        self._people, self._skills, self._unknown = people, skills, unknown
        key = claims.person.astype(np.int64) * len(STANCES) + claims.stance
        key = key * max(skills, 1) + claims.skill
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if key.size else np.zeros(0, dtype=np.int64)
        kept = order[starts]
        self.person: Narrow = claims.person[kept].astype(np.int32)
        self.stance: Narrow = claims.stance[kept].astype(np.int8)
        self.skill: Narrow = claims.skill[kept].astype(np.int32)
        if key.size:
            level = claims.level[order]
            stated = np.maximum.reduceat(level, starts)
            unlevelled = np.logical_or.reduceat(level == 0, starts)
            self.level: Narrow = np.where(unlevelled & (stated < unknown), 0, stated).astype(np.int8)
            self.strength = np.maximum.reduceat(claims.strength[order], starts)
        else:
            self.level, self.strength = np.zeros(0, dtype=np.int8), claims.strength[:0]
        whose = self.person.astype(np.int64) * len(STANCES) + self.stance
        self._edges = _edges(np.bincount(whose, minlength=people * len(STANCES)))

    def replaced(self, people: IntArray, claims: Claims) -> ClaimIndex:
        """The same claims, but of some people only these.

        Args:
            people: rows of those people.
            claims: all their claims, in any order.
        """
        fresh = ClaimIndex(claims, self._people, self._skills, unknown=self._unknown)
        other = object.__new__(ClaimIndex)
        other._people, other._skills, other._unknown = self._people, self._skills, self._unknown
        splice = Splice(self.person, people, fresh.person)
        for name in ("person", "stance", "skill", "level", "strength"):
            setattr(other, name, splice.column(getattr(self, name), getattr(fresh, name)))
        sizes = self._sizes()
        sizes[people] = fresh._sizes()[people]
        other._edges = _edges(sizes)
        return other

    def _sizes(self) -> IntArray:
        """How many claims each person has, by stance."""
        return np.diff(self._edges).reshape(-1, len(STANCES))

    def some(self, people: IntArray) -> Claims:
        """The claims of some people, in the same order; `people` must rise."""
        rows = spans(self._edges[:: len(STANCES)], people)[1]
        return Claims(self.person[rows], self.skill[rows], self.stance[rows], self.level[rows], self.strength[rows])

    def of(self, person: int) -> SkillSet:
        """One person's claims."""
        base = person * len(STANCES)
        cuts = self._edges[base : base + len(STANCES) + 1]
        has, learn, use, teach, avoid = (
            self.skill[cuts[stance] : cuts[stance + 1]].astype(np.int64) for stance in range(len(STANCES))
        )
        own = slice(cuts[0], cuts[1])
        return SkillSet(has, self.level[own].astype(np.int64), self.strength[own], learn, use, teach, avoid)


def _edges(sizes: IntArray) -> IntArray:
    """Where each of so many entries begins, and the end."""
    edges: IntArray = np.r_[0, np.cumsum(sizes)]
    return edges


def spans(starts: IntArray, which: IntArray) -> tuple[IntArray, IntArray]:
    """Every entry of some of the consecutive spans that `starts` cuts a table into, span by span.

    Returns:
        for each entry the position in `which` of its span, and its position in the table.
    """
    if len(which) == 1:
        only = np.arange(int(starts[which[0]]), int(starts[which[0] + 1]))
        return np.zeros_like(only), only
    first = starts[which].astype(np.int64)
    counts = starts[which + 1].astype(np.int64) - first
    position = np.repeat(np.arange(len(which)), counts)
    before = np.cumsum(counts) - counts
    return position, np.arange(len(position)) + (first - before)[position]
