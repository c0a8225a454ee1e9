"""The features of a score, each a number in 0..1 per opportunity, computed for all opportunities at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import LEVELS, OpportunityBlock, OpportunityFacts
from echo_core.matching.profile import PersonFacts, Profile
from echo_core.matching.weights import KINDS, Weights

PLACE_STATES = ("elsewhere", "remote", "same_country", "anywhere", "unknown")
LANGUAGE_STATES = ("foreign", "spoken", "not_stated", "assumed", "unknown")
JOB = KINDS.index("job")


@dataclass(frozen=True, slots=True)
class Growth:
    """What roles near the person ask for and the person lacks.

    `pressure` per skill runs from 0 to 1 (the most wanted missing skill); `roles` are rows of near jobs, nearest
    first; `asked_by` counts the near roles that ask for a skill the person lacks in part or whole.
    """

    pressure: FloatArray
    roles: IntArray
    asked_by: IntArray


def growth(profile: Profile, block: OpportunityBlock, weights: Weights) -> Growth:
    """The skills missing for the jobs of the block that the person's skills come nearest to."""
    size = len(profile.own_level)
    pressure = np.zeros(size)
    asked_by = np.zeros(size, dtype=np.int64)
    covered = (block.essential @ profile.coverage + block.desired @ profile.coverage).round(12)
    near = np.flatnonzero((block.facts.kind == JOB) & (covered >= weights.number("near_roles", "least_coverage")))
    order = np.lexsort((block.facts.id_rank[near], -covered[near]))
    roles = near[order][: int(weights.number("near_roles", "count"))]
    unknown = int(weights.number("level", "unknown_need"))
    for role in roles:
        needs = block.of(int(role))
        skill = block.needs.skill[needs]
        level = np.where(block.needs.level[needs] > 0, block.needs.level[needs], unknown)
        gap = 1.0 - profile.coverage[skill * LEVELS + level - 1]
        gap[block.needs.importance[needs] == 2] = 0.0
        pressure[skill] += covered[role] * gap * block.needs.weight[needs]
        asked_by[skill[gap > 0]] += 1
    if (most := pressure.max(initial=0.0)) > 0:
        pressure /= most
    return Growth(pressure, roles, asked_by)


def fresh(profile: Profile, weights: Weights) -> FloatArray:
    """Per (skill, level): 1 where being taught that is new to the person, else what a refresher is worth."""
    known = profile.own_level[:, None] >= np.arange(1, LEVELS + 1)
    return np.where(known, weights.number("level", "refresher"), 1.0)


def place_states(person: PersonFacts, facts: OpportunityFacts) -> IntArray:
    """How each opportunity's place stands to the person, as indexes into `PLACE_STATES`."""
    states = np.zeros(len(facts), dtype=np.int64)
    if not person.country_known:
        states[:] = PLACE_STATES.index("unknown")
    elif person.country >= 0:
        states[facts.countries[:, person.country]] = PLACE_STATES.index("same_country")
    states[facts.anywhere] = PLACE_STATES.index("anywhere")
    states[facts.remote] = PLACE_STATES.index("remote")
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


def hours_values(facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """Fewer hours a week fit beside a role more easily: 1 at none, a half at `half_at`."""
    half = weights.number("hours", "half_at")
    stated = np.nan_to_num(facts.hours, nan=0.0)
    return np.where(np.isnan(facts.hours), weights.number("hours", "not_stated"), half / (half + stated))


def saturated(mass: FloatArray, weights: Weights) -> FloatArray:
    """A wish met once counts most: mass / (mass + 1)."""
    return mass / (mass + weights.number("shrink", "intent"))


def taught_share(mass: FloatArray, total: FloatArray, weights: Weights) -> FloatArray:
    """What of the taught matters, shrunk for offers that teach little and diluted by what is beside the point."""
    rest = np.maximum(total - mass, 0.0)
    return mass / (mass + weights.number("shrink", "teaches") + weights.number("shrink", "dilution") * rest)
