"""One filter field over all listings: which listings have a value, and how many of some listings have each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.search.coding import Coding, Numbers

_FEW_A_LISTING = 2
"""Values of a listing up to which a product is quicker than picking listings out, however few they are."""
MOST_VALUES = 50
"""How many values of one field a list offers to narrow by; there may be thousands of skills."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many opportunities a filter for a value shows."""

    value: str
    label: str
    count: int


class Column:
    """A field over listings; a value is recognized by itself or by its label, whatever the case.

    Values are in alphabetical order. Counts of nearly all listings are what the others leave; of a few that have many
    values each a histogram; else a product of a sparse matrix.

    Args:
        coding: the values per listing.
        labels: what to call a value, where that is not the value itself.
        everywhere: listings that fit whatever value is wanted.
    """

    def __init__(self, coding: Coding, labels: Mapping[str, str], *, everywhere: BoolArray | None = None) -> None:
        by_value = coding.matrix.T.tocsr()
        used = sorted(np.flatnonzero(np.diff(by_value.indptr)).tolist(), key=coding.values.__getitem__)
        self._listings = by_value[used]
        self._sizes = np.diff(self._listings.indptr)
        self._matrix, self._used = coding.matrix, used
        self._values = tuple(coding.values[number] for number in used)
        self._labels = tuple(labels.get(value, value) for value in self._values)
        self._exact = {value: place for place, value in enumerate(self._values)}  # "Data" and "data" are two units
        self._places = {comparable(label): place for place, label in reversed([*enumerate(self._labels)])}
        self._places |= {comparable(value): place for place, value in enumerate(self._values)}
        self._everywhere = everywhere

    def _having(self, place: int) -> Numbers:
        start, stop = self._listings.indptr[place : place + 2]
        listings: Numbers = self._listings.indices[start:stop]
        return listings

    def value(self, text: str) -> str | None:
        """The value that is given as itself or as its label; None for one that nothing has."""
        place = self._place(text)
        return None if place is None else self._values[place]

    @property
    def labels(self) -> tuple[str, ...]:
        """What all values are called, the most frequent first."""
        order = np.argsort(-self._sizes, kind="stable")
        return tuple(self._labels[place] for place in order.tolist())

    def _place(self, text: str) -> int | None:
        exact = self._exact.get(text)
        return self._places.get(comparable(text)) if exact is None else exact

    def mask(self, wanted: Sequence[str]) -> BoolArray:
        """Listings with any of the wanted values. A value nobody has fits none."""
        fitting = np.zeros(self._listings.shape[1], dtype=bool) if self._everywhere is None else self._everywhere.copy()
        for value in wanted:
            place = self._place(value)
            if place is not None:
                fitting[self._having(place)] = True
        return fitting

    def counts(self, among: BoolArray, wanted: Sequence[str]) -> list[Count]:
        """Counts over some listings: the most frequent values, then those wanted that are not among them.

        Each counts what `mask` shows for it alone, listings that fit whatever is wanted included.
        """
        counts = self._count(among)
        places = np.argsort(-counts, kind="stable")[: min(MOST_VALUES, np.count_nonzero(counts))].tolist()
        places += sorted({place for value in wanted if (place := self._place(value)) is not None}.difference(places))
        if self._everywhere is not None:
            fits_any = among & self._everywhere
            counts += np.count_nonzero(fits_any) - self._count(fits_any)
        return [Count(self._values[place], self._labels[place], int(counts[place])) for place in places]

    def _count(self, among: BoolArray) -> IntArray:
        """How many of some listings have each value."""
        share = np.count_nonzero(among) / max(len(among), 1)
        if share > 0.75:
            counts: IntArray = self._sizes - self._count(~among)
        elif share > 0.25 or self._matrix.nnz <= _FEW_A_LISTING * len(among):
            counts = self._listings @ among.astype(np.int32)
        else:
            counts = np.bincount(self._matrix[among].indices, minlength=self._matrix.shape[1])[self._used]
        return counts
