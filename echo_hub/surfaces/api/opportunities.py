"""`/api/v1` for opportunities: one's list, search, explanations, and each by its id."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from echo_hub.services.hub import Hub
from echo_hub.services.intents import feed
from echo_hub.services.views import Explanation, OpportunityView, ResultList
from echo_hub.surfaces.api.candidates import candidate_routes
from echo_hub.surfaces.api.decisions import Whose
from echo_hub.surfaces.api.problem import NO_OPPORTUNITY, NO_PERSON, NOT_MATCHED
from echo_hub.surfaces.api.requirements import requirement_routes
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import ListQuery
from echo_hub.surfaces.sign_in.acting import Acting

Opportunity = Annotated[str, Query(max_length=700, description="Id of the opportunity")]


def opportunity_routes(hub: Hub) -> APIRouter:
    """The routes of opportunities; those below the address of one come first, as its id may hold slashes."""
    routes = APIRouter()

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

    return routes
