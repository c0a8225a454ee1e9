"""Hard rules, apart from the score: no number of points outweighs a rule. Each says what it read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.conditions import country_fits, in_line, is_own, language_fits
from echo_core.matching.messages import THEY, Said, Speaks, Voice
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.pairing_rules import hours_apart
from echo_core.matching.person_columns import PersonColumns, shared
from echo_core.matching.person_facts import PersonFacts
from echo_core.model.message import Message, Value

STATUSES = ("active", "on_leave", "future", "left")


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """Columns of opportunities that eligibility rules read, beside the preference columns in `facts`.

    `seats` is -1 where unlimited. `owner` is a person's row or -1; `owner_enter`/`owner_leave` bound the owner's
    people in a walk through the manager tree, so that "reports to, directly or not" is a comparison of numbers.
    `countries` and `languages` are the codes of the columns in `facts`. `owner_zone` is the row of the
    owner's time zone in `zone_gaps` (hours apart, zones × zones) or -1; mentoring further than `most_apart` hours
    apart is closed. `rows` says which rows of the snapshot these are, where they are not all.
    """

    facts: OpportunityFacts
    open: BoolArray
    seats: IntArray
    seats_taken: IntArray
    owner: IntArray
    owner_active: BoolArray
    owner_enter: IntArray
    owner_leave: IntArray
    mentoring: BoolArray
    movable: BoolArray
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    owner_zone: IntArray | None = None
    zone_gaps: FloatArray | None = None
    most_apart: float = np.inf
    rows: IntArray | None = None

    def of(self, only: IntArray) -> EligibilityFacts:
        """The columns of some opportunities: a rule asked about those alone need not look at all others."""
        return EligibilityFacts(
            self.facts.rows(only),
            self.open[only],
            self.seats[only],
            self.seats_taken[only],
            self.owner[only],
            self.owner_active[only],
            self.owner_enter[only],
            self.owner_leave[only],
            self.mentoring[only],
            self.movable[only],
            self.countries,
            self.languages,
            None if self.owner_zone is None else self.owner_zone[only],
            self.zone_gaps,
            self.most_apart,
            only if self.rows is None else self.rows[only],
        )


@dataclass(frozen=True, slots=True)
class EligibilityPerson:
    """What eligibility rules read about a person. `done` are rows of learning the person has completed.

    `country` and `spoken` are the codes that messages hold; the columns to compare are in `facts`.
    """

    row: int
    status: str
    facts: PersonFacts
    enter: int
    leave: int
    country: str | None = None
    spoken: tuple[str, ...] = ()
    zone: int = -1
    done: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said. One that is met may speak neither way: where something is not known, or is a condition."""

    name: str
    passed: bool
    message: Message
    speaks: Speaks


class EligibilityPeople:
    """What eligibility rules read about people, in columns. `group` is each person's row of `facts`.

    `done_person` and `done_row` are pairs: a person here, and the row of learning that person has completed.
    """

    def __init__(
        self,
        facts: PersonColumns,
        group: IntArray,
        *,
        row: IntArray,
        here: BoolArray,
        enter: IntArray,
        leave: IntArray,
        zone: IntArray,
        done_person: IntArray,
        done_row: IntArray,
    ) -> None:
        self.facts, self.group, self.row, self.here = facts, group, row, here
        self.enter, self.leave, self.zone = enter, leave, zone
        self.done_person, self.done_row = done_person, done_row

    @classmethod
    def of(cls, people: Sequence[EligibilityPerson], opportunities: EligibilityFacts) -> EligibilityPeople:
        """Some people, each a group of their own."""
        each = np.arange(len(people))
        return cls(
            PersonColumns([person.facts for person in people], opportunities.facts),
            each,
            row=np.array([person.row for person in people], dtype=np.int64),
            here=np.array([person.status in ("active", "on_leave") for person in people], dtype=bool),
            enter=np.array([person.enter for person in people], dtype=np.int64),
            leave=np.array([person.leave for person in people], dtype=np.int64),
            zone=np.array([person.zone for person in people], dtype=np.int64),
            done_person=np.repeat(each, [len(person.done) for person in people]),
            done_row=np.concatenate([person.done for person in people]),
        )


Check = Callable[[EligibilityPeople, EligibilityFacts], BoolArray]
Says = Callable[[EligibilityPerson, EligibilityFacts, int, bool, Voice], Said]


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """A named rule: `check` answers what broadcasts to people × opportunities, `says` gives the message of one answer.

    `personal` says that it looks at who somebody is: people of whom all else is known to be the same may get other
    answers. Any other rule reads the group, the time zone and the opportunity alone.
    """

    name: str
    check: Check
    says: Says
    personal: bool = False


