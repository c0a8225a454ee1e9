"""Records in, compact columns out: one pass over the store, keeping only what a snapshot needs.

A company of 100,000 people has millions of skill claims; as validated records they would fill memory many times over.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Protocol

import numpy as np

from echo_core.matching import STANCES
from echo_core.model import (
    HiringTeamMember,
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
from echo_hub.snapshot.directory.computable import computable
from echo_hub.snapshot.directory.facts import PersonFact, fact_of
from echo_hub.store.aside import SetAside
from echo_hub.store.payloads import written
from echo_hub.store.records import StoredText, public_id
from echo_hub.store.stored_people import StoredClaim, StoredPerson, person_in

ASSERTERS = ("person", "manager", "vendor", "assessment", "hub")
_STANCE_CODES = {stance: code for code, stance in enumerate(STANCES)}
_ASSERTER_CODES = {asserter: code for code, asserter in enumerate(ASSERTERS)}
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
    source_id: str = ""


@dataclass(slots=True)
class ClaimColumns:
    """Skill claims as columns. `owner` is a person fact's number, or -1 - n for the n-th of `StoredRecords.refs`.

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

    def copied(self) -> ClaimColumns:
        """The same columns, to go on from."""
        return ClaimColumns(*(copy(getattr(self, column.name)) for column in fields(self)))

    def cut(self, length: int) -> None:
        """Forgets the claims from this number on."""
        for column in fields(self):
            del getattr(self, column.name)[length:]


GONE = -(2**31)
"""The owner of a claim that no source makes any more: it keeps its position, so that no other moves."""


