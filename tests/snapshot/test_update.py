"""A snapshot made from the one before and what changed is the snapshot that all records make."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np
import pytest

from echo_core.model import (
    HiringTeamMember,
    Job,
    Language,
    LearningPath,
    LearningRecord,
    Mentorship,
    OrgUnit,
    Person,
    PersonRef,
    Preferences,
    Project,
    Requirement,
    Requisition,
    SkillAssertion,
    SkillClaim,
)
from echo_hub.services.candidates import also_eligible, candidates
from echo_hub.services.corrections import correction
from echo_hub.services.feed import for_you
from echo_hub.services.search import search
from echo_hub.snapshot import MatchSettings, Snapshot, update
from echo_hub.snapshot.skill_graph.decisions import Decisions
from echo_hub.snapshot.update import updated
from echo_hub.store.changes import ChangedRecord, Difference
from echo_hub.store.corrections import Correction, CorrectionChoice
from echo_hub.store.ledger import Decision
from echo_hub.store.name_decisions import NameChoice, NameId
from echo_hub.store.payloads import version_of, written
from echo_hub.store.policy import OptOut, Switch
from echo_hub.store.records import StoredText, public_id
from echo_hub.store.requirement_decisions import RequirementChoice

from .conftest import NOW, TODAY

SKILLS = ("SQL", "Postgres", "Python", "Kafka", "C++", "Negotiation", "Storytelling", "Yodelling", "k8s")
STANCES = ("has", "has", "has", "wants_to_learn", "wants_to_use", "teaches", "avoids")
SETTINGS = MatchSettings(mentoring_hours_apart=6.0)


class Company:
    """Records by key, as a store holds them, and random changes to them."""

    def __init__(self, taxonomy, seed=0):
        self.taxonomy = taxonomy
        self.random = Random(seed)  # noqa: S311, an invented company
        self.stored: dict[tuple[str, str, str, str], str] = {}
        self.touched: set[tuple[str, str, str, str]] = set()
        self.decisions = Decisions()
        self.seats = {"exchange:mentorship:m1": 1}

    def put(self, connection, record):
        key = (connection, f"{record.entity}s", record.entity, record.source_id)
        self.stored[key] = written(record).decode()
        self.touched.add(key)

    def take(self, connection, entity, source_id):
        key = (connection, f"{entity}s", entity, source_id)
        self.stored.pop(key, None)
        self.touched.add(key)

    def whole(self):
        order = sorted(self.stored, key=lambda key: (key[0], key[2], key[3]))
        rows = [StoredText(*key[:4], self.stored[key], version_of(key[2])) for key in order]
        return Snapshot.build(
            rows,
            self.taxonomy,
            today=TODAY,
            settings=SETTINGS,
            decisions=self.decisions,
            seats_taken=self.seats,
        )

    def next(self, before):
        changes = tuple(ChangedRecord(*key, self.stored.get(key), version_of(key[2])) for key in sorted(self.touched))
        self.touched.clear()
        return updated(before, Difference(before.revision + 1, changes, beside=False), self.decisions, self.seats)

    def some(self, choices, most):
        return self.random.sample(choices, self.random.randint(0, most))

    def person(self, number):
        draw = self.random
        return Person(
            source_id=f"w{number}",
            name=f"Person {number}{draw.choice(('', ' jr'))}",
            employee_id=f"E{number}",
            manager_id=f"w{number // 3}" if number else None,
            title=draw.choice(("Analyst", "Engineer", None)),
            country=draw.choice(("DE", "SE", None)),
            time_zone=draw.choice(("Europe/Berlin", "Asia/Tokyo", None)),
            languages=tuple(Language(code=code) for code in self.some(("en", "de"), 2)),
            preferences=draw.choice((None, Preferences(hours_per_week=8.0))),
            skills=tuple(
                SkillClaim(
                    label=label,
                    level=draw.choice((None, 1, 3, 5)),
                    stance=draw.choice(STANCES),
                    evidence=draw.choice((None, "A review")),
                    valid_until=draw.choice((None, NOW - timedelta(days=30))),
                )
                for label in self.some(SKILLS, 5)
            ),
        )

    def opportunity(self):
        draw = self.random
        number = draw.randrange(12)
        common = {
            "source_id": str(number),
            "title": draw.choice(("Kafka keeper", "Teller of tales", "Python person", "Anything")),
            "description": draw.choice(("", "Requirements:\nSQL and Kubernetes", "We yodel.")),
            "posted_at": NOW - timedelta(days=number),
            "ends_on": draw.choice((None, None, TODAY - timedelta(days=1), TODAY + timedelta(days=9))),
            "languages": draw.choice(((), ("de",), ("en",))),
        }
        requirements = tuple(Requirement(label=label, level=draw.choice((None, 3))) for label in self.some(SKILLS, 4))
        taught = tuple(one.model_copy(update={"importance": "teaches"}) for one in requirements)
        owner = PersonRef(scheme="employee_id", value=f"E{draw.randrange(9)}")
        match draw.choice(("job", "project", "mentorship", "learning_path")):
            case "job":
                wanted = draw.choice((None, "r1", "r2"))
                more = {"requisition_id": wanted, "countries": draw.choice(((), ("DE",)))}
                return "greenhouse", Job(**common, **more, requirements=requirements, owner=owner)
            case "project":
                return "exchange", Project(
                    **common, requirements=requirements, seats=draw.choice((None, 2)), owner=owner
                )
            case "mentorship":
                common["source_id"] = f"m{number}"
                return "exchange", Mentorship(**common, requirements=taught, owner=owner, seats=2)
            case _:
                return "lxp", LearningPath(**common, requirements=taught)

    def team_member(self, number):
        draw = self.random
        return HiringTeamMember(
            source_id=f"t{number}",
            requisition_id=draw.choice(("r1", "r2")),
            person=PersonRef(scheme="employee_id", value=f"E{draw.randrange(9)}"),
            role=draw.choice(("hiring_manager", "hiring_manager", "recruiter")),
        )

    def say(self):
        """Somebody corrects a skill, takes that back, says no, or says what is asked for; a place is given away."""
        draw, said = self.random, self.decisions
        skill = draw.choice(("sql", "kafka", "python", "negotiation"))
        label, number = {"sql": "SQL"}.get(skill, skill.title()), draw.randrange(1000)
        corrections, requirements = list(said.corrections), list(said.requirements)
        match draw.choice(("not me", "said no", "taken back", "asked", "place")):
            case "not me":
                row = draw.randrange(9)
                skill_id, level = f"tiny:{skill}", draw.choice((None, 2))
                ids = (f"workday:person:w{row}", f"E{row}", skill_id, skill_id)
                corrections.append(
                    Correction(number, number, CorrectionChoice(*ids, label, (label,), level=level), f"E{row}", NOW)
                )
            case "said no":
                row, standing = draw.randrange(9), self.decisions.opt_outs
                word = Decision(
                    number, number, OptOut(f"workday:person:w{row}", f"E{row}", draw.random() < 0.7), "", NOW
                )
                kept = [each for each in standing if each.choice.person_id != word.choice.person_id]
                self.decisions = replace(self.decisions, opt_outs=(*kept, word))
            case "taken back":
                corrections = corrections[1:]
            case "asked":
                ruling = draw.choice(("essential", "teaches", "not_asked"))
                about = draw.choice(("greenhouse:job:3", "exchange:mentorship:m4", "lxp:learning_path:5"))
                choice = RequirementChoice(about, f"tiny:{skill}", label, ruling)
                requirements = [one for one in requirements if one.choice.about != choice.about]
                requirements.append(Decision(number, number, choice, "E2", NOW))
            case _:
                self.seats = {f"exchange:mentorship:m{draw.randrange(6)}": draw.randrange(3)}
        self.decisions = replace(self.decisions, corrections=tuple(corrections), requirements=tuple(requirements))

    def change(self):
        draw = self.random
        kinds = ("person", "person", "opportunity", "opportunity", "gone", "requisition", "team", "said", "said")
        match draw.choice(kinds):
            case "said":
                self.say()
            case "person":
                self.put("workday", self.person(draw.randrange(9)))
            case "opportunity":
                self.put(*self.opportunity())
            case "gone":
                connection, one = self.opportunity()
                self.take(connection, one.entity, one.source_id)
            case "team":
                number = draw.randrange(4)
                if draw.random() < 0.3:
                    self.take("greenhouse", "hiring_team_member", f"t{number}")
                else:
                    self.put("greenhouse", self.team_member(number))
            case _:
                status = draw.choice(("open", "closed", "draft"))
                self.put("greenhouse", Requisition(source_id=draw.choice(("r1", "r2")), title="Need", status=status))


@pytest.fixture
def company(tiny):
    """Nine people and some opportunities."""
    return filled(Company(tiny))


def filled(company):
    for number in range(9):
        company.put("workday", company.person(number))
    for _ in range(14):
        company.put(*company.opportunity())
    company.put("greenhouse", Requisition(source_id="r1", title="Need", status="open"))
    for number in range(2):
        company.put("greenhouse", company.team_member(number))
    ada = PersonRef(scheme="employee_id", value="E1")
    company.put("exchange", SkillAssertion(source_id="a1", person=ada, claim=SkillClaim(label="Kafka", level=2)))
    done = {"object_id": "99", "object_kind": "course", "state": "completed", "completed_at": NOW}
    company.put(
        "lxp",
        LearningPath(source_id="99", title="SQL", requirements=(Requirement(label="SQL", importance="teaches"),)),
    )
    company.put("lxp", LearningRecord(source_id="d1", person=ada, **done))
    company.touched.clear()
    return company


def picture(snapshot):
    """Everything a snapshot says, apart from how its skills are numbered."""
    people = [person.id for person in snapshot.people]
    ids = [one.id for one in snapshot.listings]
    return {
        "people": snapshot.people,
        "listings": snapshot.listings,
        "accounts": snapshot.accounting,
        "hidden": snapshot.hidden,
        "issues": (snapshot.issues, snapshot.joins),
        "unlinked": snapshot.unlinked,
        "links": dict(snapshot.names.links),
        "claims": [snapshot.claims_of(row) for row in range(len(people))],
        "uses": {one[1:] for one in snapshot.uses_of(set(snapshot.names.links))},
        "feeds": [for_you(snapshot, one).model_dump() for one in people],
        "everything": search(snapshot).model_dump(),
        "found": [
            search(snapshot, word, person_id=people[0]).model_dump() for word in ("kafka", "yodel", "sql person")
        ],
        "candidates": [candidates(snapshot, one).model_dump() for one in ids],
        "eligible": [also_eligible(snapshot, one).model_dump() for one in ids],
    }


def assert_same(made, whole):
    mine, theirs = picture(made), picture(whole)
    for name, value in theirs.items():
        assert mine[name] == value, name


@pytest.mark.parametrize("seed", [*range(6), 13, 21, 28])
def test_after_any_changes_it_says_what_a_market_of_all_records_says(tiny, seed):
    company = filled(Company(tiny, seed))
    snapshot = company.whole()
    for _ in range(4):
        for _ in range(company.random.randint(1, 4)):
            company.change()
        made = company.next(snapshot)
        assert made is not None
        assert_same(made, company.whole())
        snapshot = made


def sealed(snapshot):
    """The same snapshot, none of whose arrays may be written any more, as when they are mapped from files."""
    waiting, seen, arrays = [snapshot], {id(snapshot)}, 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            value.flags.writeable, arrays = False, arrays + 1
        for part in gc.get_referents(value):
            if id(part) not in seen and not isinstance(part, (type, ModuleType, FunctionType, BuiltinFunctionType)):
                seen.add(id(part))
                waiting.append(part)
    assert arrays > 100
    assert not snapshot.claims.level.flags.writeable
    return snapshot


def test_whatever_is_asked_and_whatever_changes_no_array_is_written(tiny):
    company = filled(Company(tiny, 2))
    snapshot = sealed(company.whole())
    assert_same(snapshot, company.whole())
    for _ in range(4):
        company.change()
        made = company.next(snapshot)
        assert made is not None
        snapshot = sealed(made)
        assert_same(snapshot, company.whole())


def test_the_market_before_stays_as_it_was(company):
    snapshot = company.whole()
    was = picture(snapshot)
    for _ in range(6):
        company.change()
    assert company.next(snapshot) is not None
    assert picture(snapshot) == was


def test_a_skill_nobody_named_before_gets_its_column(company):
    for key in [key for key in company.stored if "andas" in company.stored[key]]:
        del company.stored[key]
    snapshot = company.whole()
    assert "tiny:pandas" not in snapshot.space.index
    company.put("greenhouse", Job(source_id="new", title="Zoo", requirements=(Requirement(label="pandas library"),)))
    made = company.next(snapshot)
    assert "tiny:pandas" in made.space.index
    assert_same(made, company.whole())


def test_what_a_person_corrected_holds_for_a_claim_that_comes_again(company):
    company.put("workday", Person(source_id="w1", name="Ada", employee_id="E1", skills=(SkillClaim(label="SQL"),)))
    snapshot = company.whole()
    said = Correction(1, 1, correction(snapshot, "E1", "SQL"), "E1", NOW)
    company.decisions = Decisions((), (said,))
    company.touched.clear()
    snapshot = company.next(snapshot)
    assert_same(snapshot, company.whole())
    again = Person(
        source_id="w1",
        name="Ada",
        employee_id="E1",
        skills=(SkillClaim(label="Postgres"), SkillClaim(label="SQL", level=5)),
    )
    company.put("workday", again)
    made = company.next(snapshot)
    assert made is not None
    assert_same(made, company.whole())
    assert "tiny:sql" not in {made.space.ids[skill] for skill in made.claims.of(1).has}


def test_whoever_is_not_matched_is_nobody_whom_others_compete_with(company):
    few = {"requirements": (Requirement(label="SQL"),), "seats": 1}
    company.put("exchange", Project(source_id="few", title="Few seats", **few))
    for number in range(4):
        company.put("workday", person_with_sql(number))
    company.touched.clear()
    snapshot = company.whole()

    def counted(snapshot):
        return snapshot.congestion.counted[snapshot.listing_rows["exchange:project:few"]]

    before = counted(snapshot)
    assert before >= 4
    company.decisions = Decisions(opt_outs=(Decision(1, 1, OptOut("workday:person:w2", "E2", True), "E2", NOW),))
    out = company.next(snapshot)
    assert_same(out, company.whole())
    assert counted(out) == before - 1
    company.decisions = Decisions(switches=(Decision(1, 1, Switch("project", "country", "SE", True), "hr", NOW),))
    assert company.next(out) is None
    assert counted(company.whole()) == before - 4
    company.decisions = Decisions(switches=(Decision(1, 1, Switch("job", "everybody", "", True), "hr", NOW),))
    assert counted(company.whole()) == before


def person_with_sql(number):
    skills = (SkillClaim(label="SQL", level=4),)
    return Person(source_id=f"w{number}", name=f"P{number}", employee_id=f"E{number}", country="SE", skills=skills)


def test_an_account_that_is_nobody_is_followed_too(company):
    ghost = Person(source_id="x1", name="Ghost", skills=(SkillClaim(label="Yodelling for two"),))
    company.put("exchange", ghost)
    company.touched.clear()
    snapshot = company.whole()
    company.put("exchange", ghost.model_copy(update={"skills": (SkillClaim(label="Zorbing"),)}))
    made = company.next(snapshot)
    assert made is not None
    assert_same(made, company.whole())


def moved(company, **fields):
    """A person's record with other fields."""
    person = company.person(4)
    company.put("workday", person.model_copy(update={"name": "Person 4", **fields}))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda company: moved(company, employee_id="E99"), id="another employee id"),
        pytest.param(lambda company: moved(company, manager_id="w8"), id="another manager"),
        pytest.param(lambda company: moved(company, status="left"), id="somebody left"),
        pytest.param(lambda company: company.put("workday", company.person(77)), id="somebody new"),
        pytest.param(lambda company: company.take("workday", "person", "w3"), id="somebody gone"),
        pytest.param(lambda company: company.put("greenhouse", OrgUnit(source_id="u", name="Unit")), id="a unit"),
        pytest.param(
            lambda company: company.put("lxp", LearningPath(source_id="99", title="SQL, again")),
            id="completed learning",
        ),
        pytest.param(lambda company: moved(company, country="US", city="Berlin"), id="a city in another country"),
    ],
)
def test_what_may_move_anybody_asks_for_all_records(company, change):
    company.put("workday", company.person(5).model_copy(update={"country": "DE", "city": "Berlin"}))
    company.touched.clear()
    snapshot = company.whole()
    change(company)
    assert company.next(snapshot) is None


