"""What mentees ask of a mentor, as opportunities a mentor can be scored against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import IMPORTANCES, BoolArray, FloatArray, IntArray, Requirements, SkillSet
from echo_core.matching.block import LEVELS, OpportunityBlock, build_block
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.weights import KINDS, Weights


@dataclass(frozen=True, slots=True)
class Request:
    """The skills one mentee wants to learn, and the level the mentee has of each (0: none)."""

    skill: IntArray
    own_level: IntArray


def build_requests(
    requests: Sequence[Request], languages: BoolArray, skills: int, weights: Weights
) -> OpportunityBlock:
    """A block with one request per mentee, which asks for each wanted skill some levels above the mentee's own.

    Args:
        languages: mentees × languages; a row without any is open to all.
        skills: how many skills the snapshot uses.
    """
    count = len(requests)
    sizes = [len(request.skill) for request in requests]
    own = np.concatenate([request.own_level for request in requests]) if count else np.zeros(0, dtype=np.int64)
    least = int(weights.number("level", "unknown_need"))
    above = int(weights.number("mentoring", "levels_above"))
    size = int(sum(sizes))
    requirements = Requirements(
        opportunity=np.repeat(np.arange(count), sizes),
        skill=np.concatenate([request.skill for request in requests]) if count else np.zeros(0, dtype=np.int64),
        importance=np.full(size, IMPORTANCES.index("essential")),
        level=np.clip(own + above, least, LEVELS),
        weight=np.ones(size),
    )
    facts = OpportunityFacts(
        kind=np.full(count, KINDS.index("mentorship_request")),
        remote=np.zeros(count, dtype=bool),
        countries=np.zeros((count, 0), dtype=bool),
        languages=languages,
        hours=np.full(count, np.nan),
        id_rank=np.arange(count),
    )
    return build_block(requirements, facts, skills, weights)


def as_mentor(skills: SkillSet, taught: IntArray, levels: IntArray, strength: float) -> SkillSet:
    """A mentor's claims with what the mentor's offers teach: whoever offers to teach a skill says to have it.

    Args:
        taught, levels: the offered skills and the level each is taught to (0: not stated).
        strength: what such a word is worth as evidence.
    """
    claims: dict[int, tuple[int, float]] = {
        int(skill): (int(level), float(worth))
        for skill, level, worth in zip(skills.has, skills.level, skills.strength, strict=True)
    }
    for skill, level in zip(taught.tolist(), levels.tolist(), strict=True):
        before = claims.get(skill, (0, strength))
        claims[skill] = (max(before[0], level), before[1])
    ordered = sorted(claims)
    strengths: FloatArray = np.array([claims[skill][1] for skill in ordered], dtype=np.float64)
    return SkillSet(
        has=np.array(ordered, dtype=np.int64),
        level=np.array([claims[skill][0] for skill in ordered], dtype=np.int64),
        strength=strengths,
        learn=skills.learn,
        use=skills.use,
        teach=np.union1d(skills.teach, taught),
        avoid=skills.avoid,
    )
