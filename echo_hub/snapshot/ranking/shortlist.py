"""The people who fit one opportunity: everybody scored at once, those let in by every gate, best first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from echo_core.matching import GateFacts, GatePeople, Scorer, Scores, all_eligible
from echo_core.matching.arrays import BoolArray
from echo_core.matching.candidates import Candidates, best


@dataclass(frozen=True, slots=True)
class Fit:
    """A person's row and exact score; `scores` are its parts, where they had to be worked out for it."""

    person: int
    score: float
    scores: Scores | None = field(default=None, compare=False)


class Shortlist:
    """Candidates of every opportunity of one snapshot, ready to be asked; made when first asked for.

    Args:
        people: everybody, as the gates see them.
    """

    def __init__(self, candidates: Candidates, scorer: Scorer, people: GatePeople, gates: GateFacts) -> None:
        self._candidates, self._scorer = candidates, scorer
        self._people, self._gates = people, gates

    def best(self, row: int, count: int, exact_score: Callable[[int, int], Scores]) -> list[Fit]:
        """So many people whom every gate lets in, best first; equal scores stand in the order of people's ids.

        What roles near a person ask for and an offer teaches is one person's own question: it is asked for those who
        come first without it, and orders them.

        Args:
            exact_score: one person's score for one opportunity.
        """
        total = self._candidates.score(row)
        found = best(total, self.let_in(row), count).tolist()
        if self._scorer.asks_for_growth(row):
            exact = [(person, exact_score(person, row)) for person in found]
            fits = [Fit(person, float(scores.total[0]), scores) for person, scores in exact]
        else:
            fits = [Fit(person, float(total[person])) for person in found]
        return sorted(fits, key=lambda fit: (-round(fit.score, 12), fit.person))

    def let_in(self, row: int) -> BoolArray:
        """For everybody, whether all gates of an opportunity are open to them; see `echo_core.matching.gates`."""
        return all_eligible(self._people, self._gates.of(row))[:, 0]
