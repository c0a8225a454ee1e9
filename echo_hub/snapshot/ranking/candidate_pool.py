"""Everybody before one opportunity: who is let in, and who of them scores best."""

from __future__ import annotations

from echo_core.matching import GateFacts, GatePeople, all_eligible
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.candidates import Candidates, best


class CandidatePool:
    """All people before every opportunity of one snapshot, ready to be asked; made when first asked for.

    Args:
        people: everybody, as the gates see them.
    """

    def __init__(self, candidates: Candidates, people: GatePeople, gates: GateFacts) -> None:
        self._candidates, self._people, self._gates = candidates, people, gates

    def best(self, row: int, count: int) -> tuple[IntArray, FloatArray]:
        """The rows of so many people whom every gate lets in, best first, and their scores.

        What near roles miss counts as nothing here; see `Candidates`.
        """
        totals = self._candidates.score(row)
        people = best(totals, self.let_in(row), count)
        return people, totals[people]

    def let_in(self, row: int) -> BoolArray:
        """For everybody, whether all gates of an opportunity are open to them; see `echo_core.matching.gates`."""
        passed: BoolArray = all_eligible(self._people, self._gates.of(row))[:, 0]
        return passed
