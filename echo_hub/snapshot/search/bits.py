"""Sets of listings, or of documents, as bits: 64 to a word, so that an AND or an OR takes all 64 at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from echo_core.matching.arrays import BoolArray, IntArray

Bits = NDArray[np.uint64]
WORD = 64
"""A set with one member in so many takes no more room as bits than as a list of 8 bytes each."""


def packed(members: BoolArray) -> Bits:
    """A set as bits."""
    size = len(members)
    found = np.zeros(-(-size // WORD) * (WORD // 8), dtype=np.uint8)
    found[: -(-size // 8)] = np.packbits(members)
    return found.view(np.uint64)


def packed_all(sets: Iterable[NDArray[np.integer]], size: int) -> Bits:
    """Sets of numbers below `size`, a row of bits each."""
    rows = []
    for one in sets:
        members = np.zeros(size, dtype=bool)
        members[one] = True
        rows.append(packed(members))
    return np.array(rows, dtype=np.uint64).reshape(len(rows), -(-size // WORD))


def unpacked(bits: Bits, size: int) -> BoolArray:
    """Which of so many numbers are in a set."""
    return np.unpackbits(bits.view(np.uint8), count=size).view(np.bool_)


def frequent(sizes: IntArray, among: int) -> BoolArray:
    """Which sets are large enough for bits."""
    return sizes * WORD >= among
