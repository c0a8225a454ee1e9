"""What roles near a person ask for and the person lacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray, spans
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.profile import Profile
from echo_core.matching.shapes import faded_share
from echo_core.matching.table import RequirementTables
from echo_core.matching.weights import KINDS, Weights

JOB = KINDS.index("job")


@dataclass(frozen=True, slots=True)
class Growth:
    """What roles near the person ask for and the person lacks.

    `pressure` per skill runs from 0 to 1 (the most wanted missing skill); `roles` are rows of near jobs, nearest
    first; `asked_by` counts the near roles that ask for a skill the person lacks in part or whole.
    """

    pressure: FloatArray
    roles: IntArray
    asked_by: IntArray

    @classmethod
    def nothing(cls, skills: int) -> Growth:
        """That nothing is missed."""
        return cls(np.zeros(skills), np.zeros(0, dtype=np.int64), np.zeros(skills, dtype=np.int64))


def growth(profile: Profile, block: OpportunityBlock, tables: RequirementTables, weights: Weights) -> Growth:
    """The skills missing for the jobs of the block that the person's skills come nearest to."""
    size = len(profile.own_level)
    coverage = (
        profile.coverage
        if profile.assumed is None
        else profile.coverage + profile.assumed * faded_share(profile.stated, weights.number("assumed", "fades_at"))
    )
    covered = (tables.sums("essential", coverage) + tables.sums("desired", coverage)).round(12)
    near = np.flatnonzero((block.facts.kind == JOB) & (covered >= weights.number("near_roles", "least_coverage")))
    order = np.lexsort((block.facts.id_rank[near], -covered[near]))
    roles = near[order][: int(weights.number("near_roles", "count"))]
    role, requirement = spans(block.starts, roles)
    skill = block.requirements.skill[requirement]
    level = np.where(
        block.requirements.level[requirement] > 0,
        block.requirements.level[requirement],
        int(weights.number("level", "unknown_need")),
    )
    gap = 1.0 - coverage[skill * LEVELS + level - 1]
    gap[block.requirements.importance[requirement] == 2] = 0.0
    pull = covered[roles][role] * gap * block.requirements.weight[requirement]
    pressure = np.bincount(skill, pull, minlength=size).astype(np.float64, copy=False)
    asked_by = np.bincount(skill[gap > 0], minlength=size)
    if (most := pressure.max(initial=0.0)) > 0:
        pressure /= most
    return Growth(pressure, roles, asked_by)
