"""Every message has a precondition: what must be stated or recorded before it may be said of anybody.

A firm of people of whom everything, nothing or the contrary is known is walked through, every person beside every
opportunity, for the person and for an owner. Facts are read from records, not from what the matcher made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fluent.syntax import FluentParser
from fluent.syntax.visitor import Visitor

from echo_core.matching import THEY, verdicts
from echo_core.matching.messages import hours
from echo_core.model import (
    Job,
    Language,
    LearningPath,
    LearningRecord,
    Mentorship,
    Person,
    PersonRef,
    Preferences,
    Project,
    Requirement,
    SkillClaim,
)
from echo_core.model.message import Message
from echo_hub.services.candidates import candidates
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.views import Line, Sentence, SkillSentence, View
from echo_hub.snapshot import MatchSettings, Snapshot
from echo_hub.surfaces.messages.catalogue import HERE, catalogue

TODAY = date(2026, 3, 2)


@dataclass
class Facts:
    """What is on file of one person and one opportunity."""

    snapshot: Snapshot
    row: int
    listing: Any

    def __post_init__(self) -> None:
        self.person = self.snapshot.people[self.row]
        self.record = self.listing.record
        self.wishes = self.person.preferences or Preferences()
        claims = [one for one in self.snapshot.claims_of(self.row) if one.skill_id]
        self.claims = {stance: [one for one in claims if one.stance == stance] for stance in STANCES}
        self.requirements = {
            self.snapshot.taxonomy.skills[one.skill_id].label: one for one in self.listing.requirements
        }

    def has(self, skill: Any) -> bool:
        return any(one.label == skill for one in self.claims["has"])

    def levels(self, skill: Any) -> set[int]:
        return {one.level or 0 for one in self.claims["has"] if one.label == skill}

    def wants(self, stance: str, values: Any) -> bool:
        return any(one.label == (values["near"] or values["skill"]) for one in self.claims[stance])

    def asks(self, values: Any) -> bool:
        requirement = self.requirements.get(values["skill"])
        return requirement is not None and requirement.importance != "teaches" and requirement.level == values["asked"]

    def teaches(self, skill: Any) -> bool:
        return skill in self.requirements and self.requirements[skill].importance == "teaches"

    @property
    def any_zone(self) -> bool:
        """Whether the company set no limit between clocks."""
        return bool(np.isinf(self.snapshot.opportunity_table.eligibility.most_apart))

    @property
    def reports(self) -> bool:
        """Whether one of the two is the other's manager, directly or through managers, and not the same person."""
        if self.owner is None:
            return False
        above = [set(chain(self.snapshot, start)) for start in (self.row, self.listing.owner)]
        return self.row in above[1] or self.listing.owner in above[0]

    @property
    def owner(self) -> Any:
        return None if self.listing.owner < 0 else self.snapshot.people[self.listing.owner]


def chain(snapshot: Snapshot, row: int) -> Iterator[int]:
    """The managers above somebody, from the records' own keys."""
    rows = {person.fact.source_id: person.row for person in snapshot.people}
    above = rows.get(snapshot.people[row].fact.manager_id or "")
    while above is not None:
        yield above
        above = rows.get(snapshot.people[above].fact.manager_id or "")


STANCES = ("has", "teaches", "wants_to_use", "wants_to_learn", "avoids")
Check = Callable[[Facts, Any], bool]


def at_stated_level(facts: Facts, skill: Any, level: Any) -> bool:
    return level in facts.levels(skill)


