"""The values that listings have, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Coding:
    """Which values each listing has: listing `i` has the next `lengths[i]` of the `codes`, numbers of `values`."""

    values: tuple[str, ...]
    codes: Numbers
    lengths: Numbers

    @classmethod
    def of(cls, values: Sequence[Sequence[str]]) -> Coding:
        """A coding of the values of every listing; what is there twice counts once."""
        none = np.zeros(0, dtype=np.int32)
        return cls((), none, none).changed(np.full(len(values), -1), values)

    def changed(self, kept: IntArray, values: Sequence[Sequence[str]]) -> Coding:
        """Another coding: listings `kept` from here, -1 for those that are new, whose values follow in order."""
        numbers = {value: number for number, value in enumerate(self.values)}
        fresh = [[numbers.setdefault(value, len(numbers)) for value in dict.fromkeys(mine)] for mine in values]
        lengths = np.concatenate((self.lengths, np.fromiter(map(len, fresh), dtype=np.int32)))
        chosen = kept.copy()
        chosen[kept < 0] = len(self.lengths) + np.arange(len(fresh))
        entries = ranges(edges(lengths)[chosen], lengths[chosen])
        codes = np.concatenate((self.codes, np.fromiter(chain.from_iterable(fresh), dtype=np.int32)))
        return Coding(tuple(numbers), codes[entries], lengths[chosen])

    def listings(self) -> Numbers:
        """The listing of each code."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int32), self.lengths)

    def having(self, value: str) -> BoolArray:
        """Listings that have a value."""
        found = np.zeros(len(self.lengths), dtype=bool)
        if value in self.values:
            found[self.listings()[self.codes == self.values.index(value)]] = True
        return found


def edges(sizes: NDArray[np.integer]) -> Numbers:
    """Where each of these so many things begins when they lie one after another, and where the last ends."""
    return np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(sizes, dtype=np.int32)))


def ranges(starts: Numbers, lengths: Numbers) -> Numbers:
    """The numbers from each start on, so many as its length says, one range after another."""
    ends = np.cumsum(lengths, dtype=np.int32)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int32) + np.repeat(starts - ends + lengths, lengths)