def test_claims_that_are_gone_do_not_pile_up(company, monkeypatch):
    monkeypatch.setattr(update, "MOST_GONE", 40)
    made = [company.whole()]
    while made[-1] is not None and len(made) < 40:
        for number in range(9):
            company.put("workday", company.person(number))
        made.append(company.next(made[-1]))
    assert 2 < len(made) < 40


def test_what_a_name_means_now_asks_for_all_records(company):
    snapshot = company.whole()
    choice = NameChoice(NameId.of("Yodelling"), "Yodelling", "reject")
    company.decisions = Decisions((Decision(1, 1, choice, "hr", NOW),))
    assert company.next(snapshot) is None


def test_a_course_that_somebody_completed_and_that_teaches_something_else_now_asks_for_all_records(company):
    snapshot = company.whole()
    choice = RequirementChoice("lxp:learning_path:99", "tiny:kafka", "Kafka", "teaches")
    company.decisions = Decisions((), (), (Decision(1, 1, choice, "hr", NOW),))
    assert company.next(snapshot) is None


def test_a_market_of_another_day_or_other_settings_is_no_beginning(company):
    snapshot = company.whole()
    assert snapshot.made_for(TODAY, None, SETTINGS)
    assert not snapshot.made_for(date(2026, 3, 3), None, SETTINGS)
    assert not snapshot.made_for(TODAY, "workday", SETTINGS)
    assert not snapshot.made_for(TODAY, None, MatchSettings())


def test_an_opportunity_that_came_and_went_between_two_looks_changes_nothing(company):
    snapshot = company.whole()
    company.take("greenhouse", "job", "never-there")
    assert_same(company.next(snapshot), company.whole())
    assert public_id("greenhouse", "job", "never-there") not in snapshot.listing_rows
