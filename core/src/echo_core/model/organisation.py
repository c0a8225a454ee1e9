"""The company around people and opportunities: units, places, the requisition behind a job post, and its team."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from echo_core.model.record import CountryCode, PersonRef, Record, SourceId, Text


class OrgUnit(Record):
    """A department, supervisory organisation or team. `external_id` joins it to the HR system where one exists."""

    entity: ClassVar[str] = "org_unit"

    name: Annotated[Text, Field(min_length=1)]
    unit_kind: Literal["department", "supervisory", "team"] = "department"
    parent_id: str | None = None
    external_id: str | None = None


class Place(Record):
    """An office or site."""

    entity: ClassVar[str] = "place"

    name: Annotated[Text, Field(min_length=1)]
    parent_id: str | None = None
    external_id: str | None = None
    location: str | None = None
    city: str | None = None
    country: CountryCode | None = None


class Requisition(Record):
    """The approved need behind one or more job posts. A post is visible only while its requisition is open."""

    entity: ClassVar[str] = "requisition"

    title: Text
    status: Literal["open", "draft", "closed"]
    number: str | None = None
    org_unit_ids: tuple[str, ...] = ()
    place_ids: tuple[str, ...] = ()
    hiring_manager: PersonRef | None = None
    opened_on: date | None = None
    closed_on: date | None = None


class HiringTeamMember(Record):
    """What somebody is to a requisition of the same connection. Its hiring managers own the jobs posted for it.

    `responsible` is the recruiter or coordinator who gets new applications.
    """

    entity: ClassVar[str] = "hiring_team_member"
    payload_version: ClassVar[int] = 1

    requisition_id: SourceId
    person: PersonRef
    role: Literal["hiring_manager", "recruiter", "coordinator", "sourcer"]
    responsible: bool = False
