"""Everybody before one opportunity: who is let in, and who of them scores best."""

from __future__ import annotations

from echo_core.matching import EligibilityFacts, EligibilityPeople, all_eligible
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.candidates import Candidates, best


class CandidatePool:
    """All people before every opportunity of one snapshot, ready to be asked; made when first asked for.

    Args:
        people: everybody, as eligibility rules see them.
    """

    def __init__(self, candidates: Candidates, people: EligibilityPeople, eligibility: EligibilityFacts) -> None:
        self._candidates, self._people, self._eligibility = candidates, people, eligibility

    def best(self, row: int, count: int, among: BoolArray | None = None) -> tuple[IntArray, FloatArray]:
        """The rows of so many people whom every rule lets in, best first, and their scores.

        What near roles miss counts as nothing here; see `Candidates`.

        Args:
            among: who may be one; None for everybody.
        """
        totals = self._candidates.score(row)
        people = best(totals, self.let_in(row, among), count)
        return people, totals[people]

    def let_in(self, row: int, among: BoolArray | None = None) -> BoolArray:
        """For everybody, whether they meet every rule of an opportunity; see `echo_core.matching.eligibility`.

        Args:
            among: who is looked at; None for everybody.
        """
        passed: BoolArray = all_eligible(self._people, self._eligibility.of(row))[:, 0]
        return passed if among is None else passed & among
