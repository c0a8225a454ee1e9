"""The filters of a list as links and fields: what is on, how to take it off, what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from echo_core.text.normal_form import comparable
from echo_hub.services.views import FacetCount, ResultList
from echo_hub.surfaces import words
from echo_hub.surfaces.query import address

OFTEN = 6
"""How many values of a field stand open; the rest is behind "more"."""


@dataclass(frozen=True, slots=True)
class Field:
    """One group of checkboxes. `rest` is behind a "more"; what is checked always stands open."""

    name: str
    legend: str
    often: tuple[FacetCount, ...]
    rest: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is on, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind as a link. `count` is None for all kinds together."""

    label: str
    href: str
    current: bool
    count: int | None


class Narrowing:
    """How one list can be narrowed. `same` are the parameters every link keeps: person, words, page size."""

    def __init__(self, path: str, results: ResultList, same: Mapping[str, Any]) -> None:
        self.path = path
        self.same = [(key, value) for key, value in same.items() if value not in (None, "")]
        self._same = dict(same)
        self._results = results
        self._filters = results.filters

    def _to(self, **changed: Any) -> str:
        return address(self.path, self._filters.model_copy(update=changed), **self._same)

    @property
    def clear(self) -> str:
        """The list without any filter."""
        return address(self.path, **self._same)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """All kinds, then each kind with how many it has."""
        counts = {facet.value: facet.count for facet in self._results.facets.get("kind", ())}
        wanted = self._filters.kind
        return (
            Tab("All", self._to(kind=()), not wanted, None),
            *(
                Tab(label, self._to(kind=(kind,)), kind in wanted, counts.get(kind, 0))
                for kind, label in words.KINDS_WORDS.items()
                if kind in self._results.kinds
            ),
        )

    @property
    def fields(self) -> tuple[Field, ...]:
        """The groups that have something to choose from."""
        fields = []
        for name, legend in words.FILTER_FIELDS:
            on = self.wanted(name)
            counts = sorted(self._results.facets.get(name, ()), key=lambda facet: self._is_on(facet, on), reverse=True)
            checked = sum(self._is_on(facet, on) for facet in counts)
            # One more line costs less room than a "1 more" to open.
            open_until = max(OFTEN, checked) if len(counts) > max(OFTEN, checked) + 1 else len(counts)
            if counts:
                fields.append(Field(name, legend, tuple(counts[:open_until]), tuple(counts[open_until:])))
        return tuple(fields)

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """Every filter that is on, kinds apart: the tabs show those."""
        chosen = []
        for name, _ in words.FILTER_FIELDS:
            values: tuple[str, ...] = getattr(self._filters, name)
            labels = {comparable(facet.value): facet.label for facet in self._results.facets.get(name, ())}
            for value in values:
                rest = tuple(other for other in values if other != value)
                chosen.append(Chosen(labels.get(comparable(value), value), self._to(**{name: rest})))
        if self._filters.hours_max is not None:
            chosen.append(Chosen(f"At most {words.hours(self._filters.hours_max)} a week", self._to(hours_max=None)))
        return tuple(chosen)

    def wanted(self, name: str) -> frozenset[str]:
        """The chosen values of a field, as they compare: a skill may be asked for by id or by name."""
        return frozenset(comparable(value) for value in getattr(self._filters, name))

    def on(self, name: str, facet: FacetCount) -> bool:
        """Whether a value is chosen."""
        return self._is_on(facet, self.wanted(name))

    @staticmethod
    def _is_on(facet: FacetCount, wanted: frozenset[str]) -> bool:
        return bool(wanted & {comparable(facet.value), comparable(facet.label)})

    @property
    def kinds(self) -> tuple[str, ...]:
        """Chosen kinds, which the form carries along."""
        return self._filters.kind

    @property
    def hours(self) -> str:
        """The limit of hours as the field shows it."""
        return "" if self._filters.hours_max is None else f"{self._filters.hours_max:g}"

    @property
    def useful(self) -> bool:
        """Whether there is anything to narrow, or to take back."""
        return bool(self.fields) or self._filters.active
