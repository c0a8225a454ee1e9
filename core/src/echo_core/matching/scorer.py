"""The score: a sum of named contributions, each at most its weight, computed exactly and for many at once."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import partial

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import OpportunityBlock
from echo_core.matching.calibration import Calibration
from echo_core.matching.claim_tables import ClaimTables, fresh
from echo_core.matching.congestion import Congestion
from echo_core.matching.forms import CongestionShare, SkillProduct
from echo_core.matching.growth import Growth, growth
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.profile import Profile
from echo_core.matching.shapes import shaped
from echo_core.matching.table import RequirementTables
from echo_core.matching.weights import Weights, default_weights


@dataclass(frozen=True, slots=True)
class Scores:
    """`contributions` is features × opportunities; `total` their sum, 0..1. `rows` are the block rows scored."""

    rows: IntArray
    contributions: FloatArray
    total: FloatArray

    def of(self, rows: IntArray) -> Scores:
        """Those of some of the rows scored, in any order. `self.rows` must be sorted, as all rows of a block are."""
        at = np.searchsorted(self.rows, rows)
        return Scores(rows, self.contributions[:, at], self.total[at])


class Scorer:
    """Scores one person at a time against a block of opportunities.

    The same person and opportunity get the same score whether scored alone or among thousands. More of a skill that
    an opportunity asks for (a higher level, one more claim, stronger evidence) never lowers what it contributes.
    What near roles miss (`Growth`) is computed once per person over all jobs of the block.

    Args:
        congestion: how many others fit opportunities with limited seats; without it nothing counts as crowded.
    """

    def __init__(
        self, block: OpportunityBlock, weights: Weights | None = None, congestion: Congestion | None = None
    ) -> None:
        self.block = block
        self.weights = weights or default_weights()
        self.congestion = congestion
        self._tables = RequirementTables(block)
        self._most: FloatArray = np.ascontiguousarray(self.weights.feature.T[:, block.facts.kind])
        self._fresh = fresh(self.weights)
        self._calibration = Calibration(self.weights)

    def with_congestion(self, congestion: Congestion | None) -> Scorer:
        """The same opportunities with congestion counted anew."""
        other = copy(self)
        other.congestion = congestion
        return other

    def growth(self, profile: Profile) -> Growth:
        """What the jobs nearest to the person ask for and the person lacks."""
        return growth(profile, self.block, self._tables, self.weights)

    def asks_for_growth(self, row: int) -> bool:
        """Whether what near roles miss can count for an opportunity: it teaches something, and its kind is for that."""
        missing = [
            code
            for code, feature in enumerate(self.weights.features.features)
            if isinstance(feature.form, SkillProduct) and feature.form.claims == "lessons_missing"
        ]
        return bool(self._most[missing, row].any() and self.block.taught_mass[row] > 0)

    def score(self, profile: Profile, missing: Growth, rows: IntArray | None = None) -> Scores:
        """Scores of some rows of the block, or of all."""
        facts = self.block.facts if rows is None else self.block.facts.rows(rows)
        contributions = self._values(profile, missing, facts, rows)
        contributions *= self._most if rows is None else self._most[:, rows]
        # Feature by feature: numpy's own sum takes another order for one row than for many, and so another last digit.
        raw = np.zeros(len(facts))
        for feature in range(self.weights.features.gains):
            raw += contributions[feature]
        self._take_away(contributions, raw)
        stretch = self._calibration.stretch(raw, facts.kind)
        contributions *= stretch
        total = np.clip(raw * stretch, 0.0, 1.0)
        return Scores(np.arange(len(facts)) if rows is None else rows, contributions, total)

    def _values(self, profile: Profile, missing: Growth, facts: OpportunityFacts, rows: IntArray | None) -> FloatArray:
        """What each feature comes to (0..1), features × opportunities, in the order of the registry."""
        weights, registered = self.weights, self.weights.features.features
        claims = ClaimTables(profile, missing, self._fresh)
        person = PersonColumns([profile.facts], facts)
        values = np.zeros((len(registered), len(facts)))
        for code, feature in enumerate(registered):
            form = feature.form
            if isinstance(form, SkillProduct):
                values[code] = self._product(form, claims, profile, rows)
            elif not isinstance(form, CongestionShare):
                values[code] = form.values(person, facts, weights)[0]
            elif self.congestion is not None:
                values[code] = self.congestion.pressure(profile.facts.counted_in, rows)
        return values

    def _product(
        self, form: SkillProduct, claims: ClaimTables, profile: Profile, rows: IntArray | None
    ) -> FloatArray | float:
        """A skill product by opportunity; its sums are added in the order of the form."""
        table = claims.table(form.claims)
        if table is None:
            return 0.0
        first, *others = (self._tables.sums(name, table, rows) for name in form.requirements)
        for other in others:
            first = first + other
        whole = self.block.taught_mass
        return shaped(
            form.shape,
            first,
            self.weights,
            whole=lambda: whole if rows is None else whole[rows],
            beside=partial(self._beside, profile, rows),
        )

    def _beside(self, profile: Profile, rows: IntArray | None) -> FloatArray:
        """How many skills the person states that an opportunity does not ask for."""
        return profile.stated - self._tables.asks.sums((profile.own_level > 0).astype(np.float64), rows)

    def _take_away(self, contributions: FloatArray, raw: FloatArray) -> None:
        """Turns what is subtracted negative and takes it from `raw`, in place.

        Congestion takes a share of what was gained; a wish to avoid can empty a score, never make it negative, so
        that it stays a share of what could be had.
        """
        features = self.weights.features
        for code in range(features.gains, len(features)):
            if isinstance(features.features[code].form, CongestionShare):
                contributions[code] *= -raw
            else:
                contributions[code] = -np.minimum(contributions[code], raw)
            raw += contributions[code]
