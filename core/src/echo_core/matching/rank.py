"""Order: which opportunities are worth scoring, in what order they stand, and what the top of a mixed list holds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray, SparseMatrix
from echo_core.matching.block import LEVELS, OpportunityBlock
from echo_core.matching.profile import Profile
from echo_core.matching.scorer import Scores
from echo_core.matching.weights import KINDS, Weights


def in_order(total: FloatArray, id_rank: IntArray) -> IntArray:
    """Positions by falling score; scores equal to 12 digits stand in the order of their ids."""
    falling = -total.round(12)
    if (id_rank[1:] > id_rank[:-1]).all():  # as in every snapshot: one sort does
        return np.argsort(falling, kind="stable")
    return np.lexsort((id_rank, falling))


def recommends(scores: Scores, weights: Weights) -> BoolArray:
    """Which of the scored are worth recommending: skills, wishes or growth speak for them, not circumstances alone."""
    spoken = np.zeros(len(scores.total))
    for code in weights.features.recommends:
        spoken += scores.contributions[code]
    enough: BoolArray = (spoken >= weights.number("floors", "least_relevance")) & (scores.total > 0)
    return enough


class Retrieval:
    """Proposes opportunities by one sparse product, for snapshots too large to score whole for every request."""

    def __init__(self, block: OpportunityBlock) -> None:
        self._named: SparseMatrix = sparse.csr_array(block.named.T)
        self._kind = block.facts.kind
        self._id_rank = block.facts.id_rank

    def propose(self, profile: Profile, per_kind: int) -> IntArray:
        """Rows that share or neighbour any skill the person has, wants or would teach: the best of each kind.

        Rows come back sorted. The product only proposes; it never orders a list people see.
        """
        has = profile.coverage.reshape(-1, LEVELS)[:, 1]
        pull = np.maximum.reduce((has, profile.learn, profile.use, profile.teach))
        touched = np.flatnonzero(pull)
        person = sparse.csr_array((pull[touched], (np.zeros(len(touched), dtype=np.int64), touched)), (1, len(pull)))
        proposed = sparse.csr_array(person @ self._named)
        rows, values = proposed.indices.astype(np.int64), proposed.data
        kept = []
        for kind in range(len(KINDS)):
            of_kind = np.flatnonzero(self._kind[rows] == kind)
            best = in_order(values[of_kind], self._id_rank[rows[of_kind]])[:per_kind]
            kept.append(rows[of_kind[best]])
        return np.sort(np.concatenate(kept))


def mixed(order: IntArray, total: FloatArray, kind: IntArray, diversity_groups: IntArray, weights: Weights) -> IntArray:
    """The order with a varied top: every kind that has something sensible is there, nothing from one group too often.

    Args:
        order: positions by falling score, as from `in_order`.
        total, kind: per position: score, any code of what people see as a kind.
        diversity_groups: three rows of group codes per position: equal titles, one series, one team; -1 is in no group.

    The top stays sorted by score; what had to give way follows it, so that paging shows everything exactly once.
    """
    first = int(weights.number("floors", "first"))
    floor = int(weights.number("floors", "per_kind"))
    least = weights.number("floors", "least_score")
    chosen: set[int] = set()
    for code in np.unique(kind):
        best = next_of_kind(order, kind, int(code), floor)
        chosen.update(int(position) for position in best if total[position] >= least)
    for position in chain(islice(_varied(order, diversity_groups, weights), first * 8), map(int, order)):
        if len(chosen) >= min(first, len(order)):
            break
        chosen.add(position)
    is_chosen = np.zeros(len(total), dtype=bool)
    is_chosen[list(chosen)] = True
    inside = is_chosen[order]
    return np.concatenate((order[inside], order[~inside]))


def _varied(order: IntArray, diversity_groups: IntArray, weights: Weights) -> Iterator[int]:
    """The positions that are not too much like those before them."""
    caps = [int(weights.number("floors", name)) for name in ("same_title", "same_series", "same_team")]
    seen: list[dict[int, int]] = [{} for _ in caps]
    for position in map(int, order):  # few are looked at
        codes = diversity_groups[:, position].tolist()
        if all(code < 0 or had.get(code, 0) < cap for code, had, cap in zip(codes, seen, caps, strict=True)):
            yield position
            for code, had in zip(codes, seen, strict=True):
                had[code] = had.get(code, 0) + 1


def next_of_kind(order: IntArray, kind: IntArray, code: int, count: int) -> IntArray:
    """The first so many positions of one kind, in order."""
    of_kind: IntArray = order[kind[order] == code][:count]
    return of_kind
