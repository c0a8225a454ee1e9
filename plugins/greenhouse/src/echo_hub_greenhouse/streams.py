"""The streams of one Greenhouse connection: what each reads, how it learns of changes and of removals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from echo_core.connectors.declaration import Page, Read, Stream, StreamContext, Window
from echo_hub_greenhouse import board, hiring_team, job_posts, mapping, raw
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.harvest import changed_within, only, walk

JOB_FIELDS = job_posts.JOB_FIELDS
OVERLAP = timedelta(hours=1)
LAG = timedelta(minutes=1)
"""Both as the connectors with the longest experience of this API use them: rows restamped while paging and backfills
that give many rows one time stamp fall into the overlap."""

_PLACE_FILLS = ("name", "parent_id", "external_id", "location", "city", "country", "updated_at")
_UNIT_FILLS = ("name", "unit_kind", "parent_id", "external_id", "updated_at")


def _snapshot(resource: str, *fields: str) -> Read:
    def read(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:  # noqa: ARG001 -- the contract's
        return walk(ctx, resource, only(*fields), resume=resume)

    return read


def _read_jobs(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """Jobs changed within the window, newest id first. Notes and custom fields are never asked for."""
    return walk(ctx, "jobs", changed_within(window) | only(*JOB_FIELDS), resume=resume)


HARVEST: tuple[Stream, ...] = (
    Stream(
        name="users",
        raw=raw.RawUser,
        read=_snapshot("users", "id", "name", "primary_email", "employee_id", "deactivated"),
        map=mapping.map_user,
        entities=("person",),
        watermark="none",
        removal="snapshot",
        optional=True,
        fills=("name", "employee_id", "work_email"),
    ),
    Stream(
        name="hiring_team",
        raw=raw.RawTeamMember,
        read=hiring_team.read,
        map=mapping.map_team_member,
        entities=("hiring_team_member",),
        key=hiring_team.raw_key,
        watermark="none",
        removal="snapshot",
        # Jobs that close take their teams along, and a right that stays by mistake is worse than one missed for a run.
        max_removal_ratio=0.5,
        optional=True,
        fills=("requisition_id", "person", "role", "responsible"),
    ),
    Stream(
        name="departments",
        raw=raw.RawDepartment,
        read=_snapshot("departments", "id", "name", "parent_id", "external_id", "updated_at"),
        map=mapping.map_department,
        entities=("org_unit",),
        watermark="none",
        removal="snapshot",
        optional=True,
        fills=_UNIT_FILLS,
    ),
    Stream(
        name="offices",
        raw=raw.RawOffice,
        read=_snapshot("offices", "id", "name", "parent_id", "external_id", "location", "updated_at"),
        map=mapping.map_office,
        entities=("place",),
        watermark="none",
        removal="snapshot",
        optional=True,
        fills=_PLACE_FILLS,
    ),
    Stream(
        name="jobs",
        raw=raw.RawJob,
        read=_read_jobs,
        map=mapping.map_job,
        entities=("requisition",),
        watermark="window",
        removal="flagged",
        overlap=OVERLAP,
        lag=LAG,
        optional=True,
        fills=(
            "title",
            "status",
            "number",
            "org_unit_ids",
            "place_ids",
            "opened_on",
            "closed_on",
            "source_url",
            "updated_at",
        ),
    ),
    Stream(
        name="job_posts",
        raw=raw.RawJobPost,
        read=job_posts.read,
        map=mapping.map_job_post,
        entities=("job",),
        watermark="window",
        removal="flagged",
        overlap=OVERLAP,
        lag=LAG,
        optional=True,
        fills=(
            "title",
            "description",
            "status",
            "audience",
            "featured",
            "requisition_id",
            "languages",
            "org_unit_ids",
            "place_ids",
            "location",
            "countries",
            "remote",
            "posted_at",
            "apply_url",
            "source_url",
            "updated_at",
        ),
    ),
)
"""Users and teams first, then departments and offices, so that owners and names are there when the jobs arrive."""

BOARD: tuple[Stream, ...] = (
    Stream(
        name="board_departments",
        raw=raw.RawDepartment,
        read=board.read_list("departments"),
        map=mapping.map_department,
        entities=("org_unit",),
        optional=True,
        fills=("name", "unit_kind", "parent_id"),
    ),
    Stream(
        name="board_offices",
        raw=raw.RawOffice,
        read=board.read_list("offices"),
        map=mapping.map_office,
        entities=("place",),
        optional=True,
        fills=("name", "parent_id", "location", "city", "country"),
    ),
    Stream(
        name="board_posts",
        raw=raw.RawBoardPost,
        read=board.read_list("jobs"),
        map=mapping.map_board_post,
        entities=("job",),
        fills=(
            "title",
            "description",
            "audience",
            "languages",
            "org_unit_ids",
            "place_ids",
            "location",
            "countries",
            "remote",
            "posted_at",
            "ends_on",
            "apply_url",
            "employment_type",
            "source_url",
            "updated_at",
        ),
    ),
)
"""The public board lists everything it has in one answer: complete every time, absent means removed."""

_BY_SOURCE: dict[str, Callable[[], tuple[Stream, ...]]] = {"harvest": lambda: HARVEST, "job_board": lambda: BOARD}


def streams(config: GreenhouseConfig) -> tuple[Stream, ...]:
    """The streams this configuration switches on, in the order they should run."""
    return _BY_SOURCE[config.source]()
