"""A fictional company, as plain facts: what the vendor sandboxes serve and the demo shows.

Facts here are in nobody's format; each plug-in's sandbox dresses them as its vendor would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

SkillAtLevel = tuple[str, int]
"""A skill's name in the starter taxonomy (or a spelling people really use) and a level 1..5."""


@dataclass(frozen=True, slots=True)
class Site:
    """An office. `time_zone` is an IANA name, `country` ISO 3166 alpha-2."""

    key: str
    name: str
    city: str
    country: str
    country_name: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A department. The root has no parent."""

    key: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A worker. `number` is the employee id ("E10023", "C-0042" for contingents), `wid` Workday's 32-digit key."""

    number: str
    wid: str
    human: str
    name: str
    login: str
    email: str | None
    worker_type: Literal["employee", "contingent"]
    status: Literal["active", "on_leave", "future", "left"]
    title: str
    profile: str
    grade: int
    unit: str
    site: str
    manager: str | None
    is_manager: bool
    hired_on: date
    left_on: date | None
    fte: float
    languages: tuple[SkillAtLevel, ...]
    skills: tuple[SkillAtLevel, ...]
    wants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """A job with its post. `flag` marks the ones that must stay out of sight."""

    key: int
    title: str
    unit: str
    site: str
    html: str
    language: str
    essential: tuple[SkillAtLevel, ...]
    desired: tuple[SkillAtLevel, ...]
    opened_on: date
    remote: Literal["on_site", "hybrid", "remote"]
    manager: str
    external: bool = False
    flag: Literal["", "confidential", "template", "draft", "closed", "deleted"] = ""


@dataclass(frozen=True, slots=True)
class Gig:
    """A project from the R&D exchange. `owner` is a colleague's number."""

    key: str
    title: str
    kind: Literal["project", "embed", "hack", "collab"]
    text: str
    language: str
    skills: tuple[SkillAtLevel, ...]
    hours_per_week: int
    weeks: int
    starts_on: date
    seats: int
    owner: str
    unit: str
    site: str
    remote: bool


@dataclass(frozen=True, slots=True)
class Mentor:
    """A colleague's offer to mentor: what they teach, how many mentees they take and already have."""

    key: str
    colleague: str
    title: str
    text: str
    teaches: tuple[SkillAtLevel, ...]
    languages: tuple[str, ...]
    seats: int
    taken: int
    hours_per_week: int


@dataclass(frozen=True, slots=True)
class Course:
    """Learning content. `parent` is the key of the path that contains it; paths have `kind` "path"."""

    key: str
    title: str
    text: str
    kind: Literal["path", "course", "video", "book"]
    language: str
    level: Literal["beginner", "intermediate", "advanced"]
    minutes: int
    skills: tuple[str, ...]
    parent: str | None
    updated_on: date


@dataclass(frozen=True, slots=True)
class Completion:
    """A colleague finished (or failed) a course. `score` runs from 0 to 1."""

    colleague: str
    course: str
    completed_on: date
    score: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Company:
    """The whole company. `today` is the day the facts are true on; nothing reads the clock."""

    name: str
    domain: str
    today: date
    sites: tuple[Site, ...]
    units: tuple[Unit, ...]
    people: tuple[Colleague, ...]
    openings: tuple[Opening, ...]
    gigs: tuple[Gig, ...]
    mentors: tuple[Mentor, ...]
    courses: tuple[Course, ...]
    completions: tuple[Completion, ...] = field(default=())

    def colleague(self, number: str) -> Colleague:
        """The colleague with that employee id."""
        return next(person for person in self.people if person.number == number)

    def site(self, key: str) -> Site:
        """The office with that key."""
        return next(site for site in self.sites if site.key == key)

    def unit(self, key: str) -> Unit:
        """The department with that key."""
        return next(unit for unit in self.units if unit.key == key)
