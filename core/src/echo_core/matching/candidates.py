"""The score turned round: everybody scored for one opportunity at once, by the formulas of `Scorer`.

A scorer holds one person's tables and goes through opportunities; here one opportunity's needs are held and the
claims of everybody who has one of those skills, or a neighbour of one, are gone through. Tests hold both to 1e-12.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from echo_core.matching.arrays import STANCES, BoolArray, ClaimIndex, FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS
from echo_core.matching.calibration import Calibration
from echo_core.matching.features import (
    assumed_share,
    hours_values,
    language_states,
    language_values,
    place_states,
    place_values,
    saturated,
    start_values,
    taught_share,
)
from echo_core.matching.profile import Assumption, PersonFacts
from echo_core.matching.registry import FEATURES
from echo_core.matching.scorer import Scorer
from echo_core.matching.space import SkillSpace

_HAS, _LEARN, _USE, _TEACH, _AVOID = range(len(STANCES))


@dataclass(frozen=True, slots=True)
class _Need:
    """One skill of the opportunity: the level it counts at, and its entries in the block's matrices."""

    skill: int
    level: int
    essential: bool
    share: float
    presence: float
    taught: float
    named: float


class Candidates:
    """Scores of everybody for one opportunity. What near roles miss is left out: it is one person's own question.

    People of whom the same is known, apart from skills, are one of `groups`; `group` has each person's.

    Args:
        claims: of all people.
        facts: what preferences know of each person.
        assumptions: what each person's title lets one assume, None where nothing.
    """

    def __init__(
        self,
        scorer: Scorer,
        space: SkillSpace,
        claims: ClaimIndex,
        facts: Iterable[PersonFacts],
        assumptions: Iterable[Assumption | None],
    ) -> None:
        self._scorer, self._space = scorer, space
        self._weights = scorer.weights
        self._calibration = Calibration(scorer.weights)
        groups: dict[PersonFacts, int] = {}
        self.group: IntArray = np.array([groups.setdefault(_shared(one), len(groups)) for one in facts], dtype=np.int64)
        self.groups: tuple[PersonFacts, ...] = tuple(groups)
        self._count = len(self.group)
        key = claims.stance * len(space) + claims.skill
        order = np.argsort(key, kind="stable")
        self._person = claims.person[order].astype(np.int32)
        unknown = int(self._weights.number("level", "unknown_claim"))
        self._level = np.where(claims.level > 0, claims.level, unknown)[order].astype(np.int8)
        self._strength = claims.strength[order]
        self._edges = np.searchsorted(key[order], np.arange(len(STANCES) * len(space) + 1))
        self._stated = np.bincount(claims.person[claims.stance == _HAS], minlength=self._count).astype(np.float64)
        roles: dict[int, int] = {}
        self._roles: list[Assumption] = []
        self._role: IntArray = np.zeros(self._count, dtype=np.int64)
        least = self._weights.number("assumed", "least_confidence")
        for row, one in enumerate(assumptions):
            if one is not None and one.confidence >= least:
                if id(one) not in roles:
                    self._roles.append(one)
                    roles[id(one)] = len(self._roles)
                self._role[row] = roles[id(one)]

    def score(self, row: int) -> FloatArray:
        """Everybody's score for one opportunity, 0..1, by person; `teaches_missing` counts as nothing."""
        kind = int(self._scorer.block.facts.kind[row])
        weight = dict(zip(FEATURES, self._weights.feature[kind].tolist(), strict=True))
        raw, avoided = self._by_skills(row, weight)
        raw += self._by_circumstances(row, weight)[self.group]
        if self._scorer.crowd is not None and weight["crowded"]:
            raw -= raw * (weight["crowded"] * self._pressure(row))
        raw -= np.minimum(weight["avoids"] * np.minimum(1.0, 2.0 * avoided), raw)
        total: FloatArray = np.clip(raw * self._calibration.stretch(raw, np.full(self._count, kind)), 0.0, 1.0)
        return total

    def _by_skills(self, row: int, weight: dict[str, float]) -> tuple[FloatArray, FloatArray]:
        """What skills and wishes come to for everybody, and how much of the opportunity they avoid."""
        sums = {
            name: np.zeros(self._count) for name in ("raw", "assumed", "use", "learn", "teach", "wanted", "avoided")
        }
        beside = self._stated.copy()
        for need in self._needs(row):
            cover, strength = self._covered(need)
            span = self._span(_HAS, need.skill)
            if need.share:
                sums["raw"] += weight["essential" if need.essential else "desired"] * need.share * cover
                sums["raw"] += weight["evidence"] * need.share * strength
                beside[self._person[span]] -= 1.0
                if self._roles:
                    sums["assumed"] += need.share * np.maximum(self._assumed(need)[self._role] - cover, 0.0)
            learn = self._wished(_LEARN, need.skill)
            if need.share and weight["steps_up"]:
                sums["raw"] += weight["steps_up"] * need.share * learn * (1.0 - cover)
            if need.presence:
                sums["learn"] += need.presence * learn
                for name, stance, feature in (("use", _USE, "wants_to_use"), ("teach", _TEACH, "willing_to_teach")):
                    if weight[feature]:
                        sums[name] += need.presence * self._wished(stance, need.skill)
            if need.taught:
                sums["wanted"] += need.taught * learn * self._fresh(need, span)
            sums["avoided"][self._person[self._span(_AVOID, need.skill)]] += need.named
        raw = sums["raw"]
        raw += weight["assumed"] * sums["assumed"] * assumed_share(beside, self._weights)
        raw += weight["wants_to_use"] * saturated(sums["use"], self._weights)
        raw += weight["wants_to_learn"] * saturated(sums["learn"], self._weights)
        raw += weight["willing_to_teach"] * saturated(sums["teach"], self._weights)
        whole = np.full(self._count, self._scorer.block.taught_mass[row])
        raw += weight["teaches_wanted"] * taught_share(sums["wanted"], whole, self._weights)
        return raw, sums["avoided"]

    def _by_circumstances(self, row: int, weight: dict[str, float]) -> FloatArray:
        """What place, language, hours and start come to, by group of people of whom the same is known."""
        facts = self._scorer.block.facts.rows(np.array([row], dtype=np.int64))
        places, languages = place_values(self._weights), language_values(self._weights)
        return np.array(
            [
                weight["place"] * places[place_states(one, facts)[0]]
                + weight["language"] * languages[language_states(one, facts)[0]]
                + weight["hours"] * hours_values(one, facts, self._weights)[0]
                + weight["start"] * start_values(one, facts, self._weights)[0]
                for one in self.groups
            ]
        )

    def _needs(self, row: int) -> list[_Need]:
        block = self._scorer.block
        essential, desired = _entries(block.essential, row), _entries(block.desired, row)
        taught, presence, named = (_entries(one, row) for one in (block.taught, block.presence, block.named))
        needs = []
        for table, is_essential in ((essential, True), (desired, False), (taught, False)):
            for column, value in table.items():
                skill, level = divmod(column, LEVELS)
                share, lesson = (0.0, value) if table is taught else (value, 0.0)
                mass = presence.get(skill, 0.0) if share else 0.0
                needs.append(_Need(skill, level + 1, is_essential, share, mass, lesson, named.get(skill, 0.0)))
        return needs

    def _span(self, stance: int, skill: int) -> slice:
        at = stance * len(self._space) + skill
        return slice(int(self._edges[at]), int(self._edges[at + 1]))

    def _covered(self, need: _Need) -> tuple[FloatArray, FloatArray]:
        """How well everybody covers a need, and the best evidence for it. Credit runs both ways."""
        cover, strength = np.zeros(self._count), np.zeros(self._count)
        if not need.share:
            return cover, strength
        met = np.minimum(1.0, np.arange(LEVELS + 1.0) / need.level)
        for skill, credit in zip(*self._space.neighbours(need.skill), strict=True):
            span = self._span(_HAS, int(skill))
            people = self._person[span]
            cover[people] = np.maximum(cover[people], (met * credit)[self._level[span]])
            strength[people] = np.maximum(strength[people], self._strength[span] * credit)
        return cover, strength

    def _wished(self, stance: int, need: int) -> FloatArray:
        wish = np.zeros(self._count)
        for skill, credit in zip(*self._space.neighbours(need), strict=True):
            people = self._person[self._span(stance, int(skill))]
            wish[people] = np.maximum(wish[people], credit)
        return wish

    def _assumed(self, need: _Need) -> FloatArray:
        """By role (0: none), what it would cover of a need."""
        most, level = self._weights.number("assumed", "most"), self._weights.number("assumed", "level")
        table = np.zeros(len(self._roles) + 1)
        for number, role in enumerate(self._roles, start=1):
            at = np.flatnonzero(role.skills == need.skill)
            if at.size:
                table[number] = role.weight[at[0]] * min(role.confidence, 1.0) * most * min(1.0, level / need.level)
        return table

    def _fresh(self, need: _Need, span: slice) -> FloatArray:
        """What being taught this at this level is worth to everybody; see `features.fresh`."""
        reach = np.array(self._weights.tables["level"]["reach"], dtype=np.float64)
        newcomer = int(self._weights.number("level", "newcomer"))
        suits = np.r_[newcomer, np.arange(1, LEVELS + 1) + 1]
        worth = reach[np.abs(need.level - suits).clip(max=len(reach) - 1)]
        worth[np.arange(LEVELS + 1) >= need.level] = self._weights.number("level", "refresher")
        found = np.full(self._count, worth[0])
        found[self._person[span]] = worth[self._level[span]]
        return found

    def _pressure(self, row: int) -> FloatArray:
        """The share of the others who find no place; see `Crowd.pressure`."""
        crowd = self._scorer.crowd
        assert crowd is not None
        found = np.full(self._count, crowd.pressure(None)[row])
        counted = crowd.people[crowd.opportunities == row]
        found[counted] = crowd.pressure(np.array([row], dtype=np.int64))[row]
        return found


def best(total: FloatArray, allowed: BoolArray, count: int) -> IntArray:
    """The rows of so many allowed people, best first; scores equal to 12 digits stand in the order of rows."""
    rows = np.flatnonzero(allowed)
    score = total[rows].round(12)
    if count < len(rows):
        least = np.partition(score, len(rows) - count)[len(rows) - count]
        rows, score = rows[score >= least], score[score >= least]
    return rows[np.argsort(-score, kind="stable")[:count]]


def _entries(matrix: SparseMatrix, row: int) -> dict[int, float]:
    span = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    return dict(zip(matrix.indices[span].tolist(), matrix.data[span].tolist(), strict=True))


def _shared(facts: PersonFacts) -> PersonFacts:
    """What is known of a person and of others alike."""
    return replace(facts, counted_in=None)
