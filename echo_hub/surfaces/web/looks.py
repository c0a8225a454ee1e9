"""The page on which one sees who looked at one's data."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from echo_hub.services.hub import Hub
from echo_hub.services.intents.looks import looks
from echo_hub.surfaces.sign_in.acting import ActingBeforeNotice
from echo_hub.surfaces.web.rendering import render


def look_pages(hub: Hub) -> APIRouter:
    """The route of this page, which the notice leads to and so can be read before it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/looks")
    def seen_by(request: Request, actor: ActingBeforeNotice) -> Response:
        return render(request, "looks.html", "", looks=looks(actor, hub))

    return routes
