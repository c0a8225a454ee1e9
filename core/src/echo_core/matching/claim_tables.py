"""A person's tables over skills, by name, as features multiply them with what opportunities require."""

from __future__ import annotations

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import LEVELS
from echo_core.matching.forms import FLAT
from echo_core.matching.growth import Growth
from echo_core.matching.profile import Profile
from echo_core.matching.weights import Weights

_LEVELS = np.arange(1, LEVELS + 1)


class ClaimTables:
    """One person's tables of `forms.CLAIMS`, each made when first asked for.

    Args:
        worth: as from `fresh`.
    """

    def __init__(self, profile: Profile, missing: Growth, worth: FloatArray) -> None:
        self._profile, self._missing, self._worth = profile, missing, worth

    def table(self, name: str) -> FloatArray | None:
        """One table, over skills or over (skill, level); None where it holds nothing."""
        profile = self._profile
        if name == "steps_up":
            return steps_up(profile)
        if name == "lessons_wanted":
            return lessons(profile.learn, profile, self._worth)
        if name == "lessons_missing":
            return lessons(self._missing.pressure, profile, self._worth)
        table: FloatArray | None = getattr(profile, name)
        return table

    def at(self, name: str, columns: IntArray) -> FloatArray:
        """One table at some columns (skill, level), without the rest of it."""
        profile, skill = self._profile, columns // LEVELS
        if name == "steps_up":
            return profile.learn[skill] * (1.0 - profile.coverage[columns])
        if name in ("lessons_wanted", "lessons_missing"):
            wish = profile.learn if name == "lessons_wanted" else self._missing.pressure
            return wish[skill] * self._worth[profile.own_level[skill], columns % LEVELS]
        table: FloatArray | None = getattr(profile, name)
        if table is None:
            return np.zeros(len(columns))
        return table[skill if name in FLAT else columns]


def fresh(weights: Weights) -> FloatArray:
    """By a person's own level (0: none) and level taught: what being taught that is worth.

    One level above one's own suits best, a newcomer best at a level of its own; at or below one's own there is only a
    refresher.
    """
    own = np.arange(LEVELS + 1)
    suits = np.where(own > 0, own + 1, int(weights.number("level", "newcomer")))
    reach = np.array(weights.tables["level"]["reach"], dtype=np.float64)
    worth: FloatArray = reach[np.abs(_LEVELS - suits[:, None]).clip(max=len(reach) - 1)]
    worth[own[:, None] >= _LEVELS] = weights.number("level", "refresher")
    return worth


def lessons(wish: FloatArray, profile: Profile, worth: FloatArray) -> FloatArray:
    """Per (skill, level): what being taught that would do for a wish (0..1 per skill). `worth` is as from `fresh`."""
    table = np.zeros((len(wish), LEVELS))
    wished = np.flatnonzero(wish)
    table[wished] = wish[wished, None] * worth[profile.own_level[wished]]
    return table.ravel()


def steps_up(profile: Profile) -> FloatArray:
    """Per (skill, level): how far being asked for that goes beyond the person, where the person wants to learn it.

    What it adds for a gap is always less than closing the gap adds to coverage, so more of a skill never lowers a sum.
    """
    table: FloatArray = np.repeat(profile.learn, LEVELS)
    table *= 1.0 - profile.coverage
    return table
