"""A person's tables by requirement, from inverted indexes: who has anything of it, and how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS
from echo_core.matching.claims_by_skill import AVOID, HAS, LEARN, TEACH, USE, ClaimsBySkill
from echo_core.matching.space import SkillSpace
from echo_core.matching.weights import Weights

PeopleWorth = tuple[IntArray, FloatArray]
"""The rows of people, each once, and what each has of a table (0..1)."""
_STANCES = {"learn": LEARN, "use": USE, "teach": TEACH}
_NOBODY: IntArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One skill of an opportunity: the level it counts at, and its entry in each table of `forms.REQUIREMENTS`."""

    skill: int
    level: int
    entries: tuple[float, ...]


class TurnedClaims:
    """The tables of `forms.CLAIMS` turned round: who has anything of one requirement, and how much.

    What several features read is worked out once.
    """

    def __init__(
        self,
        claims: ClaimsBySkill,
        space: SkillSpace,
        roles: SparseMatrix,
        role: IntArray | None,
        weights: Weights,
        lesson: FloatArray,
    ) -> None:
        self._claims, self._space, self._roles, self._role = claims, space, roles, role
        self._weights, self._lesson = weights, lesson
        self._reached: dict[Requirement, tuple[IntArray, FloatArray, FloatArray]] = {}
        self._wishes: dict[tuple[int, int], PeopleWorth] = {}
        self._zeros, self._more_zeros = np.zeros(claims.people), np.zeros(claims.people)

    def worth(self, table: str, requirement: Requirement) -> PeopleWorth:
        """The rows of people, each once, and what they have of a table at the skill and level of one requirement."""
        if table == "coverage":
            people, cover, _ = self._reach(requirement)
            return people, cover
        if table == "strength":
            people, _, strength = self._reach(requirement)
            return people, strength
        if table == "steps_up":
            people, wish = self._wished(LEARN, requirement.skill)
            return people, wish * (1.0 - self._at(people, *self._reach(requirement)[:2]))
        if table == "lessons_wanted":
            return self._lessons(requirement)
        if table == "assumed":
            return self._beyond(requirement)
        if table == "avoid":
            people = self._claims.person[self._claims.of(AVOID, requirement.skill)]
            return people, np.ones(len(people))
        if table in _STANCES:
            return self._wished(_STANCES[table], requirement.skill)
        return _NOBODY, np.zeros(0)  # what near roles miss is one person's own question

    def suggested(self, requirement: Requirement) -> FloatArray:
        """By role, what it would cover of a requirement."""
        level = self._weights.number("assumed", "level")
        table = np.zeros(self._roles.shape[0])
        column = slice(self._roles.indptr[requirement.skill], self._roles.indptr[requirement.skill + 1])
        most = self._weights.number("assumed", "most")
        table[self._roles.indices[column]] = self._roles.data[column] * most * min(1.0, level / requirement.level)
        return table

    def _beyond(self, requirement: Requirement) -> PeopleWorth:
        """What a role covers beyond the claims of those who cover some of it themselves, without the whole of it.

        Whoever has nothing of a skill is suggested all their role has of it, which is added for all by role.
        """
        if self._role is None:
            return _NOBODY, np.zeros(0)
        people, cover, _ = self._reach(requirement)
        whole = self.suggested(requirement)[self._role[people]]
        return people, np.maximum(whole - cover, 0.0) - whole

    def _lessons(self, requirement: Requirement) -> PeopleWorth:
        """What being taught a skill is worth to those who want it, by the level they have."""
        people, wish = self._wished(LEARN, requirement.skill)
        span = self._claims.of(HAS, requirement.skill)
        level = self._at(people, self._claims.person[span], self._claims.level[span]).astype(np.int64)
        return people, wish * self._lesson[level, requirement.level - 1]

    def _at(self, people: IntArray, rows: IntArray, values: FloatArray | IntArray) -> FloatArray:
        """The values at some people, 0 for those who are not among `rows`."""
        self._zeros[rows] = values
        at_people: FloatArray = self._zeros[people]
        self._zeros[rows] = 0.0
        return at_people

    def _reach(self, requirement: Requirement) -> tuple[IntArray, FloatArray, FloatArray]:
        """Who covers a requirement, how well, and the best evidence for it. Credit runs both ways."""
        if requirement not in self._reached:
            claims = self._claims
            met = np.minimum(1.0, np.arange(LEVELS + 1.0) / requirement.level)
            cover, strength = self._zeros, self._more_zeros
            own = claims.of(HAS, requirement.skill)  # nobody has been reached before them: there is nothing to compare
            newly_reached = [claims.person[own]]
            cover[newly_reached[0]] = met[claims.level[own]]
            strength[newly_reached[0]] = claims.strength[own]
            for skill, credit in self._near(requirement.skill):
                if skill == requirement.skill:
                    continue
                span = claims.of(HAS, skill)
                people = claims.person[span]
                before = cover[people]
                cover[people] = np.maximum(before, (met * credit)[claims.level[span]])
                strength[people] = np.maximum(strength[people], claims.strength[span] * credit)
                newly_reached.append(people[before == 0.0])
            everybody = np.concatenate(newly_reached)
            self._reached[requirement] = everybody, cover[everybody], strength[everybody]
            cover[everybody] = strength[everybody] = 0.0
        return self._reached[requirement]

    def _wished(self, stance: int, requirement: int) -> PeopleWorth:
        """Who wishes for a skill or a neighbour of it, and how much that counts."""
        if (stance, requirement) not in self._wishes:
            newly_reached, wish = [], self._zeros
            for skill, credit in self._near(requirement):
                people = self._claims.person[self._claims.of(stance, skill)]
                before = wish[people]
                wish[people] = np.maximum(before, credit)
                newly_reached.append(people[before == 0.0])
            everybody = np.concatenate(newly_reached)
            self._wishes[stance, requirement] = everybody, wish[everybody]
            wish[everybody] = 0.0
        return self._wishes[stance, requirement]

    def _near(self, skill: int) -> list[tuple[int, float]]:
        beside, credit = self._space.neighbours(skill)
        return list(zip(beside.tolist(), credit.tolist(), strict=True))
