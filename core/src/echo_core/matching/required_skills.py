"""What some opportunities ask for and teach, one after the other, and a feature's points shared out over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.block import LEVELS

Column = TypeVar("Column", FloatArray, IntArray)


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

    def has(self, tables: Sequence[Column]) -> Column:
        """By requirement, what the person has of its skill.

        Args:
            tables: over skills, one person's for all opportunities, or one for each of them.
        """
        return self._read(tables, self.skill)

    def has_at_level(self, tables: Sequence[Column]) -> Column:
        """By requirement, what the person has of its skill at its level; as `has`, of tables over (skill, level)."""
        return self._read(tables, self.skill * LEVELS + self.level_at - 1)

    def _read(self, tables: Sequence[Column], at: IntArray) -> Column:
        if len(tables) == 1:
            return tables[0][at]
        spans = pairwise(np.searchsorted(self.position, np.arange(len(tables) + 1)).tolist())
        return np.concatenate([table[at[start:stop]] for table, (start, stop) in zip(tables, spans, strict=True)])

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