PRECONDITIONS: dict[str, Check] = {
    "reason-has": lambda f, v: at_stated_level(f, v["skill"], v["level"]) and f.asks(v),
    "reason-near": lambda f, v: at_stated_level(f, v["near"], v["level"]) and f.asks(v),
    "reason-assumed": lambda f, v: f.person.fact.title == v["title"] and not f.has(v["skill"]),
    "reason-confirmed": lambda f, v: all(
        any(one.asserter != "person" for one in f.claims["has"] if one.label == skill) for skill in v["skills"]
    ),
    "reason-unconfirmed": lambda f, _: bool(f.claims["has"]),
    "reason-uses-wished": lambda f, v: f.wants("wants_to_use", v),
    "reason-practises-wished": lambda f, v: f.wants("wants_to_learn", v),
    "reason-asks-help": lambda f, v: f.wants("teaches", v),
    "reason-teaches-wished": lambda f, v: f.wants("wants_to_learn", v) and f.teaches(v["skill"]),
    "reason-step-up": lambda f, v: (
        bool(f.claims["wants_to_learn"]) and f.asks(v) and v["level"] in (f.levels(v["skill"]) or {0})
    ),
    "reason-taught-missing": lambda f, v: not f.has(v["skill"]) and f.teaches(v["skill"]),
    "reason-taught-higher": lambda f, v: at_stated_level(f, v["skill"], v["level"]) and f.teaches(v["skill"]),
    "reason-place-remote": lambda f, _: f.record.remote == "remote",
    "reason-place-same-country": lambda f, v: f.person.country == v["country"] in f.listing.countries,
    "reason-place-anywhere": lambda f, _: not f.listing.countries,
    "reason-place-preferred": lambda f, v: v["country"] in f.wishes.countries and v["country"] in f.listing.countries,
    "reason-place-remote-unwished": lambda f, _: f.wishes.remote is False and f.record.remote == "remote",
    "reason-place-on-site-unwished": lambda f, _: f.wishes.remote is True and f.record.remote != "remote",
    "reason-place-unknown": lambda f, _: f.person.country is None,
    "reason-language-spoken": lambda f, v: v["language"] in f.person.languages and v["language"] in f.listing.languages,
    "reason-language-any": lambda f, _: not f.listing.languages,
    "reason-language-assumed": lambda f, _: "en" in f.listing.languages and "en" not in f.person.languages,
    "reason-language-unknown": lambda f, _: not f.person.languages,
    "reason-hours-unstated": lambda f, _: f.record.hours_per_week is None,
    "reason-hours": lambda f, v: f.record.hours_per_week == v["hours"],
    "reason-hours-fit": lambda f, v: f.wishes.hours_per_week == v["wanted"] >= v["hours"] == f.record.hours_per_week,
    "reason-hours-beyond": lambda f, v: f.wishes.hours_per_week == v["wanted"] < v["hours"] == f.record.hours_per_week,
    "reason-start-unstated": lambda f, _: f.record.starts_on is None,
    "reason-start": lambda f, v: (
        f.wishes.starts_from is not None
        and f.wishes.starts_from <= f.record.starts_on == date.fromisoformat(str(v["day"]))
    ),
    "reason-crowded": lambda f, v: f.listing.seats_left == v["free"],
    "reason-avoids": lambda f, v: any(one.label == v["skill"] for one in f.claims["avoids"]),
    "reason-own-wishes": lambda f, v: v["who"] == THEY,
    "gap-missing": lambda f, v: not f.has(v["skill"]) and f.asks(v),
    "gap-near": lambda f, v: not f.has(v["skill"]) and f.has(v["near"]) and f.asks(v),
    "gap-assumed": lambda f, v: not f.has(v["skill"]) and f.person.fact.title == v["title"] and f.asks(v),
    "gap-below": lambda f, v: at_stated_level(f, v["skill"], v["level"]) and v["level"] > 0 and f.asks(v),
    "gap-level-unstated": lambda f, v: at_stated_level(f, v["skill"], 0) and f.asks(v),
    "need-essential": lambda f, v: f.asks(v) and f.requirements[v["skill"]].importance == "essential",
    "need-desired": lambda f, v: f.asks(v) and f.requirements[v["skill"]].importance == "desired",
    "gate-person-active": lambda f, _: f.person.fact.status == "active",
    "gate-person-on-leave": lambda f, _: f.person.fact.status == "on_leave",
    "gate-person-left": lambda f, _: f.person.fact.status == "left",
    "gate-person-future": lambda f, _: f.person.fact.status == "future",
    "gate-open": lambda f, _: f.record.status == "open",
    "gate-closed": lambda f, _: False,
    "gate-seats-unlimited": lambda f, _: f.record.seats is None,
    "gate-seats-free": lambda f, v: (v["seats"], v["free"]) == (f.record.seats, f.listing.seats_left),
    "gate-seats-taken": lambda f, v: (v["seats"], v["taken"]) == (f.record.seats, f.record.seats_taken),
    "gate-country-any": lambda f, _: not f.listing.countries,
    "gate-country-unknown": lambda f, v: f.person.country is None and v["countries"] == tuple(f.listing.countries),
    "gate-country-move": lambda f, v: f.person.country == v["country"] not in f.listing.countries,
    "gate-country": lambda f, v: f.person.country == v["country"],
    "gate-language-any": lambda f, _: not f.listing.languages,
    "gate-language-unknown": lambda f, _: not f.person.languages,
    "gate-language-assumed": lambda f, v: "en" in v["languages"] and not {*v["languages"]} & {*f.person.languages},
    "gate-language": lambda f, v: v["spoken"] == tuple(f.person.languages) != (),
    "gate-own": lambda f, _: f.listing.owner == f.row,
    "gate-owner-other": lambda f, _: f.owner is not None and f.listing.owner != f.row,
    "gate-owner-nobody": lambda f, _: f.owner is None,
    "gate-line-irrelevant": lambda f, _: f.listing.kind != "mentorship",
    "gate-line-unknown": lambda f, _: f.owner is None,
    "gate-line-own": lambda f, _: f.listing.owner == f.row,
    "gate-line-apart": lambda f, _: not f.reports,
    "gate-line-reports": lambda f, _: f.reports,
    "gate-zone-any": lambda f, _: f.listing.kind != "mentorship" or f.any_zone,
    "gate-zone-unknown": lambda f, _: not (f.person.fact.time_zone and f.owner and f.owner.fact.time_zone),
    "gate-zone-apart": lambda f, _: bool(f.person.fact.time_zone and f.owner.fact.time_zone),
    "gate-owner-not-needed": lambda f, _: f.listing.kind != "mentorship",
    "gate-owner-unknown": lambda f, _: f.owner is None,
    "gate-owner-there": lambda f, _: f.owner is not None and f.owner.fact.status in ("active", "on_leave"),
    "gate-owner-gone": lambda f, _: f.owner is not None and f.owner.fact.status not in ("active", "on_leave"),
    "gate-not-done": lambda f, _: (f.person.fact.source_id, f.record.source_id) != ("ana", "l1"),
    "gate-done": lambda f, _: (f.person.fact.source_id, f.record.source_id) == ("ana", "l1"),
    "raise-in-list": lambda f, v: v["has_level"] in (f.levels(v["skill"]) or {0}),
    "raise-same-rank": lambda f, v: v["has_level"] in (f.levels(v["skill"]) or {0}),
    "raise-enters": lambda f, v: v["has_level"] in (f.levels(v["skill"]) or {0}),
    "raise-unlisted": lambda f, v: v["has_level"] in (f.levels(v["skill"]) or {0}),
}
"""What must be on file for each message, as (facts, values) → whether it is."""

