"""Lists of the best so far in compiled code, in order and of bounded length."""

from __future__ import annotations

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.batch.jit import jit


@jit
def ahead(value: float, rank: int, other: float, other_rank: int) -> bool:
    """Whether one stands before another: by value, then by id."""
    return value > other or (value == other and rank < other_rank)


@jit
def insert(
    values: FloatArray, ranks: IntArray, rows: IntArray, size: int, most: int, value: float, rank: int, row: int
) -> int:
    """Puts one among the best, in order, and lets the last fall off a full list; the new size."""
    if size == most and (most == 0 or not ahead(value, rank, values[most - 1], ranks[most - 1])):
        return size
    position = size if size < most else most - 1
    while position > 0 and ahead(value, rank, values[position - 1], ranks[position - 1]):
        values[position], ranks[position], rows[position] = (
            values[position - 1],
            ranks[position - 1],
            rows[position - 1],
        )
        position -= 1
    values[position], ranks[position], rows[position] = value, rank, row
    return min(size + 1, most)
