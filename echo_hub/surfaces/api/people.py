"""`/api/v1` for people: who is meant by a text, accounts that fit nobody, and the roles near a role."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents.people import UnmatchedAccount, find_people, near_roles, unmatched
from echo_hub.services.related_occupations import NearRoles
from echo_hub.services.views import PersonView
from echo_hub.surfaces.api.problem import NO_PERSON
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import Limit
from echo_hub.surfaces.sign_in.acting import Acting


def people_routes(hub: Hub) -> APIRouter:
    """The routes of these resources."""
    routes = APIRouter(tags=["people"])

    @routes.get("/people", summary="Find people")
    def people(
        actor: Acting,
        q: Annotated[str, Query(max_length=200, description="Name, id, employee id or work e-mail")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 20,
        everyone: Annotated[bool, Query(description="Also people who left or have not started yet")] = False,
    ) -> tuple[PersonView, ...]:
        """Whoever is meant by a text, by name; a whole name comes before part of one."""
        return find_people(actor, hub, q, limit=limit, everyone=everyone).people if q.strip() else ()

    @routes.get("/people/unmatched", summary="Accounts that fit nobody")
    def unmatched_accounts(
        actor: Acting,
        limit: Limit = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to pass over")] = 0,
    ) -> tuple[UnmatchedAccount, ...]:
        """Or several people, with whom each nearly fits; and people whose manager cannot be."""
        return worded(unmatched(actor, hub, limit=limit, offset=offset))

    @routes.get("/roles", summary="Roles near a role", responses=NO_PERSON)
    def roles(
        actor: Acting,
        title: Annotated[str, Query(max_length=500, description="A title, the id of a role, or whom it is about")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 10,
    ) -> NearRoles:
        """The nearest roles of the same taxonomy, best first, each with what the two have in common."""
        return worded(near_roles(actor, hub, title, top=limit))

    return routes
