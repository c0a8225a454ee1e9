"""Reading hiring teams: who is what to the jobs that are open now.

A team's rows are deleted when somebody leaves it, which no window of change times shows, and nothing says that a
job's `updated_at` moves with its team. So each run reads the teams of all open jobs, and no others: by 50 ids a
request, hiring managers in one list and everybody else in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from echo_core.connectors.declaration import Page, StreamContext, Window
from echo_hub_greenhouse.harvest import Row, key_of, keys_of, only, rows_by, walk

PAGE_SIZE = 200
"""Jobs per page: four batches of 50 of each list."""
HIRING_MANAGER = "hiring_manager"
"""What rows of the vendor's list of hiring managers are given as `type`, which those of job owners have."""


def read(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:  # noqa: ARG001 -- the contract's
    """Pages of team members, one for each page of open jobs that people may know of; resumes as the list of jobs."""
    of_open_jobs = {"status": "open"} | only("id", "confidential", "is_template")
    for page in walk(ctx, "jobs", of_open_jobs, resume=resume, page_size=PAGE_SIZE):
        jobs = keys_of((row for row in page.records if _is_shown(row)), "id")
        managers = rows_by(ctx, "job_hiring_managers", "job_ids", jobs, only("id", "job_id", "user_id"))
        others = rows_by(ctx, "job_owners", "job_ids", jobs, only("id", "job_id", "user_id", "type", "responsible"))
        yield Page(records=[*map(_as_manager, managers), *others], resume=page.resume)


def _is_shown(job: Row) -> bool:
    return isinstance(job, dict) and not job.get("confidential") and not job.get("is_template")


def _as_manager(row: Row) -> Row:
    return {**row, "type": HIRING_MANAGER} if isinstance(row, dict) else row  # no record; the quarantine says so


def raw_key(row: Row) -> str | None:
    """The key of a team's row before anything else of it is read."""
    number = key_of(row, "id")
    return None if number is None else member_key(number, row.get("type"))


def member_key(number: int, role: Any) -> str:
    """The key of a team's row: the two lists number theirs apart."""
    return f"{HIRING_MANAGER if role == HIRING_MANAGER else 'owner'}-{number}"
