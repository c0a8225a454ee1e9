"""Any worker, employee or contingent."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from echo_core.model.record import CountryCode, Record, Text, Value
from echo_core.model.skill import Level, SkillClaim

WorkerType = Literal["employee", "contingent"]
PersonStatus = Literal["active", "on_leave", "future", "left"]


class Language(Value):
    """A language a person speaks. `code` is BCP 47, lower-case primary tag first ("pt-BR")."""

    code: str
    level: Level | None = None


class Preferences(Value):
    """What a person would like of work beside or instead of the role. What is left open fits anything.

    `remote` is True for "rather remote", False for "rather on site". `starts_from` is the first day the person is free.
    """

    hours_per_week: Annotated[float, Field(gt=0, le=168)] | None = None
    remote: bool | None = None
    countries: tuple[CountryCode, ...] = ()
    starts_from: date | None = None


class Person(Record):
    """A worker as one system knows them. Several systems' records are joined later, on employee id then work e-mail.

    There is no field for date of birth, gender, nationality, pay, leave reason, photo or private contact data: what
    has no field cannot be stored. `human_id` is the HR system's key for the human behind several worker objects
    (Workday's Universal_ID). `manager_id`, `org_unit_id` and `place_id` are source ids of the same connection.
    """

    entity: ClassVar[str] = "person"

    name: Annotated[Text, Field(min_length=1, max_length=300)]
    worker_type: WorkerType = "employee"
    status: PersonStatus = "active"
    employee_id: str | None = None
    human_id: str | None = None
    work_email: str | None = None
    user_name: str | None = None
    title: str | None = None
    job_profile: str | None = None
    management_level: str | None = None
    manager_id: str | None = None
    is_manager: bool | None = None
    org_unit_id: str | None = None
    org_unit: str | None = None
    teams: tuple[str, ...] = ()
    place_id: str | None = None
    location: str | None = None
    city: str | None = None
    country: CountryCode | None = None
    time_zone: str | None = None
    fte: Annotated[float, Field(ge=0, le=2)] | None = None
    hired_on: date | None = None
    in_position_since: date | None = None
    left_on: date | None = None
    languages: tuple[Language, ...] = ()
    skills: tuple[SkillClaim, ...] = ()
    preferences: Preferences | None = None
