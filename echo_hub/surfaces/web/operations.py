"""The page for HR operations: what is connected, how runs went, what waits for a decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from echo_hub.application import Hub
from echo_hub.store.quarantine import list_quarantine
from echo_hub.surfaces.web.pages import Who, viewer_of
from echo_hub.surfaces.web.rendering import render

RUNS = 60
SET_ASIDE = 20


def operation_pages(hub: Hub) -> APIRouter:
    """The routes of this page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/connections")
    def connections(
        request: Request,
        connection: Annotated[str, Query(max_length=63, pattern="^[A-Za-z0-9._-]*$")] = "",
        person: Who = None,
    ) -> Response:
        viewer = viewer_of(hub, person) if person else None
        aside = list_quarantine(hub.database, connection or None, limit=SET_ASIDE + 1)
        return render(
            request,
            "connections.html",
            "connections",
            viewer=viewer,
            connections=hub.connection_states(),
            only=connection,
            runs=hub.runs(connection or None, limit=RUNS),
            holds=hub.holds(),
            aside=aside[:SET_ASIDE],
            more_aside=len(aside) > SET_ASIDE,
        )

    return routes
