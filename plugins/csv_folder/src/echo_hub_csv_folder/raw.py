"""A row as it is read: where it stands, and the cells of known columns as text. All others stay in the file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """Where a row stands, and what is wrong with it as a whole. A cell is "" where nothing stands."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    file: str
    line: int
    fault: str = ""


class PersonRow(Row):
    """A row of the people file."""

    employee_id: str = ""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    user_name: str = ""
    title: str = ""
    unit: str = ""
    unit_id: str = ""
    manager_id: str = ""
    country: str = ""
    city: str = ""
    location: str = ""
    hired_on: str = ""
    worker_type: str = ""
    status: str = ""
    languages: str = ""
    skills: str = ""
    skills_to_learn: str = ""
    skills_to_teach: str = ""


class OpportunityRow(Row):
    """A row of the opportunities file."""

    id: str = ""
    kind: str = ""
    title: str = ""
    description: str = ""
    status: str = ""
    skills: str = ""
    desired_skills: str = ""
    owner: str = ""
    countries: str = ""
    location: str = ""
    remote: str = ""
    languages: str = ""
    hours_per_week: str = ""
    duration_weeks: str = ""
    starts_on: str = ""
    ends_on: str = ""
    seats: str = ""
    url: str = ""
    tags: str = ""
