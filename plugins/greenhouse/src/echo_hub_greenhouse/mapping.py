"""Greenhouse rows to the hub's records. Pure functions: no clock, no network.

Greenhouse does no per-employee visibility for an API credential (its lists need a Site Admin), so every visibility
rule is enforced here; `EXCLUSIONS` names them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal, get_args
from urllib.parse import quote

from echo_core.connectors.errors import RecordError
from echo_core.model import Excluded, HiringTeamMember, Job, OrgUnit, Person, PersonRef, Place, Record, Requisition
from echo_core.text.html import html_to_text
from echo_hub_greenhouse.config import GreenhouseConfig
from echo_hub_greenhouse.hiring_team import member_key
from echo_hub_greenhouse.language import bcp47
from echo_hub_greenhouse.location import Location, RemoteMode, city_of, country_of, read_location
from echo_hub_greenhouse.raw import RawBoardPost, RawDepartment, RawJob, RawJobPost, RawOffice, RawTeamMember, RawUser

EXCLUSIONS: dict[str, str] = {
    "confidential": "a job marked confidential, and every post of it",
    "template": "a job that is only a template for others, and every post of it",
    "draft": "a job not opened yet, and every post of it",
    "unknown_status": "a job in a state this connector does not know, and every post of it",
    "requisition_hidden": "a post whose job the acting user cannot read",
    "prospect_post": "a post without a job (a general application form)",
    "external_post": "a post of an external board, when audience is set to internal",
    "not_live": "a post that is unpublished, or whose board is switched off",
    "never_published": "a deleted post that nobody ever saw",
    "deactivated": "a user who cannot sign in to Greenhouse any more",
    "unknown_role": "a place in a hiring team that this connector does not know",
    "placeholder": 'the pseudo rows "No Department" and "No Office" of a job board (id 0)',
}
"""Every rule a row can be excluded under, in words for HR operations."""

MAX_TITLE = 500
_TEAM_ROLES = get_args(HiringTeamMember.model_fields["role"].annotation)
_EMPLOYMENT = frozenset(("employment type", "job type", "contract type", "time type"))
_WORKPLACE = frozenset(("location type", "workplace type", "work model", "workplace", "remote"))


def map_department(raw: RawDepartment, config: GreenhouseConfig) -> Iterable[Record | Excluded]:  # noqa: ARG001 -- the contract's
    """A department as an `OrgUnit`. `external_id` is the HR system's key."""
    if raw.id == 0:
        yield _excluded("org_unit", raw.id, "placeholder")
        return
    yield OrgUnit(
        source_id=str(raw.id),
        updated_at=raw.updated_at,
        name=_demanded(raw.name, "name", "department", raw.id),
        unit_kind="department",
        parent_id=_id(raw.parent_id),
        external_id=raw.external_id,
    )


def map_office(raw: RawOffice, config: GreenhouseConfig) -> Iterable[Record | Excluded]:  # noqa: ARG001 -- the contract's
    """An office as a `Place`. City and country are read from its location text, else from its name."""
    if raw.id == 0:
        yield _excluded("place", raw.id, "placeholder")
        return
    name = _demanded(raw.name, "name", "office", raw.id)
    yield Place(
        source_id=str(raw.id),
        updated_at=raw.updated_at,
        name=name,
        parent_id=_id(raw.parent_id),
        external_id=raw.external_id,
        location=raw.location,
        city=city_of(raw.location) or city_of(name),
        country=country_of(raw.location) or country_of(name),
    )


def map_job(raw: RawJob, config: GreenhouseConfig) -> Iterable[Record | Excluded]:
    """A job as a `Requisition`, unless it must stay out of sight."""
    if rule := job_rule(raw):
        yield _excluded("requisition", raw.id, rule)
        return
    yield Requisition(
        source_id=str(raw.id),
        source_url=f"{config.app_url}sdash/{raw.id}",
        updated_at=raw.updated_at,
        title=_demanded(raw.name, "name", "job", raw.id),
        status="open" if raw.status == "open" else "closed",
        number=raw.requisition_id,
        org_unit_ids=_ids(raw.department_id),
        place_ids=_ids(*raw.office_ids),
        opened_on=_day(raw.opened_at),
        closed_on=_day(raw.closed_at) if raw.status == "closed" else None,
    )


