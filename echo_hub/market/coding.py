"""The values of a filter field as numbers, listing by listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from echo_core.matching.arrays import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Coding:
    """Which values each listing has: listing `i` has `lengths[i]` of the `codes`, numbers of `values`."""

    values: tuple[str, ...]
    codes: IntArray
    lengths: IntArray

    @classmethod
    def of(cls, values: Sequence[Sequence[str]]) -> Coding:
        """A coding of the values of every listing."""
        none = np.zeros(0, dtype=np.int64)
        return cls((), none, none).changed(np.full(len(values), -1), values)

    def changed(self, kept: IntArray, values: Sequence[Sequence[str]]) -> Coding:
        """Another coding: listings `kept` from here, -1 for those that are new, whose values follow in order."""
        numbers = {value: number for number, value in enumerate(self.values)}
        fresh = [[numbers.setdefault(value, len(numbers)) for value in dict.fromkeys(mine)] for mine in values]
        more = np.fromiter(chain.from_iterable(fresh), dtype=np.int64)
        lengths = np.concatenate((self.lengths, np.fromiter(map(len, fresh), dtype=np.int64)))
        starts = np.cumsum(lengths) - lengths
        chosen = kept.copy()
        chosen[kept < 0] = len(self.lengths) + np.arange(len(fresh))
        lengths, starts = lengths[chosen], starts[chosen]
        codes = np.concatenate((self.codes, more))[_ranges(starts, lengths)]
        return Coding(tuple(numbers), codes, lengths)

    def having(self, value: str) -> BoolArray:
        """Listings that have a value."""
        found = np.zeros(len(self.lengths), dtype=bool)
        if value in self.values:
            listings = np.repeat(np.arange(len(self.lengths)), self.lengths)
            found[listings[self.codes == self.values.index(value)]] = True
        return found


def _ranges(starts: IntArray, lengths: IntArray) -> IntArray:
    """The numbers from each start on, so many as its length says, one range after another."""
    ends = np.cumsum(lengths)
    ranges: IntArray = np.arange(int(lengths.sum())) + np.repeat(starts - ends + lengths, lengths)
    return ranges
