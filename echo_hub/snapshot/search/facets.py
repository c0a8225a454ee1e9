"""Filters and facets: one meaning of "in Germany, remote, at most 8 hours" for the feed and for search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from echo_core.matching import SkillSpace
from echo_core.matching.arrays import BoolArray, FloatArray
from echo_core.text.countries import country_name
from echo_core.text.language_names import language_name
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.catalogue.reuse import carried, taken_over
from echo_hub.snapshot.search.coding import Coding
from echo_hub.snapshot.search.facet_counts import Column, Count

ANYWHERE = "anywhere"
"""Stands beside the countries for what is open anywhere, which fits each of them and counts in each."""

_LABELS = {
    "job": "Jobs",
    "project": "Projects",
    "mentorship": "Mentoring",
    "learning_path": "Learning",
    "on_site": "On site",
    "hybrid": "Hybrid",
    "remote": "Remote",
}


_VALUES: dict[str, Callable[[Listing], Sequence[str]]] = {
    "kind": lambda listing: (listing.kind,),
    "country": lambda listing: listing.countries or (ANYWHERE,),
    "remote": lambda listing: (listing.record.remote,) if listing.record.remote else (),
    "department": lambda listing: listing.departments,
    "skill": lambda listing: [requirement.skill_id for requirement in listing.requirements],
    "language": lambda listing: listing.languages,
}
FIELDS = tuple(_VALUES)


class Narrowing(Protocol):
    """What somebody narrowed a list to. Values of one field are alternatives, fields are combined."""

    @property
    def kind(self) -> Sequence[str]:
        """Kinds."""

    @property
    def country(self) -> Sequence[str]:
        """ISO codes, or `ANYWHERE`; an opportunity open anywhere fits every country."""

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


class Facets:
    """All filter fields of a snapshot as columns. With `previous` facets only what is new or changed is read."""

    def __init__(self, listings: Sequence[Listing], space: SkillSpace, previous: Facets | None = None) -> None:
        self.count = len(listings)
        self._listings = tuple(listings)
        before = np.full(self.count, -1) if previous is None else carried(listings, previous._listings)
        fresh = [listings[row] for row in np.flatnonzero(before < 0).tolist()]
        self._codings: dict[str, Coding] = {
            name: Coding.of([values(listing) for listing in fresh])
            if previous is None
            else previous._codings[name].changed(before, [values(listing) for listing in fresh])
            for name, values in _VALUES.items()
        }
        codings = self._codings
        countries = {code: country_name(code) for code in codings["country"].values} | {ANYWHERE: "Anywhere"}
        labels: dict[str, Mapping[str, str]] = {
            "kind": _LABELS,
            "country": countries,
            "remote": _LABELS,
            "skill": dict(zip(space.ids, space.labels, strict=True)),
            "language": {code: language_name(code) for code in codings["language"].values},
        }
        self._columns = {
            name: Column(
                coding, labels.get(name, {}), everywhere=coding.having(ANYWHERE) if name == "country" else None
            )
            for name, coding in codings.items()
        }
        hours = [listing.hours_per_week for listing in fresh]
        self._hours: FloatArray = np.zeros(self.count) if previous is None else taken_over(before, previous._hours)
        self._hours[before < 0] = [np.inf if value is None else value for value in hours]

    def value(self, field: str, text: str) -> str | None:
        """The value of a field that is given as itself or as its label; None for one that nothing has."""
        return self._columns[field].value(text)

    def labels(self, field: str) -> list[str]:
        """What the values of a field are called, the most frequent first."""
        return list(self._columns[field].labels)

    def mask(self, filters: Narrowing, *, without: str | None = None) -> BoolArray:
        """Opportunities that fit all filters, leaving one field's filter out if told."""
        fitting = np.ones(self.count, dtype=bool)
        for name in FIELDS:
            wanted = getattr(filters, name)
            if wanted and name != without:
                fitting &= self._columns[name].mask(wanted)
        if filters.hours_max is not None:
            fitting &= self._hours <= filters.hours_max
        return fitting

    def of_kinds(self, kinds: Sequence[str]) -> BoolArray:
        """Opportunities of any of these kinds."""
        return self._columns["kind"].mask(kinds)

    def counts(self, rows: BoolArray, filters: Narrowing) -> dict[str, list[Count]]:
        """Facets over `rows`. A field's own filter does not empty its own facet: alternatives stay countable."""
        narrowed = rows & self.mask(filters)
        return {
            name: column.counts(
                rows & self.mask(filters, without=name) if getattr(filters, name) else narrowed,
                getattr(filters, name),
            )
            for name, column in self._columns.items()
        }
