"""People of whom the same is known, apart from skills, all at once before one opportunity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.block import OpportunityFacts
from echo_core.matching.features import LANGUAGE_STATES, PLACE_STATES, language_values, place_values
from echo_core.matching.gates import GateFacts
from echo_core.matching.profile import PersonFacts
from echo_core.matching.weights import Weights

_ELSEWHERE, _REMOTE, _SAME, _ANYWHERE, _UNKNOWN, _PREFERRED, _NOT_PREFERRED = range(len(PLACE_STATES))
_FOREIGN, _SPOKEN, _NOT_STATED, _ASSUMED, _SILENT = range(len(LANGUAGE_STATES))


class Groups:
    """Facts of groups of people in columns: the features and gates of `features` and `gates`, turned round.

    Every answer is an array, one value per group, for one row of the opportunities.

    Args:
        facts: what is known of each group; who was counted where is not looked at.
        countries, languages: how many columns the facts of opportunities have.
    """

    def __init__(self, facts: Sequence[PersonFacts], countries: int, languages: int) -> None:
        self._country: IntArray = np.array([one.country for one in facts], dtype=np.int64)
        self._country_known: BoolArray = np.array([one.country_known for one in facts], dtype=bool)
        self._wishes_countries: BoolArray = np.array([one.prefers_countries is not None for one in facts], dtype=bool)
        self._wished = _flags([one.prefers_countries or () for one in facts], countries)
        self._spoken = _flags([one.languages for one in facts], languages)
        self._english = _flags([(one.english,) if one.english >= 0 else () for one in facts], languages)
        self._languages_known: BoolArray = np.array([one.languages_known for one in facts], dtype=bool)
        self._wishes_remote: BoolArray = np.array([one.prefers_remote is not None for one in facts], dtype=bool)
        self._remote: BoolArray = np.array([bool(one.prefers_remote) for one in facts], dtype=bool)
        hours = [np.nan if one.prefers_hours is None else one.prefers_hours for one in facts]
        self._hours: FloatArray = np.array(hours, dtype=np.float64)
        start = [-1 if one.free_from is None else one.free_from for one in facts]
        self._free_from: IntArray = np.array(start, dtype=np.int64)

    def place(self, facts: OpportunityFacts, row: int, weights: Weights) -> FloatArray:
        """What the place of one opportunity is worth; see `features.place_states`."""
        states = np.where(self._country_known, _ELSEWHERE, _UNKNOWN)
        if facts.remote[row]:
            states[:] = _REMOTE
        elif facts.anywhere[row]:
            states[:] = _ANYWHERE
        else:
            states[self._country_known & self._in(facts.countries[row])] = _SAME
            states[self._wishes_countries] = _ELSEWHERE
            states[(self._wished & facts.countries[row]).any(axis=1)] = _PREFERRED
        unlike = self._wishes_remote & (self._remote != facts.remote[row])
        states[unlike & (states != _ELSEWHERE)] = _NOT_PREFERRED
        return place_values(weights)[states]

    def language(self, facts: OpportunityFacts, row: int, weights: Weights) -> FloatArray:
        """What the languages of one opportunity are worth; see `features.language_states`."""
        states = np.where(self._languages_known, _FOREIGN, _SILENT)
        if facts.any_language[row]:
            states[:] = _NOT_STATED
        else:
            states[(self._english & facts.languages[row]).any(axis=1)] = _ASSUMED
            states[(self._spoken & facts.languages[row]).any(axis=1)] = _SPOKEN
        return language_values(weights)[states]

    def hours(self, facts: OpportunityFacts, row: int, weights: Weights) -> FloatArray:
        """How the hours a week fit; see `features.hours_values`."""
        stated = float(facts.hours[row])
        if np.isnan(stated):
            return np.full(len(self._hours), weights.number("hours", "not_stated"))
        half = weights.number("hours", "half_at")
        return np.where(np.isnan(self._hours), half / (half + stated), self._hours / np.maximum(self._hours, stated))

    def start(self, facts: OpportunityFacts, row: int, weights: Weights) -> FloatArray:
        """Whether it starts when they are free; see `features.start_values`."""
        day = 0 if facts.start is None else int(facts.start[row])
        fits = weights.number("start", "not_stated") if day == 0 else (day >= self._free_from).astype(np.float64)
        return np.where(self._free_from < 0, 0.0, fits)

    def let_in(self, gates: GateFacts, row: int) -> BoolArray:
        """Whom the rules of country and language let in; see `gates.RULES`."""
        facts = gates.facts
        country = ~self._country_known | facts.anywhere[row] | gates.movable[row] | self._in(facts.countries[row])
        understood = ((self._spoken | self._english) & facts.languages[row]).any(axis=1)
        found: BoolArray = country & (~self._languages_known | facts.any_language[row] | understood)
        return found

    def _in(self, countries: BoolArray) -> BoolArray:
        """Which groups are in one of these countries."""
        return np.append(countries, False)[self._country]  # -1, no country of these, is the last


def _flags(columns: Sequence[Sequence[int]], width: int) -> BoolArray:
    flags = np.zeros((len(columns), width), dtype=bool)
    for row, mine in enumerate(columns):
        flags[row, list(mine)] = True
    return flags
