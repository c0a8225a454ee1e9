"""The features of a score, each a number in 0..1 per opportunity, computed for all opportunities at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.block import LEVELS, OpportunityBlock, OpportunityFacts
from echo_core.matching.profile import PersonFacts, Profile
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


def growth(profile: Profile, block: OpportunityBlock, weights: Weights) -> Growth:
    """The skills missing for the jobs of the block that the person's skills come nearest to."""
    size = len(profile.own_level)
    pressure = np.zeros(size)
    asked_by = np.zeros(size, dtype=np.int64)
    coverage = (
        profile.coverage
        if profile.assumed is None
        else profile.coverage + profile.assumed * assumed_share(profile.stated, weights)
    )
    covered = (block.essential @ coverage + block.desired @ coverage).round(12)
    near = np.flatnonzero((block.facts.kind == JOB) & (covered >= weights.number("near_roles", "least_coverage")))
    order = np.lexsort((block.facts.id_rank[near], -covered[near]))
    roles = near[order][: int(weights.number("near_roles", "count"))]
    unknown = int(weights.number("level", "unknown_need"))
    for role in roles:
        needs = block.of(int(role))
        skill = block.needs.skill[needs]
        level = np.where(block.needs.level[needs] > 0, block.needs.level[needs], unknown)
        gap = 1.0 - coverage[skill * LEVELS + level - 1]
        gap[block.needs.importance[needs] == 2] = 0.0
        pressure[skill] += covered[role] * gap * block.needs.weight[needs]
        asked_by[skill[gap > 0]] += 1
    if (most := pressure.max(initial=0.0)) > 0:
        pressure /= most
    return Growth(pressure, roles, asked_by)


def assumed_share(claims: FloatArray | int, weights: Weights) -> FloatArray:
    """What is left of a role's profile beside so many claims: k / (k + claims)."""
    half = weights.number("assumed", "fades_at")
    return np.asarray(half / (half + claims))


def assumed_values(profile: Profile, block: OpportunityBlock, weights: Weights) -> FloatArray:
    """What the role's profile adds to coverage, per opportunity: shrunk by the claims it does not ask about."""
    if profile.assumed is None:
        return np.zeros(len(block))
    asked = sparse.csr_array(
        (np.ones(block.asked.nnz), block.asked.indices, block.asked.indptr), shape=block.asked.shape
    )
    beside = profile.stated - asked @ (profile.own_level > 0).astype(np.float64)
    added: FloatArray = block.essential @ profile.assumed + block.desired @ profile.assumed
    return added * assumed_share(beside, weights)


def fresh(profile: Profile, weights: Weights) -> FloatArray:
    """Per (skill, level): what being taught that is worth to the person, by how far it is from the level that suits.

    One level above one's own suits best; at or below it there is only a refresher.
    """
    own = profile.own_level
    suits = np.where(own > 0, own + 1, int(weights.number("level", "newcomer")))
    reach = np.array(weights.tables["level"]["reach"], dtype=np.float64)
    by_own = reach[np.abs(_LEVELS[None, :] - np.arange(LEVELS + 2)[:, None]).clip(max=len(reach) - 1)]
    worth: FloatArray = by_own[suits]
    worth[own[:, None] >= _LEVELS] = weights.number("level", "refresher")
    return worth


def steps_up(profile: Profile) -> FloatArray:
    """Per (skill, level): how far being asked for that goes beyond the person, where the person wants to learn it.

    What it adds for a gap is always less than closing the gap adds to coverage, so more of a skill never lowers a sum.
    """
    table: FloatArray = np.repeat(profile.learn, LEVELS)
    table *= 1.0 - profile.coverage
    return table


def step_values(profile: Profile, block: OpportunityBlock) -> FloatArray:
    """The share of what is asked that would be a step up towards a wish, per opportunity."""
    if not profile.skills.learn.size:
        return np.zeros(len(block))
    towards = steps_up(profile)
    values: FloatArray = block.essential @ towards + block.desired @ towards
    return values


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
