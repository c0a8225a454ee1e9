"""The score turned round: everybody scored for one opportunity at once, by the features that `Scorer` reads.

A scorer holds one person's tables and goes through opportunities; here one opportunity's requirements are kept and the
claims of everybody who has one of those skills, or a neighbour of one, are gone through. Tests hold both to 1e-12.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS
from echo_core.matching.calibration import Calibration
from echo_core.matching.claim_tables import fresh
from echo_core.matching.claims_by_skill import HAS, ClaimsBySkill
from echo_core.matching.forms import OVER_SKILLS, REQUIREMENTS, CongestionShare, SkillProduct
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.profile import Assumption
from echo_core.matching.scorer import Scorer
from echo_core.matching.shapes import shaped
from echo_core.matching.space import SkillSpace
from echo_core.matching.turned_claims import Requirement, TurnedClaims

_ASKED = REQUIREMENTS.index("asked")


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
        groups: PersonColumns,
        group: IntArray,
        roles: Sequence[Assumption | None],
        role: IntArray,
    ) -> None:
        self._scorer, self._space, self._claims = scorer, space, claims
        self._weights = scorer.weights
        self._calibration = Calibration(scorer.weights)
        self._groups, self._group = groups, group
        least = self._weights.number("assumed", "least_confidence")
        assumed = [None if title is None or title.confidence < least else title for title in roles]
        self._roles = _profiles(assumed, len(space))
        self._role = role if any(title is not None for title in assumed) else None
        self._fresh = fresh(self._weights)

    def score(self, row: int) -> FloatArray:
        """Everybody's score for one opportunity, 0..1, by person; what near roles miss counts as nothing."""
        kind = int(self._scorer.block.facts.kind[row])
        weight = self._weights.feature[kind].tolist()
        turned = TurnedClaims(self._claims, self._space, self._roles, self._role, self._weights, self._fresh)
        requirements = self._requirements(row)
        only = np.array([row], dtype=np.int64)
        facts = self._scorer.block.facts.rows(only)
        raw, by_group = np.zeros(self._claims.people), np.zeros(len(self._groups))
        sums: list[tuple[float, SkillProduct]] = []
        for most, feature in zip(weight, self._weights.features.features, strict=True):
            form = feature.form
            if not most or feature.subtracted:
                continue
            if isinstance(form, SkillProduct):
                if form.shape == "sum":
                    sums.append((most, form))
                elif (worth := self._product(form, requirements, turned, row)) is not None:
                    raw += most * worth
            elif not isinstance(form, CongestionShare):
                by_group += most * form.values(self._groups, facts, self._weights)[:, 0]
        self._sum(raw, sums, requirements, turned)
        raw += by_group[self._group]
        self._take_away(raw, weight, requirements, turned, row)
        total: FloatArray = np.clip(raw * self._calibration.stretch(raw, np.array(kind)), 0.0, 1.0)
        return total

    def _take_away(
        self, raw: FloatArray, weight: list[float], requirements: list[Requirement], turned: TurnedClaims, row: int
    ) -> None:
        for most, feature in zip(weight, self._weights.features.features, strict=True):
            if not most or not feature.subtracted:
                continue
            if isinstance(feature.form, CongestionShare):
                if self._scorer.congestion is not None:
                    raw -= raw * (most * self._pressure(row))
            elif isinstance(feature.form, SkillProduct):
                worth = self._product(feature.form, requirements, turned, row)
                if worth is not None:
                    people = np.flatnonzero(worth)
                    raw[people] -= np.minimum(most * worth[people], raw[people])

    def _product(
        self, form: SkillProduct, requirements: list[Requirement], turned: TurnedClaims, row: int
    ) -> FloatArray | None:
        """A skill product by person; None where nobody has anything of it."""
        mass = np.zeros(self._claims.people)
        if not self._sum(mass, [(1.0, form)], requirements, turned):
            return None
        whole = np.array(self._scorer.block.taught_mass[row])
        return shaped(form.shape, mass, self._weights, whole=lambda: whole, beside=lambda: self._beside(requirements))

    def _sum(
        self,
        mass: FloatArray,
        products: Sequence[tuple[float, SkillProduct]],
        requirements: list[Requirement],
        turned: TurnedClaims,
    ) -> bool:
        """Adds the sums of skill products, each so many times; False where nobody has anything of them.

        What the same people have of several tables is added up first: going through them costs more than the sum.
        """
        columns = [
            (most, form.claims, [REQUIREMENTS.index(name) for name in form.requirements]) for most, form in products
        ]
        anybody = False
        for requirement in requirements:
            parts: dict[int, tuple[IntArray, FloatArray]] = {}
            for most, claims, entries in columns:
                if entry := most * sum(requirement.entries[column] for column in entries):
                    people, worth = turned.worth(claims, requirement)
                    before = parts.get(id(people))
                    parts[id(people)] = people, entry * worth if before is None else before[1] + entry * worth
            for people, worth in parts.values():
                mass[people] += worth
                anybody = anybody or people.size > 0
        for most, claims, entries in columns:
            if claims == "assumed" and self._role is not None:
                by_role = np.zeros(self._roles.shape[0])
                for requirement in requirements:
                    entry = most * sum(requirement.entries[column] for column in entries)
                    by_role += entry * turned.suggested(requirement)
                mass += by_role[self._role]
                anybody = anybody or bool(by_role.any())
        return anybody

    def _requirements(self, row: int) -> list[Requirement]:
        """What one opportunity asks for and teaches, by rising skill."""
        block = self._scorer.block
        tables = [_entries(getattr(block, name), row) for name in REQUIREMENTS]
        levels: set[tuple[int, int]] = set()
        for name, table in zip(REQUIREMENTS, tables, strict=True):
            if name not in OVER_SKILLS:
                levels |= {divmod(column, LEVELS) for column in table}
        return [
            Requirement(
                skill,
                level + 1,
                tuple(
                    table.get(skill if name in OVER_SKILLS else skill * LEVELS + level, 0.0)
                    for name, table in zip(REQUIREMENTS, tables, strict=True)
                ),
            )
            for skill, level in sorted(levels)
        ]

    def _beside(self, requirements: list[Requirement]) -> FloatArray:
        """How many skills everybody has that are not asked for."""
        beside = self._claims.stated.astype(np.float64)
        for requirement in requirements:
            if requirement.entries[_ASKED]:
                beside[self._claims.person[self._claims.of(HAS, requirement.skill)]] -= 1.0
        return beside

    def _pressure(self, row: int) -> FloatArray:
        """The share of the others who find no seat; see `Congestion.pressure_on_people`."""
        congestion = self._scorer.congestion
        assert congestion is not None
        counted = np.zeros(self._claims.people, dtype=bool)
        counted[congestion.people[congestion.opportunities == row]] = True
        return congestion.pressure_on_people(row, counted)


def best(total: FloatArray, rows: IntArray, count: int) -> IntArray:
    """So many of the people in these rows, best first; scores equal to 12 digits stand in the order of rows."""
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
