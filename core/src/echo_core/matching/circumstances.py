"""What location, language, hours and start of an opportunity are worth to people: 0..1, for all pairs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from echo_core.matching.arrays import FloatArray, IntArray
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_columns import PersonColumns, shared

if TYPE_CHECKING:
    from echo_core.matching.weights import Weights

LOCATION_STATES = ("elsewhere", "remote", "same_country", "anywhere", "unknown", "preferred", "not_preferred")
LANGUAGE_STATES = ("foreign", "spoken", "not_stated", "assumed", "unknown")
_ELSEWHERE, _REMOTE, _SAME, _ANYWHERE, _UNKNOWN, _PREFERRED, _NOT_PREFERRED = range(len(LOCATION_STATES))
_FOREIGN, _SPOKEN, _NOT_STATED, _ASSUMED, _SILENT = range(len(LANGUAGE_STATES))


def locations(people: PersonColumns, facts: OpportunityFacts) -> IntArray:
    """How each opportunity's location suits each person, people × opportunities, as indexes into `LOCATION_STATES`."""
    base = np.where(people.country_known, _ELSEWHERE, _UNKNOWN)[:, None]
    states = np.where(people.lives_in(facts.countries) & people.country_known[:, None], _SAME, base)
    if people.wishes_countries.any():
        wished = np.where(shared(people.wished, facts.countries), _PREFERRED, _ELSEWHERE)
        states = np.where(people.wishes_countries[:, None], wished, states)
    states[:, facts.anywhere] = _ANYWHERE
    states[:, facts.remote] = _REMOTE
    if people.wishes_remote.any():
        unlike = people.wishes_remote[:, None] & (people.remote[:, None] != facts.remote)
        states[unlike & (states != _ELSEWHERE)] = _NOT_PREFERRED
    return states


def languages(people: PersonColumns, facts: OpportunityFacts) -> IntArray:
    """How each opportunity's languages stand to each person's, people × opportunities, as indexes into
    `LANGUAGE_STATES`."""
    base = np.where(people.languages_known, _FOREIGN, _SILENT)[:, None]
    states = np.where(shared(people.english, facts.languages), _ASSUMED, base)
    states = np.where(shared(people.spoken, facts.languages), _SPOKEN, states)
    states[:, facts.any_language] = _NOT_STATED
    return states


def location_worth(people: PersonColumns, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """What the location is worth, by its state."""
    worth = np.array([0.0, *(weights.number("place", state) for state in LOCATION_STATES[1:])])
    return worth[locations(people, facts)]


def language_worth(people: PersonColumns, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """What the languages are worth, by their state; unknown languages count as not stated ones."""
    known = [weights.number("language", state) for state in LANGUAGE_STATES[1:4]]
    worth = np.array([0.0, *known, weights.number("language", "not_stated")])
    return worth[languages(people, facts)]


def hours_worth(people: PersonColumns, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """Fewer hours a week fit beside a role more easily: 1 at none, a half at `half_at`.

    Where the person says how many there are: 1 for all that fits into them, else the part that fits.
    """
    stated = np.nan_to_num(facts.hours, nan=0.0)
    half = weights.number("hours", "half_at")
    wished = people.hours[:, None]
    fits = np.where(np.isnan(wished), half / (half + stated), wished / np.maximum(stated, wished))
    return np.where(np.isnan(facts.hours), weights.number("hours", "not_stated"), fits)


def start_worth(people: PersonColumns, facts: OpportunityFacts, weights: Weights) -> FloatArray:
    """1 where it starts when the person is free or later; nothing at all for a person who does not say."""
    free = people.free_from[:, None]
    if (free < 0).all():
        return np.zeros((len(people), len(facts)))
    start = np.zeros(len(facts), dtype=np.int64) if facts.start is None else facts.start
    fits = np.where(start == 0, weights.number("start", "not_stated"), np.where(start >= free, 1.0, 0.0))
    return np.where(free < 0, 0.0, fits)
