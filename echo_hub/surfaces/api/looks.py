"""`/api/v1/looks`: who looked at one's data."""

from __future__ import annotations

from fastapi import APIRouter

from echo_hub.services.hub import Hub
from echo_hub.services.intents.looks import LookView, looks
from echo_hub.surfaces.query import Limit
from echo_hub.surfaces.sign_in.acting import Acting


def look_routes(hub: Hub) -> APIRouter:
    """The route of this resource."""
    routes = APIRouter(tags=["people"])

    @routes.get("/looks", summary="Who looked at my data")
    def seen_by(actor: Acting, limit: Limit = 100) -> tuple[LookView, ...]:
        """Looks of others, the latest first: at most one an hour for each of them and each thing they look at."""
        return looks(actor, hub, limit=limit)

    return routes
