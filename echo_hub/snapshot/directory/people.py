"""People as the snapshot knows them: one entry per human, with location, languages and the line to the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from echo_core.matching.arrays import IntArray
from echo_core.model import Preferences
from echo_core.text.language_names import primary
from echo_hub.snapshot.catalogue.locations import Atlas
from echo_hub.snapshot.directory.facts import PersonFact, shared
from echo_hub.snapshot.directory.identity import Joined
from echo_hub.snapshot.rows import StoredRecords
from echo_hub.store.records import public_id


@dataclass(frozen=True, slots=True)
class DirectoryPerson:
    """A person. `row` is the position in every array; `id` the public id of the leading record, `ids` those of all.

    `fact` is the leading record of the HR system. `manager` is a row or -1. `languages` are primary tags.
    `preferences` are those of the first record that states any.
    """

    row: int
    id: str
    ids: tuple[str, ...]
    fact: PersonFact
    manager: int
    country: str | None
    languages: tuple[str, ...]
    org_unit: str | None
    location: str | None
    sources: tuple[str, ...]
    preferences: Preferences | None = None

    @property
    def is_here(self) -> bool:
        """Whether they are with the company, on leave or not."""
        return self.fact.status in ("active", "on_leave")


def build_people(stored_records: StoredRecords, joined: Joined, atlas: Atlas) -> tuple[DirectoryPerson, ...]:
    """One entry per profile, in the order of the join."""
    members: list[list[int]] = [[leading] for leading in joined.leading]
    for number, row in enumerate(joined.profile_of):
        if row >= 0 and number != joined.leading[row]:
            members[row].append(number)
    return tuple(_person(row, numbers, stored_records, joined, atlas) for row, numbers in enumerate(members))


def person_again(row: int, stored_records: StoredRecords, joined: Joined, atlas: Atlas) -> DirectoryPerson:
    """One profile's entry, made anew from what its records say now."""
    lead = joined.leading[row]
    numbers = [lead, *(number for number in joined.members(row) if number != lead)]
    return _person(row, numbers, stored_records, joined, atlas)


def _person(
    row: int, numbers: Sequence[int], stored_records: StoredRecords, joined: Joined, atlas: Atlas
) -> DirectoryPerson:
    """The profile of these facts, the leading one first."""
    facts = [stored_records.people[number] for number in numbers]
    lead = facts[0]
    ids = tuple([_id(fact) for fact in facts])
    unit = stored_records.units.get((lead.connection, lead.org_unit_id)) if lead.org_unit_id else None
    location = atlas.location_name(lead.connection, lead.place_id) if lead.place_id else None
    return DirectoryPerson(
        row=row,
        id=ids[0],
        ids=ids,
        fact=lead,
        manager=joined.manager[row],
        country=next((code for fact in facts if (code := _country(fact, atlas))), None),
        languages=next((codes for fact in facts if (codes := _languages(fact))), ()),
        org_unit=lead.org_unit or (unit.name if unit else None),
        location=lead.location or location or lead.city,
        sources=shared(tuple(dict.fromkeys(fact.connection for fact in facts))),
        preferences=next((fact.preferences for fact in facts if fact.preferences), None),
    )


def reporting_walk(manager: Sequence[int]) -> tuple[IntArray, IntArray]:
    """(enter, leave) of a walk through the manager tree: b reports to a when enter[a] <= enter[b] < leave[a].

    A person counts as in their own line. The tree has no circles; roots have manager -1.
    """
    below: dict[int, list[int]] = {}
    for row, boss in enumerate(manager):
        below.setdefault(boss, []).append(row)
    enter = np.zeros(len(manager), dtype=np.int64)
    leave = np.zeros(len(manager), dtype=np.int64)
    clock = 0
    waiting = [(row, False) for row in reversed(below.get(-1, []))]
    while waiting:
        row, done = waiting.pop()
        if done:
            leave[row] = clock
            continue
        enter[row] = clock
        clock += 1
        waiting.append((row, True))
        waiting.extend((report, False) for report in reversed(below.get(row, [])))
    return enter, leave


def _id(fact: PersonFact) -> str:
    return public_id(fact.connection, "person", fact.source_id)


def _country(fact: PersonFact, atlas: Atlas) -> str | None:
    if fact.country:
        return fact.country
    if by_place := atlas.country_of(fact.connection, fact.place_id):
        return by_place
    named = atlas.countries_in(fact.location or fact.city)
    return named[0] if len(named) == 1 else None


def _languages(fact: PersonFact) -> tuple[str, ...]:
    return shared(tuple(dict.fromkeys(primary(code) for code in fact.languages)))
