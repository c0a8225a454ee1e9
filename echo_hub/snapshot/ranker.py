"""Who is shown what, in which order: opportunities for one person or for many, and people for an opportunity."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.batch import BatchRanker, Lists, compiled
from echo_core.matching.growth import Growth
from echo_core.matching.profile import Profile
from echo_hub.snapshot.ranking.offer_ranking import OfferRanker
from echo_hub.snapshot.ranking.ranking import (
    NOTHING,
    STRONGEST,
    OpportunityRanking,
    PersonRanking,
    rank,
)
from echo_hub.snapshot.snapshot import Snapshot

Engine = Literal["compiled", "plain"]


def engine() -> Engine:
    """What many people are ranked by: compiled code with the extra `batch`, else one after the other, far slower."""
    return "compiled" if compiled() else "plain"


class Ranker:
    """Ranks by one snapshot. Whatever is asked, the same person and opportunity have the same score and order."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._over: dict[bytes, BatchRanker] = {}

    def for_person(self, person: int, only: BoolArray | None = None) -> PersonRanking:
        """One person's list; see `rank`.

        Args:
            only: which listings a filter lets through.
        """
        prepared = self._snapshot.prepared(person)
        return self.with_skills(person, only)(prepared.profile, prepared.missing)

    def with_skills(self, person: int, only: BoolArray | None = None) -> Callable[[Profile, Growth], PersonRanking]:
        """Ranks one person's list as it would be with other skills; `only` as in `for_person`."""
        table = self._snapshot.opportunity_table
        return partial(rank, table, self._snapshot.eligible(person), only=only)

    def for_people(
        self, people: Sequence[int], top: int, on: Engine | None = None, only: BoolArray | None = None
    ) -> Lists:
        """The first `top` of many people's lists.

        Where a snapshot is so large that one person's list looks only at what a quick product proposes (`retrieval` of
        the weights), compiled code looks at everything.

        Args:
            on: the engine; by default the fastest there is.
            only: which listings are there for these people; None for all.
        """
        if (on or engine()) == "compiled":
            return self._compiled(only).lists(people, top, threads=os.cpu_count() or 1)
        count, gains = len(people), self._snapshot.weights.features.gains
        lists = Lists(
            np.array(people, dtype=np.int64),
            np.full((count, top), -1, dtype=np.int64),
            np.zeros((count, top)),
            np.full((count, top, STRONGEST), NOTHING, dtype=np.uint8),
        )
        for position, person in enumerate(people):
            ranking = self.for_person(person, only)
            size = min(top, len(ranking))
            lists.rows[position, :size], lists.totals[position, :size] = ranking.rows[:size], ranking.totals[:size]
            lists.strongest[position, :size] = ranking.strongest(size, gains)
        return lists

    def _compiled(self, only: BoolArray | None) -> BatchRanker:
        """Compiled code over some listings, kept: the same few choices come again with every block of people."""
        if only is None:
            return self._snapshot.batch_ranker
        key = np.packbits(only).tobytes()
        if key not in self._over:
            self._over[key] = self._snapshot.batch_ranker_over(only)
        return self._over[key]

    def for_opportunity(self, row: int, top: int, among: BoolArray | None = None) -> OpportunityRanking:
        """So many people who fit a listing best among those whom every rule lets in, with exact scores.

        What roles near a person ask for and an offer teaches is one person's own question: it is asked for those who
        come first without it, and orders them.

        Args:
            among: by row, who may be a candidate; None for everybody.
        """
        table, let_in = self._snapshot.opportunity_table, self._snapshot.let_in(row, among)
        first = self._snapshot.candidates(row, let_in, top)
        people = table.persons([self._snapshot.prepared(person) for person in first.tolist()], row)
        scores = table.scorer.score_people(people, row)
        order = np.lexsort((first, -scores.total.round(12)))
        scores = scores.at(order)
        return OpportunityRanking(
            first[order], scores.total, tuple(people[position] for position in order.tolist()), scores, let_in
        )

    def for_offers(self, rows: IntArray) -> OfferRanker:
        """What mentors' offers are worth to one mentee after another, where an assignment gives the seats away.

        Args:
            rows: of the offers, in rising order.
        """
        return OfferRanker(self._snapshot.opportunity_table, rows)
