"""The score: a sum of named contributions, each at most its weight, computed exactly and for many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import OpportunityBlock
from echo_core.matching.features import (
    Growth,
    fresh,
    growth,
    hours_values,
    language_states,
    language_values,
    place_states,
    place_values,
    saturated,
    taught_share,
)
from echo_core.matching.profile import Profile
from echo_core.matching.weights import FEATURES, Weights, default_weights

AVOIDS = FEATURES.index("avoids")


@dataclass(frozen=True, slots=True)
class Scores:
    """`contributions` is features × opportunities; `total` their sum, 0..1. `rows` are the block rows scored."""

    rows: IntArray
    contributions: FloatArray
    total: FloatArray


class Scorer:
    """Scores one person at a time against a block of opportunities.

    The same person and opportunity get the same score whether scored alone or among thousands. More of a skill that
    an opportunity asks for (a higher level, one more claim, stronger evidence) never lowers what it contributes.
    What near roles miss (`Growth`) is computed once per person over all jobs of the block.
    """

    def __init__(self, block: OpportunityBlock, weights: Weights | None = None) -> None:
        self.block = block
        self.weights = weights or default_weights()
        self._place = place_values(self.weights)
        self._language = language_values(self.weights)

    def growth(self, profile: Profile) -> Growth:
        """What the jobs nearest to the person ask for and the person lacks."""
        return growth(profile, self.block, self.weights)

    def score(self, profile: Profile, missing: Growth, rows: IntArray | None = None) -> Scores:
        """Scores of some rows of the block, or of all."""
        weights = self.weights
        block = self.block if rows is None else self.block.rows(rows)
        values = np.zeros((len(FEATURES), len(block)))
        values[0] = block.essential @ profile.coverage
        values[1] = block.desired @ profile.coverage
        values[2] = block.asked @ profile.strength
        values[3] = saturated(block.presence @ profile.use, weights)
        values[4] = saturated(block.presence @ profile.learn, weights)
        values[5] = saturated(block.presence @ profile.teach, weights)
        new = fresh(profile, weights)
        wanted = block.taught @ (profile.learn[:, None] * new).ravel()
        needed = block.taught @ (missing.pressure[:, None] * new).ravel()
        values[6] = taught_share(wanted, block.taught_mass, weights)
        values[7] = taught_share(needed, block.taught_mass, weights)
        values[8] = self._place[place_states(profile.facts, block.facts)]
        values[9] = self._language[language_states(profile.facts, block.facts)]
        values[10] = hours_values(block.facts, weights)
        values[AVOIDS] = np.minimum(1.0, 2.0 * (block.named @ profile.avoid))
        contributions = values * weights.feature.T[:, block.facts.kind]
        # Feature by feature: numpy's own sum takes another order for one row than for many, and so another last digit.
        gained = np.zeros(len(block))
        for feature in range(AVOIDS):
            gained += contributions[feature]
        # A wish to avoid can empty a score, never make it negative, so that it stays a share of what could be had.
        contributions[AVOIDS] = -np.minimum(contributions[AVOIDS], gained)
        total = np.clip(gained + contributions[AVOIDS], 0.0, 1.0)
        return Scores(np.arange(len(block)) if rows is None else rows, contributions, total)
