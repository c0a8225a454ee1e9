"""The score turned round: everybody scored for one opportunity at once, by the formulas of `Scorer`.

A scorer holds one person's tables and goes through opportunities; here one opportunity's needs are held and the
claims of everybody who has one of those skills, or a neighbour of one, are gone through. Tests hold both to 1e-12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS
from echo_core.matching.calibration import Calibration
from echo_core.matching.claims_by_skill import AVOID, HAS, LEARN, TEACH, USE, ClaimsBySkill
from echo_core.matching.features import assumed_share, fresh, saturated, taught_share
from echo_core.matching.groups import Groups
from echo_core.matching.profile import Assumption
from echo_core.matching.registry import FEATURES
from echo_core.matching.scorer import Scorer
from echo_core.matching.space import SkillSpace

_Wish = tuple[IntArray, FloatArray]
"""The rows of people who wish for something, each once, and how much each wishes for it (0..1)."""


@dataclass(frozen=True, slots=True)
class _Need:
    """One skill of the opportunity: the level it counts at, and its entries in the block's matrices."""

    skill: int
    level: int
    essential: bool
    share: float
    presence: float
    taught: float


class Candidates:
    """Scores of everybody for one opportunity. What near roles miss is left out: it is one person's own question.

    Args:
        groups: people of whom the same is known, apart from skills; `group` has each person's.
        roles: what titles let one assume, None where nothing; `role` has each person's.
    """

    def __init__(
        self,
        scorer: Scorer,
        space: SkillSpace,
        claims: ClaimsBySkill,
        groups: Groups,
        group: IntArray,
        roles: Sequence[Assumption | None],
        role: IntArray,
    ) -> None:
        self._scorer, self._space, self._claims = scorer, space, claims
        self._weights = scorer.weights
        self._calibration = Calibration(scorer.weights)
        self._groups, self._group = groups, group
        least = self._weights.number("assumed", "least_confidence")
        held = [None if one is None or one.confidence < least else one for one in roles]
        self._roles = _profiles(held, len(space))
        self._role = role if any(one is not None for one in held) else None
        self._fresh = fresh(self._weights)

    def score(self, row: int) -> FloatArray:
        """Everybody's score for one opportunity, 0..1, by person; `teaches_missing` counts as nothing."""
        kind = int(self._scorer.block.facts.kind[row])
        weight = dict(zip(FEATURES, self._weights.feature[kind].tolist(), strict=True))
        needs = self._needs(row)
        none = np.zeros(self._claims.people)
        learners = [self._wished(LEARN, need.skill, none) for need in needs]
        raw = self._by_skills(needs, learners, weight)
        for stance, feature in ((USE, "wants_to_use"), (LEARN, "wants_to_learn"), (TEACH, "willing_to_teach")):
            if weight[feature]:
                wished = learners if stance == LEARN else [self._wished(stance, need.skill, none) for need in needs]
                raw += weight[feature] * saturated(self._sum([need.presence for need in needs], wished), self._weights)
        if weight["teaches_wanted"]:
            whole = np.array(self._scorer.block.taught_mass[row])
            raw += weight["teaches_wanted"] * taught_share(self._lessons(needs, learners), whole, self._weights)
        raw += self._by_circumstances(row, weight)[self._group]
        if self._scorer.crowd is not None and weight["crowded"]:
            raw -= raw * (weight["crowded"] * self._pressure(row))
        self._take_avoided(raw, row, weight["avoids"])
        total: FloatArray = np.clip(raw * self._calibration.stretch(raw, np.array(kind)), 0.0, 1.0)
        return total

    def _by_skills(self, needs: list[_Need], learners: list[_Wish], weight: dict[str, float]) -> FloatArray:
        """What everybody has of what is asked, the evidence for it, what their titles suggest, and steps up."""
        everybody, role = self._claims.people, self._role
        raw, cover, strength = np.zeros(everybody), np.zeros(everybody), np.zeros(everybody)
        assumed, of_roles = np.zeros(everybody), np.zeros(self._roles.shape[0])
        for need, (wishing, wish) in zip(needs, learners, strict=True):
            if not need.share:
                continue
            people = self._cover(need, cover, strength)
            covered = cover[people]
            skills = weight["essential" if need.essential else "desired"] * need.share
            raw[people] += skills * covered + (weight["evidence"] * need.share) * strength[people]
            if role is not None:
                # Whoever has nothing of a skill is suggested all their role has of it, which is added for all below.
                suggested = self._suggested(need)
                whole = suggested[role[people]]
                assumed[people] += need.share * (np.maximum(whole - covered, 0.0) - whole)
                of_roles += need.share * suggested
            if weight["steps_up"]:
                raw[wishing] += (weight["steps_up"] * need.share) * wish * (1.0 - cover[wishing])
            cover[people] = 0.0
            strength[people] = 0.0
        if role is not None:
            raw += weight["assumed"] * (assumed + of_roles[role]) * assumed_share(self._beside(needs), self._weights)
        return raw

    def _sum(self, worth: list[float], wished: list[_Wish]) -> FloatArray:
        mass = np.zeros(self._claims.people)
        for one, (people, wish) in zip(worth, wished, strict=True):
            if one:
                mass[people] += one * wish
        return mass

    def _lessons(self, needs: list[_Need], learners: list[_Wish]) -> FloatArray:
        """How much is taught of what everybody wants to learn, by the level they have."""
        mass, level = np.zeros(self._claims.people), np.zeros(self._claims.people, dtype=np.int8)
        for need, (people, wish) in zip(needs, learners, strict=True):
            if need.taught and people.size:
                span = self._claims.of(HAS, need.skill)
                level[self._claims.person[span]] = self._claims.level[span]
                mass[people] += need.taught * (wish * self._fresh[level[people], need.level - 1])
                level[self._claims.person[span]] = 0
        return mass

    def _take_avoided(self, raw: FloatArray, row: int, weight: float) -> None:
        avoided = np.zeros(self._claims.people)
        for skill, share in _entries(self._scorer.block.named, row).items():
            avoided[self._claims.person[self._claims.of(AVOID, skill)]] += share
        people = np.flatnonzero(avoided)
        raw[people] -= np.minimum(weight * np.minimum(1.0, 2.0 * avoided[people]), raw[people])

    def _by_circumstances(self, row: int, weight: dict[str, float]) -> FloatArray:
        """What place, language, hours and start come to, by group."""
        facts, groups = self._scorer.block.facts, self._groups
        features = {"place": groups.place, "language": groups.language, "hours": groups.hours, "start": groups.start}
        total: FloatArray = np.sum(
            [weight[name] * worth(facts, row, self._weights) for name, worth in features.items()], axis=0
        )
        return total

    def _needs(self, row: int) -> list[_Need]:
        block = self._scorer.block
        essential, desired = _entries(block.essential, row), _entries(block.desired, row)
        taught, presence = _entries(block.taught, row), _entries(block.presence, row)
        needs = []
        for table, is_essential in ((essential, True), (desired, False), (taught, False)):
            for column, value in table.items():
                skill, level = divmod(column, LEVELS)
                share, lesson = (0.0, value) if table is taught else (value, 0.0)
                mass = presence.get(skill, 0.0) if share else 0.0
                needs.append(_Need(skill, level + 1, is_essential, share, mass, lesson))
        return needs

    def _cover(self, need: _Need, cover: FloatArray, strength: FloatArray) -> IntArray:
        """Writes how well everybody covers a need and the best evidence for it; answers the rows of those who do.

        Credit runs both ways. Both tables must hold nothing but zeros.
        """
        claims = self._claims
        met = np.minimum(1.0, np.arange(LEVELS + 1.0) / need.level)
        found = []
        for skill, credit in self._near(need.skill):
            span = claims.of(HAS, skill)
            people = claims.person[span]
            before = cover[people]
            cover[people] = np.maximum(before, (met * credit)[claims.level[span]])
            strength[people] = np.maximum(strength[people], claims.strength[span] * credit)
            found.append(people[before == 0.0])
        return np.concatenate(found)

    def _wished(self, stance: int, need: int, wish: FloatArray) -> _Wish:
        """Who wishes for a skill or a neighbour of it, and how much that counts.

        Args:
            wish: zeros for everybody, to work on; they are zeros again afterwards.
        """
        claims, found = self._claims, []
        for skill, credit in self._near(need):
            people = claims.person[claims.of(stance, skill)]
            before = wish[people]
            wish[people] = np.maximum(before, credit)
            found.append(people[before == 0.0])
        everybody = np.concatenate(found)
        worth = wish[everybody]
        wish[everybody] = 0.0
        return everybody, worth

    def _near(self, skill: int) -> list[tuple[int, float]]:
        beside, credit = self._space.neighbours(skill)
        return list(zip(beside.tolist(), credit.tolist(), strict=True))

    def _suggested(self, need: _Need) -> FloatArray:
        """By role, what it would cover of a need."""
        level = self._weights.number("assumed", "level")
        table = np.zeros(self._roles.shape[0])
        column = slice(self._roles.indptr[need.skill], self._roles.indptr[need.skill + 1])
        most = self._weights.number("assumed", "most")
        table[self._roles.indices[column]] = self._roles.data[column] * most * min(1.0, level / need.level)
        return table

    def _beside(self, needs: list[_Need]) -> FloatArray:
        """How many skills everybody has that are not asked for."""
        beside = self._claims.stated.astype(np.float64)
        for need in needs:
            if need.share:
                beside[self._claims.person[self._claims.of(HAS, need.skill)]] -= 1.0
        return beside

    def _pressure(self, row: int) -> FloatArray:
        """The share of the others who find no place; see `Crowd.pressure`."""
        crowd = self._scorer.crowd
        assert crowd is not None
        only = np.array([row], dtype=np.int64)
        found = np.full(self._claims.people, crowd.pressure(None, only)[0])
        found[crowd.people[crowd.opportunities == row]] = crowd.pressure(only, only)[0]
        return found


def best(total: FloatArray, allowed: BoolArray, count: int) -> IntArray:
    """The rows of so many allowed people, best first; scores equal to 12 digits stand in the order of rows."""
    rows = np.flatnonzero(allowed)
    score = total[rows]
    if count < len(rows):
        least = np.partition(score, len(rows) - count)[len(rows) - count] - 1e-12
        rows, score = rows[score >= least], score[score >= least]
    return rows[np.argsort(-score.round(12), kind="stable")[:count]]


def _entries(matrix: SparseMatrix, row: int) -> dict[int, float]:
    span = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    return dict(zip(matrix.indices[span].tolist(), matrix.data[span].tolist(), strict=True))


def _profiles(roles: Sequence[Assumption | None], skills: int) -> SparseMatrix:
    """Roles × skills, in columns: how much a skill belongs to a role, by how sure the title's match is."""
    table = sparse.lil_array((len(roles), skills))
    for number, role in enumerate(roles):
        if role is not None:
            table[number, role.skills] = role.weight * min(role.confidence, 1.0)
    return sparse.csc_array(table)
