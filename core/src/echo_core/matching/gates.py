"""Hard rules, apart from the score: no number of points opens a closed gate. Each rule says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from echo_core.matching.arrays import BoolArray, FloatArray, IntArray
from echo_core.matching.conditions import country_fits, in_line, is_own, language_fits
from echo_core.matching.opportunity_facts import OpportunityFacts
from echo_core.matching.pairing_rules import hours_apart
from echo_core.matching.person_columns import PersonColumns, shared
from echo_core.matching.person_facts import PersonFacts
from echo_core.matching.sentences import THEY, YOU, Voice

STATUSES = ("active", "on_leave", "future", "left")


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Columns of opportunities that gates read, beside the preference columns in `facts`.

    `seats` is -1 where unlimited. `owner` is a person's row or -1; `owner_enter`/`owner_leave` bound the owner's
    people in a walk through the manager tree, so that "reports to, directly or not" is a comparison of numbers.
    `countries` and `languages` name the columns in `facts`, as sentences print them. `owner_zone` is the row of the
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

    def of(self, row: int) -> GateFacts:
        """The columns of one opportunity: a rule asked about it alone need not look at all others."""
        one = np.array([row], dtype=np.int64)
        return GateFacts(
            self.facts.rows(one),
            self.open[one],
            self.seats[one],
            self.seats_taken[one],
            self.owner[one],
            self.owner_active[one],
            self.owner_enter[one],
            self.owner_leave[one],
            self.mentoring[one],
            self.movable[one],
            self.countries,
            self.languages,
            None if self.owner_zone is None else self.owner_zone[one],
            self.zone_gaps,
            self.most_apart,
            one if self.rows is None else self.rows[one],
        )


@dataclass(frozen=True, slots=True)
class GatePerson:
    """What gates read about a person. `done` are rows of learning the person has completed.

    `country` and `spoken` are what sentences print; the columns to compare are in `facts`.
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
    """What one gate said, as a sentence a colleague would accept. A note in a passed gate says what is not known."""

    name: str
    passed: bool
    text: str


class GatePeople:
    """What gates read about people, in columns. `group` is each person's row of `facts`.

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
    def of(cls, person: GatePerson, opportunities: GateFacts) -> GatePeople:
        """One person alone."""

        def only(value: int) -> IntArray:
            return np.array([value], dtype=np.int64)

        return cls(
            PersonColumns([person.facts], opportunities.facts),
            only(0),
            row=only(person.row),
            here=np.array([person.status in ("active", "on_leave")]),
            enter=only(person.enter),
            leave=only(person.leave),
            zone=only(person.zone),
            done_person=np.zeros(len(person.done), dtype=np.int64),
            done_row=person.done,
        )


Check = Callable[[GatePeople, GateFacts], BoolArray]
Sentence = Callable[[GatePerson, GateFacts, int, bool, Voice], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named gate: `check` answers what broadcasts to people × opportunities, `says` puts one answer into words.

    `personal` says that it looks at who somebody is: people of whom all else is known to be the same may get other
    answers. Any other rule reads the group, the time zone and the opportunity alone.
    """

    name: str
    check: Check
    says: Sentence
    personal: bool = False


def _active(people: GatePeople, _: GateFacts) -> BoolArray:
    return people.here[:, None]


def _active_says(person: GatePerson, _: GateFacts, __: int, ___: bool, voice: Voice) -> str:
    if voice is YOU:
        words = {
            "active": "You are with the company",
            "on_leave": "You are on leave and may still look",
            "left": "You have left the company",
        }
        return words.get(person.status, "You have not started yet") + "."
    words = {"active": "Is with the company", "on_leave": "Is on leave and may still look", "left": "Has left"}
    return words.get(person.status, "Has not started yet") + "."


def _open(_: GatePeople, opportunities: GateFacts) -> BoolArray:
    return opportunities.open[None]


def _open_says(_: GatePerson, __: GateFacts, ___: int, passed: bool, ____: Voice) -> str:
    return "Is open." if passed else "Is no longer open."


def _seats(_: GatePeople, opportunities: GateFacts) -> BoolArray:
    free: BoolArray = np.less(opportunities.seats, 0) | np.less(opportunities.seats_taken, opportunities.seats)
    return free[None]


def _seats_says(_: GatePerson, opportunities: GateFacts, row: int, passed: bool, __: Voice) -> str:
    seats, taken = int(opportunities.seats[row]), int(opportunities.seats_taken[row])
    if seats < 0:
        return "Has no limit of places."
    noun = "mentees" if opportunities.mentoring[row] else "people"
    left = f"{seats - taken} of {seats} places are free" if passed else f"has {taken} of at most {seats} {noun}"
    return left[0].upper() + left[1:] + "."


