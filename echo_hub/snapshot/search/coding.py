"""Which values listings have, as a sparse matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from echo_core.matching.arrays import BoolArray, IntArray

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Coding:
    """Which values each listing has: a row of the matrix per listing, a column per value, 1 where it has the value."""

    values: tuple[str, ...]
    matrix: sparse.csr_array

    @classmethod
    def of(cls, values: Sequence[Sequence[str]]) -> Coding:
        """A coding of the values of every listing; what is there twice counts once."""
        return cls((), ones_at(np.zeros(0, np.int32), np.zeros(0, np.int32), 0)).changed(
            np.full(len(values), -1), values
        )

    def changed(self, kept: IntArray, values: Sequence[Sequence[str]]) -> Coding:
        """Another coding: listings `kept` from here, -1 for those that are new, whose values follow in order."""
        numbers = {value: number for number, value in enumerate(self.values)}
        fresh = [[numbers.setdefault(value, len(numbers)) for value in dict.fromkeys(row)] for row in values]
        more = ones_at(
            np.fromiter(chain.from_iterable(fresh), dtype=np.int32),
            np.fromiter(map(len, fresh), dtype=np.int32),
            len(numbers),
        )
        before = ones_at(self.matrix.indices, np.diff(self.matrix.indptr), len(numbers))
        rows = kept.copy()
        rows[kept < 0] = before.shape[0] + np.arange(len(fresh))
        return Coding(tuple(numbers), sparse.vstack((before, more), format="csr")[rows])

    def having(self, value: str) -> BoolArray:
        """Listings that have a value."""
        column = np.array([name == value for name in self.values], dtype=np.int32)
        return np.asarray(self.matrix @ column > 0)


def ones_at(columns: Numbers, lengths: Numbers, width: int) -> sparse.csr_array:
    """A matrix so wide whose rows have a 1 in the next `lengths[row]` of these columns."""
    data = np.ones(len(columns), dtype=np.int32)
    return sparse.csr_array((data, columns, edges(lengths)), shape=(len(lengths), width))


def edges(sizes: NDArray[np.integer]) -> Numbers:
    """Where each of these so many things begins when they lie one after another, and where the last ends."""
    return np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(sizes, dtype=np.int32)))