ELSEWHERE = {
    "confirmation": "test_requirements.py: a person decided",
    "reason-hours-own-pace": "weights of a company's own, by which hours of learning count; see below",
    "as-shown": "test_receipts.py: a receipt of an older release",
}
WALKED_ELSEWHERE = {
    "alerts/test_alerting.py": ("alert-",),
    "services/test_pair_messages.py": ("pair-", "unassigned-", "ruled-out-", "wish"),
    "services/test_policy.py": ("unranked-", "kind-"),
    "services/test_record_messages.py": ("hidden-", "identity-", "near-", "asked-", "replay-"),
    "snapshot/test_name_messages.py": ("link-", "spot-", "suggest-", "role-", "related-"),
}
"""Messages whose preconditions stand in another test file, which walks every one of them."""
OTHERS = tuple(family for families in WALKED_ELSEWHERE.values() for family in families)


def firm(rows: list[Any], row: Any) -> None:
    """People of whom everything, nothing and the contrary is known, and opportunities of every sort."""

    def has(label: str, level: int | None, stance: str = "has", **more: Any) -> SkillClaim:
        return SkillClaim(label=label, level=level, stance=stance, **more)

    day, checked = date(2026, 5, 1), {"asserter": "manager"}
    full = [has("Python", 2), has("SQL", 4, **checked), has("Kubernetes", None), has("Kafka", None)]
    full += [has("Kafka", None, "wants_to_learn"), has("Storytelling", None, "wants_to_learn")]
    full += [has("Rust", None, "wants_to_use"), has("Python", None, "teaches"), has("Accounting", None, "avoids")]
    here = {"country": "DE", "languages": (Language(code="de"),), "time_zone": "Europe/Berlin"}
    prefers = Preferences(hours_per_week=10, remote=True, countries=("SE",), starts_from=day)
    contrary = Preferences(hours_per_week=2, remote=False, starts_from=date(2027, 1, 1))
    moves = Preferences(countries=("SE",), starts_from=day)
    people = [
        Person(source_id="blank", name="Blank Page"),
        Person(source_id="full", name="Full File", skills=tuple(full), preferences=prefers, title="Engineer", **here),
        Person(source_id="contra", name="Contra Ry", skills=tuple(full[:4]), preferences=contrary, **here),
        Person(source_id="mover", name="Mo Ver", skills=tuple(full), preferences=moves, **here),
        Person(source_id="titled", name="Titled Only", title="Data Engineer", country="FR", status="on_leave"),
        Person(source_id="soon", name="Soon Here", status="future", employee_id="SOON"),
        Person(source_id="far", name="Far Away", employee_id="FAR", time_zone="Asia/Tokyo", country="JP"),
    ]
    rows += [row("workday", "workers", one) for one in people]

    def requirements(*asked: tuple[str, int | None, str]) -> tuple[Requirement, ...]:
        return tuple(Requirement(label=label, level=level, importance=importance) for label, level, importance in asked)

    wide = requirements(("Python", 4, "essential"), ("Kubernetes", 3, "essential"), ("Rust", None, "desired"))
    wide += requirements(("Kafka", 4, "desired"), ("Accounting", 3, "desired"), ("SQL", 2, "essential"))
    jobs = [
        Job(source_id="se", title="In Sweden", requirements=wide, countries=("SE",), languages=("en",)),
        Job(
            source_id="de",
            title="In Germany",
            requirements=wide,
            countries=("DE",),
            languages=("de",),
            remote="on_site",
        ),
        Job(
            source_id="far",
            title="Remote",
            requirements=wide,
            remote="remote",
            hours_per_week=8,
            starts_on=date(2026, 6, 1),
        ),
        Job(
            source_id="fr",
            title="En France",
            requirements=wide,
            countries=("FR",),
            languages=("fr",),
            hours_per_week=40,
        ),
    ]
    rows += [row("greenhouse", "jobs", one) for one in jobs]
    project = {"requirements": wide, "hours_per_week": 5, "starts_on": date(2026, 6, 1)}
    rows.append(row("exchange", "projects", Project(source_id="open", title="Anything", seats=2, **project)))
    request = {"direction": "request", "owner": PersonRef(scheme="employee_id", value="FAR")}
    asks = requirements(("Python", 1, "essential"))
    rows.append(row("exchange", "mentors", Mentorship(source_id="m-asks", title="Help", requirements=asks, **request)))
    talks = requirements(("Negotiation", 3, "essential"))
    rows.append(row("greenhouse", "jobs", Job(source_id="new", title="Negotiator", requirements=talks)))
    for key, owner in (("soon", "SOON"), ("far", "FAR")):
        teaches, ref = requirements(("Kafka", 5, "teaches")), PersonRef(scheme="employee_id", value=owner)
        offer = Mentorship(source_id=f"m-{key}", title="Kafka", requirements=teaches, owner=ref, seats=2)
        rows.append(row("exchange", "mentors", offer))
    higher = requirements(("Kubernetes", 5, "teaches"), ("Kafka", 5, "teaches"), ("Python", 5, "teaches"))
    rows.append(row("lxp", "paths", LearningPath(source_id="high", title="Higher", requirements=higher)))
    done = LearningRecord(
        source_id="done", person=PersonRef(scheme="employee_id", value="E2"), object_id="l1", state="completed"
    )
    rows.append(row("lxp", "records", done))
    for number in range(4):
        fan = (has("Python", 5), has("SQL", 5), has("Kubernetes", 5), has("Kafka", 5))
        rows.append(row("workday", "workers", Person(source_id=f"fan{number}", name=f"Fan {number}", skills=fan)))


