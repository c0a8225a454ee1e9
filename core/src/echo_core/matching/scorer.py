"""The score: a sum of named contributions, each at most its weight, computed exactly and for many at once."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import OpportunityBlock, OpportunityFacts
from echo_core.matching.calibration import Calibration
from echo_core.matching.crowd import Crowd
from echo_core.matching.features import (
    Growth,
    assumed_values,
    fresh,
    growth,
    hours_values,
    language_states,
    language_values,
    lessons,
    place_states,
    place_values,
    saturated,
    start_values,
    step_values,
    taught_share,
)
from echo_core.matching.profile import Profile
from echo_core.matching.registry import FEATURES, SUBTRACTED
from echo_core.matching.table import NeedTables
from echo_core.matching.weights import Weights, default_weights

GAINS = len(FEATURES) - len(SUBTRACTED)
"""Features before this code add to a score, the others take away."""
_CODES = {name: code for code, name in enumerate(FEATURES)}


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
        crowd: how many others fit opportunities with limited places; without it nothing counts as crowded.
    """

    def __init__(self, block: OpportunityBlock, weights: Weights | None = None, crowd: Crowd | None = None) -> None:
        self.block = block
        self.weights = weights or default_weights()
        self.crowd = crowd
        self._tables = NeedTables(block)
        self._most: FloatArray = np.ascontiguousarray(self.weights.feature.T[:, block.facts.kind])
        self._place = place_values(self.weights)
        self._language = language_values(self.weights)
        self._fresh = fresh(self.weights)
        self._calibration = Calibration(self.weights)

    def with_crowd(self, crowd: Crowd | None) -> Scorer:
        """The same opportunities before another crowd."""
        other = copy(self)
        other.crowd = crowd
        return other

    def growth(self, profile: Profile) -> Growth:
        """What the jobs nearest to the person ask for and the person lacks."""
        return growth(profile, self.block, self._tables, self.weights)

    def asks_for_growth(self, row: int) -> bool:
        """Whether what near roles miss can count for an opportunity: it teaches something, and its kind is for that."""
        return bool(self._most[_CODES["teaches_missing"], row] > 0 and self.block.taught_mass[row] > 0)

    def score(self, profile: Profile, missing: Growth, rows: IntArray | None = None) -> Scores:
        """Scores of some rows of the block, or of all."""
        facts = self.block.facts if rows is None else self.block.facts.rows(rows)
        contributions = self._values(profile, missing, facts, rows)
        contributions *= self._most if rows is None else self._most[:, rows]
        # Feature by feature: numpy's own sum takes another order for one row than for many, and so another last digit.
        raw = np.zeros(len(facts))
        for feature in range(GAINS):
            raw += contributions[feature]
        _take_away(contributions, raw)
        stretch = self._calibration.stretch(raw, facts.kind)
        contributions *= stretch
        total = np.clip(raw * stretch, 0.0, 1.0)
        return Scores(np.arange(len(facts)) if rows is None else rows, contributions, total)

    def _values(self, profile: Profile, missing: Growth, facts: OpportunityFacts, rows: IntArray | None) -> FloatArray:
        """What each feature comes to (0..1), features × opportunities, in the order of the registry."""
        weights, tables, person = self.weights, self._tables, profile.facts
        whole = self.block.taught_mass if rows is None else self.block.taught_mass[rows]
        wanted = tables.taught.sums(lessons(profile.learn, profile, self._fresh), rows)
        needed = tables.taught.sums(lessons(missing.pressure, profile, self._fresh), rows)
        found = {
            "essential": tables.essential.sums(profile.coverage, rows),
            "desired": tables.desired.sums(profile.coverage, rows),
            "evidence": tables.asked.sums(profile.strength, rows),
            "wants_to_use": saturated(tables.presence.sums(profile.use, rows), weights),
            "wants_to_learn": saturated(tables.presence.sums(profile.learn, rows), weights),
            "steps_up": step_values(profile, tables, rows),
            "willing_to_teach": saturated(tables.presence.sums(profile.teach, rows), weights),
            "teaches_wanted": taught_share(wanted, whole, weights),
            "teaches_missing": taught_share(needed, whole, weights),
            "place": self._place[place_states(person, facts)],
            "language": self._language[language_states(person, facts)],
            "hours": hours_values(person, facts, weights),
            "start": start_values(person, facts, weights),
            "avoids": np.minimum(1.0, 2.0 * tables.named.sums(profile.avoid, rows)),
        }
        if profile.assumed is not None:
            found["assumed"] = assumed_values(profile.assumed, profile, tables, weights, rows)
        if self.crowd is not None:
            found["crowded"] = self.crowd.pressure(person.counted_in, rows)
        values = np.zeros((len(FEATURES), len(facts)))
        for name, value in found.items():
            values[_CODES[name]] = value
        return values


def _take_away(contributions: FloatArray, raw: FloatArray) -> None:
    """Turns what is subtracted negative and takes it from `raw`, in place.

    A crowd takes a share of what was gained; a wish to avoid can empty a score, never make it negative, so that it
    stays a share of what could be had.
    """
    crowded, avoids = _CODES["crowded"], _CODES["avoids"]
    contributions[crowded] *= -raw
    raw += contributions[crowded]
    contributions[avoids] = -np.minimum(contributions[avoids], raw)
    raw += contributions[avoids]
