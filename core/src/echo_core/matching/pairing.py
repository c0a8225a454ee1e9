"""Who mentors whom, decided for the whole pool at once: the best total that the mentors' seats allow.

The assignment problem with capacities, solved exactly: every seat of a mentor becomes a row of its own and a sparse
shortest-augmenting-path solver finds the best matching (Jonker and Volgenant 1987, as scipy ships it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray

_NOTHING = 1e-12
"""What leaving a seat or a mentee empty is worth: less than any score counted, which has 12 digits."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs that may be made, one row each, in any order; what may not be made is left out.

    `mentee` and `mentor` are row numbers, `score` (0..1) is what the pair is worth. A pair stands here at most once.
    """

    mentee: IntArray
    mentor: IntArray
    score: FloatArray

    def __len__(self) -> int:
        return len(self.score)

    def some(self, kept: BoolArray | IntArray) -> Candidates:
        """The candidates at these positions, or where a mask is true."""
        return Candidates(self.mentee[kept], self.mentor[kept], self.score[kept])


def two_sided(mentee_side: FloatArray, mentor_side: FloatArray, mentee_share: float) -> FloatArray:
    """Both sides' scores (0..1) as one: their geometric mean, in which the mentee's side counts `mentee_share`.

    Zero as soon as either side is zero: a pair that only one of the two would want is not a pair.
    """
    mean: FloatArray = np.power(mentee_side, mentee_share) * np.power(mentor_side, 1.0 - mentee_share)
    return mean


def assign(candidates: Candidates, seats: IntArray, *, most_pairs: bool = False) -> IntArray:
    """The positions of the candidates to pair: at most one mentor a mentee, at most `seats[mentor]` mentees a mentor.

    Answers the best total score; with `most_pairs` the most pairs first and among those the best total. The answer
    does not depend on the order of the candidates: it is the same for the same rows and scores.

    Args:
        candidates: pairs that may be made. Scores count with 12 digits; a pair that is worth nothing is never made.
        seats: free seats by mentor's row; none where negative.

    Returns:
        positions in `candidates`, ordered by mentee.
    """
    worth = candidates.score.round(12)
    kept = np.flatnonzero((worth > 0) & (seats[candidates.mentor] > 0))
    kept = kept[np.lexsort((candidates.mentor[kept], candidates.mentee[kept]))]
    if not kept.size:
        return kept
    mentees, mentee = np.unique(candidates.mentee[kept], return_inverse=True)
    mentors, mentor = np.unique(candidates.mentor[kept], return_inverse=True)
    # A mentor with more seats than candidates fills no more of them.
    room = np.minimum(seats[mentors], np.bincount(mentor)).astype(np.int64)
    copies = room[mentor]
    edge = np.repeat(np.arange(len(kept)), copies)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(copies) - copies, copies)
    seat = (np.cumsum(room) - room)[mentor[edge]] + nth
    bonus = float(min(len(mentees), int(room.sum())) + 1) if most_pairs else 0.0
    pairs = _best(seat, mentee[edge], worth[kept][edge] + bonus, (int(room.sum()), len(mentees)))
    chosen: IntArray = np.sort(edge[pairs])
    return kept[chosen]


def _best(row: IntArray, column: IntArray, worth: FloatArray, shape: tuple[int, int]) -> IntArray:
    """Positions of the edges of the best matching. `row`, `column` and `worth` are edges of a graph of this shape."""
    if shape[0] > shape[1]:  # the search grows a tree per row, so the scarcer side is the rows
        row, column, shape = column, row, (shape[1], shape[0])
    rows, columns = shape
    lone = np.arange(rows)
    # Every row may also stay alone, at a column of its own: the matching is always full, and nobody is forced.
    cost = worth.max() + 1.0 - np.concatenate((worth, np.full(rows, _NOTHING)))
    matrix = sparse.csr_array(
        (cost, (np.concatenate((row, lone)), np.concatenate((column, columns + lone)))), shape=(rows, columns + rows)
    )
    met_row, met_column = min_weight_full_bipartite_matching(matrix)
    real = met_column < columns
    edge_of = sparse.csr_array((np.arange(1, len(worth) + 1), (row, column)), shape=shape)
    return np.asarray(edge_of[met_row[real], met_column[real]]).ravel().astype(np.int64) - 1