def map_user(raw: RawUser, config: GreenhouseConfig) -> Iterable[Record | Excluded]:  # noqa: ARG001 -- the contract's
    """A user as the `Person` whom hiring teams name; who is deactivated is nobody, whatever teams still say."""
    if raw.deactivated:
        yield _excluded("person", raw.id, "deactivated")
        return
    yield Person(
        source_id=str(raw.id),
        name=raw.name or raw.primary_email or f"User {raw.id}",  # every part of a name may be null
        employee_id=raw.employee_id,
        work_email=raw.primary_email,
    )


def map_team_member(raw: RawTeamMember, config: GreenhouseConfig) -> Iterable[Record | Excluded]:  # noqa: ARG001 -- the contract's
    """A place in a hiring team. The person is known by the user's id, and so by that user's employee id or e-mail."""
    key = member_key(raw.id, raw.type)
    job_id, user_id = _id(raw.job_id), _id(raw.user_id)
    if job_id is None or user_id is None:
        raise RecordError(
            f"Greenhouse hiring team row {key} has no {'user' if job_id else 'job'}; nobody can be told by it",
            field="user_id" if job_id else "job_id",
            value_type="empty",
            code="record.field_missing",
        )
    if raw.type not in _TEAM_ROLES:
        yield Excluded(entity="hiring_team_member", source_id=key, rule="unknown_role")
        return
    yield HiringTeamMember.model_validate(
        {
            "source_id": key,
            "requisition_id": job_id,
            "person": PersonRef(scheme="source", value=user_id),
            "role": raw.type,
            "responsible": bool(raw.responsible),
        }
    )


def map_job_post(raw: RawJobPost, config: GreenhouseConfig) -> Iterable[Record | Excluded]:
    """A post as a `Job`, unless its own state or its job's keeps it out of sight. A deleted post closes the job."""
    if rule := post_rule(raw, config.audience):
        yield _excluded("job", raw.id, rule)
        return
    assert raw.parent_job is not None
    open_now = raw.active is not False and raw.parent_job.status == "open"
    url = _post_url(raw, config)
    place = _post_location(raw)
    offices = [row.office_id for row in raw.post_locations] if _has_office(raw) else raw.parent_job.office_ids
    language = bcp47(raw.language)
    yield Job(
        source_id=str(raw.id),
        source_url=url,
        updated_at=raw.updated_at,
        title=_title(raw.title, "post", raw.id),
        description=html_to_text(raw.content or (raw.internal_content if raw.internal else None)),
        status="open" if open_now else "closed",
        audience="internal" if raw.internal else "external",
        featured=bool(raw.featured),
        requisition_id=_id(raw.job_id),
        languages=(language,) if language else (),
        org_unit_ids=_ids(raw.parent_job.department_id),
        place_ids=_ids(*offices),
        location=_location_words(raw),
        countries=place.countries,
        remote=place.remote,
        posted_at=raw.first_published_at,
        apply_url=url,
    )


def map_board_post(raw: RawBoardPost, config: GreenhouseConfig) -> Iterable[Record | Excluded]:  # noqa: ARG001 -- the contract's
    """A post of a public board as a `Job`. Boards show only live external posts, so there is nothing else to hide."""
    if raw.internal_job_id is None and "internal_job_id" in raw.model_fields_set:
        yield _excluded("job", raw.id, "prospect_post")
        return
    offices = [office for office in raw.offices if office.id]
    place = read_location([raw.location] if raw.location else [])
    countries = place.countries or _one_country(raw.location, offices)
    language = bcp47(raw.language)
    yield Job(
        source_id=str(raw.id),
        source_url=raw.absolute_url,
        updated_at=raw.updated_at,
        title=_title(raw.title, "post", raw.id),
        description=html_to_text(raw.content, escaped=True),
        audience="external",
        languages=(language,) if language else (),
        org_unit_ids=_ids(*(department.id for department in raw.departments)),
        place_ids=_ids(*(office.id for office in offices)),
        location=raw.location or "; ".join(office.name for office in offices if office.name) or None,
        countries=countries,
        remote=place.remote or _workplace(raw),
        posted_at=raw.first_published,
        ends_on=_deadline(raw.application_deadline),
        apply_url=raw.absolute_url,
        employment_type=_metadata(raw, _EMPLOYMENT),
    )


