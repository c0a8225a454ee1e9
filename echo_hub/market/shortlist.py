"""The people who fit one opportunity: everybody scored at once, those let in by every gate, best first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from echo_core.matching import GateFacts, GatePerson, PersonFacts, Scorer, eligible
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.candidates import Candidates, best
from echo_core.matching.registry import FEATURES

_SPARE = 8
"""How many more than asked for are looked at first: some have the gates closed for reasons of their own."""
_NONE: IntArray = np.zeros(0, dtype=np.int64)
_MISSING = FEATURES.index("teaches_missing")


@dataclass(frozen=True, slots=True)
class Fit:
    """A person's row and exact score."""

    person: int
    score: float


class Shortlist:
    """Candidates of every opportunity of one market, ready to be asked; made when first asked for.

    Args:
        people: one person's side of the gates.
        here: by person, whether they are with the company.
        exact: one person's exact score for one opportunity.
    """

    def __init__(
        self,
        candidates: Candidates,
        scorer: Scorer,
        people: Callable[[int], GatePerson],
        here: BoolArray,
        exact: Callable[[int, int], float],
    ) -> None:
        self._candidates, self._scorer = candidates, scorer
        self._people, self._here, self._exact = people, here, exact

    def best(self, row: int, gates: GateFacts, count: int) -> list[Fit]:
        """So many people whom every gate lets in, best first; equal scores stand in the order of people's ids.

        What roles near a person ask for and an offer teaches is one person's own question: it is asked for those who
        come first without it, and orders them.
        """
        total = self._candidates.score(row)
        block = self._scorer.block
        teaches = self._scorer.weights.feature[block.facts.kind[row], _MISSING] > 0 and block.taught_mass[row] > 0
        found = self._let_in(row, total, gates, count)
        scores = {person: self._exact(person, row) if teaches else float(total[person]) for person in found}
        order = sorted(found, key=lambda person: (-round(scores[person], 12), person))
        return [Fit(person, scores[person]) for person in order[:count]]

    def everybody(self, row: int, gates: GateFacts) -> IntArray:
        """The rows of all whom every gate lets in but two: reporting lines and what was completed are not asked.

        They stand in the order of rows and of no merit.
        """
        only = _one(gates, row)
        waiting = self._waiting(only)
        if gates.owner[row] >= 0:
            waiting[gates.owner[row]] = False
        if only.mentoring[0] and not np.isinf(only.most_apart):
            people = np.flatnonzero(waiting)
            waiting[people] = [self._lets_in(person, row, only) for person in people.tolist()]
        return np.flatnonzero(waiting)

    def _let_in(self, row: int, total: FloatArray, gates: GateFacts, count: int) -> list[int]:
        """The best whom every gate lets in: gates are asked in the order of scores, until there are enough."""
        only = _one(gates, row)
        waiting = self._waiting(only)
        found: list[int] = []
        ahead = count + _SPARE
        while len(found) < count and (some := best(total, waiting, ahead)).size:
            for person in some.tolist():
                if self._lets_in(person, row, only):
                    found.append(person)
                    if len(found) == count:
                        break
            waiting[some] = False
            ahead *= 4
        return found

    def _waiting(self, only: GateFacts) -> BoolArray:
        """Whom the gates of one opportunity let in by what is the same for whole groups of people."""
        stranger = GatePerson(-2, "active", PersonFacts(), -2, -2)
        groups = [bool(eligible(replace(stranger, facts=one), only)[0]) for one in self._candidates.groups]
        waiting: BoolArray = self._here & np.array(groups, dtype=bool)[self._candidates.group]
        return waiting

    def _lets_in(self, person: int, row: int, only: GateFacts) -> bool:
        who = self._people(person)
        return row not in who.done and bool(eligible(replace(who, done=_NONE), only)[0])


def _one(gates: GateFacts, row: int) -> GateFacts:
    """The gates of one opportunity."""
    rows = np.array([row], dtype=np.int64)
    columns: dict[str, Any] = {
        field.name: value[rows]
        for field in fields(gates)
        if field.name != "zone_gaps" and isinstance(value := getattr(gates, field.name), np.ndarray)
    }
    return replace(gates, facts=gates.facts.rows(rows), **columns)
