"""The score: a sum of named contributions, each at most its weight, computed exactly and for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.block import OpportunityBlock
from echo_core.matching.calibration import Calibration
from echo_core.matching.claim_tables import ClaimTables, fresh
from echo_core.matching.congestion import Congestion
from echo_core.matching.forms import CongestionShare, SkillProduct
from echo_core.matching.growth import Growth, growth
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_columns import PersonColumns
from echo_core.matching.profile import Profile
from echo_core.matching.shapes import shaped
from echo_core.matching.table import RequirementTables
from echo_core.matching.weights import Weights, default_weights


@dataclass(frozen=True, slots=True)
class Scores:
    """`contributions` is features × opportunities; `total` their sum, 0..1. `rows` are the block rows scored."""

    rows: IntArray
    contributions: FloatArray
    total: FloatArray

    def of(self, rows: IntArray) -> Scores:
        """Those of some of the rows scored, in any order. `self.rows` must be sorted, as all rows of a block are."""
        return self.at(np.searchsorted(self.rows, rows))

    def at(self, positions: IntArray) -> Scores:
        """Those at some positions, in that order."""
        return Scores(self.rows[positions], self.contributions[:, positions], self.total[positions])


class Person(NamedTuple):
    """A person as scores and reasons read one: what is claimed and known, and what near roles miss."""

    profile: Profile
    missing: Growth


class Scorer:
    """Scores one person against a block of opportunities, or some people against one of them.

    The same person and opportunity get the same score, to the last digit, whoever and whatever is scored beside them.
    More of a skill that an opportunity asks for (a higher level, one more claim, stronger evidence) never lowers what
    it contributes.
    What near roles miss (`Growth`) is computed once per person over all jobs of the block.

    Args:
        congestion: how many others fit opportunities with limited seats; without it nothing counts as crowded.
    """

    def __init__(
        self, block: OpportunityBlock, weights: Weights | None = None, congestion: Congestion | None = None
    ) -> None:
        self.block = block
        self.weights = weights or default_weights()
        self.congestion = congestion
        self.tables = RequirementTables(block)
        self._most: FloatArray = np.ascontiguousarray(self.weights.feature.T[:, block.facts.kind])
        self.fresh = fresh(self.weights)
        self._calibration = Calibration(self.weights)

    def with_congestion(self, congestion: Congestion | None) -> Scorer:
        """The same opportunities with congestion counted anew."""
        other = copy(self)
        other.congestion = congestion
        return other

    def growth(self, profile: Profile) -> Growth:
        """What the jobs nearest to the person ask for and the person lacks."""
        return growth(profile, self.block, self.tables, self.weights)

    def asks_for_growth(self, row: int) -> bool:
        """Whether what near roles miss can count for an opportunity: it teaches something, and its kind is for that."""
        missing = [
            code
            for code, feature in enumerate(self.weights.features.features)
            if isinstance(feature.form, SkillProduct) and feature.form.claims == "lessons_missing"
        ]
        return bool(self._most[missing, row].any() and self.block.taught_mass[row] > 0)

    def score(self, profile: Profile, missing: Growth, rows: IntArray | None = None) -> Scores:
        """Scores of some rows of the block, or of all."""
        return self._scored(_ToOnePerson(self, Person(profile, missing), rows))

    def score_people(self, people: Sequence[Person], row: int) -> Scores:
        """Scores of some people, in their order, for one row of the block."""
        if not people:
            return Scores(np.zeros(0, dtype=np.int64), np.zeros((len(self.weights.features), 0)), np.zeros(0))
        return self._scored(_ToPeople(self, people, row))

    def _scored(self, pairs: _Pairs) -> Scores:
        contributions = self._values(pairs)
        contributions *= self._most if pairs.every else self._most[:, pairs.rows]
        # Feature by feature: numpy's own sum takes another order for one row than for many, and so another last digit.
        raw = np.zeros(len(pairs.rows))
        for feature in range(self.weights.features.gains):
            raw += contributions[feature]
        self._take_away(contributions, raw)
        stretch = self._calibration.stretch(raw, self.block.facts.kind[pairs.rows])
        contributions *= stretch
        total = np.clip(raw * stretch, 0.0, 1.0)
        return Scores(pairs.rows, contributions, total)

    def _values(self, pairs: _Pairs) -> FloatArray:
        """What each feature comes to (0..1), features × pairs, in the order of the registry."""
        registered = self.weights.features.features
        values = np.zeros((len(registered), len(pairs.rows)))
        for code, feature in enumerate(registered):
            form = feature.form
            if isinstance(form, SkillProduct):
                values[code] = self._product(form, pairs)
            elif not isinstance(form, CongestionShare):
                values[code] = form.values(pairs.people, pairs.facts, self.weights).ravel()
            elif self.congestion is not None:
                values[code] = pairs.pressure(self.congestion)
        return values

    def _product(self, form: SkillProduct, pairs: _Pairs) -> FloatArray | float:
        """A skill product by pair; its sums are added in the order of the form."""
        sums = pairs.sums(form)
        if not sums:
            return 0.0
        mass = sums[0]
        for other in sums[1:]:
            mass = mass + other
        return shaped(
            form.shape,
            mass,
            self.weights,
            whole=lambda: self.block.taught_mass[pairs.rows],
            beside=pairs.beside,
        )

    def _take_away(self, contributions: FloatArray, raw: FloatArray) -> None:
        """Turns what is subtracted negative and takes it from `raw`, in place.

        Congestion takes a share of what was gained; a wish to avoid can empty a score, never make it negative, so
        that it stays a share of what could be had.
        """
        features = self.weights.features
        for code in range(features.gains, len(features)):
            if isinstance(features.features[code].form, CongestionShare):
                contributions[code] *= -raw
            else:
                contributions[code] = -np.minimum(contributions[code], raw)
            raw += contributions[code]


class _Pairs(Protocol):
    """Pairs of a person and an opportunity: one person and many opportunities, or many people and one opportunity.

    `people` and `facts` are both sides' columns; `rows` the opportunity of each pair, `every` whether those are all of
    the block in order.
    """

    people: PersonColumns
    facts: OpportunityFacts
    rows: IntArray
    every: bool

    def sums(self, form: SkillProduct) -> list[FloatArray]:
        """By pair, the person's table times each table of the form; none where the person's table holds nothing."""

    def beside(self) -> FloatArray:
        """By pair, how many skills the person states that the opportunity does not ask for."""

    def pressure(self, congestion: Congestion) -> FloatArray:
        """By pair, the share of the others who find no seat."""


class _ToOnePerson:
    """One person and some opportunities, or all."""

    def __init__(self, scorer: Scorer, person: Person, rows: IntArray | None) -> None:
        self._tables, self._profile, self._some = scorer.tables, person.profile, rows
        self._claims = ClaimTables(*person, scorer.fresh)
        self.facts = scorer.block.facts if rows is None else scorer.block.facts.rows(rows)
        self.people = PersonColumns([person.profile.facts], self.facts)
        self.rows = np.arange(len(self.facts)) if rows is None else rows
        self.every = rows is None

    def sums(self, form: SkillProduct) -> list[FloatArray]:
        table = self._claims.table(form.claims)
        return [] if table is None else [self._tables.sums(name, table, self._some) for name in form.requirements]

    def beside(self) -> FloatArray:
        has = (self._profile.own_level > 0).astype(np.float64)
        return self._profile.stated - self._tables.asks.sums(has, self._some)

    def pressure(self, congestion: Congestion) -> FloatArray:
        return congestion.pressure(self._profile.facts.counted_in, self._some)


class _ToPeople:
    """Some people and one opportunity."""

    every = False

    def __init__(self, scorer: Scorer, people: Sequence[Person], row: int) -> None:
        self._tables, self._row = scorer.tables, row
        self._profiles = [person.profile for person in people]
        self._claims = [ClaimTables(*person, scorer.fresh) for person in people]
        self.facts = scorer.block.facts.rows(np.array([row], dtype=np.int64))
        self.people = PersonColumns([profile.facts for profile in self._profiles], self.facts)
        self.rows = np.full(len(people), row, dtype=np.int64)

    def sums(self, form: SkillProduct) -> list[FloatArray]:
        def worth(columns: IntArray) -> FloatArray:
            return np.array([tables.at(form.claims, columns) for tables in self._claims])

        return [self._tables.sums_of_people(name, self._row, worth) for name in form.requirements]

    def beside(self) -> FloatArray:
        def has(skills: IntArray) -> FloatArray:
            return np.array([profile.own_level[skills] > 0 for profile in self._profiles], dtype=np.float64)

        stated = np.array([profile.stated for profile in self._profiles])
        return stated - self._tables.asks.sums_of_people(self._row, has)

    def pressure(self, congestion: Congestion) -> FloatArray:
        return congestion.pressure_on_people(self._row, counted(self._profiles, self._row))


def counted(people: Sequence[Profile], row: int) -> BoolArray:
    """By person, whether an opportunity's demand counts them."""
    return np.array([row in (() if (at := profile.facts.counted_in) is None else at) for profile in people], dtype=bool)
