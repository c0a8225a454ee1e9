"""What a list is made from: opportunities as the scorer, the rules and the order see them, and nobody's records."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from echo_core.matching import (
    YOU,
    Assumption,
    Congestion,
    EligibilityFacts,
    EligibilityPerson,
    Explainer,
    Growth,
    OpportunityBlock,
    Person,
    Profile,
    Retrieval,
    Scorer,
    Scores,
    SkillSet,
    SkillSpace,
    Verdict,
    Voice,
    Weights,
    all_verdicts,
    build_profile,
    eligible,
)
from echo_core.matching.arrays import BoolArray, IntArray


@dataclass(frozen=True)
class Prepared:
    """A person ready for scoring: tables, what near roles miss, and the side of eligibility rules."""

    profile: Profile
    eligibility: EligibilityPerson
    scorer: Scorer

    @cached_property
    def missing(self) -> Growth:
        """What near roles ask for and the person lacks, worked out when first asked for: few lists need it."""
        return self.scorer.growth(self.profile)


class OpportunityTable:
    """Everything about opportunities that decides who is shown what, in which order and in which words.

    A snapshot has one, and the stored inputs of a receipt make the same one again: lists are made by the same code from
    either. Rows are those of the snapshot's listings.

    Args:
        ids: public ids of the opportunities.
        nouns: what a sentence calls each ("job").
        kind_codes: any code of what people see as a kind, per row.
        diversity_groups: three rows of codes, see `echo_hub.snapshot.catalogue.series.diversity_groups`.
    """

    def __init__(
        self,
        *,
        weights: Weights,
        space: SkillSpace,
        block: OpportunityBlock,
        congestion: Congestion,
        eligibility: EligibilityFacts,
        ids: Sequence[str],
        nouns: Sequence[str],
        kind_codes: IntArray,
        diversity_groups: IntArray,
    ) -> None:
        self.weights, self.space, self.block, self.congestion, self.eligibility = (
            weights,
            space,
            block,
            congestion,
            eligibility,
        )
        self.ids, self.nouns, self.kind_codes, self.diversity_groups = ids, nouns, kind_codes, diversity_groups
        self.scorer = Scorer(block, weights, congestion)
        self.explainer = self._explainer(self.scorer)
        whole = len(block) <= weights.number("retrieval", "exact_up_to")
        self._retrieval = None if whole else Retrieval(block)

    def with_congestion(self, congestion: Congestion) -> OpportunityTable:
        """The same opportunities with congestion counted anew."""
        other = copy(self)
        other.congestion = congestion
        other.scorer = self.scorer.with_congestion(congestion)
        other.explainer = self._explainer(other.scorer)
        return other

    def without_congestion(self) -> Explainer:
        """Takes scores apart that know no congestion, for whoever weighs that otherwise."""
        return self._explainer(self.scorer.with_congestion(None))

    def __len__(self) -> int:
        return len(self.block)

    def _explainer(self, scorer: Scorer) -> Explainer:
        nouns, eligibility = self.nouns, self.eligibility
        return Explainer(scorer, self.space, lambda row: nouns[row], eligibility.countries, eligibility.languages, YOU)

    def prepare(self, skills: SkillSet, eligibility: EligibilityPerson, role: Assumption | None) -> Prepared:
        """A person's tables from what is claimed, what the rules read, and what the title lets one assume."""
        profile = build_profile(skills, eligibility.facts, self.space, self.weights, role)
        return Prepared(profile, eligibility, self.scorer)

    def persons(self, people: Sequence[Prepared], row: int) -> list[Person]:
        """People to be scored for one opportunity: what near roles miss only where that can count for it."""
        growth = self.scorer.asks_for_growth(row)
        nothing = Growth.nothing(len(self.space))
        return [Person(prepared.profile, prepared.missing if growth else nothing) for prepared in people]

    def eligible(self, person: EligibilityPerson) -> BoolArray:
        """For every opportunity, whether the person meets every rule."""
        return eligible(person, self.eligibility)

    def verdicts(
        self, people: Sequence[EligibilityPerson], rows: Sequence[int], voice: Voice = YOU
    ) -> list[list[tuple[Verdict, ...]]]:
        """By person and opportunity, what every rule says."""
        return all_verdicts(people, self.eligibility, np.array(rows, dtype=np.int64), voice)

    def scores(self, profile: Profile, missing: Growth, rows: IntArray | None = None) -> Scores:
        """Exact scores of some rows; without `rows`, of all, or in a very large snapshot of those worth scoring."""
        if rows is None and self._retrieval is not None:
            rows = self._retrieval.propose(profile, int(self.weights.number("retrieval", "per_kind")))
        return self.scorer.score(profile, missing, rows)


def kind_codes(kinds: Sequence[str]) -> IntArray:
    """A number for each kind, in order of appearance."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(kind, len(known)) for kind in kinds], dtype=np.int64)
