"""`/api/v1/sessions`: where somebody is signed in, and signing them out."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from echo_hub.services.hub import Hub
from echo_hub.services.intents import sessions
from echo_hub.services.intents.sessions import SessionView
from echo_hub.services.views import View
from echo_hub.surfaces.api.decisions import Whose
from echo_hub.surfaces.api.problem import NO_PERSON
from echo_hub.surfaces.sign_in.acting import Acting


class EndedView(View):
    """What signing somebody out came to."""

    ended: int = Field(description="How many sessions there were")


def session_routes(hub: Hub) -> APIRouter:
    """The routes of this resource."""
    routes = APIRouter(tags=["people"])

    @routes.get("/sessions", summary="Where somebody is signed in", responses=NO_PERSON)
    def listed(actor: Acting, person: Whose = None) -> list[SessionView]:
        """Sessions that are not over, the latest first: one's own, or for HR operations those of a person."""
        return sessions.sessions(actor, hub, person)

    @routes.delete("/sessions", summary="Sign somebody out everywhere", responses=NO_PERSON)
    def end(actor: Acting, person: Whose = None) -> EndedView:
        """Ends all sessions at once: one's own, or for HR operations those of a person."""
        return EndedView(ended=sessions.end(actor, hub, person))

    return routes
