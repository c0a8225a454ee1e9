"""An inverted index of everybody's claims: for a stance and a skill, the people who say so."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import STANCES, ClaimIndex, FloatArray, IntArray

HAS, LEARN, USE, TEACH, AVOID = range(len(STANCES))


class ClaimsBySkill:
    """Claims ordered by stance and skill, then person, so that those of one stance and skill are a slice.

    Made of claims alone: it serves every snapshot with the same claims over the same skills.

    Args:
        unknown: what a claim without a level counts as, `level.unknown_claim` of the weights.
    """

    def __init__(self, claims: ClaimIndex, people: int, skills: int, *, unknown: int) -> None:
        self.people, self._skills = people, skills
        columns = len(STANCES) * skills
        # Compressed rows turned into compressed columns: a counting sort, which keeps the order of people.
        starts = np.searchsorted(claims.person, np.arange(people + 1, dtype=claims.person.dtype))
        entries = (np.arange(len(claims.person)), claims.stance.astype(np.int64) * skills + claims.skill, starts)
        turned = sparse.csc_array(sparse.csr_array(entries, shape=(people, columns)))
        self._edges = turned.indptr.tolist()
        self.person: IntArray = turned.indices.astype(np.int64)
        level = np.where(claims.level > 0, claims.level, unknown).astype(np.int8)
        self.level: IntArray = level[turned.data]
        self.strength: FloatArray = claims.strength[turned.data]
        self.stated: IntArray = np.bincount(claims.person[claims.stance == HAS], minlength=people)

    def of(self, stance: int, skill: int) -> slice:
        """Where the claims of a stance and skill stand in `person`, `level` (1 to 5) and `strength`."""
        at = stance * self._skills + skill
        return slice(self._edges[at], self._edges[at + 1])
