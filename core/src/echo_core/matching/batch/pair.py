"""One person and one offer in compiled code: the exact score by the formulas of `Scorer`, and the personal gates.

Every sum is added up in the order the scorer adds it, so that even the last digit, and with it a tie, is the same.
"""

from __future__ import annotations

import numpy as np

from echo_core.matching.arrays import FloatArray
from echo_core.matching.batch.desk import AVOID, AVOIDED, PRESSES, WEIGHS, WISHED, Desk, People
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.tables import Offers, Rules, Skills
from echo_core.matching.block import LEVELS
from echo_core.matching.registry import FEATURES, RECOMMENDS
from echo_core.matching.scorer import GAINS

(
    ESSENTIAL,
    DESIRED,
    ASSUMED,
    EVIDENCE,
    TO_USE,
    TO_LEARN,
    STEPS_UP,
    TO_TEACH,
    WANTED,
    MISSING,
    PLACE,
    LANGUAGE,
    HOURS,
    START,
    CROWDED,
    AVOIDS,
) = range(16)
KNOWN = (
    *("essential", "desired", "assumed", "evidence", "wants_to_use", "wants_to_learn", "steps_up", "willing_to_teach"),
    *("teaches_wanted", "teaches_missing", "place", "language", "hours", "start", "crowded", "avoids"),
)
"""The features this code computes. A registry with others must not be scored by it."""
_SPEAK = np.array([code in RECOMMENDS for code in range(len(FEATURES))])


@jit
def stretch(raw: float, best: float, common: float) -> float:
    """See `Calibration.stretch`."""
    if raw > best:
        return (common + (raw - best) * (1.0 - common) / (1.0 - best)) / raw
    return common / best


@jit
def raw_of(total: float, best: float, common: float) -> float:
    """The raw score that comes out as `total`."""
    if total > common:
        return best + (total - common) * (1.0 - best) / (1.0 - common)
    return total * best / common


@jit
def share_taught(mass: float, whole: float, rules: Rules) -> float:
    """See `taught_share`."""
    return mass / (mass + rules.teaches + rules.dilution * max(whole - mass, 0.0))


@jit
def lets_in(offers: Offers, people: People, person: int, offer: int) -> bool:
    """The gates that look at the very person: not one's own, reporting lines, not done already."""
    owner = offers.owner[offer]
    if owner == people.row[person]:
        return False
    if offers.mentoring[offer] and owner >= 0:
        mine, boss = people.enter[person], offers.owner_enter[offer]
        if boss <= mine < offers.owner_leave[offer] or mine <= boss < people.leave[person]:
            return False
    done = False
    for at in range(people.done_start[person], people.done_start[person + 1]):
        done = done or people.done[at] == offer
    return not done


@jit
def crowding(offers: Offers, people: People, person: int, offer: int) -> float:
    """The share of the others who find no place."""
    for at in range(people.counted_start[person], people.counted_start[person + 1]):
        if people.counted[at] == offer:
            return float(offers.pressure_counted[offer])
    return float(offers.pressure[offer])


@jit
def avoided(skills: Skills, desk: Desk, lane: int, offer: int) -> float:
    """How much of an offer the person would rather avoid."""
    share = 0.0
    if desk.sizes[lane, AVOID] > 0:
        named, known = skills.named, desk.known[lane]
        for at in range(named.start[offer], named.start[offer + 1]):
            if known[named.column[at]] & AVOIDED:
                share += named.value[at]
    return min(1.0, 2.0 * share)


@jit
def _asks(found: FloatArray, skills: Skills, rules: Rules, desk: Desk, lane: int, offer: int, assumes: bool) -> None:
    """The features of what an offer asks for."""
    asked, known = skills.asked, desk.known[lane]
    beside = float(desk.stated[lane])
    steps = assumed = more_steps = more_assumed = use = learn = teach = 0.0
    for at in range(asked.start[offer], asked.start[offer + 1]):
        skill = asked.skill[at]
        if known[skill] & WEIGHS:
            column, share = asked.column[at], asked.share[at]
            cover, wish = desk.coverage[lane, column], desk.learn[lane, skill]
            if asked.essential[at]:
                found[ESSENTIAL] += share * cover
                steps += share * (wish * (1.0 - cover))
                assumed += share * desk.assumed[lane, column]
            else:
                found[DESIRED] += share * cover
                more_steps += share * (wish * (1.0 - cover))
                more_assumed += share * desk.assumed[lane, column]
            found[EVIDENCE] += share * desk.strength[lane, skill]
            learn += asked.mass[at] * wish
            if desk.own[lane, skill] > 0:
                beside -= 1.0
        if known[skill] & WISHED:
            use += asked.mass[at] * desk.use[lane, skill]
            teach += asked.mass[at] * desk.teach[lane, skill]
    if assumes:
        found[ASSUMED] = (assumed + more_assumed) * (rules.fades_at / (rules.fades_at + beside))
    found[STEPS_UP] = steps + more_steps
    found[TO_USE] = use / (use + rules.intent)
    found[TO_LEARN] = learn / (learn + rules.intent)
    found[TO_TEACH] = teach / (teach + rules.intent)


@jit
def _teaches(found: FloatArray, skills: Skills, rules: Rules, desk: Desk, lane: int, offer: int, whole: float) -> None:
    """The features of what an offer teaches."""
    taught, known = skills.taught, desk.known[lane]
    wanted = missed = 0.0
    for at in range(taught.start[offer], taught.start[offer + 1]):
        column = taught.column[at]
        skill = column // LEVELS
        if known[skill] & (WEIGHS | PRESSES):
            worth = rules.fresh[desk.own[lane, skill], column - skill * LEVELS]
            wanted += taught.value[at] * (desk.learn[lane, skill] * worth)
            missed += taught.value[at] * (desk.pressure[lane, skill] * worth)
    found[WANTED] = share_taught(wanted, whole, rules)
    found[MISSING] = share_taught(missed, whole, rules)


@jit
def score(
    found: FloatArray,
    offers: Offers,
    skills: Skills,
    rules: Rules,
    people: People,
    person: int,
    desk: Desk,
    lane: int,
    offer: int,
    kind: int,
    touched: bool,
) -> tuple[float, bool]:
    """The total, and whether the offer is worth recommending; `found` receives the contributions by feature.

    Args:
        touched: False where no skill or wish of the person has anything to do with the offer.
    """
    found[:] = 0.0
    if touched:
        _asks(found, skills, rules, desk, lane, offer, people.role[person] >= 0)
        _teaches(found, skills, rules, desk, lane, offer, offers.taught_mass[offer])
    for feature in range(PLACE):
        found[feature] *= rules.feature[kind, feature]
    for place in range(START + 1 - PLACE):
        found[PLACE + place] = people.circumstance[people.group[person], place, offer]
    raw = 0.0
    for feature in range(GAINS):
        raw += found[feature]
    found[CROWDED] = crowding(offers, people, person, offer) * rules.feature[kind, CROWDED] * -raw
    raw += found[CROWDED]
    found[AVOIDS] = -min(avoided(skills, desk, lane, offer) * rules.feature[kind, AVOIDS], raw)
    raw += found[AVOIDS]
    scale = stretch(raw, rules.best[kind], rules.common)
    spoken = 0.0
    for feature in range(len(found)):
        found[feature] *= scale
        if _SPEAK[feature]:
            spoken += found[feature]
    total = min(max(raw * scale, 0.0), 1.0)
    return total, not people.speaks[person] or (spoken >= rules.least_relevance and total > 0.0)
