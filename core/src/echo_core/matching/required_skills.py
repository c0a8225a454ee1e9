"""What some opportunities ask for and teach, one after the other, and a feature's points shared out over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class RequiredSkills:
    """The requirements of some opportunities, one row each, ordered by opportunity.

    `position` is the opportunity's place among those asked about, `level` 0 where unknown, `level_at` what that counts
    as, `asks` False for what is taught, `mass` the weight of the requirement in the opportunity.
    """

    position: IntArray
    skill: IntArray
    importance: IntArray
    level: IntArray
    level_at: IntArray
    asks: BoolArray
    mass: FloatArray

    def shares(self, pull: FloatArray, totals: FloatArray) -> FloatArray:
        """By requirement, its part of its opportunity's points, in proportion to `pull`; the parts sum to the points.

        Args:
            pull: by requirement, what it brought to the feature.
            totals: by opportunity, the points of the feature.
        """
        whole = np.bincount(self.position, pull, minlength=len(totals))
        scale = np.divide(totals, whole, out=np.zeros(len(totals)), where=whole > 0)
        parts: FloatArray = pull * scale[self.position]
        return parts
