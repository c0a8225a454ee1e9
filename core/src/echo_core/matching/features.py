"""The features of a score, each a number in 0..1 per opportunity, computed for all opportunities at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray, spans
from echo_core.matching.block import LEVELS, OpportunityBlock, OpportunityFacts
from echo_core.matching.profile import PersonFacts, Profile
from echo_core.matching.table import NeedTables
from echo_core.matching.weights import KINDS, Weights

PLACE_STATES = ("elsewhere", "remote", "same_country", "anywhere", "unknown", "preferred", "not_preferred")
LANGUAGE_STATES = ("foreign", "spoken", "not_stated", "assumed", "unknown")
JOB = KINDS.index("job")
_LEVELS = np.arange(1, LEVELS + 1)


@dataclass(frozen=True, slots=True)
class Growth:
    """What roles near the person ask for and the person lacks.

    `pressure` per skill runs from 0 to 1 (the most wanted missing skill); `roles` are rows of near jobs, nearest
    first; `asked_by` counts the near roles that ask for a skill the person lacks in part or whole.
    """

    pressure: FloatArray
    roles: IntArray
    asked_by: IntArray

    @classmethod
    def nothing(cls, skills: int) -> Growth:
        """That nothing is missed."""
        return cls(np.zeros(skills), np.zeros(0, dtype=np.int64), np.zeros(skills, dtype=np.int64))


def growth(profile: Profile, block: OpportunityBlock, tables: NeedTables, weights: Weights) -> Growth:
    """The skills missing for the jobs of the block that the person's skills come nearest to."""
    size = len(profile.own_level)
    coverage = (
        profile.coverage
        if profile.assumed is None
        else profile.coverage + profile.assumed * assumed_share(profile.stated, weights)
    )
    covered = (tables.essential.sums(coverage) + tables.desired.sums(coverage)).round(12)
    near = np.flatnonzero((block.facts.kind == JOB) & (covered >= weights.number("near_roles", "least_coverage")))
    order = np.lexsort((block.facts.id_rank[near], -covered[near]))
    roles = near[order][: int(weights.number("near_roles", "count"))]
    role, need = spans(block.starts, roles)
    skill = block.needs.skill[need]
    level = np.where(block.needs.level[need] > 0, block.needs.level[need], int(weights.number("level", "unknown_need")))
    gap = 1.0 - coverage[skill * LEVELS + level - 1]
    gap[block.needs.importance[need] == 2] = 0.0
    pull = covered[roles][role] * gap * block.needs.weight[need]
    pressure = np.bincount(skill, pull, minlength=size).astype(np.float64, copy=False)
    asked_by = np.bincount(skill[gap > 0], minlength=size)
    if (most := pressure.max(initial=0.0)) > 0:
        pressure /= most
    return Growth(pressure, roles, asked_by)


def assumed_share(claims: FloatArray | int, weights: Weights) -> FloatArray:
    """What is left of a role's profile beside so many claims: k / (k + claims)."""
    half = weights.number("assumed", "fades_at")
    return np.asarray(half / (half + claims))


def assumed_values(
    assumed: FloatArray, profile: Profile, tables: NeedTables, weights: Weights, rows: IntArray | None = None
) -> FloatArray:
    """What the role's profile adds to coverage, per opportunity: shrunk by the claims it does not ask about."""
    beside = profile.stated - tables.asks.sums((profile.own_level > 0).astype(np.float64), rows)
    added = tables.essential.sums(assumed, rows) + tables.desired.sums(assumed, rows)
    return added * assumed_share(beside, weights)


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


def step_values(profile: Profile, tables: NeedTables, rows: IntArray | None = None) -> FloatArray:
    """The share of what is asked that would be a step up towards a wish, per opportunity."""
    towards = steps_up(profile)
    return tables.essential.sums(towards, rows) + tables.desired.sums(towards, rows)


def place_states(person: PersonFacts, facts: OpportunityFacts) -> IntArray:
    """How each opportunity's place stands to the person, as indexes into `PLACE_STATES`."""
    states = np.zeros(len(facts), dtype=np.int64)
    if not person.country_known:
        states[:] = PLACE_STATES.index("unknown")
    elif person.country >= 0:
        states[facts.countries[:, person.country]] = PLACE_STATES.index("same_country")
    if person.prefers_countries is not None:
        states[~facts.anywhere] = PLACE_STATES.index("elsewhere")
        for column in person.prefers_countries:
            states[facts.countries[:, column]] = PLACE_STATES.index("preferred")
    states[facts.anywhere] = PLACE_STATES.index("anywhere")
    states[facts.remote] = PLACE_STATES.index("remote")
    if person.prefers_remote is not None:
        unlike = facts.remote != person.prefers_remote
        states[unlike & (states != PLACE_STATES.index("elsewhere"))] = PLACE_STATES.index("not_preferred")
    return states


def language_states(person: PersonFacts, facts: OpportunityFacts) -> IntArray:
    """How each opportunity's languages stand to the person's, as indexes into `LANGUAGE_STATES`."""
    states = np.zeros(len(facts), dtype=np.int64)
    if not person.languages_known:
        states[:] = LANGUAGE_STATES.index("unknown")
    if person.english >= 0:
        states[facts.languages[:, person.english]] = LANGUAGE_STATES.index("assumed")
    for column in person.languages:
        states[facts.languages[:, column]] = LANGUAGE_STATES.index("spoken")
    states[facts.any_language] = LANGUAGE_STATES.index("not_stated")
    return states


def place_values(weights: Weights) -> FloatArray:
    """What each of `PLACE_STATES` is worth, 0..1."""
    return np.array([0.0, *(weights.number("place", state) for state in PLACE_STATES[1:])])


def language_values(weights: Weights) -> FloatArray:
    """What each of `LANGUAGE_STATES` is worth, 0..1; unknown languages count as not stated ones."""
    known = [weights.number("language", state) for state in LANGUAGE_STATES[1:4]]
    return np.array([0.0, *known, weights.number("language", "not_stated")])


def hours_values(person: PersonFacts, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """Fewer hours a week fit beside a role more easily: 1 at none, a half at `half_at`.

    Where the person says how many there are: 1 for all that fits into them, else the part that fits.
    """
    stated = np.nan_to_num(facts.hours, nan=0.0)
    if person.prefers_hours is None:
        half = weights.number("hours", "half_at")
        fits = half / (half + stated)
    else:
        fits = person.prefers_hours / np.maximum(stated, person.prefers_hours)
    return np.where(np.isnan(facts.hours), weights.number("hours", "not_stated"), fits)


def start_values(person: PersonFacts, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """1 where it starts when the person is free or later; nothing at all for a person who does not say."""
    if person.free_from is None:
        return np.zeros(len(facts))
    start = np.zeros(len(facts), dtype=np.int64) if facts.start is None else facts.start
    return np.where(start == 0, weights.number("start", "not_stated"), np.where(start >= person.free_from, 1.0, 0.0))


def saturated(mass: FloatArray, weights: Weights) -> FloatArray:
    """A wish met once counts most: mass / (mass + 1)."""
    return mass / (mass + weights.number("shrink", "intent"))


def taught_share(mass: FloatArray, total: FloatArray, weights: Weights) -> FloatArray:
    """What of the taught matters, shrunk for offers that teach little and diluted by what is beside the point."""
    rest = np.maximum(total - mass, 0.0)
    return mass / (mass + weights.number("shrink", "teaches") + weights.number("shrink", "dilution") * rest)
