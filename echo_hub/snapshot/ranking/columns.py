"""Listings and people as the matcher's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from echo_core.matching import (
    IMPORTANCES,
    EligibilityFacts,
    EligibilityPeople,
    EligibilityPerson,
    OpportunityFacts,
    PersonFacts,
    Requirements,
    SkillSpace,
    Weights,
)
from echo_core.matching.arrays import BoolArray, IntArray
from echo_core.matching.conditions import country_fits, in_line, is_own, language_fits
from echo_core.matching.pairing_rules import zone_gaps
from echo_core.matching.person_columns import PersonColumns
from echo_core.model import Preferences
from echo_hub.snapshot.catalogue.listing import Listing
from echo_hub.snapshot.directory.people import DirectoryPerson, reporting_walk

_NONE: IntArray = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """What an operator may decide about eligibility.

    `assume_english`: everyone is taken to understand English, the working language of most firms that need a hub;
    a firm where that is not so turns it off. People whose languages nobody recorded are never shut out.
    `moving`: a job at an office in another country is open to people who would move there, and scores lower for its
    place. Off, jobs are for people of their country. Remote work limited to countries, and projects at an office,
    always are.
    `assume_from_titles`: somebody with few skills on the profile is matched by what the title's role usually takes,
    in part and said so; off, nothing is assumed of anybody.
    `mentoring_hours_apart`: mentors whose clock is further away are closed; None, the default, closes none, since
    some mentoring is done in writing.
    """

    assume_english: bool = True
    moving: bool = True
    assume_from_titles: bool = True
    mentoring_hours_apart: float | None = None


def requirements_table(listings: Sequence[Listing], space: SkillSpace, weights: Weights) -> Requirements:
    """All requirements, ordered by opportunity."""
    requirements = [requirement for listing in listings for requirement in listing.requirements]
    counts = np.array([len(listing.requirements) for listing in listings], dtype=np.int64)
    importance = {name: code for code, name in enumerate(IMPORTANCES)}
    worth = {origin: weights.number("need", origin) for origin in {requirement.origin for requirement in requirements}}
    return Requirements(
        np.repeat(np.array([listing.row for listing in listings], dtype=np.int64), counts),
        np.array([space.index[requirement.skill_id] for requirement in requirements], dtype=np.int64),
        np.array([importance[requirement.importance] for requirement in requirements], dtype=np.int64),
        np.array([requirement.level for requirement in requirements], dtype=np.int64),
        np.array([worth[requirement.origin] for requirement in requirements], dtype=np.float64),
    )


def _flags(values: Sequence[Sequence[str]], names: Sequence[str]) -> BoolArray:
    positions = {name: position for position, name in enumerate(names)}
    flags = np.zeros((len(values), len(names)), dtype=bool)
    for row, of_row in enumerate(values):
        for value in of_row:
            flags[row, positions[value]] = True
    return flags


class EligibilityColumns:
    """Columns for eligibility rules and preferences, and each person's side of them.

    Args:
        before: columns of the same people under the same managers, whose walk through the tree is taken over.
    """

    def __init__(
        self,
        listings: Sequence[Listing],
        people: Sequence[DirectoryPerson],
        settings: MatchSettings,
        today: date,
        before: EligibilityColumns | None = None,
    ) -> None:
        self.countries = tuple(sorted({code for listing in listings for code in listing.countries}))
        self.languages = tuple(sorted({code for listing in listings for code in listing.languages}))
        hours = [listing.hours_per_week for listing in listings]
        self.facts = OpportunityFacts(
            kind=np.array([listing.scored_as for listing in listings], dtype=np.int64),
            remote=np.array([listing.record.remote == "remote" for listing in listings], dtype=bool),
            countries=_flags([listing.countries for listing in listings], self.countries),
            languages=_flags([listing.languages for listing in listings], self.languages),
            hours=np.array([np.nan if value is None else value for value in hours], dtype=np.float64),
            id_rank=np.arange(len(listings), dtype=np.int64),
            start=np.array(
                [listing.record.starts_on.toordinal() if listing.record.starts_on else 0 for listing in listings],
                dtype=np.int64,
            ),
        )
        zones = {person.fact.time_zone for person in people if person.fact.time_zone}
        self._zones = (
            {zone: position for position, zone in enumerate(sorted(zones))} if settings.mentoring_hours_apart else {}
        )
        if before is None:
            self._enter, self._leave = reporting_walk([person.manager for person in people])
        else:
            self._enter, self._leave = before._enter, before._leave
        owner = np.array([listing.owner for listing in listings], dtype=np.int64)
        there = np.array([person.is_here for person in people] + [False], dtype=bool)
        enter, leave = np.r_[self._enter, -1], np.r_[self._leave, -1]
        seats = [-1 if listing.record.seats is None else listing.record.seats for listing in listings]
        self.eligibility = EligibilityFacts(
            facts=self.facts,
            open=np.array([listing.record.status == "open" for listing in listings], dtype=bool),
            seats=np.array(seats, dtype=np.int64),
            seats_taken=np.array([listing.record.seats_taken for listing in listings], dtype=np.int64),
            owner=owner,
            owner_active=there[owner],
            owner_enter=enter[owner],
            owner_leave=leave[owner],
            mentoring=np.array([listing.kind == "mentorship" for listing in listings], dtype=bool),
            movable=np.array(
                [
                    settings.moving and listing.kind == "job" and listing.record.remote != "remote"
                    for listing in listings
                ],
                dtype=bool,
            ),
            countries=self.countries,
            languages=self.languages,
            owner_zone=np.array(
                [self._zone(people[row]) if row >= 0 else -1 for row in owner.tolist()], dtype=np.int64
            ),
            zone_gaps=zone_gaps(tuple(self._zones), today),
            most_apart=np.inf if settings.mentoring_hours_apart is None else settings.mentoring_hours_apart,
        )
        zone = [self._zone(person) for person in people] if self._zones else np.full(len(people), -1)
        self._zone_of: IntArray = np.array(zone, dtype=np.int64)
        self._country = {code: position for position, code in enumerate(self.countries)}
        self._language = {code: position for position, code in enumerate(self.languages)}
        self._english = self._language.get("en", -1) if settings.assume_english else -1

    def everybody(
        self, groups: PersonColumns, group: IntArray, here: BoolArray, done: Mapping[int, IntArray]
    ) -> EligibilityPeople:
        """All people's side of the eligibility rules.

        Args:
            groups: what is known of each group; `group` has each person's.
            here: who is with the company.
            done: rows of learning that people have completed, by person.
        """
        return EligibilityPeople(
            groups,
            group,
            row=np.arange(len(group)),
            here=here,
            enter=self._enter,
            leave=self._leave,
            zone=self._zone_of,
            done_person=np.repeat(np.array(list(done), dtype=np.int64), [len(rows) for rows in done.values()]),
            done_row=np.concatenate([_NONE, *done.values()]),
        )

    def person(self, person: DirectoryPerson, done: IntArray, counted_in: IntArray) -> EligibilityPerson:
        """One person's side of the eligibility rules.

        Args:
            done: rows of learning the person has completed.
            counted_in: rows of opportunities whose demand counts the person.
        """
        return EligibilityPerson(
            row=person.row,
            status=person.fact.status,
            facts=self.facts_of(person.country, person.languages, person.preferences, counted_in),
            enter=int(self._enter[person.row]),
            leave=int(self._leave[person.row]),
            country=person.country,
            spoken=tuple(person.languages),
            zone=self._zone(person),
            done=done,
        )

    def facts_of(
        self,
        country: str | None,
        languages: Sequence[str],
        preferences: Preferences | None,
        counted_in: IntArray | None = None,
    ) -> PersonFacts:
        """What opportunities read about whoever is in this country, speaks these languages and prefers this."""
        wishes = preferences or Preferences()
        wished = tuple(self._country[code] for code in wishes.countries if code in self._country)
        return PersonFacts(
            country=self._country.get(country or "", -1),
            country_known=country is not None,
            languages=tuple(self._language[code] for code in languages if code in self._language),
            languages_known=bool(languages),
            english=self._english,
            prefers_hours=wishes.hours_per_week,
            prefers_remote=wishes.remote,
            prefers_countries=wished if wishes.countries else None,
            free_from=None if wishes.starts_from is None else wishes.starts_from.toordinal(),
            counted_in=counted_in,
        )

    def _zone(self, person: DirectoryPerson) -> int:
        return self._zones.get(person.fact.time_zone or "", -1)

    def let_in(self, people: Sequence[DirectoryPerson], person: IntArray, opportunity: IntArray) -> BoolArray:
        """For pairs of a person and an opportunity, what the rules say that look at both sides at once.

        Country, language, one's own, and the reporting line; the others are the same for everybody.
        """
        eligibility, facts = self.eligibility, self.facts
        rows, at = np.unique(person, return_inverse=True)  # after a change few of many
        concerned = [people[row] for row in rows.tolist()]
        known = np.array([who.country is not None for who in concerned], dtype=bool)[at]
        country = np.array([self._country.get(who.country or "", -1) for who in concerned], dtype=np.int64)[at]
        lives_there = np.zeros(len(person), dtype=bool)
        if facts.countries.shape[1]:
            lives_there = (country >= 0) & facts.countries[opportunity, np.maximum(country, 0)]
        spoken = _flags(
            [[code for code in who.languages if code in self._language] for who in concerned], self.languages
        )
        if self._english >= 0:
            spoken[:, self._english] = True
        speaks = np.array([bool(who.languages) for who in concerned], dtype=bool)[at]
        understood = (facts.languages[opportunity] & spoken[at]).any(axis=1)
        passed: BoolArray = country_fits(
            known, lives_there, facts.anywhere[opportunity], eligibility.movable[opportunity]
        )
        passed &= language_fits(speaks, facts.any_language[opportunity], understood)
        owner = eligibility.owner[opportunity]
        passed &= ~in_line(
            eligibility.mentoring[opportunity],
            owner,
            eligibility.owner_enter[opportunity],
            eligibility.owner_leave[opportunity],
            self._enter[person],
            self._leave[person],
        )
        passed &= ~is_own(owner, person)
        return passed
