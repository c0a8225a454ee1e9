"""The snapshot as the matcher reads it: arrays, made whole or from those before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from echo_core.matching import ClaimIndex, Congestion, OpportunityBlock, SkillSpace, Weights, build_block, build_space
from echo_core.matching.arrays import IntArray
from echo_core.skills.taxonomy.graph import Taxonomy
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.directory.people import DirectoryPerson
from echo_hub.snapshot.directory.switches import BIT, MATCHING, Codes
from echo_hub.snapshot.ranking.columns import EligibilityColumns, MatchSettings, requirements_table
from echo_hub.snapshot.ranking.competition import Off, Sample, count_competition, draw_sample
from echo_hub.snapshot.skill_graph.claims import ClaimBook


@dataclass(frozen=True, slots=True)
class Ground:
    """What the tables stand on, the same from one snapshot to the next."""

    taxonomy: Taxonomy
    settings: MatchSettings
    weights: Weights
    today: date


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows are those of the snapshot's people and listings, columns of skills those of `space`."""

    ground: Ground
    space: SkillSpace
    columns: EligibilityColumns
    block: OpportunityBlock
    claims: ClaimIndex
    sample: Sample
    congestion: Congestion
    off: Codes | None

    @classmethod
    def build(
        cls,
        ground: Ground,
        people: Sequence[DirectoryPerson],
        listings: Sequence[Listing],
        book: ClaimBook,
        off: Codes | None = None,
    ) -> Tables:
        """All tables, made anew.

        Args:
            off: what is off for whom; who is not matched with a kind is nobody whom others compete with.
        """
        weights = ground.weights
        space = build_space(ground.taxonomy, _used(listings, book), weights)
        unknown = int(weights.number("level", "unknown_claim"))
        claims = ClaimIndex(book.table(space, weights), len(people), len(space), unknown=unknown)
        return cls._over(ground, space, claims, draw_sample(people, weights), people, listings, off)

    @classmethod
    def _over(
        cls,
        ground: Ground,
        space: SkillSpace,
        claims: ClaimIndex,
        sample: Sample,
        people: Sequence[DirectoryPerson],
        listings: Sequence[Listing],
        off: Codes | None,
        before: EligibilityColumns | None = None,
    ) -> Tables:
        weights = ground.weights
        columns = EligibilityColumns(listings, people, ground.settings, ground.today, before)
        block = build_block(requirements_table(listings, space, weights), columns.facts, len(space), weights)
        congestion = count_competition(columns, people, sample, claims, block, space, weights, _off(off, listings))
        return cls(ground, space, columns, block, claims, sample, congestion, off)

    def fit(self, listings: Sequence[Listing], book: ClaimBook) -> bool:
        """Whether every skill in use has its column. One that fell out of use may keep it: it moves no score."""
        return _used(listings, book) <= self.space.index.keys()

    def changed(
        self,
        people: Sequence[DirectoryPerson],
        listings: Sequence[Listing],
        book: ClaimBook,
        changed: IntArray,
        *,
        relisted: bool,
        off: Codes | None = None,
    ) -> Tables:
        """Tables of the same people after some of them said something else, who manages whom as before.

        Args:
            changed: the rows of those people.
            relisted: whether opportunities changed, or what their rules know of their owners.
            off: as in `build`; for whom it changed stands in `changed`.
        """
        weights = self.ground.weights
        claims = self.claims
        if changed.size:
            claims = claims.replaced(changed, book.table(self.space, weights, changed))
        if relisted:
            return self._over(self.ground, self.space, claims, self.sample, people, listings, off, self.columns)
        counted = Sample(np.zeros_like(self.sample.chosen), self.sample.each)
        counted.chosen[changed] = self.sample.chosen[changed]
        unmatched = _off(off, listings)
        again = count_competition(self.columns, people, counted, claims, self.block, self.space, weights, unmatched)
        congestion = self.congestion.recounted(changed, again.people, again.opportunities)
        return replace(self, claims=claims, congestion=congestion, off=off)


def _off(off: Codes | None, listings: Sequence[Listing]) -> Off | None:
    if off is None:
        return None
    return Off(off, np.array([BIT[MATCHING] | BIT[listing.kind] for listing in listings], dtype=np.uint8))


def _used(listings: Sequence[Listing], book: ClaimBook) -> set[str]:
    return book.used | {requirement.skill_id for listing in listings for requirement in listing.requirements}
