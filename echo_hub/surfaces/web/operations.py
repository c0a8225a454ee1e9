"""The page for HR operations: what is connected, how runs went, what waits for a decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents import operations, quarantine
from echo_hub.surfaces.sign_in.acting import Acting
from echo_hub.surfaces.web.rendering import render

RUNS = 60
SET_ASIDE = 20


def operation_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/connections")
    def connections(
        request: Request,
        actor: Acting,
        connection: Annotated[str, Query(max_length=63, pattern="^[A-Za-z0-9._-]*$")] = "",
    ) -> Response:
        state = operations.health(actor, hub)
        return render(
            request,
            "connections.html",
            "connections",
            connections=operations.connections(actor, hub),
            only=connection,
            runs=operations.runs(actor, hub, connection or None, limit=RUNS),
            holds=operations.holds(actor, hub),
            reasons=quarantine.reasons(actor, hub, connection or None),
            health=state,
            unusable=state.set_aside[:SET_ASIDE],
            more_unusable=sum(state.set_aside_counts.values()) - len(state.set_aside[:SET_ASIDE]),
        )

    return routes
