"""Reading job posts: what changed, joined with the job and the locations that decide who may see a post.

A v3 post has no location and no department, and says nothing of its job being confidential, a template or a draft.
Those live in lists of their own, so each page of posts is completed with them before it is mapped: at most 50 ids a
request, and only for posts that can be shown. Whether a change of a job or a location moves the post's `updated_at`
is not documented, therefore an incremental run also re-reads the posts of changed jobs and of changed locations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from echo_core.connectors.declaration import Page, StreamContext, Window
from echo_core.connectors.errors import ConfigError, NotPermitted, ResumeExpired
from echo_hub_greenhouse.harvest import Row, changed_within, key_of, keys_of, number_of, only, rows_by, walk

PAGE_SIZE = 200
"""Posts per page: four batches of 50 when completed, and a few megabytes of text at most."""

JOB_FIELDS = (
    "id",
    "name",
    "requisition_id",
    "confidential",
    "is_template",
    "status",
    "opened_at",
    "closed_at",
    "department_id",
    "office_ids",
    "updated_at",
)
POST_FIELDS = (
    "id",
    "title",
    "internal",
    "active",
    "live",
    "featured",
    "first_published_at",
    "language",
    "public_url",
    "job_id",
    "updated_at",
)
TEXT_FIELDS = ("content", "internal_content")
LOCATION_FIELDS = ("id", "job_post_id", "type", "plain_text_location", "office_id", "custom_location_id")

WALKS = ("active", "deleted", "changed_jobs", "changed_locations")
"""The walks of one run, in order. The last two only make sense after a first complete run."""


def read(ctx: StreamContext, window: Window, resume: Any) -> Iterator[Page]:
    """Pages of posts for one window, each complete with `parent_job`, `post_locations` and `offices`.

    The resume value is `{"walk": name, "at": position in it}`.
    """
    walks = WALKS if window.since is not None else WALKS[:2]
    if resume is not None and (not isinstance(resume, Mapping) or resume.get("walk") not in walks):
        raise ResumeExpired("A stored position in the list of job posts is of another version; it is read again")
    start, at = (walks.index(resume["walk"]), resume["at"]) if resume else (0, None)
    lookups = _Lookups()
    for name in walks[start:]:
        for page in _pages(ctx, name, window, at):
            posts = list(page.records if name in WALKS[:2] else _posts_of(ctx, name, page))
            yield Page(records=_completed(ctx, posts, lookups), resume={"walk": name, "at": page.resume})
        at = None


def _pages(ctx: StreamContext, name: str, window: Window, resume: Any) -> Iterator[Page]:
    changed = changed_within(window)
    match name:
        case "active":
            parameters = {"active": "true", **changed, **only(*POST_FIELDS, *TEXT_FIELDS)}
            return walk(ctx, "job_posts", parameters, resume=resume, page_size=PAGE_SIZE)
        case "deleted":
            # The default list hides deleted posts. Their text is not asked for: they only close what is stored.
            parameters = {"active": "false", **changed, **only(*POST_FIELDS)}
            return walk(ctx, "job_posts", parameters, resume=resume, page_size=PAGE_SIZE)
        case "changed_jobs":
            return walk(ctx, "jobs", {**changed, **only("id")}, resume=resume, page_size=PAGE_SIZE)
        case _:
            parameters = {**changed, **only("id", "job_post_id")}
            return walk(ctx, "job_post_locations", parameters, resume=resume, page_size=PAGE_SIZE)


def _posts_of(ctx: StreamContext, name: str, page: Page) -> Iterator[Row]:
    fields = {"active": "true", **only(*POST_FIELDS, *TEXT_FIELDS)}
    if name == "changed_jobs":
        return rows_by(ctx, "job_posts", "job_ids", keys_of(page.records, "id"), fields)
    return rows_by(ctx, "job_posts", "ids", keys_of(page.records, "job_post_id"), fields)


@dataclass(slots=True)
class _Lookups:
    """Small lists read once per run: all offices, and the custom locations met so far."""

    offices: dict[int, Row] | None = None
    custom: dict[int, str | None] = field(default_factory=dict)


def _completed(ctx: StreamContext, posts: list[Row], lookups: _Lookups) -> list[dict[str, Any]]:
    showable = [row for row in posts if _may_be_shown(row)]
    jobs = {
        key: row
        for row in rows_by(ctx, "jobs", "ids", keys_of(showable, "job_id"), only(*JOB_FIELDS))
        if (key := key_of(row, "id")) is not None
    }
    located: dict[int, list[Row]] = {}
    open_posts = keys_of([row for row in showable if row.get("active") is not False], "id")
    for row in rows_by(ctx, "job_post_locations", "job_post_ids", open_posts, only(*LOCATION_FIELDS)):
        if (post := key_of(row, "job_post_id")) is not None:
            located.setdefault(post, []).append(row)
    _look_up(ctx, lookups, [row for rows in located.values() for row in rows], jobs)
    return [_join(row, jobs, located, lookups) for row in posts]


def _may_be_shown(post: Row) -> bool:
    if key_of(post, "job_id") is None:
        return False
    return bool(post.get("first_published_at")) if post.get("active") is False else bool(post.get("live"))


def _look_up(ctx: StreamContext, lookups: _Lookups, locations: list[Row], jobs: Mapping[int, Row]) -> None:
    custom = keys_of(locations, "custom_location_id") - set(lookups.custom)
    if custom:
        allowed = _allowed(ctx, "job_board_custom_locations", custom)
        lookups.custom |= dict.fromkeys(custom) | {
            key: row.get("value") for key, row in _by_id(ctx, "job_board_custom_locations", allowed).items()
        }
    if lookups.offices is None and (keys_of(locations, "office_id") or any(map(_office_ids, jobs.values()))):
        lookups.offices = _by_id(ctx, "offices", _allowed(ctx, "offices", None))


def _by_id(ctx: StreamContext, resource: str, rows: list[Row]) -> dict[int, Row]:
    """The rows of a list that only adds words; one that is null or has no id is told and passed over."""
    by_id = {key: row for row in rows if (key := key_of(row, "id")) is not None}
    if bad := sum(key_of(row, "id") is None for row in rows):
        ctx.log.warning("%d rows of %s are null or have no id; the posts are read without them", bad, resource)
    return by_id


def _office_ids(job: Row | None) -> set[int]:
    listed = (job or {}).get("office_ids")
    return {key for value in listed if (key := number_of(value)) is not None} if isinstance(listed, list) else set()


def _allowed(ctx: StreamContext, resource: str, ids: set[int] | None) -> list[Row]:
    """Rows that only add words to a location. Where they are refused the posts still arrive, with less to read."""
    fields = only("id", "value") if ids is not None else only("id", "name", "location")
    try:
        if ids is not None:
            return list(rows_by(ctx, resource, "ids", ids, fields))
        return [row for page in walk(ctx, resource, fields) for row in page.records]
    except ConfigError as error:
        if not isinstance(error, NotPermitted) and error.error_code != "source.not_found":
            raise
        ctx.log.warning("locations stay incomplete: %s", error.message)
        return []


def _join(post: Row, jobs: Mapping[int, Row], located: Mapping[int, list[Row]], lookups: _Lookups) -> dict[str, Any]:
    if not isinstance(post, Mapping):
        return post  # no record; the quarantine says so
    job = jobs.get(key_of(post, "job_id") or 0)
    locations = [_resolved(row, lookups) for row in located.get(key_of(post, "id") or 0, ())]
    wanted = {row["office_id"] for row in locations} | _office_ids(job)
    offices = [office for key, office in sorted((lookups.offices or {}).items()) if key in wanted]
    return {**post, "parent_job": job, "post_locations": locations, "offices": offices}


def _resolved(location: Row, lookups: _Lookups) -> dict[str, Any]:
    office_id, custom_id = key_of(location, "office_id"), key_of(location, "custom_location_id")
    text = location.get("plain_text_location")
    if not text and custom_id is not None:
        text = lookups.custom.get(custom_id)
    if not text and office_id is not None:
        text = (lookups.offices or {}).get(office_id, {}).get("name")
    return {"type": location.get("type"), "text": text, "office_id": office_id}
