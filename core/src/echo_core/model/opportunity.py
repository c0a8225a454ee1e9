"""Jobs, projects, mentorships and learning paths: four kinds of one thing, so that one list can hold them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from echo_core.model.record import CountryCode, PersonRef, Record, Text
from echo_core.model.skill import Requirement

OpportunityKind = Literal["job", "project", "mentorship", "learning_path"]


class Opportunity(Record):
    """What the four kinds share.

    `description` is plain text: a mapping strips HTML before the record is made. `location` is the vendor's words;
    `place_ids` and `org_unit_ids` are source ids of the same connection. Empty `countries` means anywhere.
    `seats` is how many people it takes (None: no limit), `seats_taken` how many it already has.
    `requisition_id` names a `Requisition` of the same connection that must be open.
    """

    kind: ClassVar[OpportunityKind]
    payload_version: ClassVar[int] = 3

    title: Annotated[Text, Field(min_length=1, max_length=500)]
    description: str = ""
    status: Literal["open", "paused", "filled", "closed"] = "open"
    languages: tuple[str, ...] = ()
    org_unit_ids: tuple[str, ...] = ()
    place_ids: tuple[str, ...] = ()
    location: str | None = None
    countries: tuple[CountryCode, ...] = ()
    remote: Literal["on_site", "hybrid", "remote"] | None = None
    hours_per_week: Annotated[float, Field(gt=0, le=168)] | None = None
    duration_weeks: Annotated[float, Field(gt=0)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    posted_at: AwareDatetime | None = None
    seats: Annotated[int, Field(ge=0)] | None = None
    seats_taken: Annotated[int, Field(ge=0)] = 0
    owner: PersonRef | None = None
    apply_url: str | None = None
    requirements: tuple[Requirement, ...] = ()
    tags: tuple[str, ...] = ()


class Job(Opportunity):
    """An open role, as its internal (or, where the firm allows it, external) post shows it."""

    entity: ClassVar[str] = "job"
    kind: ClassVar[OpportunityKind] = "job"

    requisition_id: str | None = None
    audience: Literal["internal", "external"] = "internal"
    featured: bool = False
    employment_type: str | None = None


class Project(Opportunity):
    """Time-boxed work beside or instead of one's role: an embed, a hack, a collaboration."""

    entity: ClassVar[str] = "project"
    kind: ClassVar[OpportunityKind] = "project"

    project_kind: Literal["project", "embed", "hack", "collab"] = "project"


class Mentorship(Opportunity):
    """A person's offer to mentor (`owner` is the mentor, each requirement "teaches") or a mentee's request."""

    entity: ClassVar[str] = "mentorship"
    kind: ClassVar[OpportunityKind] = "mentorship"

    direction: Literal["offer", "request"] = "offer"
    session: Literal["recurring", "one_off"] = "recurring"


class LearningPath(Opportunity):
    """Something to learn from a learning platform. `minutes` is effort; a calendar span goes into `duration_weeks`.

    `activity_ids` are the IRIs under which statements about this content arrive; `parents` are source ids of the
    paths, channels or journeys that contain it.
    """

    entity: ClassVar[str] = "learning_path"
    kind: ClassVar[OpportunityKind] = "learning_path"

    content_kind: Literal[
        "path", "course", "video", "book", "article", "event", "assessment", "certification", "other"
    ] = "path"
    provider: str | None = None
    minutes: Annotated[float, Field(ge=0)] | None = None
    level: Literal["beginner", "intermediate", "advanced"] | None = None
    level_raw: str | None = None
    activity_ids: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    retires_on: date | None = None
