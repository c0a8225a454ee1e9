"""`/api/v1/events`: the timeline, for auditors and HR operations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import timeline
from echo_hub.services.views import View
from echo_hub.surfaces.api.decisions import Whose
from echo_hub.surfaces.api.problem import NO_PERSON
from echo_hub.surfaces.query import Limit, RowId
from echo_hub.surfaces.sign_in.acting import Acting


class EventView(View):
    """One act. People stand under keys that are no names; what follows a key is how they stood at that moment."""

    id: int
    at: datetime
    actor_kind: str
    actor: str = Field(description="A service's name, or a person's key")
    came_by: str
    intent: str
    object_kind: str
    object_id: str
    details: dict[str, Any]
    actor_unit: str | None
    actor_location: str | None
    actor_country: str | None
    actor_status: str | None
    other: str | None = Field(description="Key of the person whom the object belongs to, where not the actor")
    other_unit: str | None
    other_location: str | None
    other_country: str | None
    other_status: str | None
    before: str = Field(description="Hash of the event before; 64 zeros for the first")
    hash: str


def event_routes(hub: Hub) -> APIRouter:
    """The routes of this resource."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/events", summary="What was done", responses=NO_PERSON)
    def events(
        actor: Acting,
        person: Whose = None,
        before_id: Annotated[RowId | None, Query(description="Only older ones than this, for the next page")] = None,
        limit: Limit = 50,
    ) -> list[EventView]:
        """Events, the latest first; with a person those in which they act or which are about them."""
        listed = timeline.events(actor, hub, person, before_id=before_id, limit=limit)
        return [EventView(**{name: getattr(event, name) for name in EventView.model_fields}) for event in listed]

    return routes
