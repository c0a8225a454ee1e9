"""`/api/v1`: people, lists, search and explanations as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents import feed
from echo_hub.services.intents.people import UnmatchedAccount, find_people, near_roles, unmatched
from echo_hub.services.related_occupations import NearRoles
from echo_hub.services.views import Explanation, OpportunityView, PersonView, ResultList
from echo_hub.surfaces.api.access import access_routes
from echo_hub.surfaces.api.alerts import alert_routes
from echo_hub.surfaces.api.candidates import candidate_routes
from echo_hub.surfaces.api.decisions import Whose, decision_routes
from echo_hub.surfaces.api.events import event_routes
from echo_hub.surfaces.api.looks import look_routes
from echo_hub.surfaces.api.mentoring import mentoring_routes
from echo_hub.surfaces.api.operations import operation_routes
from echo_hub.surfaces.api.policy import policy_routes
from echo_hub.surfaces.api.problem import ERRORS, NO_OPPORTUNITY, NO_PERSON, NOT_MATCHED
from echo_hub.surfaces.api.quarantine import quarantine_routes
from echo_hub.surfaces.api.receipts import receipt_routes
from echo_hub.surfaces.api.requirements import requirement_routes
from echo_hub.surfaces.api.schedules import schedule_routes
from echo_hub.surfaces.api.sessions import session_routes
from echo_hub.surfaces.api.sources import licence_link, source_routes
from echo_hub.surfaces.api.tasks import task_routes
from echo_hub.surfaces.api.tokens import token_routes
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import ListQuery
from echo_hub.surfaces.sign_in.acting import Acting

Opportunity = Annotated[str, Query(max_length=700, description="Id of the opportunity")]


def api_routes(hub: Hub) -> APIRouter:
    """The routes of the REST API."""
    routes = APIRouter(responses=ERRORS, dependencies=[Depends(licence_link)])

    @routes.get("/feed", tags=["opportunities"], summary="My list", responses=NO_PERSON)
    def my_list(actor: Acting, list_query: Annotated[ListQuery, Depends()], person: Whose = None) -> ResultList:
        """All four kinds in one list, best first, each with its score and the reasons that sum to it.

        Where `unranked` says why nothing is matched, all that is open, the newest first.
        """
        return feed.for_you(
            actor, hub, person, list_query.filters, limit=list_query.limit, offset=list_query.offset, in_words=worded
        )

    @routes.get("/search", tags=["opportunities"], summary="Everything that is open", responses=NO_PERSON)
    def find(
        actor: Acting,
        list_query: Annotated[ListQuery, Depends()],
        q: Annotated[
            str,
            Query(max_length=300, description="Words, phrases in double quotes, `-word` to leave out; empty lists all"),
        ] = "",
        person: Whose = None,
    ) -> ResultList:
        """Most relevant first; without words, newest first. The order is the same for everyone."""
        return feed.search(
            actor,
            hub,
            q,
            list_query.filters,
            person=person,
            limit=list_query.limit,
            offset=list_query.offset,
            in_words=worded,
        )

    @routes.get(
        "/explanation", tags=["opportunities"], summary="Why, or why not", responses=NO_OPPORTUNITY | NOT_MATCHED
    )
    def explanation(
        actor: Acting,
        opportunity_id: Opportunity,
        person: Whose = None,
        what_if: Annotated[
            bool, Query(description="Also which skills would raise the score and the rank, and who teaches them")
        ] = False,
    ) -> Explanation:
        """Gates and the score as a sum, for oneself and one opportunity, whether or not it is in the list."""
        return feed.explain(actor, hub, opportunity_id, person, what_if=what_if, in_words=worded)

    routes.include_router(candidate_routes(hub))
    routes.include_router(requirement_routes(hub))

    @routes.get(
        "/opportunities/{opportunity_id:path}",
        tags=["opportunities"],
        summary="One opportunity",
        responses=NO_OPPORTUNITY,
    )
    def one(
        actor: Acting,
        opportunity_id: Annotated[str, Path(max_length=700, description="Id of the opportunity")],
    ) -> OpportunityView:
        """An opportunity as anybody sees it: the whole text, what it asks for, what it teaches."""
        return worded(feed.opportunity(actor, hub, opportunity_id))

    @routes.get("/people", tags=["people"], summary="Find people")
    def people(
        actor: Acting,
        q: Annotated[str, Query(max_length=200, description="Name, id, employee id or work e-mail")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 20,
        everyone: Annotated[bool, Query(description="Also people who left or have not started yet")] = False,
    ) -> tuple[PersonView, ...]:
        """Whoever is meant by a text, by name; a whole name comes before part of one."""
        return find_people(actor, hub, q, limit=limit, everyone=everyone).people if q.strip() else ()

    @routes.get("/people/unmatched", tags=["people"], summary="Accounts that fit nobody")
    def unmatched_accounts(
        actor: Acting,
        limit: Annotated[int, Query(ge=1, le=500, description="How many at most")] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to pass over")] = 0,
    ) -> tuple[UnmatchedAccount, ...]:
        """Or several people, with whom each nearly fits; and people whose manager cannot be."""
        return worded(unmatched(actor, hub, limit=limit, offset=offset))

    @routes.get("/roles", tags=["people"], summary="Roles near a role", responses=NO_PERSON)
    def roles(
        actor: Acting,
        title: Annotated[str, Query(max_length=500, description="A title, the id of a role, or whom it is about")],
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most")] = 10,
    ) -> NearRoles:
        """The nearest roles of the same taxonomy, best first, each with what the two have in common."""
        return worded(near_roles(actor, hub, title, top=limit))

    routes.include_router(mentoring_routes(hub))
    routes.include_router(decision_routes(hub))
    routes.include_router(policy_routes(hub))
    routes.include_router(receipt_routes(hub))
    routes.include_router(event_routes(hub))
    routes.include_router(session_routes(hub))
    routes.include_router(access_routes(hub))
    routes.include_router(token_routes(hub))
    routes.include_router(look_routes(hub))
    routes.include_router(source_routes(hub))
    routes.include_router(operation_routes(hub))
    routes.include_router(quarantine_routes(hub))
    routes.include_router(schedule_routes(hub))
    routes.include_router(task_routes(hub))
    routes.include_router(alert_routes(hub))
    return routes
