"""Records in, compact columns out: one pass over the store, keeping only what a market needs.

A company of 100,000 people has millions of skill claims; as validated records they would fill memory many times over.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from echo_core.matching import STANCES
from echo_core.model import (
    LearningRecord,
    Opportunity,
    OrgUnit,
    Person,
    PersonRef,
    Place,
    Record,
    Requisition,
    SkillAssertion,
    SkillClaim,
)

ASSERTERS = ("person", "manager", "vendor", "assessment", "hub")
Ref = tuple[str, str, str]
"""(connection, scheme, value): a `PersonRef` together with the connection that said it."""


class Stored(Protocol):
    """A record with where it came from; the store's rows look like this."""

    @property
    def connection(self) -> str:
        """The connection's name."""

    @property
    def stream(self) -> str:
        """The stream's name."""

    @property
    def record(self) -> Record:
        """The record itself."""


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person as one system knows them, without the skills."""

    connection: str
    stream: str
    source_id: str
    name: str
    worker_type: Literal["employee", "contingent"]
    status: Literal["active", "on_leave", "future", "left"]
    employee_id: str | None
    human_id: str | None
    work_email: str | None
    user_name: str | None
    title: str | None
    manager_id: str | None
    org_unit_id: str | None
    org_unit: str | None
    place_id: str | None
    location: str | None
    city: str | None
    country: str | None
    time_zone: str | None
    hired_on: date | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameKey:
    """A skill's name as a source wrote it. `language` is None where the source does not say."""

    label: str
    scheme: str | None
    external_id: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class StoredOpportunity:
    """An opportunity and where it came from."""

    connection: str
    stream: str
    record: Opportunity


@dataclass(frozen=True, slots=True)
class Learned:
    """A completed piece of learning. `evidence` tells whether it may support a skill claim."""

    ref: Ref
    stream: str
    object_id: str
    title: str | None
    day: int
    evidence: bool


@dataclass(slots=True)
class ClaimColumns:
    """Skill claims as columns. `owner` is a person fact's number, or -1 - n for the n-th reference in `Intake.refs`.

    `day` and `until` are proleptic ordinals, 0 where not stated.
    """

    owner: array[int] = field(default_factory=lambda: array("i"))
    name: array[int] = field(default_factory=lambda: array("i"))
    stance: array[int] = field(default_factory=lambda: array("b"))
    level: array[int] = field(default_factory=lambda: array("b"))
    asserter: array[int] = field(default_factory=lambda: array("b"))
    evidence: array[int] = field(default_factory=lambda: array("i"))
    day: array[int] = field(default_factory=lambda: array("i"))
    until: array[int] = field(default_factory=lambda: array("i"))
    source: array[int] = field(default_factory=lambda: array("h"))

    def __len__(self) -> int:
        return len(self.owner)


class Intake:
    """Everything read from the store, by kind of thing, in the order it came."""

    def __init__(self) -> None:
        self.people: list[PersonFact] = []
        self.claims = ClaimColumns()
        self.names: dict[NameKey, int] = {}
        self.texts: dict[str, int] = {"": 0}
        self.sources: dict[str, int] = {}
        self.refs: dict[Ref, int] = {}
        self.assertions: list[tuple[str, str, int]] = []
        self.opportunities: list[StoredOpportunity] = []
        self.learned: list[Learned] = []
        self.units: dict[tuple[str, str], OrgUnit] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.requisitions: dict[tuple[str, str], Requisition] = {}
        self.stored: Counter[tuple[str, str, str]] = Counter()
        self.unused: Counter[tuple[str, str, str, str]] = Counter()

    @classmethod
    def read(cls, rows: Iterable[Stored]) -> Intake:
        """Columns of all these rows."""
        intake = cls()
        for row in rows:
            intake.add(row)
        return intake

    def add(self, row: Stored) -> None:
        """One more record. An entity the market has no use for is counted and left."""
        record = row.record
        self.stored[row.connection, row.stream, record.entity] += 1
        match record:
            case Person():
                self._person(row.connection, row.stream, record)
            case Opportunity():
                self.opportunities.append(StoredOpportunity(row.connection, row.stream, record))
            case SkillAssertion():
                ref = self.ref(row.connection, record.person)
                self.assertions.append((row.connection, row.stream, len(self.claims)))
                self._claim(-1 - ref, row.connection, record.claim)
            case LearningRecord():
                self._learning(row, record)
            case OrgUnit():
                self.units[row.connection, record.source_id] = record
            case Place():
                self.places[row.connection, record.source_id] = record
            case Requisition():
                self.requisitions[row.connection, record.source_id] = record
            case _:
                self.unused[row.connection, row.stream, record.entity, "not_matched_on"] += 1

    def ref(self, connection: str, ref: PersonRef) -> int:
        """The number of a reference to a person."""
        return self.refs.setdefault((connection, ref.scheme, ref.value), len(self.refs))

    def name(self, label: str, scheme: str | None, external_id: str | None, language: str | None) -> int:
        """The number of a skill name, the same for the same spelling."""
        return self.names.setdefault(NameKey(label, scheme, external_id, language), len(self.names))

    def _person(self, connection: str, stream: str, record: Person) -> None:
        number = len(self.people)
        self.people.append(
            PersonFact(
                connection=connection,
                stream=stream,
                source_id=record.source_id,
                name=record.name,
                worker_type=record.worker_type,
                status=record.status,
                employee_id=record.employee_id,
                human_id=record.human_id,
                work_email=record.work_email.strip().lower() if record.work_email else None,
                user_name=record.user_name,
                title=record.title,
                manager_id=record.manager_id,
                org_unit_id=record.org_unit_id,
                org_unit=record.org_unit,
                place_id=record.place_id,
                location=record.location,
                city=record.city,
                country=record.country,
                time_zone=record.time_zone,
                hired_on=record.hired_on,
                languages=tuple(language.code for language in record.languages),
            )
        )
        for claim in record.skills:
            self._claim(number, connection, claim)

    def _claim(self, owner: int, connection: str, claim: SkillClaim) -> None:
        self.claim(
            owner,
            self.name(claim.label, claim.scheme, claim.external_id, None),
            STANCES.index(claim.stance),
            claim.level or 0,
            ASSERTERS.index(claim.asserter),
            claim.evidence or "",
            claim.asserted_at.toordinal() if claim.asserted_at else 0,
            claim.valid_until.toordinal() if claim.valid_until else 0,
            connection,
        )

    def claim(
        self,
        owner: int,
        name: int,
        stance: int,
        level: int,
        asserter: int,
        evidence: str,
        day: int,
        until: int,
        source: str,
    ) -> None:
        """One more claim, as numbers; see `ClaimColumns`."""
        columns = self.claims
        columns.owner.append(owner)
        columns.name.append(name)
        columns.stance.append(stance)
        columns.level.append(level)
        columns.asserter.append(asserter)
        columns.evidence.append(self.texts.setdefault(evidence, len(self.texts)))
        columns.day.append(day)
        columns.until.append(until)
        columns.source.append(self.sources.setdefault(source, len(self.sources)))

    def _learning(self, row: Stored, record: LearningRecord) -> None:
        if record.voided or record.state != "completed" or record.success is False:
            self.unused[row.connection, row.stream, record.entity, "not_completed"] += 1
            return
        self.learned.append(
            Learned(
                (row.connection, record.person.scheme, record.person.value),
                row.stream,
                record.object_id,
                record.object_title,
                record.completed_at.toordinal() if record.completed_at else 0,
                record.is_skill_evidence,
            )
        )
