"""The skills of a snapshot as numbers: which is which column, and what having one is worth where another is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import IntArray, SparseMatrix
from echo_core.matching.weights import Weights, default_weights
from echo_core.skills.taxonomy.graph import Taxonomy

Relation = Literal["same", "broader", "narrower", "related"]


@dataclass(frozen=True, slots=True)
class SkillSpace:
    """Skills in use, ordered by id. `credit[has, required]` is 1 on the diagonal and damped along the graph elsewhere.

    `relation` names for a pair how the skill one has stands to the skill asked for ("narrower": one has the
    narrower skill). Size: skills × skills, sparse.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    index: dict[str, int]
    credit: SparseMatrix
    relations: dict[tuple[int, int], Relation]

    def __len__(self) -> int:
        return len(self.ids)

    def relation(self, have: int, requirement: int) -> Relation:
        """How the skill somebody has stands to the skill that is asked for."""
        return "same" if have == requirement else self.relations.get((have, requirement), "related")

    def neighbours(self, skill: int) -> tuple[IntArray, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Skills this one gives credit for, itself included, and how much."""
        start, stop = self.credit.indptr[skill], self.credit.indptr[skill + 1]
        return self.credit.indices[start:stop], self.credit.data[start:stop]


def build_space(taxonomy: Taxonomy, used: Iterable[str], weights: Weights | None = None) -> SkillSpace:
    """The space of the skills in use. Credit between two of them does not need the skills between to be in use."""
    weights = weights or default_weights()
    ids = tuple(sorted({skill_id for skill_id in used if skill_id in taxonomy.skills}))
    index = {skill_id: number for number, skill_id in enumerate(ids)}
    credit: dict[tuple[int, int], float] = {}
    relations: dict[tuple[int, int], Relation] = {}

    def give(have: int, requirement: int, value: float, relation: Relation) -> None:
        if have != requirement and value > credit.get((have, requirement), 0.0):
            credit[have, requirement] = value
            relations[have, requirement] = relation

    steps = weights.broader
    related = weights.number("credit", "related")
    for number, skill_id in enumerate(ids):
        for above, distance in taxonomy.broader(skill_id, levels=len(steps)):
            if (other := index.get(above)) is not None:
                give(number, other, steps[distance - 1], "narrower")
                give(other, number, steps[distance - 1], "broader")
        for beside in taxonomy.related(skill_id):
            if (other := index.get(beside)) is not None:
                give(number, other, related, "related")
                give(other, number, related, "related")
    pairs = sorted(credit)
    size = len(ids)
    rows = np.fromiter((pair[0] for pair in pairs), dtype=np.int64, count=len(pairs))
    columns = np.fromiter((pair[1] for pair in pairs), dtype=np.int64, count=len(pairs))
    values = np.fromiter((credit[pair] for pair in pairs), dtype=np.float64, count=len(pairs))
    matrix = sparse.csr_array((values, (rows, columns)), shape=(size, size)) + sparse.eye_array(size, format="csr")
    matrix = sparse.csr_array(matrix)
    matrix.sort_indices()
    labels = tuple(taxonomy.skills[skill_id].label for skill_id in ids)
    return SkillSpace(ids, labels, index, matrix, relations)
