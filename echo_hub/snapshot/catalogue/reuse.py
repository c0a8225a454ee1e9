"""What one snapshot can take over from the one before: listings whose content is the same."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_hub.snapshot.catalogue.listing import Listing

_CONTENT = attrgetter(
    "record", "connection", "countries", "languages", "departments", "location", "owner_name", "requirements"
)
"""All that is searched, filtered or sorted by; which row it has, or its owner, is not."""


def carried(listings: Sequence[Listing], before: Sequence[Listing]) -> IntArray:
    """For every listing the row it had before with the same content, -1 where it had none.

    The same objects are recognized without being looked into; others are compared by value.
    """
    known = {listing.id: listing for listing in before}
    rows = np.full(len(listings), -1, dtype=np.int64)
    for row, listing in enumerate(listings):
        old = known.get(listing.id)
        if old is not None and _CONTENT(listing) == _CONTENT(old):
            rows[row] = old.row
    return rows


def taken_over(kept: IntArray, before: FloatArray) -> FloatArray:
    """A number per listing: that of before where there is one, else 0."""
    values = np.zeros(len(kept), dtype=np.float64)
    values[kept >= 0] = before[kept[kept >= 0]]
    return values