def _active(people: EligibilityPeople, _: EligibilityFacts) -> BoolArray:
    return people.here[:, None]


def _active_says(person: EligibilityPerson, _: EligibilityFacts, __: int, ___: bool, voice: Voice) -> Said:
    return _said(f"gate-person-{person.status.replace('_', '-')}", who=voice)


def _open(_: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    return opportunities.open[None]


def _open_says(_: EligibilityPerson, __: EligibilityFacts, ___: int, passed: bool, ____: Voice) -> Said:
    return _said("gate-open" if passed else "gate-closed")


def _seats(_: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    free: BoolArray = np.less(opportunities.seats, 0) | np.less(opportunities.seats_taken, opportunities.seats)
    return free[None]


def _seats_says(_: EligibilityPerson, opportunities: EligibilityFacts, row: int, passed: bool, __: Voice) -> Said:
    seats, taken = int(opportunities.seats[row]), int(opportunities.seats_taken[row])
    if seats < 0:
        return _said("gate-seats-unlimited")
    if passed:
        return _said("gate-seats-free", free=seats - taken, seats=seats)
    people = "mentees" if opportunities.mentoring[row] else "people"
    return _said("gate-seats-taken", taken=taken, seats=seats, of=people)


def _country(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    known, facts = people.facts.country_known[:, None], opportunities.facts
    lives_there = people.facts.lives_in(facts.countries)
    fits: BoolArray = country_fits(known, lives_there, facts.anywhere, opportunities.movable)[people.group]
    return fits


def _country_says(person: EligibilityPerson, opportunities: EligibilityFacts, row: int, _: bool, voice: Voice) -> Said:
    columns = np.flatnonzero(opportunities.facts.countries[row])
    if not columns.size:
        return _said("gate-country-any")
    names = tuple(opportunities.countries[column] for column in columns)
    if not person.facts.country_known:
        return _said("gate-country-unknown", "open", who=voice, countries=names)
    country = person.country or ""
    if opportunities.movable[row] and person.facts.country not in columns:
        return _said("gate-country-move", "open", who=voice, countries=names, country=country)
    return _said("gate-country", who=voice, countries=names, country=country)


def _language(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    known, facts = people.facts.languages_known[:, None], opportunities.facts
    understood = shared(people.facts.spoken | people.facts.english, facts.languages)
    fits: BoolArray = language_fits(known, facts.any_language, understood)[people.group]
    return fits


def _language_says(
    person: EligibilityPerson, opportunities: EligibilityFacts, row: int, passed: bool, voice: Voice
) -> Said:
    columns = np.flatnonzero(opportunities.facts.languages[row])
    if not columns.size:
        return _said("gate-language-any")
    names = tuple(opportunities.languages[column] for column in columns)
    if not person.facts.languages_known:
        return _said("gate-language-unknown", "open", who=voice, languages=names)
    if passed and not set(columns.tolist()) & set(person.facts.languages):
        return _said("gate-language-assumed", "open", languages=names)
    return _said("gate-language", who=voice, languages=names, spoken=person.spoken)


def _not_own(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    passed: BoolArray = np.logical_not(is_own(opportunities.owner, people.row[:, None]))
    return passed


def _not_own_says(_: EligibilityPerson, opportunities: EligibilityFacts, row: int, passed: bool, voice: Voice) -> Said:
    if not passed:
        return _said("gate-own", who=voice)
    return _said("gate-owner-other" if opportunities.owner[row] >= 0 else "gate-owner-nobody")


def _reporting(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    passed: BoolArray = np.logical_not(
        in_line(
            opportunities.mentoring,
            opportunities.owner,
            opportunities.owner_enter,
            opportunities.owner_leave,
            people.enter[:, None],
            people.leave[:, None],
        )
    )
    return passed


def _reporting_says(
    person: EligibilityPerson, opportunities: EligibilityFacts, row: int, passed: bool, __: Voice
) -> Said:
    if not opportunities.mentoring[row]:
        return _said("gate-line-irrelevant")
    if opportunities.owner[row] < 0:
        return _said("gate-line-unknown", "open")
    if opportunities.owner[row] == person.row:
        return _said("gate-line-own")
    return _said("gate-line-apart" if passed else "gate-line-reports")


def _time_zone(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    apart = _apart(people.zone[:, None], opportunities)
    near: BoolArray = np.logical_not(opportunities.mentoring & (apart > opportunities.most_apart))
    return np.atleast_2d(near)


def _time_zone_says(person: EligibilityPerson, opportunities: EligibilityFacts, row: int, __: bool, ___: Voice) -> Said:
    most = opportunities.most_apart
    if np.isinf(most) or not opportunities.mentoring[row]:
        return _said("gate-zone-any")
    apart = float(_apart(person.zone, opportunities)[row])
    if np.isnan(apart):
        return _said("gate-zone-unknown", "open")
    return _said("gate-zone-apart", hours=apart, most=most)


def _apart(zone: IntArray | int, opportunities: EligibilityFacts) -> FloatArray:
    """Hours between people's clocks, by zone, and each owner's; NaN where either zone is not known."""
    if opportunities.owner_zone is None or opportunities.zone_gaps is None or np.isinf(opportunities.most_apart):
        return np.full(len(opportunities.open), np.nan)
    return hours_apart(opportunities.zone_gaps, zone, opportunities.owner_zone)


def _owner(_: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    there: BoolArray = ~(opportunities.mentoring & (opportunities.owner >= 0)) | opportunities.owner_active
    return there[None]


def _owner_says(_: EligibilityPerson, opportunities: EligibilityFacts, row: int, passed: bool, __: Voice) -> Said:
    if not opportunities.mentoring[row]:
        return _said("gate-owner-not-needed")
    if opportunities.owner[row] < 0:
        return _said("gate-owner-unknown", "open")
    return _said("gate-owner-there" if passed else "gate-owner-gone")


def _done(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    fresh = np.ones((len(people.row), len(opportunities.open)), dtype=bool)
    if opportunities.rows is None:
        fresh[people.done_person, people.done_row] = False
    else:
        pair, at = np.nonzero(people.done_row[:, None] == opportunities.rows)
        fresh[people.done_person[pair], at] = False
    return fresh


def _done_says(_: EligibilityPerson, __: EligibilityFacts, ___: int, passed: bool, ____: Voice) -> Said:
    return _said("gate-not-done" if passed else "gate-done")


def _said(name: str, speaks: Speaks = "for", **values: Value) -> Said:
    return Said(Message(name, values), speaks)


ELIGIBILITY_RULES: tuple[EligibilityRule, ...] = (
    EligibilityRule("person_active", _active, _active_says),
    EligibilityRule("open", _open, _open_says),
    EligibilityRule("seats_left", _seats, _seats_says),
    EligibilityRule("country", _country, _country_says),
    EligibilityRule("language", _language, _language_says),
    EligibilityRule("not_own", _not_own, _not_own_says, personal=True),
    EligibilityRule("reporting_line", _reporting, _reporting_says, personal=True),
    EligibilityRule("time_zone", _time_zone, _time_zone_says),
    EligibilityRule("owner_there", _owner, _owner_says),
    EligibilityRule("not_done", _done, _done_says, personal=True),
)
"""Every eligibility rule, in the order they are shown."""


def eligible(person: EligibilityPerson, opportunities: EligibilityFacts) -> BoolArray:
    """For every opportunity, whether the person meets every rule."""
    passed: BoolArray = all_eligible(EligibilityPeople.of([person], opportunities), opportunities)[0]
    return passed


def all_eligible(people: EligibilityPeople, opportunities: EligibilityFacts) -> BoolArray:
    """People × opportunities: whether every rule is met."""
    passed = np.ones((len(people.row), len(opportunities.open)), dtype=bool)
    for rule in ELIGIBILITY_RULES:
        passed &= rule.check(people, opportunities)
    return passed


def by_rule(people: EligibilityPeople, opportunities: EligibilityFacts) -> dict[str, BoolArray]:
    """People × opportunities, whether a rule is met, by its name."""
    shape = len(people.row), len(opportunities.open)
    return {rule.name: np.broadcast_to(rule.check(people, opportunities), shape) for rule in ELIGIBILITY_RULES}


def verdicts(
    person: EligibilityPerson, opportunities: EligibilityFacts, row: int, voice: Voice = THEY
) -> tuple[Verdict, ...]:
    """What every rule says about one person and one opportunity."""
    ((said,),) = all_verdicts([person], opportunities, np.array([row], dtype=np.int64), voice)
    return said


def all_verdicts(
    people: Sequence[EligibilityPerson], opportunities: EligibilityFacts, rows: IntArray, voice: Voice = THEY
) -> list[list[tuple[Verdict, ...]]]:
    """By person and opportunity, what every rule says; each rule is asked once about all of them."""
    if not people:
        return []
    some = opportunities.of(rows)
    passed = [answers.tolist() for answers in by_rule(EligibilityPeople.of(people, some), some).values()]

    def said(rule: EligibilityRule, person: EligibilityPerson, row: int, passes: bool) -> Verdict:
        words = rule.says(person, some, row, passes, voice)
        return Verdict(rule.name, passes, words.message, words.speaks if passes else "against")

    return [
        [
            tuple(
                said(rule, person, row, answers[at][row])
                for rule, answers in zip(ELIGIBILITY_RULES, passed, strict=True)
            )
            for row in range(len(rows))
        ]
        for at, person in enumerate(people)
    ]
