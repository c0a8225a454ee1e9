"""`/api/v1/opportunities/{id}/candidates` and `/also-eligible`: for owners and hiring managers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from echo_hub.services.candidate_views import AlsoEligible, CandidateList
from echo_hub.services.candidates import TOP
from echo_hub.services.hub import Hub
from echo_hub.services.intents.candidates import also_eligible, candidates
from echo_hub.surfaces.api.problem import NO_OPPORTUNITY
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.sign_in.acting import Acting

Opportunity = Annotated[str, Path(max_length=700, description="Id of the opportunity")]
Top = Annotated[int, Query(ge=1, le=200, description="How many candidates have reasons and a score, at most")]


def candidate_routes(hub: Hub) -> APIRouter:
    """The routes for owners. An opportunity's id may hold slashes, so these come before the opportunity itself."""
    routes = APIRouter(prefix="/opportunities", tags=["opportunities"], responses=NO_OPPORTUNITY)

    @routes.get("/{opportunity_id:path}/candidates", summary="Who fits")
    def best(actor: Acting, opportunity_id: Opportunity, top: Top = TOP) -> CandidateList:
        """Those whom the rules let in and whose skills or wishes speak for it; reasons first, scores last."""
        return worded(candidates(actor, hub, opportunity_id, top=top))

    @routes.get("/{opportunity_id:path}/also-eligible", summary="Who else may take it up")
    def rest(
        actor: Acting,
        opportunity_id: Opportunity,
        top: Top = TOP,
        limit: Annotated[int, Query(ge=1, le=100, description="How many people to return")] = 20,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many people to skip")] = 0,
    ) -> AlsoEligible:
        """Everybody else whom the rules let in, without scores, in an order drawn by lot that stays the same."""
        return also_eligible(actor, hub, opportunity_id, top=top, limit=limit, offset=offset)

    return routes
