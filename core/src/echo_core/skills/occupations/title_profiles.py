"""What occupations ask for, as rows of numbers: essential skills before optional ones, rare before common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from echo_core.skills.taxonomy.graph import Taxonomy
from echo_core.skills.taxonomy.records import Occupation
from echo_core.text.similarity import unit_rows

_OPTIONAL = 0.5
_PARENT, _GRANDPARENT, _RELATED = 0.35, 0.15, 0.25
"""How much of a skill its parents and relatives have: the damping that matching by skills uses as well."""


class OccupationProfiles:
    """The skills of every listed occupation.

    `required` is occupations × `skills`, 1 for an essential and 0.5 for an optional skill; `rows` are unit rows over
    skills, parents and relatives, weighted by rarity, to compare with.
    """

    def __init__(self, occupations: Sequence[Occupation], taxonomy: Taxonomy) -> None:
        numbers: dict[str, int] = {}
        entries: list[tuple[int, int, float]] = []
        for at, occupation in enumerate(occupations):
            weights: dict[str, float] = {}
            for skill in occupation.skills:
                stands = taxonomy.standing_for(skill.skill_id)
                if stands in taxonomy:
                    weights[stands] = max(weights.get(stands, 0.0), 1.0 if skill.essential else _OPTIONAL)
            entries += [(at, numbers.setdefault(skill, len(numbers)), weight) for skill, weight in weights.items()]
        self.skills = list(numbers)
        self.required = _matrix(entries, (len(occupations), len(numbers)))
        spread = self.required @ _around(self.skills, taxonomy)
        wide = sparse.hstack([self.required, spread]).tocsr()
        seen_in = np.bincount(wide.indices, minlength=wide.shape[1])
        wide.data = wide.data * np.log1p(len(occupations) / np.maximum(seen_in, 1)).astype(np.float32)[wide.indices]
        self.rows = unit_rows(wide)


def _around(skills: Sequence[str], taxonomy: Taxonomy) -> Any:
    """Skills × skills around them: parents and relatives, damped. Each is another feature than the skill itself."""
    numbers: dict[str, int] = {}
    entries: list[tuple[int, int, float]] = []
    for at, skill in enumerate(skills):
        near = {
            parent: _PARENT if distance == 1 else _GRANDPARENT for parent, distance in taxonomy.broader(skill, levels=2)
        }
        for neighbour in taxonomy.related(skill):
            near.setdefault(neighbour, _RELATED)
        entries += [(at, numbers.setdefault(neighbour, len(numbers)), weight) for neighbour, weight in near.items()]
    return _matrix(entries, (len(skills), len(numbers)))


def _matrix(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_matrix(
        (np.array(weights, np.float32), (np.array(rows, int), np.array(columns, int))), shape=shape
    )
