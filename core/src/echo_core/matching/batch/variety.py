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
    """Puts the order people see into `scratch.order`; False where more of the order must be known to say.

    The scratch has offers in order, with scores: `known` without a gap, and behind them up to `size` the best of kinds.

    Args:
        whole: whether there are no others.
    """
    first = min(rules.first, size)
    count = _of_each_kind(scratch, size, rules)
    width = 0
    for place in range(size):
        if count >= first or width == rules.first * _WIDE:
            break
        if place == known and not whole:
            return False
        if _differs(scratch, place, width, offers.alike, rules.caps):
            scratch.varied[width] = place
            width += 1
            count += not scratch.picked[place]
            scratch.picked[place] = True
    if count < first and not whole:
        return False
    for place in range(size):
        if count >= first:
            break
        count += not scratch.picked[place]
        scratch.picked[place] = True
    at = 0
    for wanted in (True, False):
        for place in range(size):
            if scratch.picked[place] == wanted:
                scratch.order[at] = place
                at += 1
    return True


@jit
def _of_each_kind(scratch: Scratch, size: int, rules: Rules) -> int:
    """Picks the best of every kind that are good enough; how many those are."""
    scratch.sizes[:] = 0
    count = 0
    for place in range(size):
        see = scratch.shown[place]
        scratch.sizes[see] += 1
        scratch.picked[place] = scratch.sizes[see] <= rules.per_kind and scratch.values[place] >= rules.least_score
        count += scratch.picked[place]
    return count


@jit
def _differs(scratch: Scratch, place: int, width: int, alike: IntArray, caps: IntArray) -> bool:
    """Whether an offer is not too much like those before it."""
    for which in range(len(caps)):
        code, had = alike[which, scratch.scored[scratch.chosen[place]]], 0
        if code >= 0:
            for before in range(width):
                had += alike[which, scratch.scored[scratch.chosen[scratch.varied[before]]]] == code
            if had >= caps[which]:
                return False
    return True
