"""The people who fit one opportunity: everybody scored at once, those let in by every gate, best first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from echo_core.matching import GateFacts, GatePerson, PersonFacts, Scorer, Scores, eligible
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.candidates import Candidates, best
from echo_core.matching.groups import Groups
from echo_core.matching.pairing_rules import hours_apart
from echo_hub.snapshot.ranking.columns import GateColumns
from echo_hub.snapshot.ranking.everybody import Everybody

_ANYBODY = GatePerson(-2, "active", PersonFacts(), -2, -2)
"""Somebody nothing is known of: what shuts them out shuts out everybody."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A person's row and exact score; `scores` are its parts, where they had to be worked out for it."""

    person: int
    score: float
    scores: Scores | None = field(default=None, compare=False)


class Shortlist:
    """Candidates of every opportunity of one snapshot, ready to be asked; made when first asked for.

    Args:
        groups: the groups of `everybody` before the opportunities of `columns`.
        done: rows of learning that people have completed, by person.
    """

    def __init__(
        self,
        candidates: Candidates,
        scorer: Scorer,
        everybody: Everybody,
        groups: Groups,
        columns: GateColumns,
        done: Mapping[int, IntArray],
    ) -> None:
        self._candidates, self._scorer = candidates, scorer
        self._everybody, self._groups, self._columns = everybody, groups, columns
        self._done_by: dict[int, list[int]] = {}
        for person, rows in done.items():
            for row in rows.tolist():
                self._done_by.setdefault(row, []).append(person)

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
        gates = self._columns.gates
        if not self._open(gates, row):
            return np.zeros(len(self._everybody.group), dtype=bool)
        found: BoolArray = self._everybody.here & self._groups.let_in(gates, row)[self._everybody.group]
        owner = int(gates.owner[row])
        if gates.mentoring[row] and owner >= 0:
            enter, leave = self._columns.line
            above = (enter >= gates.owner_enter[row]) & (enter < gates.owner_leave[row])
            below = (enter <= gates.owner_enter[row]) & (leave > gates.owner_enter[row])
            found &= ~(above | below)
        if gates.mentoring[row] and gates.owner_zone is not None and gates.zone_gaps is not None:
            apart = hours_apart(gates.zone_gaps, int(gates.owner_zone[row]), self._columns.zone)
            found &= ~(apart > gates.most_apart)
        if owner >= 0:
            found[owner] = False
        found[self._done_by.get(row, [])] = False
        return found

    @staticmethod
    def _open(gates: GateFacts, row: int) -> bool:
        """Whether the rules let anybody in at all."""
        return bool(eligible(_ANYBODY, gates.of(row))[0])
