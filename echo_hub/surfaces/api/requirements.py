"""`/api/v1` for the skills of an opportunity: what it asks for, what its text may mean, and what people decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import requirements as intents
from echo_hub.services.intents.requirements import Ruling
from echo_hub.services.requirement_views import RequirementDecisionView, RequirementSuggestion, RequirementsView
from echo_hub.services.views import View
from echo_hub.surfaces.api.candidates import Opportunity
from echo_hub.surfaces.api.decisions import Number, Text, Undo
from echo_hub.surfaces.api.problem import IMPOSSIBLE, NO_OPPORTUNITY
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.query import Limit
from echo_hub.surfaces.sign_in.acting import Acting


class Ruled(View):
    """What to do with one skill. `words` and `confidence` are those of the suggestion that led to it, if one did."""

    skill: Text = Field(description="A skill's id or name")
    ruling: Ruling
    level: int | None = Field(None, ge=1, le=5, description="Left out, the level that is known otherwise stays")
    words: Text = ""
    confidence: float | None = Field(None, ge=0, le=1)
    note: Text = ""


class DecideRequirements(View):
    """Decisions about the skills of one opportunity, to make together, all or none."""

    decisions: tuple[Ruled, ...] = Field(max_length=1_000)


def requirement_routes(hub: Hub) -> APIRouter:
    """The routes for owners. An opportunity's id may hold slashes, so these come before the opportunity itself."""
    routes = APIRouter(tags=["opportunities"], responses=NO_OPPORTUNITY)

    @routes.get("/opportunities/{opportunity_id:path}/requirements", summary="What it asks for, and why")
    def requirements(actor: Acting, opportunity_id: Opportunity) -> RequirementsView:
        """Every skill with where it comes from, and what people decided, up to this moment."""
        return worded(intents.requirements(actor, hub, opportunity_id))

    @routes.get("/opportunities/{opportunity_id:path}/suggestions", summary="What its text may mean")
    def suggested(actor: Acting, opportunity_id: Opportunity) -> tuple[RequirementSuggestion, ...]:
        """Skills that title and text probably mean, best first; they count nowhere until a person confirms them."""
        return worded(intents.suggestions(actor, hub, opportunity_id))

    @routes.post("/opportunities/{opportunity_id:path}/requirements", summary="Decide", responses=IMPOSSIBLE)
    def decide(
        actor: Acting, opportunity_id: Opportunity, wanted: DecideRequirements
    ) -> tuple[RequirementDecisionView, ...]:
        """Confirms, changes, adds or removes skills; answers the decisions made. What is decided so is left alone."""
        return intents.decide(
            actor, hub, opportunity_id, [intents.RequirementWanted(**dict(decision)) for decision in wanted.decisions]
        )

    @routes.get("/requirements/decisions", summary="What was decided about skills of opportunities")
    def history(
        actor: Acting,
        opportunity: Annotated[str | None, Query(max_length=700, description="Only of this opportunity")] = None,
        limit: Limit = 200,
    ) -> tuple[RequirementDecisionView, ...]:
        """Every decision, the latest first; those that were undone or replaced say so."""
        return intents.history(actor, hub, opportunity, limit=limit)

    @routes.post("/requirements/undo", summary="Take decisions back", responses=IMPOSSIBLE)
    def undo(actor: Acting, wanted: Undo) -> tuple[RequirementDecisionView, ...]:
        """What was decided before, or else what source and text say, counts again."""
        return intents.undo(actor, hub, wanted.decisions, batch=wanted.batch)

    @routes.delete("/requirements/decisions/{decision}", summary="Take a decision back", responses=IMPOSSIBLE)
    def undo_one(actor: Acting, decision: Number) -> RequirementDecisionView:
        """What was decided before, or else what source and text say, counts again."""
        (undone,) = intents.undo(actor, hub, [decision])
        return undone

    return routes
