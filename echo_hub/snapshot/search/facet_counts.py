"""One filter field over all listings: which listings have a value, and how many of some listings have each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.search.bits import Bits, frequent, packed, packed_all
from echo_hub.snapshot.search.coding import Coding, Numbers, ranges
from echo_hub.snapshot.search.postings import by_number

MOST_VALUES = 50
"""How many values of one field a list offers to narrow by; there may be thousands of skills."""
_AT_ONCE = 32
_LISTED = 2
"""How many words of bits are counted in the time of one value of one listing."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many opportunities a filter for a value shows."""

    value: str
    label: str
    count: int


class Chosen:
    """Some listings to count among, in the forms that counting takes, each made once."""

    def __init__(self, rows: BoolArray) -> None:
        self.rows = rows
        self.count = int(np.count_nonzero(rows))

    @cached_property
    def listings(self) -> IntArray:
        """Their rows."""
        return np.flatnonzero(self.rows)

    @cached_property
    def bits(self) -> Bits:
        """A bit for every listing."""
        return packed(self.rows)


class Column:
    """A field over listings; a value is found by itself or by its label, whatever the case.

    Values are kept by falling frequency. A frequent value is a row of bits, so that counting it among any listings is
    an AND; a rare one is the list of its listings. What cannot come among the most frequent is not counted at all.

    Args:
        coding: the values per listing.
        labels: what to call a value, where that is not the value itself.
        everywhere: listings that fit whatever value is wanted.
    """

    def __init__(self, coding: Coding, labels: Mapping[str, str], *, everywhere: BoolArray | None = None) -> None:
        sizes = np.bincount(coding.codes, minlength=len(coding.values))
        there = sorted(np.flatnonzero(sizes).tolist(), key=coding.values.__getitem__)
        order = np.argsort(-sizes[there], kind="stable")
        self._values = tuple(coding.values[there[place]] for place in order)
        self._labels = tuple(labels.get(value, value) for value in self._values)
        self._alphabetical = order
        self._places = self._found_by()
        self._exact = {value: place for place, value in enumerate(self._values)}  # "Data" and "data" are two units
        self._everywhere = everywhere
        self._count = len(coding.lengths)
        rank = np.zeros(len(coding.values), dtype=np.int32)
        rank[np.array(there, dtype=np.int64)[order]] = np.arange(len(order))
        codes = rank[coding.codes]
        self._table, self._beside = _table(codes, coding.lengths, len(order))
        self._listings = coding.listings()[by_number(codes, len(order))]
        self._sizes = sizes[there][order]
        self._edges = np.r_[0, np.cumsum(self._sizes)]
        self._bits = packed_all(
            map(self._having, np.flatnonzero(frequent(self._sizes, self._count)).tolist()), self._count
        )

    def _found_by(self) -> dict[str, int]:
        """Places by label and by value, lower case; a value goes before another's label."""
        order = np.argsort(self._alphabetical)[::-1].tolist()
        found = {comparable(self._labels[place]): place for place in order}
        found.update({comparable(value): place for place, value in enumerate(self._values)})
        return found

    def _having(self, place: int) -> Numbers:
        return self._listings[self._edges[place] : self._edges[place + 1]]

    def value(self, text: str) -> str | None:
        """The value that is given as itself or as its label; None for one that nothing has."""
        place = self._place(text)
        return None if place is None else self._values[place]

    @property
    def labels(self) -> tuple[str, ...]:
        """What all values are called, the most frequent first."""
        return self._labels

    def _place(self, text: str) -> int | None:
        exact = self._exact.get(text)
        return self._places.get(comparable(text)) if exact is None else exact

    def mask(self, wanted: Sequence[str]) -> BoolArray:
        """Listings with any of the wanted values. A value nobody has fits none."""
        found = np.zeros(self._count, dtype=bool)
        for value in wanted:
            place = self._place(value)
            if place is not None:
                found[self._having(place)] = True
        return found if self._everywhere is None else found | self._everywhere

    def counts(self, among: Chosen, wanted: Sequence[str]) -> list[Count]:
        """Counts over some listings: the most frequent values, then those asked for that are not among them.

        Each counts what `mask` shows for it alone, listings that fit whatever is wanted included.
        """
        own = self._own(among)
        order = np.lexsort((self._alphabetical, -own))[: min(MOST_VALUES, int(np.count_nonzero(own)))].tolist()
        asked = {place for value in wanted if (place := self._place(value)) is not None}.difference(order)
        for place in asked:
            own[place] = np.count_nonzero(among.rows[self._having(place)])
        order += sorted(asked, key=lambda place: self._alphabetical[place])
        shown = own[order]
        if self._everywhere is not None:
            fits_any = among.rows & self._everywhere
            beside = int(np.count_nonzero(fits_any))
            shown = shown + [beside - np.count_nonzero(fits_any[self._having(place)]) for place in order]
        return [
            Count(self._values[place], self._labels[place], int(count))
            for place, count in zip(order, shown, strict=True)
        ]

    def _own(self, among: Chosen) -> IntArray:
        """How many of the chosen have each value; 0 for a value that cannot be among the most frequent of them."""
        if among.count == self._count:
            return self._sizes.copy()
        if among.count * self._table.shape[1] * _LISTED < self._bits.size:
            return self._one_by_one(among)
        own = np.zeros(len(self._sizes), dtype=np.int64)
        often = len(self._bits)
        both = np.empty((_AT_ONCE, self._bits.shape[1]), dtype=np.uint64)
        ones = np.empty(both.shape, dtype=np.uint8)
        for start in range(0, often, _AT_ONCE):
            if start >= MOST_VALUES and self._sizes[start] < self._least(own[:start]):
                return own
            stop = min(start + _AT_ONCE, often)
            np.bitwise_and(self._bits[start:stop], among.bits, out=both[: stop - start])
            np.bitwise_count(both[: stop - start], out=ones[: stop - start])
            own[start:stop] = ones[: stop - start].sum(axis=1, dtype=np.uint32)
        least = self._least(own[:often])
        last = int(np.searchsorted(-self._sizes, -max(least, 1), side="right"))
        if last > often:
            inside = among.rows[self._listings[self._edges[often] : self._edges[last]]].astype(np.int64)
            own[often:last] = np.add.reduceat(inside, self._edges[often:last] - self._edges[often])
        return own

    def _one_by_one(self, among: Chosen) -> IntArray:
        size = len(self._sizes)
        listings, codes = self._beside
        own = np.bincount(np.take(self._table, among.listings, axis=0).ravel(), minlength=size + 1)[:size]
        own += np.bincount(codes[among.rows[listings]], minlength=size)
        return own

    @staticmethod
    def _least(own: IntArray) -> int:
        """What a value must reach to be among the most frequent, given the counts so far."""
        return int(np.partition(own, -MOST_VALUES)[-MOST_VALUES]) if len(own) >= MOST_VALUES else 0


def _table(codes: Numbers, lengths: Numbers, none: int) -> tuple[NDArray[np.unsignedinteger], tuple[Numbers, Numbers]]:
    """Codes as a row per listing, filled up with `none`, and beside it the listings and codes that found no room.

    Rows of one width are taken many times faster than ranges; they are at most twice as wide as the average needs.
    """
    count = len(lengths)
    width = min(int(lengths.max(initial=0)), -(-2 * len(codes) // max(count, 1)))
    places = ranges(np.zeros(count, dtype=np.int32), lengths)
    listings = np.repeat(np.arange(count, dtype=np.int32), lengths)
    inside = places < width
    table = np.full((count, width), none, dtype=np.min_scalar_type(none))
    table[listings[inside], places[inside]] = codes[inside]
    return table, (listings[~inside], codes[~inside])
