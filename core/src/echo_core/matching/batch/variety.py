"""The varied top of a list in compiled code, as `mixed` makes it, from as much of the order as is known."""

from __future__ import annotations

from echo_core.matching.arrays import IntArray
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.layout import Offers, Rules
from echo_core.matching.batch.workspace import Scratch

_WIDE = 8
"""`mixed` looks at this many times the top for variety."""


@jit
def mix(scratch: Scratch, size: int, known: int, whole: bool, offers: Offers, rules: Rules) -> bool:
    """Puts the order people see into `scratch.order`; False if more of the order is required.

    The scratch has offers in order, with scores: `known` without a gap, and behind them up to `size` the best of kinds.

    Args:
        whole: whether there are no others.
    """
    first = min(rules.first, size)
    count = _of_each_kind(scratch, size, rules)
    width = 0
    for position in range(size):
        if count >= first or width == rules.first * _WIDE:
            break
        if position == known and not whole:
            return False
        if _differs(scratch, position, width, offers.diversity_groups, rules.caps):
            scratch.varied[width] = position
            width += 1
            count += not scratch.picked[position]
            scratch.picked[position] = True
    if count < first and not whole:
        return False
    for position in range(size):
        if count >= first:
            break
        count += not scratch.picked[position]
        scratch.picked[position] = True
    at = 0
    for wanted in (True, False):
        for position in range(size):
            if scratch.picked[position] == wanted:
                scratch.order[at] = position
                at += 1
    return True


@jit
def _of_each_kind(scratch: Scratch, size: int, rules: Rules) -> int:
    """Picks the best of every kind that are good enough; how many those are."""
    scratch.sizes[:] = 0
    count = 0
    for position in range(size):
        see = scratch.shown[position]
        scratch.sizes[see] += 1
        scratch.picked[position] = (
            scratch.sizes[see] <= rules.per_kind and scratch.values[position] >= rules.least_score
        )
        count += scratch.picked[position]
    return count


@jit
def _differs(scratch: Scratch, position: int, width: int, diversity_groups: IntArray, caps: IntArray) -> bool:
    """Whether an offer is not too much like those before it."""
    for which in range(len(caps)):
        code, had = diversity_groups[which, scratch.scored[scratch.chosen[position]]], 0
        if code >= 0:
            for before in range(width):
                had += diversity_groups[which, scratch.scored[scratch.chosen[scratch.varied[before]]]] == code
            if had >= caps[which]:
                return False
    return True
