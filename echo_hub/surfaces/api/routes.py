"""`/api/v1`: people, lists, search and explanations as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from echo_hub.application import Hub
from echo_hub.services.explain import explain, opportunity
from echo_hub.services.feed import for_you
from echo_hub.services.people import find_people
from echo_hub.services.related_occupations import NearRoles
from echo_hub.services.search import search
from echo_hub.services.views import Explanation, OpportunityView, PersonView, ResultList
from echo_hub.surfaces.api.candidates import candidate_routes
from echo_hub.surfaces.api.decisions import decision_routes
from echo_hub.surfaces.api.mentoring import mentoring_routes
from echo_hub.surfaces.api.operations import operation_routes
from echo_hub.surfaces.api.problem import ERRORS, NO_OPPORTUNITY, NO_PERSON
from echo_hub.surfaces.api.receipts import receipt_routes
from echo_hub.surfaces.api.requirements import need_routes
from echo_hub.surfaces.api.sources import licence_link, source_routes
from echo_hub.surfaces.query import ListQuery

API_PREFIX = "/api/v1"
PERSON = "Id, employee id, work e-mail or name of the person"
Who = Annotated[str, Query(max_length=500, description=PERSON, examples=["E10073"])]
Opportunity = Annotated[str, Query(max_length=700, description="Id of the opportunity")]


def api_routes(hub: Hub) -> APIRouter:
    """The routes of the REST API."""
    routes = APIRouter(responses=ERRORS, dependencies=[Depends(licence_link)])

    @routes.get("/feed", tags=["opportunities"], summary="One person's list", responses=NO_PERSON)
    def feed(person: Who, asked: Annotated[ListQuery, Depends()]) -> ResultList:
        """All four kinds in one list, best first, each with its score and the reasons that sum to it."""
        snapshot = hub.snapshot()
        found = for_you(snapshot, hub.person(person).id, asked.filters, limit=asked.limit, offset=asked.offset)
        return hub.receipts.shown(snapshot, found, "for_you")

    @routes.get("/search", tags=["opportunities"], summary="Everything that is open", responses=NO_PERSON)
    def find(
        asked: Annotated[ListQuery, Depends()],
        q: Annotated[
            str,
            Query(max_length=300, description="Words, phrases in double quotes, `-word` to leave out; empty lists all"),
        ] = "",
        person: Annotated[str | None, Query(max_length=500, description=f"{PERSON}: adds score and reasons")] = None,
    ) -> ResultList:
        """Most relevant first; without words, newest first. The order is the same for everyone."""
        who = hub.person(person).id if person else None
        snapshot = hub.snapshot()
        found = search(snapshot, q, asked.filters, person_id=who, limit=asked.limit, offset=asked.offset)
        return hub.receipts.shown(snapshot, found, "search")

    @routes.get("/explanation", tags=["opportunities"], summary="Why, or why not", responses=NO_PERSON | NO_OPPORTUNITY)
    def explanation(
        person: Who,
        opportunity_id: Opportunity,
        what_if: Annotated[
            bool, Query(description="Also which skills would raise the score and the rank, and who teaches them")
        ] = False,
    ) -> Explanation:
        """Gates and the score as a sum, for one person and one opportunity, whether or not it is in the list."""
        snapshot = hub.snapshot()
        found = explain(snapshot, hub.person(person).id, opportunity_id, what_if=what_if)
        return hub.receipts.shown(snapshot, found, "explanation")

    routes.include_router(candidate_routes(hub))
    routes.include_router(need_routes(hub))

    @routes.get(
        "/opportunities/{opportunity_id:path}",
        tags=["opportunities"],
        summary="One opportunity",
        responses=NO_OPPORTUNITY,
    )
    def one(
        opportunity_id: Annotated[str, Path(max_length=700, description="Id of the opportunity")],
    ) -> OpportunityView:
        """An opportunity as anybody sees it: the whole text, what it asks for, what it teaches."""
        return opportunity(hub.snapshot(), opportunity_id)

    @routes.get("/people", tags=["people"], summary="Find people")
    def people(
        q: Annotated[str, Query(max_length=200, description="Name, id, employee id or work e-mail")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 20,
        everyone: Annotated[bool, Query(description="Also people who left or have not started yet")] = False,
    ) -> tuple[PersonView, ...]:
        """Whoever is meant by a text, by name; a whole name comes before part of one."""
        return find_people(hub.snapshot(), q, limit=limit, everyone=everyone)

    @routes.get("/roles", tags=["people"], summary="Roles near a role", responses=NO_PERSON)
    def roles(
        title: Annotated[str, Query(max_length=500, description="A title, the id of a role, or whom it is about")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 10,
    ) -> NearRoles:
        """The nearest roles of the same taxonomy, best first, each with what the two have in common."""
        return hub.roles(title, top=limit)

    routes.include_router(mentoring_routes(hub))
    routes.include_router(decision_routes(hub))
    routes.include_router(receipt_routes(hub))
    routes.include_router(source_routes(hub))
    routes.include_router(operation_routes(hub))
    return routes
