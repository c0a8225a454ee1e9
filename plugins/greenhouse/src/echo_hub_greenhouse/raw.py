"""The vendor's rows: only the fields that are used, everything else ignored, nearly everything optional.

The published v3 schema is stricter than the rows that arrive (nulls, "" for missing, new enum values), so only `id`
is demanded here; what a record cannot do without is demanded by the mapping.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _utc(value: datetime | None) -> datetime | None:
    # Harvest says all its times are UTC; one without an offset is therefore UTC too.
    if value is None:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _list(value: Any) -> Any:
    return [] if value is None else value


def _rows(value: Any) -> Any:
    # A client of the v1 API guards against `departments: [null]`.
    return [row for row in value if row is not None] if isinstance(value, list) else _list(value)


Moment = Annotated[datetime | None, BeforeValidator(_none_if_blank), AfterValidator(_utc)]
"""ISO 8601 with milliseconds, seconds or a local offset; always UTC afterwards."""

Words = Annotated[str | None, BeforeValidator(_none_if_blank)]
"""Text that may be null or "", both meaning nothing."""

Ids = Annotated[tuple[int, ...], BeforeValidator(_rows)]


class Row(BaseModel):
    """One row of a list. Ids exceed 32 bits."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int


class RawDepartment(Row):
    """`GET /v3/departments`, and the departments of a job board."""

    name: Words = None
    parent_id: int | None = None
    external_id: Words = None
    updated_at: Moment = None


class RawOffice(Row):
    """`GET /v3/offices`, and the offices of a job board. `location` is free text; v1 shapes wrap it in an object."""

    name: Words = None
    parent_id: int | None = None
    external_id: Words = None
    location: Annotated[Words, BeforeValidator(lambda v: v.get("name") if isinstance(v, dict) else v)] = None
    updated_at: Moment = None


class RawJob(Row):
    """`GET /v3/jobs`: a requisition. `status` stays text: a new value must not break the sync."""

    name: Words = None
    requisition_id: Words = None
    confidential: bool | None = None
    is_template: bool | None = None
    status: Words = None
    opened_at: Moment = None
    closed_at: Moment = None
    department_id: int | None = None
    office_ids: Ids = ()
    updated_at: Moment = None


class RawUser(Row):
    """`GET /v3/users`: who signs in to Greenhouse. Titles, offices, further addresses and permissions are not read."""

    name: Words = None
    primary_email: Words = None
    employee_id: Words = None
    deactivated: bool | None = None


class RawTeamMember(Row):
    """`GET /v3/job_hiring_managers` and `/v3/job_owners`. `type` stays text: a new value must not break the sync."""

    job_id: int | None = None
    user_id: int | None = None
    type: Words = None
    responsible: bool | None = None


class RawPostLocation(BaseModel):
    """One row of `/v3/job_post_locations` with its text resolved (custom list value or office name)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Words = None
    text: Words = None
    office_id: int | None = None


class RawJobPost(Row):
    """`GET /v3/job_posts`, joined while reading with its job, its locations and the offices they name."""

    title: Words = None
    internal: bool | None = None
    active: bool | None = None
    live: bool | None = None
    featured: bool | None = None
    first_published_at: Moment = None
    content: str | None = None
    internal_content: str | None = None
    language: Words = None
    public_url: Words = None
    job_id: int | None = None
    updated_at: Moment = None
    parent_job: RawJob | None = None
    post_locations: Annotated[tuple[RawPostLocation, ...], BeforeValidator(_rows)] = ()
    offices: Annotated[tuple[RawOffice, ...], BeforeValidator(_rows)] = ()


class RawMetadata(BaseModel):
    """An exposed custom field of a board post."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Words = None
    value: Any = None


class RawBoardPost(Row):
    """`GET /v1/boards/{token}/jobs?content=true`. `id` is the post's, `internal_job_id` the job's (null: prospects)."""

    title: Words = None
    content: str | None = None
    location: Annotated[Words, BeforeValidator(lambda v: v.get("name") if isinstance(v, dict) else v)] = None
    absolute_url: Words = None
    internal_job_id: int | None = None
    language: Words = None
    updated_at: Moment = None
    first_published: Moment = None
    application_deadline: Any = None
    departments: Annotated[tuple[RawDepartment, ...], BeforeValidator(_rows)] = ()
    offices: Annotated[tuple[RawOffice, ...], BeforeValidator(_rows)] = ()
    metadata: Annotated[tuple[RawMetadata, ...], BeforeValidator(_rows)] = Field(default=())
