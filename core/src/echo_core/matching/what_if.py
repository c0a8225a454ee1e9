"""What a score and a rank would be if a person had a skill, by scoring again: the very numbers of that snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from echo_core.matching.arrays import IMPORTANCES, IntArray, SkillSet
from echo_core.matching.growth import Growth
from echo_core.matching.profile import Profile, build_profile
from echo_core.matching.rank import in_order
from echo_core.matching.scorer import Scorer, Scores
from echo_core.matching.space import SkillSpace

Listed = tuple[IntArray, Scores]
"""A person's list, best first, as rows of the block; and the scores it was made of."""
Ranking = Callable[[Profile, Growth], Listed]
"""Makes the list of a person with these tables."""


@dataclass(frozen=True, slots=True)
class Change:
    """A skill the person would have, at a level of 1 to 5."""

    skill: int
    level: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A score, and its rank in the person's list, counted from 1; None where the list does not hold it."""

    score: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes would do to one opportunity. A skill the person has at that level or above changes nothing."""

    changes: tuple[Change, ...]
    before: Standing
    after: Standing

    @property
    def gain(self) -> float:
        """By how much the score would rise."""
        return self.after.score - self.before.score


class WhatIf:
    """Asks for one person how scores and ranks would be with other skills.

    Exact: a snapshot in which the person says today to have the skills gives the same numbers, because an opportunity's
    congestion never counts the person who looks.

    Args:
        ranking: makes a list; by default all opportunities by falling score.
    """

    def __init__(self, scorer: Scorer, space: SkillSpace, profile: Profile, ranking: Ranking | None = None) -> None:
        self._scorer = scorer
        self._space = space
        self._profile = profile
        self._ranking = ranking or self._by_score
        self._now = self._listed(profile)

    def effect(self, row: int, changes: Sequence[Change]) -> Effect:
        """Score and rank of one opportunity before and after some changes."""
        weights = self._scorer.weights
        own_word, unknown = weights.number("evidence", "person"), int(weights.number("level", "unknown_claim"))
        skills = self._profile.skills
        for change in changes:
            skills = with_claim(skills, change, own_word, unknown)
        profile = self._profile
        changed = build_profile(skills, profile.facts, self._space, weights, profile.assumption)
        return Effect(tuple(changes), _standing(row, self._now), _standing(row, self._listed(changed)))

    def gains(self, row: int, most: int | None = None) -> list[Effect]:
        """What reaching the level asked for would bring, for each skill not covered in full; most first.

        A skill that would not raise the score is left out.

        Args:
            most: how many skills are tried, those that weigh most first; by default all.
        """
        block, weights = self._scorer.block, self._scorer.weights
        requirements = block.of(row)
        skills, levels, importance = (
            column[requirements]
            for column in (block.requirements.skill, block.requirements.level, block.requirements.importance)
        )
        wanted = np.where(levels > 0, levels, int(weights.number("level", "unknown_need")))
        worth = np.array([weights.number("need", name) for name in IMPORTANCES])
        mass = block.idf[skills] * block.requirements.weight[requirements] * worth[importance]
        short = np.flatnonzero((importance < 2) & (self._profile.own_level[skills] < wanted))
        tried = short[np.argsort(-mass[short], kind="stable")][:most]
        effects = [self.effect(row, (Change(int(skills[at]), int(wanted[at])),)) for at in tried.tolist()]
        raised = [effect for effect in effects if effect.gain > 1e-12]
        return sorted(raised, key=lambda effect: (-round(effect.gain, 12), effect.changes[0].skill))

    def _by_score(self, profile: Profile, missing: Growth) -> Listed:
        scores = self._scorer.score(profile, missing)
        return in_order(scores.total, self._scorer.block.facts.id_rank), scores

    def _listed(self, profile: Profile) -> _List:
        missing = self._scorer.growth(profile)
        rows, scores = self._ranking(profile, missing)
        return _List(rows, scores, profile, missing, self._scorer)


@dataclass(frozen=True, slots=True)
class _List:
    rows: IntArray
    scores: Scores
    profile: Profile
    missing: Growth
    scorer: Scorer


def _standing(row: int, listed: _List) -> Standing:
    at = np.flatnonzero(listed.scores.rows == row)
    if at.size:
        score = float(listed.scores.total[at[0]])
    else:
        score = float(listed.scorer.score(listed.profile, listed.missing, np.array([row])).total[0])
    position = np.flatnonzero(listed.rows == row)
    return Standing(score, int(position[0]) + 1 if position.size else None)


def with_claim(skills: SkillSet, change: Change, strength: float, unknown: int) -> SkillSet:
    """A person's claims and one more: as in `ClaimIndex`, the higher level and the stronger evidence stay.

    Args:
        unknown: what a claim without a level counts as; it gives way only to a level that is at least as high.
    """
    at = int(np.searchsorted(skills.has, change.skill))
    if at < len(skills.has) and skills.has[at] == change.skill:
        level, evidence = skills.level.copy(), skills.strength.copy()
        if level[at] or change.level >= unknown:
            level[at] = max(int(level[at]), change.level)
        evidence[at] = max(float(evidence[at]), strength)
        return replace(skills, level=level, strength=evidence)
    return replace(
        skills,
        has=np.insert(skills.has, at, change.skill),
        level=np.insert(skills.level, at, change.level),
        strength=np.insert(skills.strength, at, strength),
    )
