"""A person as one system knows them, read from the record or from its stored text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from echo_core.model import Person, Preferences


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
    preferences: Preferences | None = None


def fact_of(connection: str, stream: str, record: Person) -> PersonFact:
    """A person's record without the skills."""
    return PersonFact(
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
        preferences=record.preferences,
    )


def fact_in(connection: str, stream: str, stored: dict[str, Any]) -> PersonFact:
    """The same from stored JSON, which was checked when it was written: most of a company is people.

    Says of every record what `fact_of` says of it; a test holds the two together.
    """
    known, mail, hired_on = stored.get, stored.get("work_email"), stored.get("hired_on")
    preferences = stored.get("preferences")
    return PersonFact(
        connection=connection,
        stream=stream,
        source_id=stored["source_id"],
        name=stored["name"],
        worker_type=known("worker_type", "employee"),
        status=known("status", "active"),
        employee_id=known("employee_id"),
        human_id=known("human_id"),
        work_email=mail.strip().lower() if mail else None,
        user_name=known("user_name"),
        title=known("title"),
        manager_id=known("manager_id"),
        org_unit_id=known("org_unit_id"),
        org_unit=known("org_unit"),
        place_id=known("place_id"),
        location=known("location"),
        city=known("city"),
        country=known("country"),
        time_zone=known("time_zone"),
        hired_on=date.fromisoformat(hired_on) if hired_on else None,
        languages=tuple([language["code"] for language in known("languages", ())]),
        preferences=Preferences.model_validate(preferences) if preferences is not None else None,
    )
