"""`/api/v1` for HR operations: connections, runs, holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from echo_hub.services.health import Health
from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations
from echo_hub.surfaces.api.records import ConnectionView, HoldView, RunView
from echo_hub.surfaces.sign_in.acting import Acting

Name = Annotated[str | None, Query(max_length=63, pattern=r"^[A-Za-z0-9._-]+$", description="Of this connection only")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most")]


def operation_routes(hub: Hub) -> APIRouter:
    """The routes for HR operations."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/health", summary="Whether the hub works, and what it left out")
    def health(actor: Acting) -> Health:
        """Whether lists are up to date, and every stored item that cannot be used, with the reason."""
        return operations.health(actor, hub)

    @routes.get("/connections", summary="What is connected")
    def connections(actor: Acting) -> list[ConnectionView]:
        """Every connection: how its last run went, when it runs next."""
        return [ConnectionView.of(state) for state in operations.connections(actor, hub)]

    @routes.get("/runs", summary="The latest runs")
    def runs(actor: Acting, connection: Name = None, limit: Limit = 50) -> list[RunView]:
        """One entry per stream and attempt, newest first."""
        return [RunView.of(run) for run in operations.runs(actor, hub, connection, limit=limit)]

    @routes.get("/holds", summary="Removals that wait for a person")
    def holds(
        actor: Acting,
        decided: Annotated[bool, Query(description="Also those that were decided")] = False,
    ) -> list[HoldView]:
        """Runs that would have removed suspiciously many records and removed none, the latest first."""
        return [HoldView.of(hold) for hold in operations.holds(actor, hub, decided=decided)]

    return routes
