"""A list, best first: the one result of every ranking, and how one person's is made from what a receipt stores too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from echo_core.matching import Growth, Person, Profile, Scores, in_order, mixed, recommends
from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_hub.snapshot.ranking.opportunity_table import OpportunityTable

STRONGEST = 3
"""How many features are named that add most to a score."""
NOTHING = 255
"""What stands for a feature where fewer add anything."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list, best first; equal scores stand in the order of ids.

    `rows` are those of listings, or of people where an opportunity was asked about, and `totals` their scores (0..1).
    """

    rows: IntArray
    totals: FloatArray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class PersonRanking(Ranking):
    """One person's whole list, with what it was made of.

    `scores` are all that were worked out, and `belongs` says of every listing whether the list holds it before any
    filter.
    """

    scores: Scores
    belongs: BoolArray

    def strongest(self, top: int, gains: int) -> NDArray[np.uint8]:
        """By rank, the codes of the features that add most to a score, `NOTHING` where there are fewer.

        Args:
            gains: how many features add to a score; they have the first codes.
        """
        added = self.scores.of(self.rows[:top]).contributions[:gains]
        order = np.argsort(-added, axis=0, kind="stable")[:STRONGEST]
        return np.where(np.take_along_axis(added, order, axis=0) > 0, order, NOTHING).T.astype(np.uint8)


@dataclass(frozen=True, slots=True)
class OpportunityRanking(Ranking):
    """The people who fit an opportunity best.

    `people` are they as scores read them, `scores` their exact scores in parts, and `let_in` the rows of everybody whom
    the rules let in.
    """

    people: tuple[Person, ...]
    scores: Scores
    let_in: IntArray


def rank(
    table: OpportunityTable,
    open_to: BoolArray,
    profile: Profile,
    missing: Growth,
    only: BoolArray | None = None,
) -> PersonRanking:
    """One person's list over all opportunities, with a varied top.

    It holds what every rule lets through and what has something to do with the person's skills or wishes, unless a wish
    to avoid took all its score; for a person about whom nothing is known, all that the rules let through.

    Args:
        open_to: which listings every rule lets the person have.
        missing: what near roles ask for and the person lacks.
        only: which listings a filter lets through.
    """
    if _speaks(profile):
        scores = table.scores(profile, missing)
        belongs = np.zeros(len(table), dtype=bool)
        belongs[scores.rows[recommends(scores, table.weights) & open_to[scores.rows]]] = True
    else:
        scores, belongs = table.scorer.score(profile, missing, np.flatnonzero(open_to)), open_to
    shown = belongs if only is None else belongs & only
    kept = np.flatnonzero(shown[scores.rows])
    rows, totals = scores.rows[kept], scores.total[kept]
    order = in_order(totals, table.block.facts.id_rank[rows])
    order = mixed(order, totals, table.kind_codes[rows], table.diversity_groups[:, rows], table.weights)
    return PersonRanking(rows[order], totals[order], scores, belongs)


def _speaks(profile: Profile) -> bool:
    """Whether anything is known of a person that could speak for one opportunity rather than another."""
    skills = profile.skills
    known = (skills.has, skills.learn, skills.use, skills.teach)
    return profile.assumed is not None or any(claimed.size for claimed in known)
