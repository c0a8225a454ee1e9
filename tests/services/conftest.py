"""A small firm with all four kinds of opportunity, and a way to add to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from echo_core.model import (
    Job,
    Language,
    LearningPath,
    Mentorship,
    OrgUnit,
    Person,
    PersonRef,
    Project,
    Record,
    Requirement,
    SkillClaim,
)
from echo_core.skills.taxonomy.graph import Label, Skill, Taxonomy
from echo_hub.snapshot.snapshot import Snapshot

SKILLS = ("Python", "SQL", "Kafka", "Kubernetes", "Rust", "Negotiation", "Storytelling", "Accounting")


@dataclass(frozen=True)
class Row:
    """A stored record."""

    connection: str
    stream: str
    record: Record


@pytest.fixture(scope="session")
def graph() -> Taxonomy:
    """Eight skills; Rust is related to Kubernetes only so that something is."""
    return Taxonomy.of(
        Skill(
            f"t:{label.lower()}",
            label,
            (Label(label, "en", True),),
            related=("t:kubernetes",) if label == "Rust" else (),
        )
        for label in SKILLS
    )


def claims(**levels: int | str | None) -> tuple[SkillClaim, ...]:
    """`claims(Python=4, Kafka="wants_to_learn")`."""
    return tuple(
        SkillClaim(label=label, stance=value) if isinstance(value, str) else SkillClaim(label=label, level=value)  # type: ignore[arg-type]
        for label, value in levels.items()
    )


def requirements(importance: str = "essential", **levels: int | None) -> tuple[Requirement, ...]:
    """`needs(Python=3)` asks, `needs("teaches", Kafka=None)` teaches."""
    return tuple(Requirement(label=label, level=level, importance=importance) for label, level in levels.items())  # type: ignore[arg-type]


def posted(day: int) -> datetime:
    return datetime(2026, 2, day, tzinfo=UTC)


def firm() -> list[Row]:
    """Nine people in two reporting lines, and something of every kind."""
    people = [
        ("boss", "Berit Boss", None, "SE", claims(Storytelling=5), ()),
        ("lead", "Lea Lead", "boss", "DE", claims(Python=5, Kafka=5), ("de", "en")),
        ("ana", "Ana Ito", "lead", "DE", claims(Python=4, SQL=3, Kafka="wants_to_learn", Accounting="avoids"), ("de",)),
        ("bo", "Bo Berg", "boss", "SE", claims(Kafka=5, Kubernetes=4), ("sv", "en")),
        ("cy", "Cy Berg", "boss", "SE", (), ("sv",)),
        ("gone", "Gus Gone", "boss", "SE", claims(Python=5), ()),
    ]
    rows = [Row("greenhouse", "departments", OrgUnit(source_id="d", name="Data"))]
    for number, (key, name, manager, country, held, spoken) in enumerate(people):
        person = Person(
            source_id=key,
            name=name,
            manager_id=manager,
            country=country,
            skills=held,
            employee_id=f"E{number}",
            user_name=key,
            work_email=f"{key}@x.org",
            status="left" if key == "gone" else "active",
            languages=tuple(Language(code=code) for code in spoken),
        )
        rows.append(Row("workday", "workers", person))

    def owner(number: int) -> PersonRef:
        return PersonRef(scheme="employee_id", value=f"E{number}")

    jobs = [
        Job(
            source_id="1",
            title="Data engineer",
            requirements=requirements(Python=3, SQL=3),
            countries=("DE",),
            posted_at=posted(1),
            org_unit_ids=("d",),
        ),
        Job(
            source_id="2",
            title="Data engineer",
            requirements=requirements(Python=4, Kafka=3),
            countries=("SE",),
            posted_at=posted(2),
        ),
        Job(
            source_id="3",
            title="Platform engineer",
            requirements=requirements(Kubernetes=3, Python=2),
            posted_at=posted(3),
        ),
        Job(
            source_id="4",
            title="Comptable",
            requirements=requirements(Accounting=3),
            languages=("fr",),
            posted_at=posted(4),
        ),
        *(
            Job(source_id=f"9{n:02}", title=f"Python role {n}", requirements=requirements(Python=3, SQL=2))
            for n in range(20)
        ),
    ]
    rows += [Row("greenhouse", "jobs", job) for job in jobs]
    rows += [
        Row("exchange", "projects", project)
        for project in (
            Project(
                source_id="p1",
                title="Stream the events",
                requirements=requirements(Kafka=2, Python=3),
                hours_per_week=6,
                remote="remote",
            ),
            Project(
                source_id="p2",
                title="Own project",
                requirements=requirements(Python=2),
                owner=owner(2),
                hours_per_week=20,
            ),
            Project(source_id="p3", title="Full project", requirements=requirements(Python=2), seats=1, seats_taken=1),
        )
    ]
    rows += [
        Row("exchange", "mentors", mentor)
        for mentor in (
            Mentorship(
                source_id="m-lead",
                title="Kafka with Lea",
                owner=owner(1),
                requirements=requirements("teaches", Kafka=5),
                seats=3,
            ),
            Mentorship(
                source_id="m-bo",
                title="Kafka with Bo",
                owner=owner(3),
                requirements=requirements("teaches", Kafka=5),
                seats=2,
                seats_taken=1,
            ),
            Mentorship(
                source_id="m-full",
                title="Kafka with a busy one",
                requirements=requirements("teaches", Kafka=5),
                seats=1,
                seats_taken=1,
            ),
        )
    ]
    rows += [
        Row("lxp", "paths", path)
        for path in (
            LearningPath(
                source_id="l1",
                title="Kafka basics",
                requirements=requirements("teaches", Kafka=None),
                level="beginner",
                minutes=90,
            ),
            LearningPath(
                source_id="l2",
                title="Kafka en français",
                requirements=requirements("teaches", Kafka=None),
                languages=("fr",),
            ),
        )
    ]
    return rows


@pytest.fixture(scope="session")
def row() -> type[Row]:
    """Makes a stored record of connection, stream and record."""
    return Row


@pytest.fixture(scope="session")
def build(graph: Taxonomy) -> Callable[..., Snapshot]:
    """Builds a snapshot of the firm, after a test changed its rows."""

    def make(change: Callable[[list[Row]], Any] | None = None, **options: Any) -> Snapshot:
        rows = firm()
        if change is not None:
            change(rows)
        return Snapshot.build(rows, graph, today=date(2026, 3, 2), **options)

    return make


@pytest.fixture(scope="session")
def snapshot(build: Callable[..., Snapshot]) -> Snapshot:
    """The firm as it is."""
    return build()
