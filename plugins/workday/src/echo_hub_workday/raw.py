"""What the connector keeps of a report row. Every column is named here; all others never get past this file."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from echo_hub_workday import contract

_NOBODY = "the row has no Workday_ID, so it belongs to nobody: give the report's Workday ID column a value on every row"


def _column_names(columns: tuple[contract.Column, ...]) -> dict[str, str]:
    return {column.name.lower(): column.name for column in columns}


_ALIASES = {
    **_column_names(contract.WORKERS),
    **_column_names(contract.SKILLS),
    **_column_names(contract.LANGUAGES),
    "read_on": "Read_On",
}


class _Row(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=lambda name: _ALIASES.get(name, name), populate_by_name=True
    )


class WorkerRow(_Row):
    """One row of the people report: a worker in one position. Values are as Workday wrote them."""

    universal_id: Any = None
    worker_id: Any = None
    worker_type: Any = None
    active: Any = None
    on_leave: Any = None
    preferred_name: Any = None
    work_email: Any = None
    user_name: Any = None
    business_title: Any = None
    job_profile: Any = None
    management_level: Any = None
    supervisory_org_id: Any = None
    supervisory_org: Any = None
    manager_workday_id: Any = None
    is_manager: Any = None
    location_id: Any = None
    location: Any = None
    city: Any = None
    country_iso2: Any = None
    time_zone: Any = None
    fte: Any = None
    hire_date: Any = None
    termination_date: Any = None
    position_start_date: Any = None
    last_functionally_updated: Any = None


class LanguageRow(_Row):
    """One row of the languages report: one ability in one language."""

    language: Any = None
    ability: Any = None
    proficiency: Any = None
    native: Any = None


class WorkerRaw(_Row):
    """A worker: every row of the people report with this Workday_ID, and their rows of the languages report.

    `read_on` is the day of the run. It is part of the raw record so that mapping needs no clock and gives the same
    answer when an old record is mapped again; it is there only for people who are not active, so that everybody
    else's raw record does not change from day to day.
    """

    workday_id: str = ""
    read_on: date | None = None
    rows: tuple[WorkerRow, ...] = Field(min_length=1)
    languages: tuple[LanguageRow, ...] = ()

    @field_validator("workday_id")
    @classmethod
    def _somebody(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(_NOBODY)
        return value

    model_config = ConfigDict(validate_default=True)


class SkillRaw(_Row):
    """One skill of one worker, from one source."""

    workday_id: str = ""
    skill: str = ""
    skill_id: str | None = None
    skill_remote_id: str | None = None
    source: str | None = None
    level: str | None = None

    @field_validator("workday_id")
    @classmethod
    def _somebody(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(_NOBODY)
        return value

    @field_validator("skill")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("the skill has an id and no name: add the skill's name to the report")
        return value

    model_config = ConfigDict(validate_default=True)