class StoredRecords:
    """Everything read from the store, by kind of thing, in the order it came; `aside` takes what cannot be read."""

    def __init__(self, aside: SetAside | None = None) -> None:
        self.aside = SetAside() if aside is None else aside
        self.people: list[PersonFact] = []
        self.claims = ClaimColumns()
        self.names: dict[NameKey, int] = {}
        self.texts: dict[str, int] = {"": 0}
        self.sources: dict[str, int] = {}
        self.refs: dict[Ref, int] = {}
        self.assertions: list[tuple[str, str, int]] = []
        self.origins = array("i")
        self.origin_ids: list[str] = []
        self.opportunities: list[StoredOpportunity] = []
        self.learned: list[Learned] = []
        self.units: dict[tuple[str, str], OrgUnit] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.requisitions: dict[tuple[str, str], Requisition] = {}
        self.hiring_team: dict[tuple[str, str], HiringTeamMember] = {}
        self.stored: Counter[tuple[str, str, str]] = Counter()
        self._spellings: dict[tuple[str, str | None, str | None], int] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}
        self.unused: Counter[tuple[str, str, str, str]] = Counter()

    @classmethod
    def read(cls, rows: Iterable[Stored], aside: SetAside | None = None) -> StoredRecords:
        """Columns of all these rows."""
        stored_records = cls(aside)
        for row in rows:
            stored_records.add(row)
        return stored_records

    def copied(self) -> StoredRecords:
        """The same, to go on from: what happens to it leaves this one as it is."""
        other = StoredRecords()
        for name, value in vars(self).items():
            setattr(other, name, value.copied() if isinstance(value, ClaimColumns) else copy(value))
        return other

    def add(self, row: Stored) -> None:
        """One more record; one that cannot be read is counted, noted in `aside` and leaves nothing behind."""
        people, claims = len(self.people), len(self.claims)
        try:
            self._add(row)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one record, the others are read
            del self.people[people:]
            self.claims.cut(claims)
            named = row if isinstance(row, StoredText) else row.record
            entity, source_id = named.entity, named.source_id
            self.stored[row.connection, row.stream, entity] += 1
            self.unused[row.connection, row.stream, entity, "unreadable"] += 1
            self.aside.add("record", public_id(row.connection, entity, source_id), error)

    def _add(self, row: Stored) -> None:
        """One more record. An entity the snapshot has no use for is counted and left."""
        if isinstance(row, StoredText) and row.entity == "person":
            self._person(row.connection, row.stream, person_in(row.version, row.payload))
            self.stored[row.connection, row.stream, row.entity] += 1
            return
        record = row.record
        computable(record)
        match record:
            case Person():
                stored = person_in(record.payload_version, written(record))
                self._person(row.connection, row.stream, stored)
            case Opportunity():
                self.opportunities.append(StoredOpportunity(row.connection, row.stream, record))
            case SkillAssertion():
                ref = self.ref(row.connection, record.person)
                self.assertions.append((row.connection, row.stream, len(self.claims)))
                self.said_in(record.entity, record.source_id)
                self._claim(-1 - ref, row.connection, record.claim)
            case LearningRecord():
                self._learning(row, record)
            case OrgUnit():
                self.units[row.connection, record.source_id] = record
            case Place():
                self.places[row.connection, record.source_id] = record
            case Requisition():
                self.requisitions[row.connection, record.source_id] = record
            case HiringTeamMember():
                self.hiring_team[row.connection, record.source_id] = record
            case _:
                self.unused[row.connection, row.stream, record.entity, "not_matched_on"] += 1
        self.stored[row.connection, row.stream, record.entity] += 1

    def ref(self, connection: str, ref: PersonRef) -> int:
        """The number of a reference to a person."""
        return self.refs.setdefault((connection, ref.scheme, ref.value), len(self.refs))

    def hiring_managers(self) -> dict[tuple[str, str], list[PersonRef]]:
        """The hiring managers of each requisition, by connection and its source id, in a stable order."""
        managers: dict[tuple[str, str], list[PersonRef]] = {}
        for (connection, _), member in sorted(self.hiring_team.items()):
            if member.role == "hiring_manager":
                managers.setdefault((connection, member.requisition_id), []).append(member.person)
        return managers

    def name(self, label: str, scheme: str | None, external_id: str | None, language: str | None) -> int:
        """The number of a skill name, the same for the same spelling."""
        return self.names.setdefault(NameKey(label, scheme, external_id, language), len(self.names))

    def _person(self, connection: str, stream: str, stored: StoredPerson) -> None:
        number = len(self.people)
        self.people.append(fact_of(connection, stream, stored))
        self._claims(number, connection, stored.skills)

    def number_of(self, connection: str, stream: str, source_id: str) -> int | None:
        """The number of a person fact; None where there is no such record."""
        if len(self._numbers) < len(self.people):
            self._numbers = {
                (fact.connection, fact.stream, fact.source_id): number for number, fact in enumerate(self.people)
            }
        return self._numbers.get((connection, stream, source_id))

    def change_person(self, number: int, stored: StoredPerson) -> None:
        """What the record of a person fact says now, in place of what it said."""
        before = self.people[number]
        self.people[number] = fact_of(before.connection, before.stream, stored)
        owners = np.frombuffer(self.claims.owner, dtype=np.int32)
        gone = np.flatnonzero(owners == number).tolist()
        del owners  # a column that is looked at cannot grow
        for position in gone:
            self.claims.owner[position] = GONE
        self._claims(number, before.connection, stored.skills)

    def gone(self) -> int:
        """How many claims no source makes any more."""
        return int(np.count_nonzero(np.array(self.claims.owner, dtype=np.int32) == GONE))

    def living_names(self) -> set[int]:
        """The numbers of the names that some claim uses."""
        owners = np.array(self.claims.owner, dtype=np.int32)
        living = np.zeros(len(self.names), dtype=bool)
        living[np.array(self.claims.name, dtype=np.int32)[owners != GONE]] = True
        return set(np.flatnonzero(living).tolist())

    def _claims(self, owner: int, connection: str, claims: Sequence[StoredClaim]) -> None:
        """A person's claims: the loop that runs millions of times."""
        if not claims:
            return
        columns, spellings, texts = self.claims, self._spellings, self.texts
        source = self.sources.setdefault(connection, len(self.sources))
        for claim in claims:
            spelling = (claim.label, claim.scheme, claim.external_id)
            name = spellings.get(spelling)
            if name is None:
                name = spellings[spelling] = self.name(*spelling, None)
            columns.owner.append(owner)
            columns.name.append(name)
            columns.stance.append(_STANCE_CODES[claim.stance])
            columns.level.append(claim.level or 0)
            columns.asserter.append(_ASSERTER_CODES[claim.asserter])
            columns.evidence.append(texts.setdefault(claim.evidence or "", len(texts)))
            columns.day.append(claim.asserted_at.toordinal() if claim.asserted_at else 0)
            columns.until.append(claim.valid_until.toordinal() if claim.valid_until else 0)
            columns.source.append(source)

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

    def said_in(self, entity: str, source_id: str) -> None:
        """Notes the record behind the next claim. Without a note it is the record of the person fact that owns it."""
        self.origins.append(len(self.claims))
        self.origin_ids.append(f"{entity}:{source_id}")

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
                record.source_id,
            )
        )
