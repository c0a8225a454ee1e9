"""What is said of two people who were paired, and of a mentee who was not, needs what their records say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_core.model import Language, Mentorship, Person, PersonRef, Requirement, SkillClaim
from echo_core.model.message import Message
from echo_hub.services import mentoring
from echo_hub.services.mentoring_views import RoundSettings
from echo_hub.snapshot import Snapshot
from echo_hub.store.mentoring import remove_pair
from echo_hub.surfaces.messages.catalogue import catalogue

FAMILIES = ("pair-", "unassigned-", "ruled-out-", "wish")
HERE, FAR = "Europe/Stockholm", "Asia/Tokyo"


@dataclass(frozen=True)
class Facts:
    """What is on file of a mentee, of the mentor where there is one, and of all offers and people."""

    mentee: Person
    mentor: Person | None
    offers: tuple[Mentorship, ...]
    people: dict[str, Person]
    paired: dict[str, int]

    def wants(self, skill: Any) -> bool:
        return any(claim.label == skill and claim.stance == "wants_to_learn" for claim in self.mentee.skills)

    def level(self, skill: Any) -> int | None:
        """The level the mentee states, 0 where none; None where the skill is not on the profile."""
        return next((c.level or 0 for c in self.mentee.skills if c.label == skill and c.stance == "has"), None)

    def guides(self) -> list[tuple[str, Mentorship]]:
        """Every offer that teaches something the mentee wants, with the key of who makes it."""
        return [
            (str(offer.owner.value).removeprefix("E-"), offer)
            for offer in self.offers
            if offer.owner is not None and any(self.wants(requirement.label) for requirement in offer.requirements)
        ]

    def above(self, offer: Mentorship) -> bool:
        return any(
            self.wants(requirement.label) and (requirement.level or 5) > (self.level(requirement.label) or 0)
            for requirement in offer.requirements
        )

    def owners(self, closed: Callable[[Person, Mentorship], bool]) -> int:
        """How many mentors who teach more than the mentee knows are out for one reason."""
        return len({key for key, offer in self.guides() if self.above(offer) and closed(self.people[key], offer)})


def spoken(person: Person | None) -> set[str]:
    return {language.code for language in person.languages} if person else set()


def zones(facts: Facts) -> set[str | None]:
    return {facts.mentee.time_zone, facts.mentor.time_zone if facts.mentor else None}


def leads(person: Person, other: Person) -> bool:
    return f"{person.source_id}" == other.manager_id or f"{other.source_id}" == person.manager_id


PRECONDITIONS: dict[str, Callable[[Facts, Any], bool]] = {
    "pair-speak": lambda f, v: set(v["languages"]) == spoken(f.mentee) & spoken(f.mentor) != set(),
    "pair-english-assumed": lambda f, _: not spoken(f.mentee) & spoken(f.mentor),
    "pair-language-unknown": lambda f, _: not (spoken(f.mentee) and spoken(f.mentor)),
    "pair-clocks-same": lambda f, _: len(zones(f)) == 1 and None not in zones(f),
    "pair-clocks-apart": lambda f, v: zones(f) == {HERE, FAR} and v["hours"] == 8,
    "pair-clocks-unknown": lambda f, _: None in zones(f),
    "unassigned-nobody": lambda f, _: not f.guides(),
    "unassigned-peers": lambda f, _: f.guides() != [] and not any(f.above(offer) for _, offer in f.guides()),
    "unassigned-full": lambda f, v: (
        v["mentors"] > 0 and all(f.paired.get(key, 0) >= (offer.seats or 0) for key, offer in f.guides())
    ),
    "unassigned-ruled-out": lambda f, v: len(v["rules"]) > 0 and any(f.above(offer) for _, offer in f.guides()),
    "wish": lambda f, v: f.wants(v["skill"]),
    "wish-above-level": lambda f, v: f.wants(v["skill"]) and f.level(v["skill"]) == v["level"] > 0,
    "wish-above-own": lambda f, v: f.wants(v["skill"]) and f.level(v["skill"]) == 0,
    "wishes-more": lambda f, v: v["count"] < sum(claim.stance == "wants_to_learn" for claim in f.mentee.skills),
    "ruled-out-country": lambda f, v: (
        v["mentors"]
        == f.owners(lambda _, offer: bool(offer.countries) and f.mentee.country not in (None, *offer.countries))
    ),
    "ruled-out-language": lambda f, v: (
        v["mentors"] == f.owners(lambda _, offer: bool(offer.languages) and not spoken(f.mentee) & {*offer.languages})
    ),
    "ruled-out-common-language": lambda f, v: (
        v["mentors"] == f.owners(lambda mentor, _: not {*spoken(mentor)} & spoken(f.mentee))
    ),
    "ruled-out-not-own": lambda f, v: v["mentors"] == f.owners(lambda mentor, _: mentor == f.mentee),
    "ruled-out-reporting-line": lambda f, v: v["mentors"] == f.owners(lambda mentor, _: leads(mentor, f.mentee)),
    "ruled-out-time-zone": lambda f, v: (
        v["mentors"] == f.owners(lambda mentor, _: {mentor.time_zone, f.mentee.time_zone} == {HERE, FAR})
    ),
    "ruled-out-refused": lambda f, v: v["mentors"] == 1 and f.mentee.source_id == "ana",
}
"""What must be on file for each message, as (facts, values) → whether it is."""


def company() -> tuple[dict[str, Person], tuple[Mentorship, ...]]:
    """People of whom languages and clocks are known, not known or apart, and one mentor for each way of being out."""
    people: dict[str, Person] = {}
    offers: list[Mentorship] = []

    def person(
        key: str, *skills: SkillClaim, zone: str | None = HERE, codes: tuple[str, ...] = ("sv",), **more: Any
    ) -> None:
        languages = tuple(Language(code=code) for code in codes)
        record = {"source_id": key, "name": key.title(), "employee_id": f"E-{key}", "time_zone": zone}
        people[key] = Person(skills=skills, languages=languages, **record, **more)

    def offer(key: str, skill: str, level: int | None = 5, **more: Any) -> None:
        requirements = (Requirement(label=skill, level=level, importance="teaches"),)
        owner = PersonRef(scheme="employee_id", value=f"E-{key}")
        offers.append(
            Mentorship(
                source_id=f"m-{key}", title=skill, owner=owner, requirements=requirements, **{"seats": 1, **more}
            )
        )

    def wants(*skills: str) -> tuple[SkillClaim, ...]:
        return tuple(SkillClaim(label=skill, stance="wants_to_learn") for skill in skills)

    person("mia")
    offer("mia", "Kafka", seats=2)
    person("ana", *wants("Kafka"), SkillClaim(label="Kafka", level=2))
    person("same", *wants("Kafka"), codes=("sv", "en"))
    person("far", *wants("Negotiation"), zone=FAR, codes=())
    person("olga")
    offer("olga", "Negotiation", seats=2)
    person("full", *wants("Kafka"), zone=None, codes=("sv",))
    person("una", zone=None, codes=("de",))
    offer("una", "Rust")
    person("english", *wants("Rust"), codes=("en", "fr"))
    person("nobody", *wants("Accounting"))
    person("ned")
    offer("ned", "SQL", 2)
    person("peer", *wants("SQL"), SkillClaim(label="SQL", level=4))
    person("fia", *wants("Storytelling"))
    offer("fia", "Storytelling", countries=("NO",), languages=("da",))
    person("stopped", *wants("Storytelling"), SkillClaim(label="Storytelling", level=None), country="SE", codes=("pl",))
    person("led", *wants("Storytelling"), zone=FAR, manager_id="fia")
    person("curious", *wants("Python", "Negotiation", "Accounting", "Storytelling"), codes=("pl",))
    return people, tuple(offers)


@pytest.fixture
def said(row: Any, graph: Any, database: Any) -> list[tuple[Facts, Message]]:
    """Everything that three rounds say: with English taken for granted and without, and after a pair was removed."""
    people, offers = company()
    rows = [row("workday", "workers", person) for person in people.values()]
    rows += [row("exchange", "mentors", offer) for offer in offers]
    snapshot = Snapshot.build(rows, graph, today=date(2026, 3, 2))
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    told: list[tuple[Facts, Message]] = []

    def note(found: Any) -> None:
        key = {one.id: one.fact.source_id for one in snapshot.people}
        kept = [pair for pair in found.pairs if pair.state != "removed"]
        paired: dict[str, int] = {}
        for pair in kept:
            mentor = key[pair.mentor.id]
            paired[mentor] = paired.get(mentor, 0) + 1
        for pair in kept:
            both = people[key[pair.mentee.id]], people[key[pair.mentor.id]]
            told.extend((Facts(*both, offers, people, paired), one.message) for one in (*pair.notes, *pair.reasons))
        for left in found.unassigned:
            facts = Facts(people[key[left.mentee.id]], None, offers, people, paired)
            told.extend((facts, message) for message in nested(left.reason.message))

    for english in (True, False):
        settings = RoundSettings(time_zone_hours=9.0 if english else 4.0, assume_english=english)
        draft = mentoring.draft(database, snapshot, settings, by="hanna", now=now)
        note(draft)
    (pair,) = [pair for pair in draft.pairs if pair.mentee.name == "Ana"]
    remove_pair(database, pair.id, by="hanna", now=now)
    note(mentoring.redraft(database, snapshot, draft.round.id))
    return told


def nested(message: Message) -> list[Message]:
    """A message and those among its values."""
    parts = [part for value in message.values.values() if isinstance(value, tuple) for part in value]
    return [message, *(part for part in parts if isinstance(part, Message))]


def test_nothing_is_said_of_a_pair_or_a_mentee_that_no_record_says(said: Any) -> None:
    wrong = {
        (message.id, facts.mentee.source_id, facts.mentor and facts.mentor.source_id, str(dict(message.values)))
        for facts, message in said
        if message.id.startswith(FAMILIES) and not PRECONDITIONS[message.id](facts, message.values)
    }
    assert not wrong


def test_a_language_is_said_to_be_common_only_where_both_are_recorded_to_speak_it(said: Any) -> None:
    common = [(facts, message) for facts, message in said if message.id == "reason-language-spoken"]
    assert common
    for facts, message in common:
        assert message.values["language"] in spoken(facts.mentee) & spoken(facts.mentor)


def test_every_message_of_mentoring_has_a_precondition_and_is_said(said: Any) -> None:
    ids = {message for message in catalogue().ids() if message.startswith(FAMILIES)}
    assert ids == set(PRECONDITIONS)
    assert ids - {message.id for _, message in said} == set()
    assert {problem for _, message in said for problem in catalogue().problems(message)} == set()
