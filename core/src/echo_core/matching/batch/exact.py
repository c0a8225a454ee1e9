"""One person and one offer in compiled code: the exact score by the features' forms, and the personal rules.

Every sum is added up in the order the scorer adds it, so that even the last digit, and with it a tie, is the same.
"""

from __future__ import annotations

from echo_core.matching import conditions, shapes
from echo_core.matching.arrays import FloatArray
from echo_core.matching.batch.jit import jit
from echo_core.matching.batch.lane import claim_value, faded
from echo_core.matching.batch.layout import Offers, Requirements, Rules, Skills
from echo_core.matching.batch.workspace import Lanes, People, Scratch
from echo_core.matching.forms import REQUIREMENTS
from echo_core.matching.shapes import SHAPES

PERSONAL = ("not_own", "reporting_line", "not_done")
"""The rules that look at the very person, as `lets_in` knows them."""
ASKED = REQUIREMENTS.index("asked")
SUM, SATURATED, TAUGHT_SHARE, FADED, DOUBLED = range(len(SHAPES))
saturated, taught_share, doubled = jit(shapes.saturated), jit(shapes.taught_share), jit(shapes.doubled)
_in_line, _is_own = jit(conditions.in_line), jit(conditions.is_own)


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
def lets_in(offers: Offers, people: People, person: int, offer: int) -> bool:
    """The rules that look at the very person: not one's own, reporting lines, not done already."""
    owner = offers.owner[offer]
    if _is_own(owner, people.row[person]) or _in_line(
        offers.mentoring[offer],
        owner,
        offers.owner_enter[offer],
        offers.owner_leave[offer],
        people.enter[person],
        people.leave[person],
    ):
        return False
    done = False
    for at in range(people.done_start[person], people.done_start[person + 1]):
        done = done or people.done[at] == offer
    return not done


@jit
def congestion_share(offers: Offers, people: People, person: int, offer: int) -> float:
    """The share of the others who find no seat."""
    for at in range(people.counted_start[person], people.counted_start[person + 1]):
        if people.counted[at] == offer:
            return float(offers.pressure_counted[offer])
    return float(offers.pressure[offer])


@jit
def _sum_terms(
    sums: FloatArray, first: int, last: int, required: Requirements, rules: Rules, lanes: Lanes, lane: int, offer: int
) -> float:
    """The sums of some of the lane's terms over one offer's requirements; answers how many claims are not asked for."""
    products, known, terms = rules.products, lanes.known[lane], lanes.terms[lane]
    sums[:] = 0.0
    beside = float(lanes.stated[lane])
    for at in range(required.start[offer], required.start[offer + 1]):
        skill = required.skill[at]
        tables = known[skill]
        if tables:
            column = required.column[at]
            for position in range(first, last):
                term = terms[position]
                claims = products.term_claims[term]
                if tables >> claims & 1:  # most skills are in one or two tables: what is not there is not looked up
                    entry = required.entry[at, products.term[term]]
                    if entry > 0.0:
                        sums[term] += entry * claim_value(lanes, lane, claims, skill, column)
            if lanes.own[lane, skill] > 0 and required.entry[at, ASKED] > 0.0:
                beside -= 1.0
    return beside


@jit
def _product(sums: FloatArray, product: int, beside: float, whole: float, rules: Rules) -> float:
    """What a skill product comes to, from the sums of its terms."""
    products, shape = rules.products, rules.products.shape[product]
    first, last = products.term_start[product], products.term_start[product + 1]
    mass = sums[first]
    for term in range(first + 1, last):
        mass += sums[term]
    if mass == 0.0:
        return 0.0
    if shape == SATURATED:
        mass = saturated(mass, rules.intent)
    elif shape == TAUGHT_SHARE:
        mass = taught_share(mass, max(whole - mass, 0.0), rules.teaches, rules.dilution)
    elif shape == FADED:
        mass = mass * faded(beside, rules.fades_at)
    elif shape == DOUBLED:
        mass = min(1.0, doubled(mass))
    return float(mass)


@jit
def taken(
    scratch: Scratch, offers: Offers, skills: Skills, rules: Rules, lanes: Lanes, lane: int, offer: int, kind: int
) -> float:
    """The points that what the person would rather avoid can take from an offer."""
    products = rules.products
    points, first, last = 0.0, lanes.gaining[lane], lanes.active[lane]
    if first < last:
        beside = _sum_terms(scratch.sums, first, last, skills.required, rules, lanes, lane, offer)
        for product in range(products.gains, len(products.feature)):
            worth = _product(scratch.sums, product, beside, offers.taught_mass[offer], rules)
            points += worth * rules.feature[kind, products.feature[product]]
    return points


@jit
def score(
    scratch: Scratch,
    offers: Offers,
    skills: Skills,
    rules: Rules,
    people: People,
    person: int,
    lanes: Lanes,
    lane: int,
    offer: int,
    kind: int,
    touched: bool,
) -> tuple[float, bool]:
    """The total, and whether the offer is worth recommending; `scratch.contributions` receives what each feature adds.

    Args:
        touched: False where no skill or wish of the person that adds to a score has anything to do with the offer.
    """
    contributions, sums, products = scratch.contributions, scratch.sums, rules.products
    contributions[:] = 0.0
    first, last = 0 if touched else lanes.gaining[lane], lanes.active[lane]
    beside = 0.0
    if first < last:
        beside = _sum_terms(sums, first, last, skills.required, rules, lanes, lane, offer)
    else:
        sums[:] = 0.0
    for product in range(len(products.feature)):
        feature = products.feature[product]
        contributions[feature] = (
            _product(sums, product, beside, offers.taught_mass[offer], rules) * rules.feature[kind, feature]
        )
    for position in range(len(rules.circumstances)):
        contributions[rules.circumstances[position]] = people.circumstance[people.group[person], position, offer]
    raw = 0.0
    for feature in range(rules.gains):
        raw += contributions[feature]
    for feature in range(rules.gains, len(contributions)):
        if feature == rules.congestion:
            contributions[feature] = (
                congestion_share(offers, people, person, offer) * rules.feature[kind, feature] * -raw
            )
        else:
            contributions[feature] = -min(contributions[feature], raw)
        raw += contributions[feature]
    scale = stretch(raw, rules.best[kind], rules.common)
    spoken = 0.0
    for feature in range(len(contributions)):
        contributions[feature] *= scale
        if rules.recommends[feature]:
            spoken += contributions[feature]
    total = min(max(raw * scale, 0.0), 1.0)
    return total, not people.speaks[person] or (spoken >= rules.least_relevance and total > 0.0)
