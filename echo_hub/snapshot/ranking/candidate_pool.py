"""Everybody before one opportunity: who is let in, and who of them scores best."""

from __future__ import annotations

import numpy as np

from echo_core.matching import EligibilityFacts, EligibilityPeople, all_eligible
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.candidates import Candidates, best


class CandidatePool:
    """All people before every opportunity of one snapshot, ready to be asked; made when first asked for.

    Args:
        people: everybody, as eligibility rules see them.
    """

    def __init__(self, candidates: Candidates, people: EligibilityPeople, eligibility: EligibilityFacts) -> None:
        self._candidates, self._people, self._eligibility = candidates, people, eligibility

    def best(self, row: int, people: IntArray, count: int) -> IntArray:
        """So many of these people, best first. What near roles miss counts as nothing here; see `Candidates`."""
        return best(self._candidates.score(row), people, count)

    def let_in(self, row: int, among: BoolArray | None = None) -> IntArray:
        """Everybody who meets every rule of an opportunity; see `echo_core.matching.eligibility`.

        Args:
            among: who is looked at; None for everybody.
        """
        only = self._eligibility.of(np.array([row], dtype=np.int64))
        passed = all_eligible(self._people, only)[:, 0]
        return np.flatnonzero(passed if among is None else passed & among)
