"""Filters and facets: one meaning of "in Germany, remote, at most 8 hours" for the feed and for search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from echo_core.matching import SkillSpace
from echo_core.matching.arrays import BoolArray, FloatArray, SparseMatrix
from echo_hub.market.countries import country_name, language_name
from echo_hub.market.listing import Listing

MOST_VALUES = 50
"""How many values of one field a list offers to narrow by; there may be thousands of skills."""

FIELDS = ("kind", "country", "remote", "department", "skill", "language")
_LABELS = {
    "job": "Jobs",
    "project": "Projects",
    "mentorship": "Mentoring",
    "learning_path": "Learning",
    "on_site": "On site",
    "hybrid": "Hybrid",
    "remote": "Remote",
}


class Narrowing(Protocol):
    """What somebody narrowed a list to. Values of one field are alternatives, fields are combined."""

    @property
    def kind(self) -> Sequence[str]:
        """Kinds."""

    @property
    def country(self) -> Sequence[str]:
        """ISO codes; an opportunity open anywhere fits every country."""

    @property
    def remote(self) -> Sequence[str]:
        """Ways of working."""

    @property
    def department(self) -> Sequence[str]:
        """Unit names, units below included."""

    @property
    def skill(self) -> Sequence[str]:
        """Skill ids or labels."""

    @property
    def language(self) -> Sequence[str]:
        """Primary language tags."""

    @property
    def hours_max(self) -> float | None:
        """Hours a week. An opportunity that does not state them does not fit; learning at one's own pace does."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many opportunities have a value."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class _Column:
    """One field: its values, and values × opportunities. `everywhere` marks opportunities that fit every value."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    places: Mapping[str, int]
    has: SparseMatrix
    everywhere: BoolArray | None

    def mask(self, wanted: Sequence[str], count: int) -> BoolArray:
        """Opportunities with any of the wanted values. A value nobody has fits none."""
        found = np.zeros(count, dtype=bool)
        for value in wanted:
            place = self.places.get(value.strip().casefold())
            if place is not None:
                found[self.has.indices[self.has.indptr[place] : self.has.indptr[place + 1]]] = True
        return found if self.everywhere is None else found | self.everywhere

    def counts(self, rows: BoolArray, wanted: Sequence[str]) -> list[Count]:
        """Counts over some opportunities: the most frequent values, then those asked for that are not among them."""
        own = (self.has @ rows.astype(np.float64)).astype(np.int64)
        free = 0 if self.everywhere is None else int((self.everywhere & rows).sum())
        order = np.lexsort((np.arange(len(own)), -own))[: min(MOST_VALUES, int((own > 0).sum()))].tolist()
        asked = {place for value in wanted if (place := self.places.get(value.strip().casefold())) is not None}
        order += sorted(asked.difference(order))
        return [Count(self.values[place], self.labels[place], int(own[place]) + free) for place in order]


class Facets:
    """All filter fields of a market as columns."""

    def __init__(self, listings: Sequence[Listing], space: SkillSpace) -> None:
        self.count = len(listings)
        countries = {code: country_name(code) for one in listings for code in one.countries}
        skills = dict(zip(space.ids, space.labels, strict=True))
        anywhere = np.array([not one.countries for one in listings], dtype=bool)
        self._columns = {
            "kind": _column([(one.kind,) for one in listings], _LABELS),
            "country": _column([one.countries for one in listings], countries, everywhere=anywhere),
            "remote": _column([(one.record.remote,) if one.record.remote else () for one in listings], _LABELS),
            "department": _column([one.departments for one in listings], {}),
            "skill": _column([tuple(need.skill_id for need in one.needs) for one in listings], skills),
            "language": _column(
                [one.languages for one in listings],
                {code: language_name(code) for one in listings for code in one.languages},
            ),
        }
        hours = [one.hours_per_week for one in listings]
        self._hours: FloatArray = np.array([np.inf if value is None else value for value in hours], dtype=np.float64)

    def mask(self, filters: Narrowing, *, without: str | None = None) -> BoolArray:
        """Opportunities that fit all filters, leaving one field's filter out if told."""
        found = np.ones(self.count, dtype=bool)
        for name in FIELDS:
            wanted = getattr(filters, name)
            if wanted and name != without:
                found &= self._columns[name].mask(wanted, self.count)
        if filters.hours_max is not None:
            found &= self._hours <= filters.hours_max
        return found

    def counts(self, rows: BoolArray, filters: Narrowing) -> dict[str, list[Count]]:
        """Facets over `rows`. A field's own filter does not empty its own facet: alternatives stay countable."""
        narrowed = rows & self.mask(filters)
        return {
            name: self._columns[name].counts(
                rows & self.mask(filters, without=name) if getattr(filters, name) else narrowed, getattr(filters, name)
            )
            for name in FIELDS
        }


def _column(
    values: Sequence[Sequence[str]], labels: Mapping[str, str], *, everywhere: BoolArray | None = None
) -> _Column:
    """A column over listings; a value is found by itself or by its label, whatever the case."""
    known = sorted({value for row in values for value in row})
    place = {value: number for number, value in enumerate(known)}
    pairs = [(place[value], row) for row, mine in enumerate(values) for value in dict.fromkeys(mine)]
    rows = np.array([pair[0] for pair in pairs], dtype=np.int64)
    columns = np.array([pair[1] for pair in pairs], dtype=np.int64)
    matrix = sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(known), len(values)))
    names = tuple(labels.get(value, value) for value in known)
    found = {name.casefold(): number for number, name in reversed(list(enumerate(names)))}
    found.update({value.casefold(): number for value, number in place.items()})
    return _Column(tuple(known), names, found, matrix, everywhere)
