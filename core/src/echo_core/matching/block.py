"""The opportunities of a snapshot as matrices, so that one person is scored against all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray, Requirements, SparseMatrix
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.weights import Weights, default_weights

LEVELS = 5
"""Levels run from 1 to 5; column `skill * LEVELS + level - 1` stands for a skill asked (or taught) at a level."""


@dataclass(frozen=True, slots=True)
class OpportunityBlock:
    """Everything the scorer needs to know about opportunities.

    `essential` and `desired` are opportunities × (skill, level), already divided by what the opportunity asks in
    all (shrunk), so that a product with a person's coverage table is a share in 0..1. `asked` is the sum of both
    over skills. `presence` has the weight of each requirement in average skills, `taught` the same for what is taught,
    `named` the share of each skill among all an opportunity names. `idf` weighs a skill by how rarely it is asked for.
    """

    facts: OpportunityFacts
    essential: SparseMatrix
    desired: SparseMatrix
    asked: SparseMatrix
    presence: SparseMatrix
    taught: SparseMatrix
    taught_mass: FloatArray
    named: SparseMatrix
    idf: FloatArray
    requirements: Requirements
    starts: IntArray

    def __len__(self) -> int:
        return len(self.facts)

    def of(self, row: int) -> slice:
        """Where the requirements of one opportunity stand in `requirements`."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def rows(self, rows: IntArray) -> OpportunityBlock:
        """A block of some rows, in that order; `requirements` stays whole, and `starts` points into it by old row."""
        return OpportunityBlock(
            self.facts.rows(rows),
            self.essential[rows],
            self.desired[rows],
            self.asked[rows],
            self.presence[rows],
            self.taught[rows],
            self.taught_mass[rows],
            self.named[rows],
            self.idf,
            self.requirements,
            self.starts,
        )


def build_block(
    requirements: Requirements, facts: OpportunityFacts, skills: int, weights: Weights | None = None
) -> OpportunityBlock:
    """Matrices from requirements (ordered by opportunity, one row per opportunity and skill) and facts.

    IDF counts opportunities only: what people learn never changes what a skill is worth.
    """
    weights = weights or default_weights()
    count = len(facts)
    frequency = np.bincount(requirements.skill, minlength=skills).astype(np.float64)
    idf = np.log((count + 1.0) / (frequency + 1.0)) + 1.0
    in_use = frequency > 0
    idf = idf / (idf[in_use].mean() if in_use.any() else 1.0)

    importance = np.array([weights.number("need", name) for name in ("essential", "desired", "teaches")])
    mass = idf[requirements.skill] * importance[requirements.importance] * requirements.weight
    asks = requirements.importance < 2
    total = np.bincount(requirements.opportunity[asks], weights=mass[asks], minlength=count) + weights.number(
        "shrink", "asks"
    )
    share = mass / total[requirements.opportunity]
    taught = ~asks
    unknown = np.where(asks, weights.number("level", "unknown_need"), weights.number("level", "unknown_taught"))
    level = np.where(requirements.level > 0, requirements.level, unknown).astype(np.int64)
    levelled = requirements.skill * LEVELS + level - 1
    all_named = np.bincount(requirements.opportunity, weights=mass, minlength=count)
    of_all = mass / np.where(all_named > 0, all_named, 1.0)[requirements.opportunity]

    def matrix(pick: BoolArray, values: FloatArray, columns: IntArray, width: int) -> SparseMatrix:
        built = sparse.csr_array(
            (values[pick], (requirements.opportunity[pick], columns[pick])), shape=(count, width), dtype=np.float64
        )
        built.sort_indices()
        return built

    every = np.ones_like(asks)
    return OpportunityBlock(
        facts=facts,
        essential=matrix(requirements.importance == 0, share, levelled, skills * LEVELS),
        desired=matrix(requirements.importance == 1, share, levelled, skills * LEVELS),
        asked=matrix(asks, share, requirements.skill, skills),
        presence=matrix(asks, mass, requirements.skill, skills),
        taught=matrix(taught, mass, levelled, skills * LEVELS),
        taught_mass=np.bincount(requirements.opportunity[taught], weights=mass[taught], minlength=count).astype(
            np.float64
        ),
        named=matrix(every, of_all, requirements.skill, skills),
        idf=idf,
        requirements=requirements,
        starts=np.searchsorted(requirements.opportunity, np.arange(count + 1)),
    )
