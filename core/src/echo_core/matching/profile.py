"""One person made ready for scoring: lookup tables over skills and levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray, SkillSet, spans
from echo_core.matching.block import LEVELS
from echo_core.matching.person_facts import PersonFacts
from echo_core.matching.space import SkillSpace
from echo_core.matching.weights import Weights, default_weights

_NEEDED = np.arange(1.0, LEVELS + 1.0)


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a title lets one assume: the `skills` of its role and how much each belongs to it (0..1).

    `confidence` (0..1) says how sure the match of the title is. Never a claim: it counts in part, fades as claims come
    in, and stands on no profile.
    """

    title: str
    confidence: float
    skills: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's tables, all over skills in use.

    `coverage[skill * 5 + level - 1]` (0..1) is how well the person covers that skill at that level, own skills and
    damped neighbours alike; `strength` the best evidence behind it; `own_level` the level of the very skill (0: does
    not have it). `learn`, `use`, `teach`, `avoid` (0..1) are wishes, spread over neighbours the same way, except
    `avoid`, which means exactly what it says.

    `assumed`, where a title stands in for claims, is what its role would add to `coverage` at full confidence in it;
    `stated` is how many skills the person has by claims, `assumption` where the rest comes from.
    """

    facts: PersonFacts
    skills: SkillSet
    levels: IntArray
    coverage: FloatArray
    strength: FloatArray
    own_level: IntArray
    learn: FloatArray
    use: FloatArray
    teach: FloatArray
    avoid: FloatArray
    stated: int = 0
    assumed: FloatArray | None = None
    assumption: Assumption | None = None


def build_profile(
    skills: SkillSet,
    facts: PersonFacts,
    space: SkillSpace,
    weights: Weights | None = None,
    assumption: Assumption | None = None,
) -> Profile:
    """Tables for one person. Cost grows with the person's claims and their neighbours, not with the taxonomy."""
    weights = weights or default_weights()
    if assumption is not None and assumption.confidence < weights.number("assumed", "least_confidence"):
        assumption = None
    size = len(space)
    unknown = int(weights.number("level", "unknown_claim"))
    levels = np.where(skills.level > 0, skills.level, unknown)
    coverage = np.zeros((size, LEVELS))
    strength = np.zeros(size)
    if skills.has.size:
        source, target, credit = _reach(skills.has, space)
        order = np.argsort(target, kind="stable")
        source, target, credit = source[order], target[order], credit[order]
        starts = np.flatnonzero(np.r_[True, target[1:] != target[:-1]])
        reached = target[starts]
        met = np.minimum(1.0, levels[source][:, None] / _NEEDED) * credit[:, None]
        coverage[reached] = np.maximum.reduceat(met, starts, axis=0)
        strength[reached] = np.maximum.reduceat(skills.strength[source] * credit, starts)
    own = np.zeros(size, dtype=np.int64)
    own[skills.has] = levels
    avoid = np.zeros(size)
    avoid[skills.avoid] = 1.0
    return Profile(
        facts=facts,
        skills=skills,
        levels=levels,
        coverage=coverage.ravel(),
        strength=strength,
        own_level=own,
        learn=_spread(skills.learn, space),
        use=_spread(skills.use, space),
        teach=_spread(skills.teach, space),
        avoid=avoid,
        stated=len(skills.has),
        assumed=None if assumption is None else _assumed(assumption, coverage, weights),
        assumption=assumption,
    )


def _assumed(assumption: Assumption, coverage: FloatArray, weights: Weights) -> FloatArray:
    """What the role covers beyond the claims, skill by skill: a stated claim that covers more leaves nothing of it."""
    level = weights.number("assumed", "level")
    worth = assumption.weight * min(assumption.confidence, 1.0) * weights.number("assumed", "most")
    table = np.zeros_like(coverage)
    table[assumption.skills] = worth[:, None] * np.minimum(1.0, level / _NEEDED)
    beyond: FloatArray = np.maximum(table - coverage, 0.0).ravel()
    return beyond


def _reach(skills: IntArray, space: SkillSpace) -> tuple[IntArray, IntArray, FloatArray]:
    """Every (position in `skills`, skill reached, credit)."""
    source, entry = spans(space.credit.indptr, skills)
    return source, space.credit.indices[entry].astype(np.int64), space.credit.data[entry]


def _spread(skills: IntArray, space: SkillSpace) -> FloatArray:
    table = np.zeros(len(space))
    if skills.size:
        _, target, credit = _reach(skills, space)
        np.maximum.at(table, target, credit)
    return table