class Titles:
    """A bridge that knows two titles."""

    def role(self, title: str, language: str | None = None) -> Any:
        known = {"Data Engineer": {"t:kafka": 1.0, "t:sql": 0.6}, "Engineer": {"t:rust": 1.0, "t:kubernetes": 0.5}}
        return SimpleNamespace(skills=known.get(title, {}), confidence=0.8)


@pytest.fixture(scope="module")
def said(build: Any, row: Any) -> list[tuple[Facts, Message]]:
    """Everything that is said of everybody beside everything."""
    found: list[tuple[Facts, Message]] = []
    for settings in (MatchSettings(), MatchSettings(mentoring_hours_apart=6.0, moving=False)):
        snapshot = build(lambda rows: firm(rows, row), titles=lambda _: Titles(), settings=settings)
        for listing in snapshot.listings:
            if settings.mentoring_hours_apart and listing.kind != "mentorship":
                continue
            for person in snapshot.people:
                facts = Facts(snapshot, person.row, listing)
                view = explain(
                    snapshot, person.id, listing.id, what_if=person.fact.source_id in ("full", "mover", "contra")
                )
                found += [(facts, one) for one in messages(view) if not one.id.startswith(OTHERS)]
            found += [(facts, one) for one in messages(opportunity(snapshot, listing.id))]
            for candidate in candidates(snapshot, listing.id, top=100).candidates:
                facts = Facts(snapshot, snapshot.person_rows[candidate.id], listing)
                found += [(facts, one) for one in messages(candidate) if not one.id.startswith(OTHERS)]
    return found


