"""Filters and facets: one meaning of "in Germany, remote, at most 8 hours" for the feed and for search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from echo_core.matching import SkillSpace
from echo_core.matching.arrays import BoolArray, FloatArray
from echo_hub.market.counting import Column, Count
from echo_hub.market.countries import country_name, language_name
from echo_hub.market.listing import Listing

ANYWHERE = "anywhere"
"""Counted beside the countries: what is open anywhere fits each of them, and is counted in none."""

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
    """All filter fields of a market as columns."""

    def __init__(self, listings: Sequence[Listing], space: SkillSpace) -> None:
        self.count = len(listings)
        countries = {code: country_name(code) for one in listings for code in one.countries} | {ANYWHERE: "Anywhere"}
        skills = dict(zip(space.ids, space.labels, strict=True))
        anywhere = np.array([not one.countries for one in listings], dtype=bool)
        self._columns = {
            "kind": Column([(one.kind,) for one in listings], _LABELS),
            "country": Column([one.countries or (ANYWHERE,) for one in listings], countries, everywhere=anywhere),
            "remote": Column([(one.record.remote,) if one.record.remote else () for one in listings], _LABELS),
            "department": Column([one.departments for one in listings], {}),
            "skill": Column([tuple(need.skill_id for need in one.needs) for one in listings], skills),
            "language": Column(
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
                found &= self._columns[name].mask(wanted)
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
