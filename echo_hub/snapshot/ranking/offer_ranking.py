"""Mentors' offers for one mentee after another, whose seats an assignment gives away.

Seats left and congestion do not count here: the assignment itself weighs who else asks. All else is as in a list.
"""

from __future__ import annotations

from dataclasses import replace

from echo_core.matching import THEY, Breakdown, EligibilityPeople, Person, Scorer, build_profile, by_rule
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable, Prepared

_LEFT_TO_THE_ASSIGNMENT = "seats_left"


class OfferRanker:
    """Rules and scores of some offers, for one person after another; answers are by offer.

    Args:
        rows: of the offers, in rising order.
    """

    def __init__(self, table: OpportunityTable, rows: IntArray) -> None:
        self._table, self._rows = table, rows
        self.block = table.block.rows(rows)
        self._eligibility = table.eligibility.of(rows)
        self._scorer = Scorer(self.block, table.weights)
        self._explainer = table.without_congestion().speaking(THEY)

    def person(self, prepared: Prepared, learn: IntArray) -> Person:
        """A mentee who wants to learn these skills, which an open request may have added to.

        Tables are made anew, and not kept: those of a whole pool would fill memory.
        """
        profile = prepared.profile
        if len(learn) != len(profile.skills.learn):
            skills = replace(profile.skills, learn=learn)
            profile = build_profile(skills, profile.facts, self._table.space, self._table.weights)
        return Person(profile, prepared.missing)

    def closed(self, prepared: Prepared) -> dict[str, BoolArray]:
        """Which offers each rule closes, by the rule's name."""
        people = EligibilityPeople.of([prepared.eligibility], self._eligibility)
        answers = by_rule(people, self._eligibility)
        return {name: ~passed[0] for name, passed in answers.items() if name != _LEFT_TO_THE_ASSIGNMENT}

    def totals(self, person: Person) -> FloatArray:
        """What each offer scores."""
        return self._scorer.score(*person).total

    def explain(self, person: Person, offer: int) -> Breakdown:
        """The score of one offer, by its row in the snapshot, taken apart."""
        (breakdown,) = self._explainer.explain_people([person], offer)
        return breakdown
