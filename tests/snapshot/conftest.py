"""A tiny skills graph and short ways to write stored records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_core.model import (
    HiringTeamMember,
    Job,
    LearningPath,
    LearningRecord,
    Mentorship,
    OrgUnit,
    Person,
    PersonRef,
    Place,
    Project,
    Record,
    Requirement,
    Requisition,
    SkillAssertion,
    SkillClaim,
)
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy, TaxonomySource
from echo_hub.snapshot.snapshot import Snapshot

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A stored record, as the store would hand it over."""

    connection: str
    stream: str
    entity: str
    record: Record
    changed_at: datetime = NOW


@dataclass
class Draft:
    """Collects stored records and builds a snapshot of them."""

    taxonomy: Taxonomy
    rows: list[Row] = field(default_factory=list)

    def add(self, connection: str, record: Record, stream: str | None = None) -> Record:
        self.rows.append(Row(connection, stream or f"{record.entity}s", record.entity, record))
        return record

    def person(self, source_id: str, *skills: Any, connection: str = "workday", **fields: Any) -> Record:
        claims = tuple(one if isinstance(one, SkillClaim) else claim(*one) for one in skills)
        fields.setdefault("name", f"Person {source_id}")
        return self.add(connection, Person(source_id=source_id, skills=claims, **fields))

    def job(self, source_id: str, *requirements: Any, connection: str = "greenhouse", **fields: Any) -> Record:
        fields.setdefault("title", f"Job {source_id}")
        return self.add(connection, Job(source_id=source_id, requirements=asks(requirements), **fields))

    def project(self, source_id: str, *requirements: Any, **fields: Any) -> Record:
        fields.setdefault("title", f"Project {source_id}")
        return self.add("exchange", Project(source_id=source_id, requirements=asks(requirements), **fields))

    def mentor(self, source_id: str, owner: str, *taught: Any, **fields: Any) -> Record:
        fields.setdefault("title", f"Mentor {source_id}")
        owner_ref = PersonRef(scheme="employee_id", value=owner)
        return self.add(
            "exchange", Mentorship(source_id=source_id, owner=owner_ref, requirements=teaches(taught), **fields)
        )

    def path(self, source_id: str, *taught: Any, **fields: Any) -> Record:
        fields.setdefault("title", f"Path {source_id}")
        return self.add("lxp", LearningPath(source_id=source_id, requirements=teaches(taught), **fields))

    def completed(self, person: PersonRef, object_id: str, **fields: Any) -> Record:
        fields = {"object_kind": "course", "state": "completed", "completed_at": NOW, **fields}
        return self.add(
            "lxp", LearningRecord(source_id=f"done-{len(self.rows)}", person=person, object_id=object_id, **fields)
        )

    def assertion(self, person: PersonRef, label: str, **fields: Any) -> Record:
        one = SkillAssertion(source_id=f"a-{len(self.rows)}", person=person, claim=SkillClaim(label=label, **fields))
        return self.add("exchange", one)

    def requisition(self, source_id: str, status: str = "open", **fields: Any) -> Record:
        return self.add("greenhouse", Requisition(source_id=source_id, title="Need", status=status, **fields))

    def team_member(self, requisition_id: str, user_id: str, role: str = "hiring_manager") -> Record:
        user = PersonRef(scheme="source", value=user_id)
        number = f"t{len(self.rows):03}"
        return self.add(
            "greenhouse",
            HiringTeamMember(source_id=number, requisition_id=requisition_id, person=user, role=role),
        )

    def place(self, source_id: str, **fields: Any) -> Record:
        return self.add("greenhouse", Place(source_id=source_id, **fields))

    def unit(self, source_id: str, name: str, parent: str | None = None, connection: str = "greenhouse") -> Record:
        return self.add(connection, OrgUnit(source_id=source_id, name=name, parent_id=parent))

    def snapshot(self, **options: Any) -> Snapshot:
        options.setdefault("today", TODAY)
        return Snapshot.build(self.rows, self.taxonomy, **options)


def claim(label: str, level: int | None = None, stance: str = "has", **fields: Any) -> SkillClaim:
    return SkillClaim(label=label, level=level, stance=stance, **fields)


def asks(requirements: tuple[Any, ...]) -> tuple[Requirement, ...]:
    return tuple(
        one
        if isinstance(one, Requirement)
        else Requirement(label=one[0], level=one[1], importance=one[2] if len(one) > 2 else "essential")
        for one in requirements
    )


def teaches(taught: tuple[Any, ...]) -> tuple[Requirement, ...]:
    return tuple(
        one if isinstance(one, Requirement) else Requirement(label=one[0], level=one[1], importance="teaches")
        for one in taught
    )


def skill(key: str, label: str, *aliases: str, broader: tuple[str, ...] = (), related: tuple[str, ...] = ()) -> Skill:
    labels = (Label(label, "en", True), *(Label(alias, "en", False) for alias in aliases))
    return Skill(
        f"tiny:{key}",
        label,
        labels,
        broader=tuple(f"tiny:{one}" for one in broader),
        related=tuple(f"tiny:{one}" for one in related),
        source="tiny",
    )


@pytest.fixture(scope="session")
def tiny() -> Taxonomy:
    """Data engineering in a nutshell."""
    return Taxonomy.of(
        [
            skill("databases", "Databases"),
            skill("sql", "SQL", "Structured Query Language", broader=("databases",)),
            skill("postgresql", "PostgreSQL", "Postgres", broader=("sql",)),
            skill("python", "Python", related=("pandas",)),
            skill("pandas", "pandas library"),
            skill("kafka", "Kafka", "Apache Kafka"),
            skill("kubernetes", "Kubernetes", "k8s"),
            skill("cpp", "C++"),
            skill("negotiation", "Negotiation"),
            skill("storytelling", "Storytelling"),
        ],
        TaxonomySource("tiny", "Tiny", "1", "CC0", "Ours."),
    )


@pytest.fixture
def draft(tiny: Taxonomy) -> Draft:
    """An empty company."""
    return Draft(tiny)