def _country(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    known, facts = people.facts.country_known[:, None], opportunities.facts
    lives_there = people.facts.lives_in(facts.countries)
    fits: BoolArray = country_fits(known, lives_there, facts.anywhere, opportunities.movable)[people.group]
    return fits


def _country_says(person: GatePerson, opportunities: GateFacts, row: int, _: bool, voice: Voice) -> str:
    columns = np.flatnonzero(opportunities.facts.countries[row])
    if not columns.size:
        return "Is open in every country."
    names = ", ".join(opportunities.countries[column] for column in columns)
    if not person.facts.country_known:
        return f"Is open in {names}; {voice.whose} country is not known, so it is shown."
    if opportunities.movable[row] and person.country not in names.split(", "):
        return f"Is in {names}; {voice.are} in {person.country} and would move."
    return f"Is open in {names}; {voice.are} in {person.country}."


def _language(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    known, facts = people.facts.languages_known[:, None], opportunities.facts
    understood = shared(people.facts.spoken | people.facts.english, facts.languages)
    fits: BoolArray = language_fits(known, facts.any_language, understood)[people.group]
    return fits


def _language_says(person: GatePerson, opportunities: GateFacts, row: int, passed: bool, voice: Voice) -> str:
    columns = np.flatnonzero(opportunities.facts.languages[row])
    if not columns.size:
        return "Asks for no particular language."
    names = " or ".join(opportunities.languages[column] for column in columns)
    if not person.facts.languages_known:
        return f"Is in {names}; {voice.whose} languages are not known, so it is shown."
    spoken = ", ".join(person.spoken) or "none of those in use here"
    if passed and not set(columns.tolist()) & set(person.facts.languages):
        return f"Is in {names}; everyone is taken to understand English."
    return f"Is in {names}; {voice.speak} {spoken}."


def _not_own(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    passed: BoolArray = np.logical_not(is_own(opportunities.owner, people.row[:, None]))
    return passed


def _not_own_says(_: GatePerson, __: GateFacts, ___: int, passed: bool, voice: Voice) -> str:
    return "Is someone else's." if passed else f"Is {voice.whose} own."


def _reporting(people: GatePeople, opportunities: GateFacts) -> BoolArray:
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


def _reporting_says(_: GatePerson, opportunities: GateFacts, row: int, passed: bool, __: Voice) -> str:
    if not opportunities.mentoring[row]:
        return "Reporting lines matter for mentoring only."
    if opportunities.owner[row] < 0:
        return "Whether the two report to one another is not known: the other side is not on file as a person."
    return "Neither reports to the other." if passed else "One reports to the other, directly or through managers."


def _time_zone(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    apart = _apart(people.zone[:, None], opportunities)
    near: BoolArray = np.logical_not(opportunities.mentoring & (apart > opportunities.most_apart))
    return np.atleast_2d(near)


def _time_zone_says(person: GatePerson, opportunities: GateFacts, row: int, __: bool, ___: Voice) -> str:
    most = opportunities.most_apart
    if np.isinf(most) or not opportunities.mentoring[row]:
        return "May be in any time zone."
    apart = float(_apart(person.zone, opportunities)[row])
    if np.isnan(apart):
        return "The time zone of one side is not known, so it is shown."
    return f"The clocks are {apart:g} hours apart; mentoring reaches across {most:g}."


def _apart(zone: IntArray | int, opportunities: GateFacts) -> FloatArray:
    """Hours between people's clocks, by zone, and each owner's; NaN where either zone is not known."""
    if opportunities.owner_zone is None or opportunities.zone_gaps is None or np.isinf(opportunities.most_apart):
        return np.full(len(opportunities.open), np.nan)
    return hours_apart(opportunities.zone_gaps, zone, opportunities.owner_zone)


def _owner(_: GatePeople, opportunities: GateFacts) -> BoolArray:
    there: BoolArray = ~(opportunities.mentoring & (opportunities.owner >= 0)) | opportunities.owner_active
    return there[None]


def _owner_says(_: GatePerson, opportunities: GateFacts, row: int, passed: bool, __: Voice) -> str:
    if not opportunities.mentoring[row]:
        return "Needs no particular person to be there."
    return "The other side is with the company." if passed else "The other side is not with the company now."


def _done(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    fresh = np.ones((len(people.row), len(opportunities.open)), dtype=bool)
    if opportunities.rows is None:
        fresh[people.done_person, people.done_row] = False
    else:
        for at, row in enumerate(opportunities.rows.tolist()):
            fresh[people.done_person[people.done_row == row], at] = False
    return fresh


def _done_says(_: GatePerson, __: GateFacts, ___: int, passed: bool, ____: Voice) -> str:
    return "Was not completed before." if passed else "Was completed already."


RULES: tuple[Rule, ...] = (
    Rule("person_active", _active, _active_says),
    Rule("open", _open, _open_says),
    Rule("seats_left", _seats, _seats_says),
    Rule("country", _country, _country_says),
    Rule("language", _language, _language_says),
    Rule("not_own", _not_own, _not_own_says, personal=True),
    Rule("reporting_line", _reporting, _reporting_says, personal=True),
    Rule("time_zone", _time_zone, _time_zone_says),
    Rule("owner_there", _owner, _owner_says),
    Rule("not_done", _done, _done_says, personal=True),
)
"""Every gate, in the order they are shown."""


def eligible(person: GatePerson, opportunities: GateFacts) -> BoolArray:
    """For every opportunity, whether all gates are open to the person."""
    passed: BoolArray = all_eligible(GatePeople.of(person, opportunities), opportunities)[0]
    return passed


def all_eligible(people: GatePeople, opportunities: GateFacts) -> BoolArray:
    """People × opportunities: whether all gates are open."""
    passed = np.ones((len(people.row), len(opportunities.open)), dtype=bool)
    for rule in RULES:
        passed &= rule.check(people, opportunities)
    return passed


def verdicts(person: GatePerson, opportunities: GateFacts, row: int, voice: Voice = THEY) -> tuple[Verdict, ...]:
    """What every gate says about one opportunity."""
    only = opportunities.of(row)
    alone = GatePeople.of(person, only)
    answers = []
    for rule in RULES:
        passed = bool(rule.check(alone, only)[0, 0])
        answers.append(Verdict(rule.name, passed, rule.says(person, only, 0, passed, voice)))
    return tuple(answers)