def messages(view: Any) -> Iterator[Message]:
    """Every message in a view, at any depth."""
    if isinstance(view, tuple):
        for one in view:
            yield from messages(one)
    elif isinstance(view, View | Line):
        if isinstance(view, Sentence):
            yield view.message
        if isinstance(view, SkillSentence) and view.confirmation is not None:
            yield view.confirmation
        for name in type(view).model_fields if isinstance(view, View) else type(view).__dataclass_fields__:
            yield from messages(getattr(view, name))


def test_nothing_is_said_of_anybody_that_nobody_stated_and_no_system_recorded(said: Any) -> None:
    wrong = {
        (message.id, facts.person.fact.source_id, facts.listing.id, str(dict(message.values)))
        for facts, message in said
        if message.id not in PRECONDITIONS or not PRECONDITIONS[message.id](facts, message.values)
    }
    assert not sorted(wrong)


def test_english_says_every_message_with_all_its_values(said: Any) -> None:
    words = catalogue()
    assert {problem for _, message in said for problem in words.problems(message)} == set()


def test_every_message_is_produced_and_every_sentence_has_a_precondition(said: Any) -> None:
    pieces = Pieces.of_english()
    sentences = {one for one in catalogue().ids() - pieces - set(ELSEWHERE) if not one.startswith(OTHERS)}
    assert sentences == set(PRECONDITIONS)
    assert set(PRECONDITIONS) - {message.id for _, message in said} == {"gate-closed"}


@pytest.mark.parametrize(("file", "families"), WALKED_ELSEWHERE.items())
def test_a_message_that_is_not_walked_here_is_walked_in_the_file_named(file: str, families: tuple[str, ...]) -> None:
    walker = (Path(__file__).parent.parent / file).read_text(encoding="utf-8")
    assert f"FAMILIES = {families}".replace("'", '"') in walker
    assert "assert ids == set(PRECONDITIONS)" in walker


def test_what_takes_no_hours_a_week_goes_at_ones_own_pace() -> None:
    """By the weights that ship, hours of learning count for nothing, so nobody is told."""
    assert hours(THEY, 0.0, 10.0).message == Message("reason-hours-own-pace", {"who": THEY})


def test_a_closed_opportunity_is_said_to_be_closed(build: Any) -> None:
    """Closed ones are not listed; a receipt of before may still show one."""
    snapshot = build()
    closed = replace(snapshot.opportunity_table.eligibility, open=np.zeros(len(snapshot.listings), dtype=bool))
    told = verdicts(snapshot.prepared(0).eligibility, closed, 0)
    assert Message("gate-closed") in [one.message for one in told if not one.passed]


def test_what_speaks_against_or_is_not_known_never_speaks_for(said: Any, build: Any) -> None:
    snapshot = said[0][0].snapshot
    found: dict[str, set[str]] = {}
    for listing in snapshot.listings:
        for person in ("workday:person:blank", "workday:person:full", "workday:person:contra"):
            view = explain(snapshot, person, listing.id)
            for one in (*view.card.reasons, *view.gates):
                found.setdefault(one.message.id, set()).add(one.speaks)
    neither = {one: speaks for one, speaks in found.items() if "unwished" in one or "beyond" in one or "unknown" in one}
    assert len(neither) >= 6
    assert not {one for one, speaks in neither.items() if "for" in speaks}
    assert found["gate-country-move"] == found["reason-assumed"] == {"open"}


class Pieces(Visitor):
    """Ids of the sentences that others refer to: pieces of them, said nowhere alone."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def visit_MessageReference(self, node: Any) -> None:  # noqa: N802, the parser's name
        self.found.add(node.id.name)

    @classmethod
    def of_english(cls) -> set[str]:
        visitor = cls()
        for path in (HERE / "en").glob("*.ftl"):
            visitor.visit(FluentParser().parse(path.read_text(encoding="utf-8")))
        return visitor.found
