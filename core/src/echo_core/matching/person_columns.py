"""What features and rules read of people, in columns: one row for one person, or for people grouped by equal facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.person_facts import PersonFacts


class PersonColumns:
    """Facts of people in columns, beside the columns of opportunities. Who was counted where is not looked at.

    `country` is -1 where unknown, `hours` NaN and `free_from` -1 where nothing is wished. `spoken`, `english` and
    `wished` (countries) are people × columns of the opportunities.

    Args:
        facts: a row each.
        opportunities: whose columns of countries and languages count.
    """

    def __init__(self, facts: Sequence[PersonFacts], opportunities: OpportunityFacts) -> None:
        countries, languages = opportunities.countries.shape[1], opportunities.languages.shape[1]
        self.country: IntArray = np.array([person.country for person in facts], dtype=np.int64)
        self.country_known: BoolArray = np.array([person.country_known for person in facts], dtype=bool)
        wishes = [person.prefers_countries for person in facts]
        self.wishes_countries: BoolArray = np.array([wish is not None for wish in wishes], dtype=bool)
        self.wished = _flags([wish or () for wish in wishes], countries)
        self.spoken = _flags([person.languages for person in facts], languages)
        self.english = _flags([(person.english,) if person.english >= 0 else () for person in facts], languages)
        self.languages_known: BoolArray = np.array([person.languages_known for person in facts], dtype=bool)
        remote = [person.prefers_remote for person in facts]
        self.wishes_remote: BoolArray = np.array([wish is not None for wish in remote], dtype=bool)
        self.remote: BoolArray = np.array([bool(wish) for wish in remote], dtype=bool)
        hours = [np.nan if person.prefers_hours is None else person.prefers_hours for person in facts]
        self.hours: FloatArray = np.array(hours, dtype=np.float64)
        start = [-1 if person.free_from is None else person.free_from for person in facts]
        self.free_from: IntArray = np.array(start, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.country)

    def lives_in(self, countries: BoolArray) -> BoolArray:
        """People × opportunities: whether the person's country is one of the opportunity's.

        Args:
            countries: opportunities × countries.
        """
        if not countries.shape[1]:
            return np.zeros((len(self), len(countries)), dtype=bool)
        inside: BoolArray = countries[:, np.maximum(self.country, 0)].T & (self.country >= 0)[:, None]
        return inside


def shared(of_people: BoolArray, of_opportunities: BoolArray) -> BoolArray:
    """People × opportunities: whether both have a column in common. Quick where either side is one row."""
    common = np.zeros((len(of_people), len(of_opportunities)), dtype=bool)
    fewer = of_people if len(of_people) <= len(of_opportunities) else of_opportunities
    for column in np.flatnonzero(fewer.any(axis=0)).tolist():
        common |= of_people[:, column, None] & of_opportunities[:, column]
    return common


def _flags(columns: Sequence[Sequence[int]], width: int) -> BoolArray:
    flags = np.zeros((len(columns), width), dtype=bool)
    for row, entries in enumerate(columns):
        flags[row, list(entries)] = True
    return flags
