"""`/api/v1/access`: who may do what."""

from __future__ import annotations

from fastapi import APIRouter

from echo_hub.services.access_table import AccessTable
from echo_hub.services.hub import Hub
from echo_hub.services.intents.access import table
from echo_hub.surfaces.sign_in.acting import Acting


def access_routes(hub: Hub) -> APIRouter:
    """The route of this resource."""
    routes = APIRouter(tags=["people"])

    @routes.get("/access", summary="Who may do what")
    def access(actor: Acting) -> AccessTable:
        """By access role: to what belongs to nobody, to one's own, to anybody's; `yours` is what whoever asks may."""
        return table(actor, hub)

    return routes
