"""`/api/v1` for saying no: what HR operations switch off, and a person's own word on being matched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import matching as own
from echo_hub.services.intents import policy
from echo_hub.services.policy_views import MatchingView, Scope, SwitchView, What
from echo_hub.services.views import View
from echo_hub.surfaces.api.decisions import Number, Text, Whose
from echo_hub.surfaces.api.problem import IMPOSSIBLE, NO_PERSON
from echo_hub.surfaces.messages.wording import worded
from echo_hub.surfaces.sign_in.acting import Acting


class WantedSwitch(View):
    """What to turn off, or on again, and for whom."""

    what: What = Field(description="matching, or a kind of opportunity")
    off: bool = Field(description="true turns it off, false on again")
    scope: Scope = "everybody"
    value: Text = Field(
        "", description="The country as an ISO code or a name, or the unit by name; units below included"
    )
    reason: Text = Field(description="Why, for whoever asks later")


def policy_routes(hub: Hub) -> APIRouter:
    """The routes of these resources."""
    routes = APIRouter()

    @routes.get("/policy", tags=["policy"], summary="What is switched off")
    def switches(
        actor: Acting,
        history: Annotated[bool, Query(description="Every decision, those that count no more included")] = False,
        limit: Annotated[int, Query(ge=1, le=500, description="How many of the history at most")] = 200,
    ) -> tuple[SwitchView, ...]:
        """Each switch with whom it covers, who decided it, why and when; the latest first."""
        return policy.switches(actor, hub, history=history, limit=limit)

    @routes.post("/policy", tags=["policy"], summary="Switch off, or on again", responses=IMPOSSIBLE)
    def switch(actor: Acting, wanted: WantedSwitch) -> SwitchView:
        """Counts at people's next request, in every process. What one switch turns off no other turns on."""
        return policy.switch(
            actor, hub, wanted.what, off=wanted.off, scope=wanted.scope, value=wanted.value, reason=wanted.reason
        )

    @routes.delete("/policy/{decision}", tags=["policy"], summary="Take a switch back", responses=IMPOSSIBLE)
    def undo(actor: Acting, decision: Number) -> SwitchView:
        """What counted before the decision counts again."""
        (undone,) = policy.undo(actor, hub, [decision])
        return undone

    @routes.get("/matching", tags=["people"], summary="Whether I am matched", responses=NO_PERSON)
    def matching(actor: Acting, person: Whose = None) -> MatchingView:
        """Whether opportunities are ranked for somebody, which kinds are there for them, and why not."""
        return worded(own.matching(actor, hub, person))

    @routes.put("/matching/opt-out", tags=["people"], summary="Opt out of matching", responses=NO_PERSON)
    def opt_out(actor: Acting, person: Whose = None) -> MatchingView:
        """From the next request on nothing is ranked for the person, and they are no candidate for anybody."""
        return worded(own.opt(actor, hub, person, out=True))

    @routes.delete("/matching/opt-out", tags=["people"], summary="Opt in again", responses=NO_PERSON)
    def opt_in(actor: Acting, person: Whose = None) -> MatchingView:
        """Matched again from the next request on."""
        return worded(own.opt(actor, hub, person, out=False))

    return routes
