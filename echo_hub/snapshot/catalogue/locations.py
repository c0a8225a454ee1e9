"""Which country a place is in, from what the sources themselves say. A place nobody located stays without a country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from echo_core.model import Opportunity, Place
from echo_core.text.countries import country_named
from echo_core.text.normal_form import comparable
from echo_hub.snapshot.directory.facts import PersonFact

_PARTS = re.compile(r"[,;/|()\[\]\n•·]|\s[-–—]\s|\s(?:or|and|oder|und|ou|et|y)\s", re.IGNORECASE)
_STATE = re.compile("[A-Z]{2}")
_REMOTE = re.compile(
    r"^(?:fully\s+)?remote(?:\s+(?:from|in|within))?\s*|(?<!\s)\s+(?:office|hq|headquarters)$", re.IGNORECASE
)


class Atlas:
    """City and site names with the one country that place records and people's sites give them.

    A name that stands for two countries (Paris in France and in Texas) is forgotten: it would be a guess.
    """

    def __init__(self, places: Mapping[tuple[str, str], Place], people: Iterable[PersonFact]) -> None:
        self._places = places
        known: dict[str, set[str]] = defaultdict(set)
        for key, place in places.items():
            if country := self.country_of(*key):
                for name in (place.city, place.name, place.location):
                    _learn(known, name, country)
        for person in people:
            if person.country:
                _learn(known, person.city, person.country)
                _learn(known, person.location, person.country)
        self._cities = {name: next(iter(codes)) for name, codes in known.items() if len(codes) == 1}
        self._cache: dict[str, tuple[str, ...]] = {}

    def knows_the_same(self, other: Atlas) -> bool:
        """Whether both say the same of every name."""
        return self._cities == other._cities and self._places == other._places

    def country_of(self, connection: str, place_id: str | None) -> str | None:
        """The country of a place record, or of the nearest place above it that has one."""
        seen: set[str] = set()
        while place_id and place_id not in seen:
            seen.add(place_id)
            place = self._places.get((connection, place_id))
            if place is None:
                return None
            if place.country:
                return place.country
            place_id = place.parent_id
        return None

    def location_name(self, connection: str, place_id: str) -> str | None:
        """What a place record calls itself."""
        place = self._places.get((connection, place_id))
        return place.name if place else None

    def countries_in(self, text: str | None) -> tuple[str, ...]:
        """Countries a location text names, else the countries of the cities it names; sorted, perhaps none."""
        if not text:
            return ()
        if text not in self._cache:
            parts = _parts(text)
            named = _named(parts)
            countries = named or {code for part in parts if (code := self._cities.get(comparable(part)))}
            self._cache[text] = tuple(sorted(countries))
        return self._cache[text]

    def countries_for(self, connection: str, record: Opportunity, place_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Where an opportunity can be taken up; empty means anywhere.

        The source's own list wins. Otherwise jobs, and projects that are not remote, are where their place is; a
        remote one is bound only to a country its location text names. Learning and mentoring are bound to no place.
        """
        if record.countries:
            return tuple(sorted(record.countries))
        if record.kind not in ("job", "project"):
            return ()
        if record.remote == "remote":
            # The city is where the team sits; "Remote, Canada" is where the work may be done.
            return tuple(sorted(_named(_parts(record.location))))
        if record.kind == "project" and record.remote is None:
            return ()
        by_place = {country for location in place_ids if (country := self.country_of(connection, location))}
        return tuple(sorted(by_place)) or self.countries_in(record.location)


def _named(parts: Sequence[str]) -> set[str]:
    """The countries that parts of a text name. Before two capitals ("Lebanon, TN") stands a town, not a country."""
    codes = [country_named(part) for part in parts]
    return {
        code
        for code, after in zip_longest(codes, parts[1:], fillvalue="")
        if code and (country_named(after) or not _STATE.fullmatch(after) or after == code)
    }


def _parts(text: str | None) -> list[str]:
    """A location text whole and in its parts, without words such as "remote"."""
    return [_REMOTE.sub("", part).strip() for part in (text, *_PARTS.split(text))] if text else []


def _learn(known: dict[str, set[str]], name: str | None, country: str) -> None:
    if name and (key := comparable(name)) and not country_named(name):
        known[key].add(country)