def job_rule(job: RawJob) -> str | None:
    """The exclusion rule a job falls under, None for one people may see.

    `confidential` absent counts as False: the vendor has retired the feature and may retire the field.
    """
    if job.confidential:
        return "confidential"
    if job.is_template:
        return "template"
    if job.status == "draft":
        return "draft"
    return None if job.status in ("open", "closed") else "unknown_status"


def own_post_rule(post: RawJobPost, audience: Literal["internal", "all"]) -> str | None:
    """The rule a post falls under by its own fields, before its job is known."""
    if post.job_id is None:
        return "prospect_post"
    if audience == "internal" and not post.internal:
        return "external_post"
    if post.active is False:
        return "never_published" if post.first_published_at is None else None
    return None if post.live else "not_live"


def post_rule(post: RawJobPost, audience: Literal["internal", "all"]) -> str | None:
    """The rule a post falls under, its job included. A job that could not be read hides its posts."""
    if rule := own_post_rule(post, audience):
        return rule
    return job_rule(post.parent_job) if post.parent_job else "requisition_hidden"


def _post_url(post: RawJobPost, config: GreenhouseConfig) -> str | None:
    if post.public_url:
        return post.public_url
    # The internal board has no public address; signed-in people reach its posts here.
    return f"{config.app_url}internal_job_board/applications/{quote(str(post.id))}" if post.internal else None


def _has_office(post: RawJobPost) -> bool:
    return any(row.office_id is not None for row in post.post_locations)


def _post_location(post: RawJobPost) -> Location:
    offices = {office.id: office for office in post.offices}
    texts: list[str] = []
    for row in post.post_locations:
        office = offices.get(row.office_id) if row.office_id is not None else None
        # An office whose country cannot be read must make the whole location unreadable, not vanish from it.
        texts.append(_office_text(office) if office else row.text or "?")
    if not texts and post.parent_job is not None:
        texts = [_office_text(offices.get(office_id)) for office_id in post.parent_job.office_ids]
    return read_location(texts)


def _office_text(office: RawOffice | None) -> str:
    if office is None:
        return "?"
    if office.location and country_of(office.location):
        # A "Remote (US)" office keeps its mode in its name and its country in its location.
        return (
            f"{office.location}, Remote" if read_location([office.name or ""]).remote == "remote" else office.location
        )
    return office.name or office.location or "?"


def _location_words(post: RawJobPost) -> str | None:
    names = {office.id: office.name for office in post.offices}
    words = [
        row.text or (names.get(row.office_id) if row.office_id is not None else None) for row in post.post_locations
    ]
    if not post.post_locations and post.parent_job is not None:
        words = [names.get(office_id) for office_id in post.parent_job.office_ids]
    return "; ".join(dict.fromkeys(word.strip() for word in words if word)) or None


def _one_country(location: str | None, offices: list[RawOffice]) -> tuple[str, ...]:
    # A bare "Remote" is open to anyone, whatever office the job is booked on.
    if location and read_location([location]).remote == "remote":
        return ()
    return read_location(_office_text(office) for office in offices).countries


def _workplace(raw: RawBoardPost) -> RemoteMode | None:
    value = _metadata(raw, _WORKPLACE)
    return read_location([value]).remote if value else None


def _metadata(raw: RawBoardPost, names: frozenset[str]) -> str | None:
    for item in raw.metadata:
        if (item.name or "").strip().casefold() in names and isinstance(item.value, str) and item.value.strip():
            return item.value.strip()
    return None


def _deadline(value: Any) -> date | None:
    # The field is in live payloads but not in the vendor's text: read when it is a date, otherwise left alone.
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _title(title: str | None, what: str, key: int) -> str:
    text = re.sub(r"\s+", " ", _demanded(title, "title", what, key)).strip()
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"


def _demanded(value: str | None, field: str, what: str, key: int) -> str:
    if value is None or not value.strip():
        raise RecordError(
            f"Greenhouse {what} {key} has no {field}; give it one in Greenhouse",
            field=field,
            value_type="empty",
            code="record.field_missing",
        )
    return value.strip()


def _excluded(entity: str, key: int, rule: str) -> Excluded:
    return Excluded(entity=entity, source_id=str(key), rule=rule)


def _id(value: int | None) -> str | None:
    return str(value) if value else None


def _ids(*values: int | None) -> tuple[str, ...]:
    return tuple(_iter_ids(values))


def _iter_ids(values: Iterable[int | None]) -> Iterator[str]:
    yield from dict.fromkeys(str(value) for value in values if value)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
